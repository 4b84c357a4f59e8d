"""Single rules of other apps (who may come to an activity): checked, and asked of one member."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.rules import tree
from lianxin.eligibility.rules.drafting import rule_read
from lianxin.eligibility.rules.explaining import Outcome, conditions_of, explain, prepare
from lianxin.eligibility.rules.policy import Problem, parameters_at
from lianxin.eligibility.rules.tree import Node
from lianxin.eligibility.selectors import sentences
from lianxin.eligibility.selectors.answers import knowledge_of
from lianxin.eligibility.selectors.expressions import checked, names_of
from lianxin.kit import clock
from lianxin.members.api import Member


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """How a rule came out for one member: None where something is not known; each in words."""

    outcome: bool | None
    failed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def rule_faults(rule: str) -> list[str]:
    """List what is wrong with a rule, pointing at the place; empty if it may be used."""
    return ["\n".join(filter(None, (one.message, one.line, one.pointer))) for one in checked(rule, "").problems]  # fmt: skip


def rule_words(rule: str) -> list[str]:
    """Say a checked rule in sentences, one a condition."""
    return checked(rule, "").conditions


def rules_asked(
    member: Member, rules: Sequence[str], *, actor_id: uuid.UUID | None
) -> list[RuleAnswer]:
    """Ask rules about a member; only fresh facts she agreed to have used, with a trace she sees.

    Raises:
        ValueError: a rule is not a rule.
    """
    nodes = [_read(rule) for rule in rules]
    names = [name for rule in rules for name in names_of(rule)]
    today = clock.today()
    law = parameters_at(yaml_files.parameters(), member.organisation.code, today)
    known = knowledge_of(member, actor_id=actor_id, names=names).values if names else {}
    values = {**law, **known}
    return [_answered(node, values) for node in nodes]


def _answered(node: Node, values: dict[str, object]) -> RuleAnswer:
    parts = {f"c{number}": part for number, part in enumerate(conditions_of(node), start=1)}
    answer = explain(prepare("", node, clock.today()), values)
    failed = [each.code for each in answer.conditions if each.outcome is Outcome.NO]
    return RuleAnswer(
        {Outcome.YES: True, Outcome.NO: False}.get(answer.outcome),
        tuple(sentences.said(parts[code]) for code in failed),
        tuple(sentences.labels_of(answer.missing)),
    )


def _read(rule: str) -> tree.Node:
    node = rule_read(rule, yaml_files.vocabulary())
    if isinstance(node, Problem):
        raise ValueError(rule)  # noqa: TRY004  (the text is a bad value)
    return node
