"""What a notice may show: the same little of each value, always."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.notices import rules

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=6)
DIGITS = st.text("0123456789", min_size=8, max_size=19)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("林晓", "林**"),
        ("林晓梅", "林**"),
        ("欧阳明", "欧阳**"),
        ("欧阳", "欧**"),
        ("Ana Li", "A**"),
        ("", "***"),
    ],
)
def test_a_name_keeps_its_surname_and_loses_its_length(name, shown):
    assert rules.mask_name(name) == shown


@given(HAN)
def test_masking_a_masked_name_changes_nothing(name):
    once = rules.mask_name(name)
    assert rules.mask_name(once) == once


@given(HAN, HAN)
def test_two_names_of_one_surname_look_alike(first, second):
    surname = "林"
    assert rules.mask_name(surname + first) == rules.mask_name(surname + second)


@given(DIGITS)
def test_a_number_shows_three_characters_and_never_its_end(number):
    shown = rules.mask_number(number)
    assert shown == number[:3] + "***"


@given(DIGITS)
def test_numbers_masked_apart_reveal_nothing_together(number):
    """The characters two notices show of one number are the same ones."""
    seen = {
        rules.mask_number(form)
        for form in (number, f" {number}", "-".join([number[:4], number[4:]]))
    }
    assert len(seen) == 1


@given(st.text(max_size=40), DIGITS, st.text(max_size=40))
def test_no_long_number_survives_free_text(before, number, after):
    text = f"{before}：{number}。{after}"
    assert number not in rules.mask_text(text)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("嘉州市嘉岭区北苍路 12 号 3-2", "嘉州市嘉岭区***"),
        ("某省某县某镇某村 5 组", "某省某县***"),
        ("北苍路 12 号", "***"),
    ],
)
def test_an_address_ends_at_its_district(address, shown):
    assert rules.mask_address(address) == shown
