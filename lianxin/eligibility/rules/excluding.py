"""Which policies do not go together, and what follows for one person or for columns of people.

A policy `excludes` others: who has one of them, or gets it, does not get this one. What she was
granted decides first, then what fits. Where two exclude each other, by themselves or round a ring,
and both fit, no machine chooses: both stay, shown as one of the two. Where only one excludes the
other, the one that is excluded stays, and the other yields to it.

Policies are settled level by level, so that one yields only to what itself stands: who does not get
B, since she gets C, is not refused A because of B. A plan of more policies says the same of each as
a plan of fewer, as long as all it excludes are in it; so one person and everybody come out alike.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Bond:
    """What binds a policy to others: whom it excludes, whether it says who was granted it."""

    code: str
    excludes: tuple[str, ...] = ()
    is_once: bool = False
    tells_granted: bool = False
    holds: bool = True  # one that is not in force takes nothing from another


@dataclass(frozen=True, slots=True)
class Step(Generic[K]):
    """One policy that may have to yield: to what was granted, to what fits and stands."""

    at: K
    by_grant: tuple[K, ...]
    by_yes: tuple[K, ...]


@dataclass(frozen=True, slots=True)
class Plan(Generic[K]):
    """In which order policies are settled; within a level in any."""

    levels: tuple[tuple[Step[K], ...], ...]
    choices: Mapping[K, tuple[K, ...]]

    @property
    def granted(self) -> frozenset[K]:
        """The policies of which it matters whether they were granted."""
        return frozenset(each for level in self.levels for step in level for each in step.by_grant)


@dataclass(frozen=True, slots=True)
class Ruled(Generic[K]):
    """Why a policy yields: she had it (`by` is itself), has another, or gets another."""

    why: str  # had, has, gets
    by: K


def plan_of(bonds: Mapping[K, Bond]) -> Plan[K]:
    """Order policies so that each is settled after those it may yield to."""
    named: dict[str, list[K]] = {}
    for key, bond in bonds.items():
        if bond.holds:
            named.setdefault(bond.code, []).append(key)
    edges = {
        key: tuple(other for code in bond.excludes if code != bond.code for other in named.get(code, ()))
        for key, bond in bonds.items()
    }  # fmt: skip
    reached = {key: _reached(key, edges) for key in bonds}
    rings = {key: {other for other in reached[key] if key in reached[other]} for key in bonds}
    steps = (_step(key, bonds, edges[key], rings[key]) for key in bonds)
    wanted = {step.at: step for step in steps if step.by_grant or step.by_yes}
    choices = {
        key: tuple(other for other in bonds if other in rings[key] and (other in edges[key] or key in edges[other]))
        for key in bonds if rings[key]
    }  # fmt: skip
    return Plan(tuple(_levels(wanted)), choices)


def bound_with(wanted: Iterable[K], bonds: Mapping[K, Bond]) -> list[K]:
    """List policies with all they exclude, and what these exclude, and so on."""
    codes = {key: bond.code for key, bond in bonds.items()}
    edges = {
        key: tuple(other for other in bonds if codes[other] in bond.excludes)
        for key, bond in bonds.items()
    }
    asked = set(wanted)
    asked.update(other for key in tuple(asked) for other in _reached(key, edges))
    return [key for key in bonds if key in asked]


def _reached(key: K, edges: Mapping[K, Sequence[K]]) -> frozenset[K]:
    found: set[K] = set()
    ahead = list(edges[key])
    while ahead:
        each = ahead.pop()
        if each not in found:
            found.add(each)
            ahead.extend(edges[each])
    return frozenset(found - {key})


def _step(key: K, bonds: Mapping[K, Bond], edges: Sequence[K], ring: Collection[K]) -> Step[K]:
    own = [key] if bonds[key].is_once and bonds[key].tells_granted else []
    grants = [other for other in edges if bonds[other].tells_granted]
    return Step(key, (*own, *grants), tuple(other for other in edges if other not in ring))


def _levels(steps: Mapping[K, Step[K]]) -> Iterable[tuple[Step[K], ...]]:
    settled: set[K] = set()
    while len(settled) < len(steps):
        level = tuple(
            step
            for key, step in steps.items()
            if key not in settled
            and all(other in settled for other in step.by_yes if other in steps)
        )
        settled.update(step.at for step in level)
        yield level


def settle(plan: Plan[K], fits: Mapping[K, bool], granted: Callable[[K], bool]) -> dict[K, Ruled[K]]:  # fmt: skip
    """Say of one person which policies yield, and to what; policies that are not hers are left out."""
    ruled: dict[K, Ruled[K]] = {}
    for step in (step for level in plan.levels for step in level):
        if step.at not in fits:
            continue
        had = next((by for by in step.by_grant if by in fits and granted(by)), None)
        gets = next((by for by in step.by_yes if fits.get(by) and by not in ruled), None)
        if had is not None:
            ruled[step.at] = Ruled("had" if had == step.at else "has", had)
        elif gets is not None:
            ruled[step.at] = Ruled("gets", gets)
    return ruled


def ruling(step: Step[int], answer: str, granted: str) -> list[str]:
    """Name the columns to which a policy yields where any of them is true."""
    return [*(granted.format(by) for by in step.by_grant), *(answer.format(by) for by in step.by_yes)]  # fmt: skip


def ruled_sql(own: str, by: Iterable[str]) -> str:
    """Write as SQL, over columns of answers, that one yields where any of the others is true."""
    return f"({own} AND NOT ({' OR '.join(f'COALESCE({each}, FALSE)' for each in by)}))"
