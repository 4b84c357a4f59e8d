"""Reading what is known about many members at once, for a machine's pass over everybody.

Nothing here leaves a trace: whoever asks for thousands leaves one line for all of them.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db.models import Q, QuerySet

from lianxin.members.models import Consent, Fact, Member
from lianxin.members.selectors.dictionary import dictionary, purposes
from lianxin.members.selectors.facts import FactValue, facts_from

_AT_ONCE = 2_000  # ids of one query


def members_agreed(purpose: str) -> QuerySet[Member]:
    """Keep the members whose yes to a purpose holds today, in the words of the present version."""
    entry = purposes()[purpose]
    agreed = Consent.objects.filter(purpose=purpose, wording=entry.version, withdrawn_at=None)
    return Member.objects.filter(account_id__in=agreed.values("account_id"))


def agreed_of_many(account_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    """Return for each account the purposes it says yes to, each in its present words."""
    current = {code: entry.version for code, entry in purposes().items()}
    agreed: dict[uuid.UUID, set[str]] = defaultdict(set)
    for ids in _cut(account_ids):
        rows = Consent.objects.filter(account_id__in=ids, withdrawn_at=None)
        for account_id, purpose, wording in rows.values_list("account_id", "purpose", "wording"):
            if current.get(purpose) == wording:
                agreed[account_id].add(purpose)
    return agreed


def facts_of_many(people: Sequence[Member], names: Mapping[uuid.UUID, Collection[str]]) -> dict[uuid.UUID, dict[str, FactValue]]:  # fmt: skip
    """Return for each member the facts that are known among the names asked for her.

    Sealed ones are opened without a trace: the caller leaves one for all.
    """
    entries = dictionary().facts
    asked = {name for each in names.values() for name in each if name in entries}
    held: dict[uuid.UUID, dict[str, Fact]] = defaultdict(dict)
    for ids in _cut([member.pk for member in people]):
        rows = Fact.objects.filter(member_id__in=ids, name__in=asked, superseded_at=None)
        for row in rows:
            held[row.member_id][row.name] = row
    return {
        member.pk: facts_from(member, [name for name in names.get(member.pk, ()) if name in entries], held[member.pk])
        for member in people
    }  # fmt: skip


def changed_since(people: Collection[uuid.UUID], moment: dt.datetime) -> set[uuid.UUID]:
    """Name those of whom something was told, agreed to or taken back since a moment."""
    found: set[uuid.UUID] = set()
    for ids in _cut(list(people)):
        members = Member.objects.filter(pk__in=ids)
        found.update(members.filter(updated_at__gte=moment).values_list("pk", flat=True))
        told = Q(recorded_at__gte=moment) | Q(superseded_at__gte=moment)
        found.update(
            Fact.objects.filter(told, member_id__in=ids).values_list("member_id", flat=True)
        )
        said = Q(given_at__gte=moment) | Q(withdrawn_at__gte=moment)
        accounts = Consent.objects.filter(said, account_id__in=members.values("account_id"))
        found.update(
            members.filter(account_id__in=accounts.values("account_id")).values_list(
                "pk", flat=True
            )
        )
    return found


def _cut(ids: Sequence[uuid.UUID]) -> list[Sequence[uuid.UUID]]:
    return [ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE)]
