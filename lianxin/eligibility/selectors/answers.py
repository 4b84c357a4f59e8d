"""How policies come out for one person: each condition with its sentence, its value, its source."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.models import Outcome, Refusal
from lianxin.eligibility.rules.deriving import DERIVED, Basis, Standing, Told, accepted
from lianxin.eligibility.rules.excluding import Bond, Plan, Ruled, bound_with, plan_of, settle
from lianxin.eligibility.rules.explaining import Answer, next_questions
from lianxin.eligibility.rules.explaining import Outcome as Answered
from lianxin.eligibility.rules.policy import amount_names, bond_of, granted_names
from lianxin.eligibility.selectors import shelf
from lianxin.eligibility.selectors.shelf import Ready
from lianxin.kit import clock
from lianxin.kit.workdays import SHANGHAI
from lianxin.members import api as members
from lianxin.members.api import FactValue, Member

PURPOSE = "matching"  # of members/data/purposes.yaml: what looking for somebody rests on


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What rules may know of a person: values by the name rules use, and what each was made of."""

    values: Mapping[str, object]
    sources: Mapping[str, tuple[FactValue, ...]]


@dataclass(frozen=True, slots=True)
class Explained:
    """One policy and its answer for one person.

    `ruled` says what it yields to, `choices` with which others she takes one of.
    """

    ready: Ready
    answer: Answer
    amount_fen: int | None
    ruled: Yielding | None = None
    choices: tuple[Ready, ...] = ()
    amount_missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Yielding:
    """Why it is no although its own conditions are met, or might be: she had it, has or gets another."""

    why: str  # had, has, gets
    by: Ready
    on: dt.date | None  # the day of the grant, where it is known


def knowledge_of(member: Member, *, actor_id: uuid.UUID | None, names: Iterable[str] = (), agreed: Collection[str] | None = None) -> Knowledge:  # fmt: skip
    """Read what rules may know of a member: fresh facts she agreed to have used; leaves a trace.

    `names` are the facts asked for; none means all. `agreed` are the purposes she says yes to,
    where the caller has just read them together with the member.
    """
    entries = yaml_files.facts()
    wanted = [name for name in (names or entries) if name in entries]
    origins = origins_of(wanted)
    if agreed is None:
        open_to = _allowed(member, origins)
        found = members.facts_of(member.pk, open_to, actor_id=actor_id, purpose=PURPOSE)
    else:
        open_to = allowed_of(origins, agreed)
        found = members.facts_opened(member, open_to, actor_id=actor_id, purpose=PURPOSE)
    return knowledge_from(member, wanted, found, open_to=open_to)


def knowledge_from(member: Member, wanted: Iterable[str], found: Mapping[str, FactValue], *, open_to: Collection[str], as_of: dt.date | None = None) -> Knowledge:  # fmt: skip
    """Make of the facts read what rules may know on a day: nothing stale, nothing outside its bounds.

    `open_to` are the facts one was allowed to read, by the members' names: what is missing among
    them nobody told, what is missing beside them may well be known.
    """
    entries, known = yaml_files.facts(), yaml_files.vocabulary()
    day = as_of or clock.today()
    fresh = {name: fact for name, fact in found.items() if fact.holds_on(day)}
    basis = Basis(
        Standing(member.state == Member.State.IN_FORCE, member.organisation.code),
        day,
        {name: Told(fact.value, _day_of(fact)) for name, fact in fresh.items() if name in _rests()},
        open_to,
    )
    values: dict[str, object] = {}
    sources: dict[str, tuple[FactValue, ...]] = {}
    for name in wanted:
        entry = entries[name]
        if entry.derived:
            made = DERIVED[entry.derived](basis)
            value, of = (made.value, made.of) if made else (None, ())
        else:
            fact = fresh.get(entry.origin)
            value, of = (fact.value, (entry.origin,)) if fact is not None else (None, ())
        if value is None or (value := accepted(value, known[name])) is None:
            continue
        values[name] = value
        sources[name] = tuple([fresh[each] for each in of if each in fresh])
    return Knowledge(values, sources)


@cache
def _rests() -> frozenset[str]:
    """The members' facts that derivations look at."""
    entries = yaml_files.facts().values()
    return frozenset(origin for each in entries if each.derived for origin in each.reads)


def _day_of(fact: FactValue) -> dt.date:
    return fact.recorded_at.astimezone(SHANGHAI).date()


def origins_of(names: Iterable[str]) -> set[str]:
    """Return the members' facts that some facts of rules are made of."""
    entries = yaml_files.facts()
    return {origin for name in names if name in entries for origin in entries[name].reads}


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


def explain_for(member: Member, *, actor_id: uuid.UUID | None, agreed: Collection[str] | None = None, refused: Collection[str] = ()) -> tuple[list[Explained], Knowledge]:  # fmt: skip
    """Ask every policy in force about a member; not those of kinds of help she said no to.

    What only they ask for is not read either.
    """
    today, region = clock.today(), member.organisation.code
    ready = shelf.wanted(shelf.in_force(today, region), refused)
    plan = shelf.plan_at(today)
    knowledge = knowledge_of(member, actor_id=actor_id, names=asked_by(ready, plan), agreed=agreed)
    return together(ready, knowledge.values, plan, region), knowledge


def explained(ready: Ready, values: Mapping[str, object], region: str | None = None) -> Explained:
    """Ask one policy, by itself, about what is known; an amount is reckoned only for a yes."""
    answer = ready.asked(values, region)
    if answer.outcome != "yes":
        return Explained(ready, answer, None)
    amount = ready.amount_fen(values, region)
    entries = yaml_files.facts()
    asked = amount_names(ready.policy) if amount is None else ()
    missing = tuple(name for name in asked if name in entries and values.get(name) is None)
    return Explained(ready, answer, amount, amount_missing=missing)


def together(ready: Sequence[Ready], values: Mapping[str, object], plan: Plan[uuid.UUID], region: str | None = None) -> list[Explained]:  # fmt: skip
    """Ask policies about what is known, and let those that do not go together yield to each other."""
    found = {each.id: explained(each, values, region) for each in ready}
    fits = {pk: each.answer.outcome == "yes" for pk, each in found.items()}
    ruled = settle(plan, fits, lambda pk: found[pk].ready.is_granted(values, region))
    stands = {pk for pk in found if fits[pk] and pk not in ruled}
    return [
        _yielding(each, ruled[pk], found, values)
        if pk in ruled
        else _with_choices(each, [found[other].ready for other in plan.choices.get(pk, ()) if other in stands])
        for pk, each in found.items()
    ]  # fmt: skip


def first_of(beside: Sequence[Ready], values: Mapping[str, object], plan: Plan[uuid.UUID], region: str | None = None) -> Explained:  # fmt: skip
    """Ask the first of some policies about what is known, the others being what it may yield to."""
    return together(beside, values, plan, region)[0]


@dataclass(frozen=True, slots=True)
class Text:
    """A text that may stand on no shelf yet, with all in force that it may have to yield to, anywhere."""

    ready: Ready
    others: tuple[Ready, ...]
    bonds: Mapping[uuid.UUID, Bond]
    plan: Plan[uuid.UUID]
    _near: dict[tuple[str, frozenset[str]], list[Ready]] = field(default_factory=dict)

    def near(self, region: str, refused: frozenset[str] = frozenset()) -> list[Ready]:
        """Return it with what it may have to yield to in a place, without kinds of help one refused."""
        found = self._near.get((region, refused))
        if found is None:
            found = shelf.beside(
                [self.ready], shelf.nearest(self.others, region), self.bonds, refused
            )
            self._near[region, refused] = found
        return found

    def names(self, region: str, refused: frozenset[str] = frozenset()) -> list[str]:
        """The facts it asks for, and they, of one person."""
        return asked_by(self.near(region, refused), self.plan)

    def asked(self, values: Mapping[str, object], region: str, refused: frozenset[str] = frozenset()) -> Answer:  # fmt: skip
        """Return its answer for what is known of one person."""
        return first_of(self.near(region, refused), values, self.plan, region).answer


def text_of(ready: Ready, instead: uuid.UUID | None = None) -> Text:
    """Put a text among the policies in force, in the place of one of them; one query, or two."""
    bonds = {pk: bond for pk, bond in shelf.bonds_at(ready.as_of).items() if pk != instead}
    bonds[ready.id] = bond_of(ready.policy)
    asked = set(bound_with([ready.id], bonds)) - {ready.id}
    others = [each for each in shelf.in_force(ready.as_of) if each.id in asked] if asked else []
    beside = tuple(each for each in others if each.policy.code != ready.policy.code)
    return Text(ready, beside, bonds, plan_of(bonds))


def outcome_now(member: Member, ready: Ready, *, actor_id: uuid.UUID | None) -> str:
    """Say how a policy in force comes out for a member today, beside those it may yield to."""
    region = member.organisation.code
    beside = shelf.bound([ready], ready.as_of, region, refused=refused_purposes(member.pk))
    plan = shelf.plan_at(ready.as_of)
    known = knowledge_of(member, actor_id=actor_id, names=asked_by(beside, plan))
    found = first_of(beside, known.values, plan, region)
    return found.answer.outcome.value


def _yielding(each: Explained, ruled: Ruled[uuid.UUID], found: Mapping[uuid.UUID, Explained], values: Mapping[str, object]) -> Explained:  # fmt: skip
    if each.answer.outcome == "no" and ruled.why != "had":
        return each  # it would not fit her anyway: that is the reason
    by = found[ruled.by].ready
    told = values.get(by.policy.granted_on) if ruled.why != "gets" else None
    on = told if isinstance(told, dt.date) else None
    return replace(each, answer=replace(each.answer, outcome=Answered.NO), amount_fen=None, ruled=Yielding(ruled.why, by, on), amount_missing=())  # fmt: skip


def _with_choices(each: Explained, others: Sequence[Ready]) -> Explained:
    return replace(each, choices=tuple(others)) if each.answer.outcome == "yes" else each


def asked_by(policies: Iterable[Ready], plan: Plan[uuid.UUID] | None = None) -> list[str]:
    """List the facts some policies ask for, what their amounts need included, each once.

    With a plan also whether those were granted to which another may have to yield.
    """
    entries, policies = yaml_files.facts(), list(policies)
    own = (name for each in policies for name in each.names)
    grants = plan.granted if plan else frozenset()
    others = (name for each in policies if each.id in grants for name in granted_names(each.policy))
    return [name for name in dict.fromkeys((*own, *others)) if name in entries]


def questions(found: Iterable[Explained]) -> list[str]:
    """Order what is still to be asked: first what settles most policies, then what tells how much."""
    entries, found = yaml_files.facts(), list(found)
    asked = [name for name in next_questions(each.answer for each in found) if name in entries]
    return list(dict.fromkeys([*asked, *(name for each in found for name in each.amount_missing)]))


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


def refused_purposes(member_id: uuid.UUID, before: dt.datetime | None = None) -> set[str]:
    """Return the kinds of help somebody does not want to be looked for; of a moment those she said no to before.

    What she refused then and allowed since is not known any more.
    """
    rows = Refusal.objects.filter(member_id=member_id)
    rows = rows if before is None else rows.filter(created_at__lt=before)
    return set(rows.values_list("purpose", flat=True))


def refused_by(member_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, frozenset[str]]:
    """Return of several people the kinds of help each refused; who refused none is left out. One query."""
    found: dict[uuid.UUID, set[str]] = {}
    rows = Refusal.objects.filter(member_id__in=member_ids)
    for member_id, purpose in rows.values_list("member_id", "purpose"):
        found.setdefault(member_id, set()).add(purpose)
    return {pk: frozenset(kinds) for pk, kinds in found.items()}
