"""How policies come out for one person: each condition with its sentence, its value, its source."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.models import Outcome, Refusal
from lianxin.eligibility.rules.deriving import DERIVED, Standing, accepted
from lianxin.eligibility.rules.explaining import Answer, next_questions
from lianxin.eligibility.selectors import shelf
from lianxin.eligibility.selectors.shelf import Ready
from lianxin.kit import clock
from lianxin.members import api as members
from lianxin.members.api import FactValue, Member

PURPOSE = "matching"  # of members/data/purposes.yaml: what looking for somebody rests on


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What rules may know of a person: values by the name rules use, and where each came from."""

    values: Mapping[str, object]
    sources: Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class Explained:
    """One policy and its answer for one person."""

    ready: Ready
    answer: Answer
    amount_fen: int | None


def knowledge_of(member: Member, *, actor_id: uuid.UUID | None, names: Iterable[str] = (), agreed: Collection[str] | None = None) -> Knowledge:  # fmt: skip
    """Read what rules may know of a member: fresh facts she agreed to have used; leaves a trace.

    `names` are the facts asked for; none means all. `agreed` are the purposes she says yes to,
    where the caller has just read them together with the member.
    """
    entries = yaml_files.facts()
    wanted = [name for name in (names or entries) if name in entries]
    origins = {entries[name].origin for name in wanted}
    if agreed is None:
        found = members.facts_of(member.pk, _allowed(member, origins), actor_id=actor_id, purpose=PURPOSE)  # fmt: skip
    else:
        found = members.facts_opened(member, allowed_of(origins, agreed), actor_id=actor_id, purpose=PURPOSE)  # fmt: skip
    return knowledge_from(member, wanted, found)


def knowledge_from(member: Member, wanted: Iterable[str], found: Mapping[str, FactValue]) -> Knowledge:  # fmt: skip
    """Make of the facts read what rules may know: nothing stale, nothing outside its bounds."""
    entries, known = yaml_files.facts(), yaml_files.vocabulary()
    standing = Standing(member.state == Member.State.IN_FORCE, member.organisation.code)
    values: dict[str, object] = {}
    sources: dict[str, FactValue] = {}
    for name in wanted:
        entry = entries[name]
        if entry.derived:
            values[name] = DERIVED[entry.derived](standing)
            continue
        fact = found.get(entry.origin)
        if fact is None or not fact.is_fresh:
            continue
        value = accepted(fact.value, known[name])
        if value is not None:
            values[name] = value
            sources[name] = fact
    return Knowledge(values, sources)


def _allowed(member: Member, origins: set[str]) -> list[str]:
    """Leave out sensitive facts to whose purpose she does not say yes (any more). One query."""
    asked = sensitive_purposes(origins)
    refused = set(asked)
    if member.account_id is not None and asked:
        refused = set(members.missing_consents(member.account_id, asked))
    return allowed_of(origins, set(asked) - refused)


def sensitive_purposes(origins: Iterable[str]) -> list[str]:
    """List the purposes that need a yes of their own before these facts are looked at."""
    entries = (members.fact_entry(name) for name in origins if name)
    return sorted({entry.purpose for entry in entries if entry is not None and entry.is_sensitive})


def allowed_of(origins: Iterable[str], agreed: Collection[str]) -> list[str]:
    """Keep the facts one may look at who has a yes to these purposes."""
    entries = {
        name: entry for name in origins if name and (entry := members.fact_entry(name)) is not None
    }
    return [
        name for name, entry in entries.items() if not entry.is_sensitive or entry.purpose in agreed
    ]


def explain_for(member: Member, *, actor_id: uuid.UUID | None, agreed: Collection[str] | None = None) -> tuple[list[Explained], Knowledge]:  # fmt: skip
    """Ask every policy in force about a member."""
    ready = shelf.in_force(clock.today(), member.organisation.code)
    knowledge = knowledge_of(member, actor_id=actor_id, names=asked_by(ready), agreed=agreed)
    return [explained(each, knowledge.values) for each in ready], knowledge


def explained(ready: Ready, values: Mapping[str, object]) -> Explained:
    """Ask one policy about what is known; an amount is reckoned only for a yes."""
    answer = ready.asked(values)
    amount = ready.amount_fen(values) if answer.outcome == "yes" else None
    return Explained(ready, answer, amount)


def asked_by(policies: Iterable[Ready]) -> list[str]:
    """List the facts some policies ask for, each once."""
    entries = yaml_files.facts()
    return list(
        dict.fromkeys(
            name
            for each in policies
            for part in each.prepared.parts
            for name in part.names
            if name in entries
        )
    )


def questions(found: Iterable[Explained]) -> list[str]:
    """Order what is still to be asked: first what settles most policies."""
    entries = yaml_files.facts()
    return [name for name in next_questions(each.answer for each in found) if name in entries]


def outcomes_of(account_id: uuid.UUID, limit: int = 3) -> list[Outcome]:
    """Return what was found for a person, what fits first. One query."""
    today = clock.today()
    rows = (
        Outcome.objects.filter(member__account_id=account_id, policy__is_current=True)
        .filter(policy__valid_from__lte=today)
        .exclude(policy__valid_until__lt=today)
        .select_related("policy")
        .order_by("state", "-found_at", "pk")
    )
    return list(rows[:limit])


def refused_purposes(member_id: uuid.UUID) -> set[str]:
    """Return the kinds of help somebody does not want to be looked for."""
    return set(Refusal.objects.filter(member_id=member_id).values_list("purpose", flat=True))
