"""What a pass over everybody looks for: policies taken apart so that any engine can follow them.

Nothing here imports an engine. A `Sought` policy says how each of its conditions is asked and what
an answer means, so that a pass over columns finds for each person exactly what `explain` finds.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.adapters.workspace import Workspace
from lianxin.eligibility.rules import tree
from lianxin.eligibility.rules.excluding import Bond, Plan, plan_of
from lianxin.eligibility.rules.explaining import conditions_of
from lianxin.eligibility.rules.policy import Policy, bond_of, granted_of
from lianxin.eligibility.rules.reading import read
from lianxin.eligibility.rules.tree import Node

NUMBER = "number"  # of a person within a file: says nothing outside the run
UNION = "union"  # the code of her union
WITHOUT = "without"  # the kinds of help she said no to, a bit each
FITS = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """One condition: its code, how it is asked, what it names, and whether a yes speaks for it."""

    code: str
    node: Node
    names: tuple[str, ...]
    is_told: bool  # it looks at something a person told, not only at the roll


@dataclass(frozen=True, slots=True)
class Sought:
    """One policy as a pass looks for it."""

    id: uuid.UUID
    code: str
    region: str
    purpose: str
    conditions: tuple[Asked, ...]
    law: Mapping[str, int | None]  # what is the same all over its region; else it is a column
    bond: Bond
    granted: Node | None
    nearer: tuple[str, ...] = ()  # places below its region that have a version of their own

    @property
    def names(self) -> list[str]:
        """All it looks at, each once: facts, and the law's numbers."""
        granted = tree.names(self.granted) if self.granted else ()
        return list(
            dict.fromkeys([*(name for each in self.conditions for name in each.names), *granted])
        )

    @property
    def telling(self) -> str:
        """The condition that says most when it fits: being a member is not why something fits."""
        codes = [each.code for each in self.conditions]
        return next((code for code in codes if code != "member"), codes[0])

    @property
    def gaps(self) -> list[tuple[int, str]]:
        """All that may be missing: (number of the condition, name), in the order of the text.

        That a number of the law is missing leaves an answer unknown; nobody is asked for it.
        """
        return [(at, name) for at, each in enumerate(self.conditions) for name in each.names]

    def verdict(self, found: int) -> tuple[str, str]:
        """Read what a pass found: the condition that tells, and the fact that is missing ("")."""
        if found == FITS:
            return self.telling, ""
        at, name = self.gaps[found - 1]
        return self.conditions[at].code, name


@dataclass(frozen=True, slots=True)
class Found:
    """What a pass found: rows of (number, place of the policy, verdict), and counts by union.

    `counts` has for each union its people and for each policy how many it fits and how many are
    unknown; a policy that does not hold in her union, or is of a kind she said no to, counts as
    nothing.
    """

    rows: list[tuple[int, int, int]]
    counts: dict[str, list[int]]


class Finder(Protocol):
    """An engine of columns that looks at sealed files of people."""

    def keep(self, workspace: Workspace, name: str, columns: Mapping[str, Sequence[object]], unions: Sequence[str], without: Sequence[int] = ()) -> None:  # fmt: skip
        """Seal facts, one list a fact, as a table of numbered people; `without` by `bits_of`."""

    def find(self, workspace: Workspace, names: Sequence[str], policies: Sequence[Sought], as_of: dt.date) -> Iterator[tuple[str, Found]]:  # fmt: skip
        """Ask every policy about every row of some files, which are gone afterwards."""


def bits_of(policies: Sequence[Sought]) -> dict[str, int]:
    """Give each kind of help a bit: so what somebody said no to is one number."""
    return {kind: 1 << at for at, kind in enumerate(sorted({each.purpose for each in policies}))}


def sought_of(pk: uuid.UUID, policy: Policy, as_of: dt.date, nearer: tuple[str, ...] = ()) -> Sought:  # fmt: skip
    """Take a policy apart; with the law's numbers, where they are the same all over its region."""
    entries, parameters = yaml_files.facts(), yaml_files.parameters()
    conditions = tuple(
        Asked(
            words.code,
            node,
            tree.names(node),
            any(name in entries and entries[name].reads for name in tree.names(node)),
        )
        for words, node in zip(policy.conditions, conditions_of(read(policy.rule)), strict=True)
    )
    granted = granted_of(policy, as_of)
    made = Sought(pk, policy.code, policy.region, policy.purpose, conditions, {}, bond_of(policy), granted, nearer)  # fmt: skip
    law = {
        name: parameters[name].at(policy.region, as_of)
        for name in made.names
        if name in parameters and not parameters[name].regions_below(policy.region)
    }
    return replace(made, law=law)


def plan_for(policies: Sequence[Sought]) -> Plan[int]:
    """Say in which order policies yield to each other, by their places."""
    return plan_of({at: one.bond for at, one in enumerate(policies)})


def only_needed(policies: Sequence[Sought]) -> list[Sought]:
    """Leave out who was granted what, where nothing hangs on it: no fact is read for nothing."""
    asked = plan_for(policies).granted
    return [one if at in asked else replace(one, granted=None) for at, one in enumerate(policies)]


def is_of_law(name: str) -> bool:
    """Say whether a name is a number of the law: nobody can be asked for it."""
    return name in yaml_files.parameters()


def lawless(policies: Sequence[Sought], as_of: dt.date) -> Iterator[str]:
    """Say where the law's numbers are missing on a day: a rule that needs them is unknown there."""
    parameters = yaml_files.parameters()
    for one in policies:
        for name in (name for name in one.names if name in parameters):
            places = [one.region, *parameters[name].regions_below(one.region)]
            missing = [place for place in places if parameters[name].at(place, as_of) is None]
            if missing:
                yield f"{one.code}: {name} has no value on {as_of} for {', '.join(missing)}: unknown there"
