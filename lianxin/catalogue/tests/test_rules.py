"""The pure rules: seasons, search, lines of a file, what is known and what is asked."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.catalogue.rules import filling, search
from lianxin.catalogue.rules.item import Season
from lianxin.catalogue.rules.season import Stand, window_on
from lianxin.catalogue.rules.yamlfile import YamlFile

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))


@given(DAYS, DAYS, DAYS)
def test_a_season_is_open_from_its_first_to_its_last_day(day, one, other):
    opens, closes = min(one, other), max(one, other)
    window = window_on(Season(opens_on=opens, closes_on=closes), day)
    assert window.is_open == (opens <= day <= closes)
    assert (window.stand is Stand.NOT_YET) == (day < opens)


@given(st.sets(st.integers(1, 12), min_size=1), DAYS)
def test_months_of_each_year_open_and_name_the_next_day(months, day):
    window = window_on(Season(months=sorted(months)), day)
    assert window.is_open == (day.month in months)
    if not window.is_open:
        assert window.opens_on > day
        assert window.opens_on.month in months
    elif len(months) < 12:
        assert window.closes_on is not None
        assert window.closes_on >= day
        assert (window.closes_on + dt.timedelta(days=1)).month not in months


def test_without_a_season_it_is_always_open():
    assert window_on(None, dt.date(2026, 1, 1)).is_open


@given(st.text(max_size=200))
def test_any_query_is_answered_and_never_breaks(typed):
    index = [
        ("a", [search.Phrase("金秋助学", "jinqiuzhuxue", "jqzx")]),
        ("b", [search.Phrase("lawyer")]),
    ]
    hits = search.find(typed, index)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@given(st.text(alphabet="abcdefghij", min_size=6, max_size=12), st.data())
def test_one_slip_is_forgiven(word, data):
    at = data.draw(st.integers(0, len(word) - 1))
    slips = [
        word[:at] + word[at + 1 :],
        word[:at] + "z" + word[at:],
        word[:at] + "z" + word[at + 1 :],
    ]
    for slip in slips:
        assert search.is_near(slip, word)
        assert search.is_near(word, slip)


def test_width_case_and_signs_do_not_matter():
    assert search.folded("　Ｊin-Qiu，助学！") == "jinqiu助学"


@given(st.lists(st.tuples(st.text("abc", min_size=1, max_size=3), st.integers(0, 9)), max_size=8))
def test_rows_told_twice_are_one_row(told):
    rows = [{"name": name, "birth_on": "2020-01-01", "grade": str(grade)} for name, grade in told]
    merged = filling.merged_rows([], rows)
    assert len(merged) == len({row["name"] for row in rows})
    assert filling.merged_rows(merged, merged) == merged


@pytest.mark.parametrize(
    ("place", "line"),
    [("$.a", 1), ("$.b[1].x", 5), ("b.two.x", 5), ("b.two.nothing", 4), ("b.three", 2), ("c", 1)],
)
def test_a_place_has_its_line(place, line):
    file = YamlFile("a: 1\nb:\n  - {code: one}\n  - code: two\n    x: 3\n")
    assert file.line(place) == line


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text):
    file = YamlFile(text)
    assert file.line("$.a[3].b") >= 1
