"""How many people of a union the policies fit, as the last pass over everybody counted them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from lianxin.eligibility import conf, policies
from lianxin.eligibility.models import MatchCount, MatchRun, PolicyVersion
from lianxin.eligibility.selectors import shelf
from lianxin.orgs.api import Ability, Actor, Organisation, organisation_by_code

MOST = 60


@dataclass(frozen=True, slots=True)
class CountLine:
    """One policy: whom it fits and of whom too little is known; None is too few to tell."""

    code: str
    title: str
    fits: int | None
    unknown: int | None


@dataclass(frozen=True, slots=True)
class CountTable:
    """The counts of one union with all below it."""

    as_of: dt.date | None
    people: int | None
    lines: list[CountLine]
    least: int
    running: MatchRun | None


def union_of(actor: Actor, code: str) -> Organisation | None:
    """Return the union an officer asks about, or the highest of her own; None if out of reach."""
    if code:
        found = organisation_by_code(code)
        return found if found is not None and policies.may_count(actor, found.path) else None
    posts = sorted(actor.with_ability(Ability.MEMBER_VIEW), key=lambda post: len(post.path))
    return Organisation.objects.filter(pk=posts[0].organisation_id).first() if posts else None


def table_of(union: Organisation) -> CountTable:
    """Return the counts of a union. Three queries."""
    row = MatchCount.objects.filter(organisation=union).first()
    running = MatchRun.objects.filter(state=MatchRun.State.RUNNING).first()
    counts = row.counts if row else {}
    versions = PolicyVersion.objects.filter(pk__in=[uuid.UUID(pk) for pk in counts]).order_by("code")  # fmt: skip
    lines = [_line(version, counts[str(version.pk)]) for version in versions]
    return CountTable(
        row.as_of if row else None, row.people if row else None, lines, conf.small_group(), running
    )


def below(union: Organisation) -> list[Organisation]:
    """List the unions right below one, to look at each. One query."""
    return list(Organisation.objects.get_children(union)[:MOST])


def _line(version: PolicyVersion, counted: list[int] | None) -> CountLine:
    fits, unknown = counted or (None, None)
    return CountLine(version.code, str(shelf.title_of(version)), fits, unknown)
