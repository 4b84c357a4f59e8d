"""Family-income arithmetic (家庭经济状况核算), shown line by line. Pure.

(yearly income − rigid expenses) / 12 / people living together, held against a dated standard. A
number that is missing is not zero: then there is no class, but the name of what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lianxin.kit.text import Bilingual
from lianxin.procedures.rules.definition import Definition, FieldKind, Tier

AMOUNT = "amount"  # the column of a table of rows that is summed


@dataclass(frozen=True, slots=True)
class IncomeLine:
    """One line of the sum; `amount_fen` is None where it is not known."""

    code: str
    label: Bilingual
    amount_fen: int | None
    is_expense: bool
    source: str  # where the answer came from; "" for the person's own word


@dataclass(frozen=True, slots=True)
class IncomeSheet:
    """The whole sum. Without `tier` and without `missing` the family is above every class."""

    lines: tuple[IncomeLine, ...]
    household: int | None
    yearly_fen: int | None
    per_head_fen: int | None  # a month
    standard_fen: int | None
    tier: Tier | None
    missing: tuple[str, ...]  # codes of fields; "standard" for the dated parameter
    is_sudden: bool = False


def income_sheet(
    definition: Definition,
    values: Mapping[str, Any],
    *,
    standard_fen: int | None,
    sources: Mapping[str, str] | None = None,
) -> IncomeSheet | None:
    """Add up the family's income; None if the procedure asks for none."""
    terms = definition.income
    if terms is None:
        return None
    lines = tuple(
        _line(definition, code, values, sources or {}, is_expense=code in terms.expenses)
        for code in [*terms.income, *terms.expenses]
    )
    household = _household(values.get(terms.household))
    missing = [line.code for line in lines if line.amount_fen is None]
    if household is None:
        missing.append(terms.household)
    if standard_fen is None:
        missing.append("standard")
    yearly = _sum(lines)
    per_head = None if yearly is None or household is None else max(yearly, 0) // (12 * household)
    is_sudden = bool(terms.sudden and values.get(terms.sudden) is True)
    tier = _tier(terms.tiers, per_head, standard_fen) if not missing else None
    if tier is None and is_sudden:
        tier = terms.sudden_tier
    return IncomeSheet(
        lines, household, yearly, per_head, standard_fen, tier, tuple(missing), is_sudden
    )


def _tier(tiers: list[Tier], per_head: int | None, standard: int | None) -> Tier | None:
    if per_head is None or standard is None:
        return None
    ranked = sorted(tiers, key=lambda tier: tier.multiple)
    return next((tier for tier in ranked if per_head * 100 < standard * tier.multiple), None)


def _sum(lines: tuple[IncomeLine, ...]) -> int | None:
    total = 0
    for line in lines:
        if line.amount_fen is None:
            return None
        total += -line.amount_fen if line.is_expense else line.amount_fen
    return total


def _household(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _line(
    definition: Definition,
    code: str,
    values: Mapping[str, Any],
    sources: Mapping[str, str],
    *,
    is_expense: bool,
) -> IncomeLine:
    field = next((one for one in definition.fields if one.code == code), None)
    label = field.label if field else Bilingual(en=code, zh_Hans=code)
    amount = _amount(values.get(code), is_table=field is not None and field.kind is FieldKind.LINES)
    return IncomeLine(code, label, amount, is_expense, sources.get(code, ""))


def _amount(value: Any, *, is_table: bool) -> int | None:
    if is_table:
        # A table without rows says "none"; a row without its amount says "not known".
        amounts = [row.get(AMOUNT) for row in value or []]
        return None if any(amount is None for amount in amounts) else sum(amounts)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
