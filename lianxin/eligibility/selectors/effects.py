"""Counts of a draft made ready to be shown: by place, small groups hidden, what is asked for most."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from lianxin.eligibility import conf
from lianxin.eligibility.models import EffectRun, MatchCount, PolicyDraft
from lianxin.eligibility.rules.suppressing import TOTAL, suppressed
from lianxin.eligibility.selectors import sentences
from lianxin.orgs.api import Organisation

MOST_MISSING = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One place with its numbers; None where a number would point at somebody."""

    name: str
    counts: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Table:
    """The counts of one text on one day."""

    total: Mapping[str, int | None]
    parts: list[Part]
    missing: list[str]
    least: int


def table_of(run: EffectRun) -> Table | None:
    """Lay out finished counts; one query."""
    if run.state != EffectRun.State.DONE:
        return None
    parts, least = run.counts["parts"], conf.small_group()
    shown = suppressed(parts, run.counts["total"], least)
    names = dict(Organisation.objects.filter(path__in=list(parts)).values_list("path", "name"))
    ranked = sorted(run.counts["missing"].items(), key=lambda each: (-each[1], each[0]))
    asked = [name for name, count in ranked if count >= least][:MOST_MISSING]
    return Table(
        shown[TOTAL],
        [Part(names.get(path, path), shown[path]) for path in sorted(parts)],
        sentences.labels_of(asked),
        least,
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How many the version in force fits, as the last pass over everybody counted; None: too few to tell."""

    version: int
    fits: int | None
    unknown: int | None
    people: int | None
    as_of: dt.date


def standing_of(draft: PolicyDraft) -> Standing | None:
    """Return what is known at once, before anybody counts: of the version the draft goes on from."""
    base = draft.base
    row = MatchCount.objects.filter(organisation=draft.organisation).first() if base else None
    if base is None or row is None or str(base.pk) not in row.counts:
        return None
    fits, unknown = row.counts[str(base.pk)] or (None, None)
    return Standing(base.version, fits, unknown, row.people, row.as_of)
