"""The order rows are taken in: by name, each once, the same on every day the file is read again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lianxin.members.adapters import reader
from lianxin.members.adapters.tables import Table
from lianxin.members.rules.sheet import Header
from lianxin.members.selectors.pinyin import sort_key_of
from lianxin.members.testing import invented_id_number

TODAY = dt.date(2026, 11, 28)
HEADER = Header(0, {"name": 0, "id_number": 1})
NAMES = st.sampled_from(["林晓梅", "苏晓", "厉害", "李四", "", "Li Si", "a" * 80])
BORN = st.dates(dt.date(1950, 1, 1), dt.date(2011, 1, 1))


class _Rows(list[list[str]]):
    height = 0


def _taken(people: list[tuple[str, str]], today: dt.date = TODAY) -> list[list[Any]]:
    rows = _Rows([["姓名", "身份证号"], *(list(one) for one in people)])
    return [row for window in reader.windows([Table("", rows, HEADER)], today) for row in window]


@given(
    st.lists(st.tuples(NAMES, st.builds(invented_id_number, BORN, st.integers(0, 3))), max_size=30)
)
def test_every_row_comes_once_by_name_and_the_day_changes_nothing(people):
    people = [one for one in people if any(one)]
    taken = _taken(people)
    assert sorted(row[0] for row in taken) == list(range(1, len(people) + 1))
    first: dict[str, str] = {}
    for name, number in people:
        first.setdefault(number, sort_key_of("".join(name.split()).upper()))
    keys = [first[people[row[0] - 1][1]] for row in taken]
    assert keys == sorted(keys)
    # Some of them are too young on the other day, and refused: the order stays.
    assert [row[0] for row in _taken(people, dt.date(2020, 1, 1))] == [row[0] for row in taken]


def test_of_two_rows_with_one_number_the_first_of_the_file_stays_first():
    number = invented_id_number(dt.date(1990, 1, 1), 1)
    people = [("周一", number), ("安然", f" {number} "), ("李四", number.lower())]
    assert [row[0] for row in _taken(people)] == [1, 2, 3]


def test_windows_follow_one_another_as_in_the_file(monkeypatch):
    monkeypatch.setattr(reader, "WINDOW", 10)
    people = [
        ("王李张赵"[n * 7 % 4], invented_id_number(dt.date(1990, 1, 1), n)) for n in range(35)
    ]
    taken = [row[0] for row in _taken(people)]
    assert [set(taken[at : at + 10]) for at in range(0, 35, 10)] == [
        set(range(at + 1, min(at + 11, 36))) for at in range(0, 35, 10)
    ]
