"""An expression looked at while it is typed: what is wrong and where, or what it says in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.rules import tree
from lianxin.eligibility.rules.drafting import at, rule_read
from lianxin.eligibility.rules.explaining import conditions_of
from lianxin.eligibility.rules.policy import Problem
from lianxin.eligibility.selectors import sentences
from lianxin.eligibility.selectors.telling import Told, told
from lianxin.kit.text import Bilingual


@dataclass(frozen=True, slots=True)
class Checked:
    """What the page says beside an expression."""

    problems: list[Told]
    conditions: list[str]
    amount: str


def checked(rule: str, amount: str) -> Checked:
    """Check a rule and an amount as `policy_check` does."""
    known = yaml_files.vocabulary()
    node = rule_read(rule, known)
    sum_ = rule_read(amount, known, is_amount=True) if amount.strip() else None
    return Checked(
        [told(each) for each in (node, sum_) if isinstance(each, Problem)],
        [] if isinstance(node, Problem) else [sentences.said(each) for each in conditions_of(node)],
        sentences.amount_said(sum_) if isinstance(sum_, tree.Node) else "",
    )


def told_all(problems: Iterable[Problem]) -> list[Told]:
    """Say all problems of a draft."""
    return [told(each) for each in problems]


def names_of(rule: str, *, is_amount: bool = False) -> list[str]:
    """List the facts a rule asks for, as far as it can be read."""
    node = rule_read(rule, yaml_files.vocabulary(), is_amount=is_amount)
    if isinstance(node, Problem):
        return []
    return [name for name in tree.names(node) if name in yaml_files.facts()]


def names_asked(typed: Mapping[str, Any]) -> list[str]:
    """List the facts a draft asks for: its rule, its amount, and whether it was granted."""
    told = at(typed, "granted_on")
    names = (
        *names_of(at(typed, "rule")),
        *names_of(at(typed, "gives.amount"), is_amount=True),
        *names_of(at(typed, "granted")),
        *([told] if is_fact(told) else []),
    )
    return list(dict.fromkeys(names))


def is_fact(name: str) -> bool:
    """Say whether a rule may ask for this fact."""
    return name in yaml_files.facts()


def title_of(typed: Mapping[str, Any]) -> str:
    """Return a draft's title."""
    return both_of(typed, "title")


def both_of(typed: Mapping[str, Any], path: str) -> str:
    """Return a text in the reader's language, or in the other while there is no more."""
    en, chinese = at(typed, f"{path}.en"), at(typed, f"{path}.zh_Hans")
    return str(Bilingual(en=en or chinese, zh_Hans=chinese or en))
