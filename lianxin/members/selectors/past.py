"""Where a member belonged, what she had agreed to and what was known of her, over time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from lianxin.members.models import Consent, Fact, Member, MembershipEvent
from lianxin.members.selectors.dictionary import dictionary
from lianxin.orgs.api import Organisation

Span = tuple[dt.datetime | None, dt.datetime | None]  # from, until; None is open


@dataclass(frozen=True, slots=True)
class Past:
    """The history of one member, read once; questions about spans of time cost no query."""

    stays: tuple[tuple[Span, Organisation], ...]
    consents: tuple[tuple[str, Span], ...]
    facts: tuple[tuple[str, Span], ...]
    roll: frozenset[str]

    def union_at(self, moment: dt.datetime) -> Organisation | None:
        """Return the union she belonged to at a moment."""
        return next((union for span, union in self.stays if _meet(span, (moment, moment))), None)

    def agreed(self, first: dt.datetime, last: dt.datetime) -> set[str]:
        """Return the purposes she said yes to at some time of a span."""
        return {purpose for purpose, span in self.consents if _meet(span, (first, last))}

    def known(self, names: Iterable[str], first: dt.datetime, last: dt.datetime) -> list[str]:
        """Keep the facts that were known, and agreed to where they are sensitive, in a span."""
        entries, agreed = dictionary().facts, self.agreed(first, last)
        held = {name for name, span in self.facts if _meet(span, (first, last))} | self.roll
        return [
            name
            for name in names
            if name in held and (not entries[name].is_sensitive or entries[name].purpose in agreed)
        ]


def past_of(member: Member) -> Past:
    """Read the history of a member. Three queries."""
    rows = Fact.objects.filter(member=member).exclude(Q(value=None) & Q(sealed_value=None))
    facts = rows.values_list("name", "recorded_at", "superseded_at")
    consents = Consent.objects.filter(account_id=member.account_id) if member.account_id else Consent.objects.none()  # fmt: skip
    entries = dictionary().facts
    roll = {name for name, entry in entries.items() if entry.column and getattr(member, entry.column)}  # fmt: skip
    return Past(
        stays=tuple(_stays(member)),
        consents=tuple((row.purpose, (row.given_at, row.withdrawn_at)) for row in consents),
        facts=tuple((name, (since, until)) for name, since, until in facts if name in entries),
        roll=frozenset(roll),
    )


def _stays(member: Member) -> Iterable[tuple[Span, Organisation]]:
    since: dt.datetime | None = None
    moves = MembershipEvent.objects.filter(member=member).exclude(from_organisation=None)
    for move in moves.select_related("from_organisation").order_by("id"):
        if move.from_organisation is not None and move.from_organisation_id != move.organisation_id:
            yield (since, move.recorded_at), move.from_organisation
            since = move.recorded_at
    yield (since, None), member.organisation


def _meet(span: Span, other: tuple[dt.datetime, dt.datetime]) -> bool:
    since, until = span
    first, last = other
    return (since is None or since <= last) and (until is None or until > first)
