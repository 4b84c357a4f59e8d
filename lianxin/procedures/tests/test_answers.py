"""What people type: read kindly, refused clearly, never lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.procedures.rules.answers import (
    changed,
    collect,
    is_resident_id,
    is_sealed,
    merged,
    parse,
    parse_papers,
    split,
)
from lianxin.procedures.rules.definition import Choice, Confidentiality, FieldKind
from lianxin.procedures.selectors.words import sentence_of
from lianxin.procedures.testing import ID_NUMBER, definition_of, evidence_of, field_of, words

PICK = [Choice(code="a", label=words("A")), Choice(code="b", label=words("B"))]
ROWS = [field_of("name"), field_of("amount", FieldKind.MONEY)]
EVERY = [
    field_of("text"),
    field_of("story", FieldKind.PARAGRAPH),
    field_of("people", FieldKind.WHOLE, minimum=1, maximum=20),
    field_of("wages", FieldKind.MONEY, maximum=1_000_000),
    field_of("day", FieldKind.DATE),
    field_of("pick", FieldKind.CHOICE, choices=PICK),
    field_of("picks", FieldKind.CHOICES, choices=PICK),
    field_of("agree", FieldKind.YES_NO),
    field_of("phone", FieldKind.PHONE),
    field_of("id", FieldKind.ID_NUMBER),
    field_of("account", FieldKind.BANK_ACCOUNT),
    field_of("union", FieldKind.ORGANISATION),
    field_of("rows", FieldKind.LINES, columns=ROWS),
]
anything: Any = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([one.code for one in EVERY]), anything))
def test_whatever_is_sent_becomes_a_value_or_a_sentence(raw: dict[str, Any]) -> None:
    found = parse(EVERY, raw)
    known = {one.code: one for one in EVERY}
    assert set(found.values) | set(found.faults) == set(known)
    for code, fault in found.faults.items():
        assert sentence_of(fault, known[code])


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (FieldKind.TEXT, "  王　小　明 ", "王 小 明"),
        (FieldKind.WHOLE, "１２", 12),
        (FieldKind.WHOLE, "1,200", 1200),
        (FieldKind.MONEY, "￥1,234.5", 123450),
        (FieldKind.MONEY, "８００元", 80000),
        (FieldKind.DATE, "2026年3月8日", "2026-03-08"),
        (FieldKind.DATE, "2026/3/8", "2026-03-08"),
        (FieldKind.DATE, "20260308", "2026-03-08"),
        (FieldKind.YES_NO, "是", True),
        (FieldKind.YES_NO, "no", False),
        (FieldKind.PHONE, "+86 199-0000-1234", "19900001234"),
        (FieldKind.BANK_ACCOUNT, "6222 0200 0000 0000", "6222020000000000"),
        (FieldKind.ID_NUMBER, ID_NUMBER, ID_NUMBER),
        (FieldKind.ID_NUMBER, "e1234 5678", "E12345678"),
        (FieldKind.ID_NUMBER, "H12345678", "H12345678"),
        (FieldKind.ID_NUMBER, "12345678", "12345678"),
        (FieldKind.ID_NUMBER, "123456789", "123456789"),
        (FieldKind.ID_NUMBER, "CHN123456789012", "CHN123456789012"),
    ],
)
def test_the_ways_people_write_things_are_understood(
    kind: FieldKind, typed: str, value: Any
) -> None:
    assert parse([field_of("x", kind)], {"x": typed}).values == {"x": value}


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        (FieldKind.WHOLE, "three", "not_whole"),
        (FieldKind.MONEY, "lots", "not_money"),
        (FieldKind.MONEY, "1.234", "not_money"),
        (FieldKind.DATE, "2026-02-30", "not_date"),
        (FieldKind.DATE, "1026-02-03", "not_date"),
        (FieldKind.YES_NO, "perhaps", "not_choice"),
        (FieldKind.PHONE, "12345", "not_phone"),
        (FieldKind.BANK_ACCOUNT, "=1+1", "not_bank_account"),
        (FieldKind.ID_NUMBER, ID_NUMBER[:16] + "00", "not_id_number"),
        (FieldKind.ID_NUMBER, ID_NUMBER[:15], "not_id_number"),
        (FieldKind.ID_NUMBER, ID_NUMBER[:16] + "X", "not_id_number"),
        (FieldKind.ID_NUMBER, "1234567", "not_id_number"),
        (FieldKind.ID_NUMBER, "PASSPORT", "not_id_number"),
        (FieldKind.TEXT, "x" * 201, "too_long"),
        (FieldKind.TEXT, " \u200b\u202e ", "missing"),
        (FieldKind.TEXT, "", "missing"),
    ],
)
def test_what_cannot_be_taken_is_named(kind: FieldKind, typed: str, code: str) -> None:
    assert parse([field_of("x", kind)], {"x": typed}).faults["x"].code == code


def test_a_table_names_the_row_and_the_column() -> None:
    field = field_of("rows", FieldKind.LINES, columns=ROWS)
    raw = {
        "rows": [
            {"name": "甲", "amount": "10"},
            {"name": "", "amount": ""},
            {"name": "乙", "amount": "x"},
        ]
    }
    fault = parse([field], raw).faults["rows"]
    assert (fault.row, fault.column) == (3, "amount")
    assert "3" in sentence_of(fault, field)


def test_a_sent_form_is_collected_row_by_row() -> None:
    data = {
        "text": ["a"],
        "picks": ["a", "b"],
        "rows.1.name": ["乙"],
        "rows.0.name": ["甲"],
        "rows.0.amount": ["1"],
    }
    assert collect(EVERY, data) == {
        "text": "a",
        "picks": ["a", "b"],
        "rows": [{"name": "甲", "amount": "1"}, {"name": "乙"}],
    }


def test_an_amendment_leaves_the_rest_alone_and_can_take_away() -> None:
    fields = [field_of("a"), field_of("b", is_required=False)]
    found = parse(fields, {"b": ""}, partial=True)
    assert (found.values, found.faults) == ({"b": None}, {})
    assert merged({"a": "1", "b": "2"}, found.values) == {"a": "1"}
    assert changed({"a": "1", "b": "2"}, {"a": "1"}) == ["b"]


def test_papers_are_counted() -> None:
    asked = [evidence_of("card", max_files=2), evidence_of("bill", is_required=False)]
    assert parse_papers(asked, {})["card"].code == "paper_missing"
    assert parse_papers(asked, {"card": [1, 2, 3]})["card"].code == "too_many_files"
    assert parse_papers(asked, {"card": [1]}) == {}
    assert parse_papers(asked, {}, partial=True) == {}


def test_what_is_sensitive_is_sealed_and_in_a_sensitive_procedure_all_is() -> None:
    definition = definition_of(fields=[field_of("a"), field_of("b", is_sensitive=True)])
    assert split(definition, {"a": 1, "b": 2, "ghost": 3}) == ({"a": 1}, {"b": 2, "ghost": 3})
    assert is_sealed(definition.fields[0], Confidentiality.SENSITIVE)
    assert is_sealed(
        field_of("x", FieldKind.LINES, columns=[field_of("y", FieldKind.ID_NUMBER)]),
        Confidentiality.ORDINARY,
    )


@given(st.text(alphabet="0123456789X", min_size=17, max_size=19))
def test_one_wrong_digit_of_an_identity_number_is_found(number: str) -> None:
    if is_resident_id(number):
        for at in range(17):
            other = str((int(number[at]) + 1) % 10)
            assert not is_resident_id(number[:at] + other + number[at + 1 :])
