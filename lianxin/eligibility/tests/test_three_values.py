"""Yes, no, unknown: the same from Python closures and from the SQL written of one tree."""

from __future__ import annotations

import datetime as dt
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianxin.eligibility.rules import explaining
from lianxin.eligibility.rules.checking import check
from lianxin.eligibility.rules.closing import close, day_before
from lianxin.eligibility.rules.explaining import Outcome
from lianxin.eligibility.rules.printing import Printer
from lianxin.eligibility.rules.reading import read
from lianxin.eligibility.rules.tree import RuleError
from lianxin.eligibility.tests.test_language import KNOWN

AS_OF = dt.date(2026, 11, 22)
NAMES = sorted(KNOWN)


def _value(name):
    kind = KNOWN[name].kind
    days = st.dates(dt.date(1940, 1, 1), dt.date(2026, 12, 31)) | st.sampled_from(
        [dt.date(2024, 2, 29), dt.date(2025, 12, 31), dt.date(1966, 11, 22)]
    )
    of_kind = {
        "money": st.integers(0, 10**7), "whole": st.integers(0, 12), "real": st.floats(0, 1), "date": days,
        "boolean": st.booleans(), "choice": st.sampled_from(sorted(KNOWN[name].choices) or ["x"]),
        "text": st.sampled_from(["嘉州", "It's", "a\\b"]),
    }  # fmt: skip
    return st.none() | of_kind[kind.value]


people = st.fixed_dictionaries({name: _value(name) for name in NAMES})
number = st.recursive(
    st.sampled_from(["income_fen", "expense_fen", "standard_fen"]),
    lambda inner: (
        st.tuples(inner, st.sampled_from(["+", "-"]), inner).map(" ".join).map("({})".format)
        | st.tuples(inner, st.sampled_from([" * 2", " / 12", " / people", " * 0.3"]))
        .map("".join)
        .map("({})".format)
        | st.tuples(inner, inner).map(", ".join).map("least({})".format)
    ),
    max_leaves=4,
)
atom = (
    st.tuples(number, st.sampled_from(["<", "<=", ">", ">="]), number).map(" ".join)
    | st.sampled_from([
        "is_member", "is_member = FALSE", "form IN ('contract', 'platform')", "form <> 'dispatch'", "people NOT IN (1, 3)",
        "birth_on <= years_before(as_of, 60)", "joined_on > months_before(as_of, 9)", "birth_on < DATE '2024-02-29'",
        "city = 'It''s'", "ratio >= 0.5", "people BETWEEN 2 AND 5", "CASE WHEN is_member THEN people ELSE months END > 3",
    ])
)  # fmt: skip
rules = st.recursive(
    atom,
    lambda inner: (
        st.tuples(inner, st.sampled_from([" AND ", " OR "]), inner).map("".join).map("({})".format)
        | inner.map("NOT ({})".format)
    ),
    max_leaves=8,
)


def _sqlite(sql, person):
    base = sqlite3.connect(":memory:")
    columns = ", ".join(f'? AS "{name}"' for name in NAMES)
    plain = [
        value.isoformat() if isinstance(value, dt.date) else value for value in person.values()
    ]
    found = base.execute(f"SELECT {sql} FROM (SELECT {columns})", plain).fetchone()[0]  # noqa: S608  (the printer's text)
    base.close()
    return None if found is None else bool(found)


@settings(max_examples=400)
@given(rules, people)
def test_closures_and_sqlite_agree(rule, person):
    ordered = {name: person[name] for name in NAMES}
    node = read(rule)
    try:
        check(node, KNOWN)
    except RuleError:
        return  # the generator also makes x < x and the like
    assert close(node, AS_OF)(ordered) == _sqlite(Printer("sqlite", AS_OF).write(node), ordered)


@given(rules)
def test_a_person_of_whom_nothing_is_known_never_gets_a_yes_by_default(rule):
    node = read(rule)
    assert close(node, AS_OF)({}) is None


@given(rules, people, st.sampled_from(NAMES))
def test_learning_a_fact_never_turns_a_yes_or_no_around(rule, person, name):
    """What was certain with less known stays certain with more."""
    closed = close(read(rule), AS_OF)
    before = closed({**person, name: None})
    if before is not None:
        assert closed(person) == before


@pytest.mark.parametrize(
    ("day", "unit", "count", "before"),
    [
        (dt.date(2024, 2, 29), "years", 1, dt.date(2023, 2, 28)),
        (dt.date(2026, 3, 31), "months", 1, dt.date(2026, 2, 28)),
        (dt.date(2026, 12, 31), "months", 10, dt.date(2026, 2, 28)),
        (dt.date(2026, 1, 31), "months", 2, dt.date(2025, 11, 30)),
        (dt.date(2026, 1, 1), "days", 1, dt.date(2025, 12, 31)),
    ],
)
def test_days_count_back_over_short_months_and_leap_years(day, unit, count, before):
    assert day_before(day, unit, count) == before


def _asked(rule, values, policy="p"):
    return explaining.explain(explaining.prepare(policy, read(rule), AS_OF), values)


def test_an_answer_names_the_condition_that_failed():
    answer = _asked(
        "is_member AND (people > 2 AND months >= 6)",
        {"is_member": True, "people": 1, "months": None},
    )
    assert answer.outcome is Outcome.NO
    assert [each.outcome for each in answer.conditions] == [
        Outcome.YES,
        Outcome.NO,
        Outcome.UNKNOWN,
    ]
    assert answer.missing == ()


def test_an_open_answer_names_what_it_misses():
    answer = _asked(
        "is_member AND income_fen / people < standard_fen",
        {"is_member": True, "standard_fen": 73_500},
    )
    assert answer.outcome is Outcome.UNKNOWN
    assert answer.missing == ("income_fen", "people")


def test_the_best_next_question_settles_most_policies():
    asked = [
        _asked("people > 2", {}, "a"), _asked("people > 3 AND months > 1", {}, "b"), _asked("months > 5 AND ratio > 0.1", {}, "c"),
    ]  # fmt: skip
    assert explaining.next_questions(asked) == ["people", "months", "ratio"]
