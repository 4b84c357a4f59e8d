"""Bringing the facts of many people into a sealed workspace, as numbers without names."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.adapters.sought import Finder, Sought, bits_of
from lianxin.eligibility.adapters.workspace import Workspace
from lianxin.eligibility.models import MatchPartition, MatchRun
from lianxin.eligibility.rules.policy import covers
from lianxin.eligibility.selectors import shelf
from lianxin.eligibility.selectors.answers import (
    PURPOSE,
    allowed_of,
    knowledge_from,
    origins_of,
    refused_by,
    sensitive_purposes,
)
from lianxin.members import api as members
from lianxin.members.api import Member
from lianxin.orgs.api import below_q

CHUNK = 20_000  # people of one file, and of one transaction
_NOTHING: frozenset[str] = frozenset()
_SEALED = ("id_number", "phone", "name")  # of the roll; no rule asks for them


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a number stands for; known to the process alone."""

    member_id: uuid.UUID
    account_id: uuid.UUID


@dataclass(slots=True)
class Asked:
    """Which facts are looked at where: a union's policies alone decide what is read of its people."""

    policies: Sequence[Sought]
    as_of: dt.date
    names: list[str] = field(init=False)
    law: list[str] = field(init=False)  # numbers that are not the same in all unions
    _by_union: dict[tuple[str, frozenset[str]], list[str]] = field(default_factory=dict)
    _allowed: dict[tuple[frozenset[str], frozenset[str]], list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = self._names(self.policies)
        entries = yaml_files.facts()
        numbers = (name for each in self.policies for name in each.names if name not in each.law)
        self.law = [name for name in dict.fromkeys(numbers) if name not in entries]

    def origins(self) -> list[str]:
        """List the members' facts that are exported at all."""
        return sorted(origins_of(self.names))

    def of_union(self, code: str, refused: frozenset[str] = frozenset()) -> list[str]:
        """List the names the policies of a union ask for, those of kinds that are refused left out."""
        if (code, refused) not in self._by_union:
            here = [each for each in self.policies if each.purpose not in refused and _holds(each, code)]  # fmt: skip
            self._by_union[code, refused] = self._names(here)
        return self._by_union[code, refused]

    def allowed(self, names: Sequence[str], agreed: set[str]) -> list[str]:
        """List the members' facts one may look at who says yes to these purposes."""
        origins = frozenset(origins_of(names))
        said = frozenset(agreed & set(sensitive_purposes(origins)))
        if (origins, said) not in self._allowed:
            self._allowed[origins, said] = allowed_of(origins, said)
        return self._allowed[origins, said]

    def _names(self, policies: Sequence[Sought]) -> list[str]:
        entries = yaml_files.facts()
        asked = (name for each in policies for name in each.names)
        return [name for name in dict.fromkeys(asked) if name in entries]


def _holds(policy: Sought, union: str) -> bool:
    """Tell whether a policy holds in a union: none nearer takes its place there."""
    is_near = any(covers(each, union) for each in policy.nearer)
    return covers(policy.region, union) and not is_near


def people_of(run: MatchRun, part: MatchPartition) -> QuerySet[Member]:
    """Keep the people of a partition who agreed to be looked for."""
    return within(members.members_agreed(PURPOSE), run, part)


def within(people: QuerySet[Member], run: MatchRun, part: MatchPartition) -> QuerySet[Member]:
    """Keep the people of a partition."""
    people = people.filter(city_code=part.city_code, district_code=part.district_code)
    if run.organisation is not None:
        people = people.filter(below_q(run.organisation.path))
    return people


def chunks(run: MatchRun, part: MatchPartition, size: int = CHUNK) -> Iterator[list[Member]]:
    """Read the people of a partition who are still to be looked at, some at a time."""
    after = part.after
    while True:
        rows = people_of(run, part).order_by("pk").defer(*_SEALED).prefetch_related("organisation")
        found = list((rows.filter(pk__gt=after) if after else rows)[:size])
        if found:
            yield found
        if len(found) < size:
            return
        after = found[-1].pk


def export(finder: Finder, workspace: Workspace, name: str, people: Sequence[Member], asked: Asked) -> list[Person]:  # fmt: skip
    """Seal what is known of some people as a table; return whom its numbers stand for.

    Of a kind of help somebody said no to nothing is asked, and what only it asks for is not read.
    """
    accounts = [member.account_id for member in people if member.account_id is not None]
    agreed = members.agreed_of_many(accounts)
    refused = refused_by([member.pk for member in people])
    unions = [member.organisation.code for member in people]
    names = [asked.of_union(code, refused.get(member.pk, _NOTHING)) for member, code in zip(people, unions, strict=True)]  # fmt: skip
    wanted = {
        member.pk: asked.allowed(own, agreed.get(member.account_id, set()))
        for member, own in zip(people, names, strict=True)
        if member.account_id is not None
    }
    found = members.facts_of_many(people, wanted)
    columns: dict[str, list[object]] = {name: [] for name in (*asked.names, *asked.law)}
    for member, code, own in zip(people, unions, names, strict=True):
        open_to = wanted.get(member.pk, ())
        known = knowledge_from(member, own, found[member.pk], open_to=open_to, as_of=asked.as_of)
        values = {**shelf.law_at(code, asked.as_of), **known.values} if asked.law else known.values
        for fact, column in columns.items():
            column.append(values.get(fact))
    bits = bits_of(asked.policies)
    without = [sum(bits.get(kind, 0) for kind in refused.get(member.pk, ())) for member in people]
    finder.keep(workspace, name, columns, unions, without)
    return [Person(member.pk, member.account_id) for member in people if member.account_id]
