"""Adding up how many people of each union the policies fit, and keeping small groups back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lianxin.eligibility import conf
from lianxin.eligibility.models import MatchCount, MatchPartition, MatchRun, PolicyVersion
from lianxin.eligibility.rules.counting import Cell, hidden, totals
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Organisation

Counts = dict[str, list[int]]  # union code: [people, fits, unknown, fits, unknown, …]
_MANY = 10**9  # a mere number of people tells nothing about those left out


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be told of one union: its people, and of each policy who it fits and is unknown."""

    organisation_id: uuid.UUID
    people: int | None
    counts: list[tuple[int, int] | None]


def merged(counts: Iterable[Mapping[str, Sequence[int]]]) -> Counts:
    """Add counts by union."""
    found: Counts = {}
    for each in counts:
        for union, numbers in each.items():
            held = found.setdefault(union, [0] * len(numbers))
            found[union] = [one + other for one, other in zip(held, numbers, strict=True)]
    return found


def shown(counts: Mapping[str, Sequence[int]], policies: int) -> list[Shown]:
    """Lay counts over the tree of unions: with all below each, small groups kept back."""
    rows = list(Organisation.objects.order_by("path").values_list("pk", "code", "path"))
    places = {path: at for at, (_pk, _code, path) in enumerate(rows)}
    step = Organisation.steplen
    parents = [places.get(path[:-step], -1) for _pk, _code, path in rows]
    own = [counts.get(code, [0] * (1 + 2 * policies)) for _pk, code, _path in rows]
    least = conf.small_group()
    people = _told(parents, [Cell(each[0], _MANY) for each in own], least)
    by_policy = [_of_policy(parents, own, at, least) for at in range(policies)]
    return [
        Shown(pk, people[at], [each[at] for each in by_policy])
        for at, (pk, _code, _path) in enumerate(rows)
    ]


def _of_policy(parents: Sequence[int], own: Sequence[Sequence[int]], at: int, least: int) -> list[tuple[int, int] | None]:  # fmt: skip
    fits = [Cell(each[1 + 2 * at], each[0] - each[1 + 2 * at]) for each in own]
    told = _told(parents, fits, least)
    unknown = totals(parents, [Cell(each[2 + 2 * at], 0) for each in own])
    return [
        None if number is None else (number, _rounded(unknown[place].counted))
        for place, number in enumerate(told)
    ]


def _told(parents: Sequence[int], own: Sequence[Cell], least: int) -> list[int | None]:
    kept_back, whole = hidden(parents, own, least), totals(parents, own)
    return [None if kept_back[at] else whole[at].counted for at in range(len(own))]


def _rounded(number: int) -> int:
    """Round to tens: how many are unknown is no secret, but must not help to reckon the rest."""
    return round(number, -1)


def counts_keep(found: Sequence[Shown], versions: Sequence[uuid.UUID], as_of: dt.date) -> None:
    """Keep the counts of a whole pass for the pages; only what differs is written."""
    held = {row.organisation_id: row for row in MatchCount.objects.all()}
    fresh, changed = [], []
    for each in found:
        counts = {str(pk): list(pair) if pair else None for pk, pair in zip(versions, each.counts, strict=True)}  # fmt: skip
        row = held.get(each.organisation_id)
        if row is None:
            fresh.append(MatchCount(organisation_id=each.organisation_id, counts=counts, people=each.people, as_of=as_of))  # fmt: skip
        elif (row.counts, row.people, row.as_of) != (counts, each.people, as_of):
            row.counts, row.people, row.as_of = counts, each.people, as_of
            changed.append(row)
    with atomic():
        MatchCount.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=1_000)
        MatchCount.objects.bulk_update(changed, ["counts", "people", "as_of"], batch_size=500)


def counts_of_run(run_id: uuid.UUID) -> Counts:
    """Add up what the partitions of a run counted."""
    parts = MatchPartition.objects.filter(run_id=run_id)
    return merged(parts.values_list("counts", flat=True))


def counts_told(run: MatchRun) -> list[str]:
    """Say in lines how many of all a run looked at fit each policy; small groups are kept back."""
    codes = dict(PolicyVersion.objects.filter(pk__in=run.policies).values_list("pk", "code"))
    counts = counts_of_run(run.pk)
    whole = [sum(numbers) for numbers in zip(*counts.values(), strict=True)]
    least = conf.small_group()
    lines = []
    for at, pk in enumerate(run.policies):
        code = codes.get(uuid.UUID(pk), pk)
        if run.codes and code not in run.codes:
            continue  # asked only since what was asked for excludes it
        if not whole or not Cell(whole[1 + 2 * at], whole[0] - whole[1 + 2 * at]).is_safe(least):
            lines.append(f"{code}: kept back, so that nobody can be found")
        else:
            lines.append(f"{code}: fits {whole[1 + 2 * at]:,}, unknown about {_rounded(whole[2 + 2 * at]):,}")  # fmt: skip
    return lines
