"""What people type is cleaned, not changed: their punctuation stays theirs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.kit.text import clean


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("情况属实，同意。（已核对：３次）", "情况属实，同意。（已核对：3次）"),
        ("　ＡＢＣ　１２３－４５　", "ABC 123-45"),
        ("abc\u202edcba\u200b\x00", "abcdcba"),
        ("one  two\r\n three ", "one two\nthree"),
        ("《工会法》；“好”！", "《工会法》；“好”！"),
    ],
)
def test_width_is_folded_where_machines_read_and_kept_where_people_do(typed, kept):
    assert clean(typed) == kept


@given(st.text())
def test_cleaning_twice_is_cleaning_once(typed):
    assert clean(clean(typed)) == clean(typed)
