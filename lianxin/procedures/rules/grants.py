"""What a favourable decision gives in money: fixed, by an answer, by class, or named and capped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lianxin.kit import money
from lianxin.procedures.rules.definition import Definition, GivesKind, Tier


class GrantFault(Exception):  # noqa: N818  (a fault of the form, not of the program)
    """The sum cannot be settled; `code` names the sentence, `names` fill it in."""

    def __init__(self, code: str, **names: str) -> None:
        super().__init__(code)
        self.code = code
        self.names = names


def named_limit_fen(definition: Definition, tier: str) -> int:
    """Return the most a decider may name here, 0 for no limit of its own."""
    gives = definition.gives
    if gives.is_per_tier:
        found = tier_of(definition, tier)
        return found.max_fen if found else 0
    return gives.max_fen


def names_amount(definition: Definition) -> bool:
    """Say whether the decider writes the sum down."""
    gives = definition.gives
    return gives.kind is GivesKind.MONEY and not gives.amount_fen and not gives.amount_by


def granted_fen(
    definition: Definition, values: Mapping[str, Any], *, tier: str, named: int | None
) -> int:
    """Settle the sum.

    Raises:
        GrantFault: it is not named, too high, or hangs on something that is missing.
    """
    gives = definition.gives
    if gives.amount_by:
        picked = gives.amounts_fen.get(str(values.get(gives.amount_by) or ""))
        if picked is None:
            raise GrantFault("choice_missing")
        return picked
    if gives.amount_fen:
        return gives.amount_fen
    if gives.is_per_tier and tier_of(definition, tier) is None:
        raise GrantFault("tier_missing")
    if named is None or named <= 0:
        raise GrantFault("amount_missing")
    limit = named_limit_fen(definition, tier)
    if limit and named > limit:
        raise GrantFault("amount_too_high", limit=money.yuan(limit))
    return named


def tier_of(definition: Definition, code: str) -> Tier | None:
    """Find a class of family income by its code."""
    terms = definition.income
    if terms is None:
        return None
    known = [*terms.tiers, *([terms.sudden_tier] if terms.sudden_tier else [])]
    return next((one for one in known if one.code == code), None)
