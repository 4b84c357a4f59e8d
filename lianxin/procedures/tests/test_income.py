"""Family-income arithmetic: shown line by line, unknown is never zero."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.procedures.rules.definition import Gives, GivesKind
from lianxin.procedures.rules.grants import GrantFault, granted_fen
from lianxin.procedures.rules.income import IncomeSheet, income_sheet
from lianxin.procedures.testing import definition_of, income_terms

FIELDS, TERMS = income_terms()
DEFINITION = definition_of(fields=FIELDS, income=TERMS)
STANDARD = 70_000
known = st.integers(0, 10_000_000)


def sheet(values: dict[str, Any], standard: int | None = STANDARD) -> IncomeSheet:
    found = income_sheet(DEFINITION, values, standard_fen=standard)
    assert found is not None
    return found


def test_the_sum_is_told_line_by_line() -> None:
    found = sheet(
        {"wages": 3_000_000, "earners": [{"amount": 600_000}], "illness": 1_200_000, "people": 3}
    )
    assert [(line.code, line.amount_fen, line.is_expense) for line in found.lines] == [
        ("wages", 3_000_000, False), ("earners", 600_000, False), ("illness", 1_200_000, True),
    ]  # fmt: skip
    assert (found.yearly_fen, found.per_head_fen) == (2_400_000, 66_666)
    assert found.tier is not None
    assert found.tier.code == "deep"


@pytest.mark.parametrize(
    ("per_head", "tier"),
    [(69_999, "deep"), (70_000, "relative"), (139_999, "relative"), (140_000, None)],
)
def test_the_border_of_a_class_belongs_to_the_class_above(per_head: int, tier: str | None) -> None:
    found = sheet({"wages": per_head * 12, "illness": 0, "people": 1})
    assert (found.tier.code if found.tier else None) == tier
    assert found.missing == ()


@given(
    known,
    known,
    st.integers(1, 12),
    st.sampled_from(["wages", "illness", "people", "standard", "amount"]),
)
def test_a_missing_number_is_named_and_gives_no_class(
    wages: int, illness: int, people: int, gone: str
) -> None:
    values: dict[str, Any] = {"wages": wages, "illness": illness, "people": people}
    values.pop(gone, None)
    if gone == "amount":
        values["earners"] = [{"name": "somebody"}]
    found = sheet(values, None if gone == "standard" else STANDARD)
    assert found.tier is None
    assert found.missing == ("earners" if gone == "amount" else gone,)


@given(known, known, st.integers(1, 12))
def test_spending_more_than_one_earns_counts_as_nothing_not_as_less(
    wages: int, illness: int, people: int
) -> None:
    found = sheet({"wages": wages, "illness": illness, "people": people})
    assert found.per_head_fen is not None
    assert found.per_head_fen >= 0


@given(known, st.integers(1, 1_000_000), st.integers(1, 12))
def test_who_has_less_is_never_in_a_higher_class(wages: int, less: int, people: int) -> None:
    rank = {"deep": 0, "relative": 1, None: 2}
    richer = sheet({"wages": wages + less, "illness": 0, "people": people}).tier
    poorer = sheet({"wages": wages, "illness": 0, "people": people}).tier
    assert rank[poorer.code if poorer else None] <= rank[richer.code if richer else None]


def test_a_grant_stays_within_the_class() -> None:
    definition = definition_of(
        fields=FIELDS, income=TERMS, gives=Gives(kind=GivesKind.MONEY, is_per_tier=True)
    )
    assert granted_fen(definition, {}, tier="deep", named=500_000) == 500_000
    for tier, named, code in (
        ("deep", 500_001, "amount_too_high"),
        ("", 1, "tier_missing"),
        ("deep", None, "amount_missing"),
        ("deep", -1, "amount_missing"),
    ):
        with pytest.raises(GrantFault) as fault:
            granted_fen(definition, {}, tier=tier, named=named)
        assert fault.value.code == code
