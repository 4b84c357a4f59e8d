"""What was known about a member on a day gone by, and what she agreed to then: history stays."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Q

from lianxin.kit.transactions import atomic
from lianxin.members.models import Consent, Fact, Member
from lianxin.members.policies import subject_of
from lianxin.members.selectors.dictionary import dictionary
from lianxin.members.selectors.facts import FactValue, facts_from, value_of_row
from lianxin.vault import api as vault


def facts_then(
    member: Member,
    names: Iterable[str],
    *,
    moment: dt.datetime,
    actor_id: uuid.UUID | None,
    purpose: str,
) -> dict[str, FactValue]:
    """Return the facts as they were known at a moment, and held on its day; leaves a trace.

    What only the roll entry holds is taken as it stands, unless a later row shows that it was
    changed since: then it is missing. Two queries.
    """
    entries = dictionary().facts
    wanted = [name for name in dict.fromkeys(names) if name in entries]
    day = moment.date()
    rows, later = {}, set()
    for row in Fact.objects.filter(member=member, name__in=wanted).order_by("recorded_at"):
        if row.recorded_at > moment:
            later.add(row.name)
        elif row.superseded_at is None or row.superseded_at > moment:
            rows[row.name] = row
    told = {name: _told(name, rows[name]) for name in wanted if name in rows}
    roll = [name for name in wanted if name not in rows and name not in later]
    found = {name: fact for name, fact in told.items() if fact is not None} | facts_from(member, roll, {})  # fmt: skip
    held = {
        name: replace(fact, expires_on=None)
        for name, fact in found.items()
        if fact.expires_on is None or fact.expires_on >= day
    }
    opened = sorted(name for name, fact in held.items() if fact.is_sensitive)
    if opened:
        with atomic():
            vault.note_opening(actor_id=actor_id, kind="members.Member", object_id=member.pk, fields=opened, purpose=purpose, subject_id=subject_of(member))  # fmt: skip
    return held


def agreed_then(account_id: uuid.UUID | None, moment: dt.datetime) -> set[str]:
    """Return the purposes somebody said yes to at a moment. One query."""
    if account_id is None:
        return set()
    held = Q(withdrawn_at=None) | Q(withdrawn_at__gt=moment)
    rows = Consent.objects.filter(held, account_id=account_id, given_at__lte=moment)
    return set(rows.values_list("purpose", flat=True))


def _told(name: str, row: Fact) -> FactValue | None:
    """Read one row by itself, also of a fact whose newest value the roll entry holds."""
    entry = dictionary().facts[name]
    value = value_of_row(row, entry)
    if value is None:
        return None
    return FactValue(name, value, row.source, row.recorded_at, row.expires_on, entry.is_sensitive)
