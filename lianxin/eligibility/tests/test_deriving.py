"""Facts that follow from others: by day, from what was told when; unknown in is unknown out."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.rules.deriving import DERIVED, Basis, Standing, Told, accepted
from lianxin.members.api import fact_entry

TODAY = dt.date(2026, 7, 22)
NOBODY = Standing(None, None)


def derived(name, *, as_of=TODAY, told_on=TODAY, open_to=(), **facts):
    """Ask one derivation; a fact is a value, told on `told_on`, or a pair of value and day."""
    told = {
        key: Told(*each) if isinstance(each, tuple) else Told(each, told_on)
        for key, each in facts.items()
    }
    made = DERIVED[name](Basis(NOBODY, as_of, told, open_to))
    return made.value if made else None


def test_every_derived_fact_has_its_function_and_rests_on_facts_that_exist():
    entries = yaml_files.facts()
    assert {each.derived for each in entries.values()} - {""} == set(DERIVED)
    for name, each in entries.items():
        assert each.derived or each.origin, name
        assert all(fact_entry(origin) is not None for origin in each.reads), name
        assert DERIVED.get(each.derived) is None or DERIVED[each.derived].__doc__, name


@pytest.mark.parametrize(
    ("facts", "fen"),
    [
        ({"household_income_fen": 3_840_000, "rigid_expense_fen": 1_420_000, "household_size": 4}, 50_416),
        ({"household_income_fen": 0, "rigid_expense_fen": 120_000, "household_size": 1}, -10_000),
        ({"household_income_fen": 3_840_000, "household_size": 4}, None),
        ({"household_income_fen": 3_840_000, "rigid_expense_fen": 0}, None),
        ({"household_income_fen": 3_840_000, "rigid_expense_fen": 0, "household_size": 0}, None),
        ({"household_income_fen": True, "rigid_expense_fen": 0, "household_size": 2}, None),
    ],
)  # fmt: skip
def test_income_a_head_is_unknown_without_each_of_its_parts(facts, fen):
    assert derived("income_per_head_fen", **facts) == fen


@pytest.mark.parametrize(
    ("issued", "as_of", "months"),
    [
        ((2026, 4, 10), (2026, 7, 9), 2), ((2026, 4, 10), (2026, 7, 10), 3), ((2026, 1, 31), (2026, 2, 28), 0),
        ((2026, 1, 31), (2026, 3, 31), 2), ((2024, 2, 29), (2025, 2, 28), 11), ((2026, 8, 1), (2026, 7, 22), None),
    ],
)  # fmt: skip
def test_months_since_the_certificate_are_whole_ones(issued, as_of, months):
    assert derived("certificate_months", as_of=dt.date(*as_of), certificate_on=dt.date(*issued)) == months  # fmt: skip


def test_a_birthday_is_this_month_or_not_and_unknown_without_a_day():
    assert derived("birthday_this_month", birth_on=dt.date(1990, 7, 31)) is True
    assert derived("birthday_this_month", birth_on=dt.date(1990, 8, 1)) is False
    assert derived("birthday_this_month") is None


def test_the_union_knows_who_is_on_no_file_where_it_may_look():
    assert derived("hardship_tier", open_to=["hardship_tier"]) == "none"
    assert derived("hardship_tier") is None
    assert derived("hardship_tier", open_to=["hardship_tier"], hardship_tier="deep") == "deep"


def test_a_subsidy_once_granted_is_granted_whatever_was_told():
    ask = "education_subsidy_granted"
    assert derived(ask, education_subsidy_granted_on=dt.date(2019, 5, 1), education_subsidy_granted=False) is True  # fmt: skip
    assert derived(ask, education_subsidy_granted=False) is False
    assert derived(ask) is None


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ({"skill_subsidy_granted_on": dt.date(2026, 5, 1)}, True),
        ({"skill_subsidy_granted_on": dt.date(2026, 4, 10)}, True),
        ({"skill_subsidy_granted_on": dt.date(2024, 5, 1)}, None),
        ({"skill_subsidy_granted_for_it": (False, dt.date(2026, 4, 10))}, False),
        ({"skill_subsidy_granted_for_it": (True, dt.date(2026, 4, 9))}, None),
        ({"skill_subsidy_granted_on": dt.date(2026, 5, 1), "skill_subsidy_granted_for_it": False}, True),
    ],
)  # fmt: skip
def test_a_certificate_is_paid_for_by_a_grant_since_its_day(facts, answer):
    assert derived("skill_subsidy_granted_for_it", certificate_on=dt.date(2026, 4, 10), **facts) is answer  # fmt: skip


def test_what_is_said_of_this_year_is_over_when_the_year_is():
    granted, last, next_one = dt.date(2026, 8, 15), dt.date(2026, 12, 31), dt.date(2027, 1, 1)
    ask = "school_aid_granted_this_year"
    assert derived(ask, as_of=last, school_aid_granted_on=granted) is True
    assert derived(ask, as_of=next_one, school_aid_granted_on=granted) is None
    for name, value in ((ask, True), ("hospital_days", 9), ("medical_self_paid_fen", 3_200_000)):
        assert derived(name, as_of=last, told_on=granted, **{name: value}) == value
        assert derived(name, as_of=next_one, told_on=granted, **{name: value}) is None


def test_months_and_years_go_on_after_they_were_told():
    told = dt.date(2026, 1, 22)
    assert derived("contract_months", told_on=told, contract_months=4) == 10
    assert derived("contract_months", told_on=told, contract_months=4, contract_until=dt.date(2026, 6, 30)) is None  # fmt: skip
    assert derived("contract_months", told_on=told, contract_months=4, contract_until=(dt.date(2025, 6, 30), told)) == 10  # fmt: skip
    assert derived("years_of_delivery_work", told_on=dt.date(2025, 7, 23), years_of_delivery_work=0) == 0  # fmt: skip
    assert derived("years_of_delivery_work", told_on=dt.date(2025, 7, 22), years_of_delivery_work=0) == 1  # fmt: skip


def child(**row):
    return {"name": "林小溪", **row}


def test_the_youngest_child_is_known_from_the_days_of_birth_and_grows_older():
    children = [child(birth_on="2009-05-01"), child(birth_on="2020-07-23")]
    assert derived("child_age_years", children=children) == 5
    assert derived("child_age_years", as_of=dt.date(2026, 7, 23), children=children) == 6
    assert derived("child_age_years", children=children, child_born_on=dt.date(2026, 5, 1)) == 0
    assert derived("child_age_years", children=[*children, child()]) is None
    assert derived("child_age_years", children=[*children, child()], child_age_years=3) == 3
    older = (8, dt.date(2025, 9, 1))
    assert derived("child_age_years", children=children, child_age_years=older) == 5


@pytest.mark.parametrize(
    ("children", "schooling"),
    [
        ([child(stage="college")], "university"),
        ([child(stage="senior")], "high"),
        ([child(stage="senior"), child(birth_on="2018-01-01")], "high"),
        ([child(stage="senior"), child(birth_on="2007-01-01")], None),
        ([child(stage="senior"), child()], None),
        ([child(stage="university"), child()], "university"),
        ([child(stage="other")], None),
        ([], None),
    ],
)
def test_the_highest_schooling_is_known_from_the_children_told(children, schooling):
    assert derived("child_schooling", children=children) == schooling
    assert derived("child_schooling", told_on=dt.date(2025, 12, 31), children=children) is None


def test_what_was_told_later_counts():
    before = dt.date(2026, 2, 1)
    assert derived("diploma", education="bachelor") == "bachelor"
    assert derived("diploma", education="senior") == "none"
    assert derived("diploma", education="bachelor", diploma=("college", before)) == "bachelor"
    assert derived("diploma", education=("bachelor", before), diploma="college") == "college"


_VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 10**14), st.text(max_size=3), st.dates(), st.just([{}]),
    st.lists(st.fixed_dictionaries({}, optional={"stage": st.sampled_from(["senior", "other", None, 3]), "birth_on": st.sampled_from(["2020-01-01", "soon", None])}), max_size=3),
)  # fmt: skip
_TOLD = st.dictionaries(
    st.sampled_from(sorted({origin for each in yaml_files.facts().values() for origin in each.reads})),
    st.builds(Told, _VALUES, st.dates()),
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(told=_TOLD, as_of=st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31)))
def test_whatever_was_told_nothing_breaks_and_nothing_comes_from_nothing(told, as_of):
    known = yaml_files.vocabulary()
    for name, entry in yaml_files.facts().items():
        if not entry.derived:
            continue
        made = DERIVED[entry.derived](Basis(NOBODY, as_of, told))
        if not set(told) & set(entry.reads):
            assert made is None, name
        elif made is not None:
            assert set(made.of) <= set(told), name
            accepted(made.value, known[name])
