"""Reading memberships: their history, the card, transfers under way."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lianxin.members.models import Card, Member, MembershipEvent, Transfer

STANDINGS = {
    "": _("not a member"),
    "applied": _("asked to join"),
    "review": _("being looked at"),
    "refused": _("not taken in"),
    "in_force": _("member in force"),
    "moving_out": _("asked to move to another union"),
    "moving_in": _("released, on the way to the other union"),
    "retained": _("membership retained"),
    "left": _("left the union"),
    "ended": _("membership ended"),
}
PHASES = {
    "moving_out": _("asked to move to another union"),
    "moving_in": _("released, on the way to the other union"),
    "accepted": _("taken in"),
    "stayed": _("stayed where she was"),
}
REASONS = {
    "retired": _("retired"),
    "unemployed": _("out of work"),
    "laid_off": _("laid off, waiting for work"),
    "army": _("serves in the army"),
    "study": _("went to study"),
    "union_closed": _("the union was closed"),
    "working_again": _("works again"),
    "put_right": _("a mistake was put right"),
    "own_wish": _("by her own wish"),
    "dues": _("no dues and no part in anything for six months, and did not want to go on"),
    "expelled": _("expelled"),
    "died": _("died"),
    "merged": _("entered twice: goes on in the other entry"),
    "refused": _("refused"),
    "withdrawn": _("taken back"),
    "agreed": _("agreed"),
    "silence": _("no answer in time, which counts as a yes"),
}


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened to a membership, in words."""

    on: dt.date
    standing: str
    union: str
    reason: str

    @property
    def words(self) -> str:
        """Say where it stood then."""
        return str(STANDINGS.get(self.standing, self.standing))

    @property
    def reason_words(self) -> str:
        """Say why, where a reason was given."""
        return str(REASONS.get(self.reason, ""))


def history_of(member: Member) -> list[HistoryLine]:
    """List what happened to a membership, the first first; also of entries merged into it. One query.

    Who came onto the roll by a workbook begins with the day the roll says.
    """
    rows = list(_events(member.pk).select_related("organisation", "from_organisation"))
    lines = [
        HistoryLine(row.happened_on, row.to_standing, row.organisation.name, row.reason)
        for row in rows
    ]
    if (not rows or rows[0].from_standing) and member.joined_on is not None:
        first = rows[0].from_organisation if rows else member.organisation
        came = HistoryLine(member.joined_on, "in_force", first.name if first else "", "")
        lines.insert(0, came)
    return lines


def membership_export(member_id: uuid.UUID) -> dict[str, Any]:
    """Return history, transfers and cards of a member for her own copy."""
    rows = _events(member_id).select_related("organisation")
    transfers = Transfer.objects.filter(member_id=member_id).select_related("to_organisation")
    return {
        "history": [
            {
                "on": row.happened_on.isoformat(),
                "to": row.to_standing,
                "union": row.organisation.name,
                "reason": row.reason,
            }
            for row in rows
        ],
        "transfers": [
            {
                "asked_at": row.asked_at.isoformat(),
                "to": row.to_organisation.name,
                "phase": row.phase,
            }
            for row in transfers.order_by("asked_at")
        ],
        "cards": [
            {
                "issued_at": card.issued_at.isoformat(),
                "revoked_at": card.revoked_at.isoformat() if card.revoked_at else None,
            }
            for card in Card.objects.filter(member_id=member_id).order_by("issued_at")
        ],
    }


def card_of(member: Member) -> Card | None:
    """Return the card a member holds now."""
    return (
        Card.objects.select_related("member__organisation")
        .filter(member=member, revoked_at=None)
        .first()
    )


def _events(member_id: uuid.UUID) -> QuerySet[MembershipEvent]:
    own = Q(member_id=member_id) | Q(member__merged_into_id=member_id)
    return MembershipEvent.objects.filter(own).order_by("id")
