"""What an organiser needs on the day: who comes, with whom, what they answered; what was told them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from lianxin.activities.models import Session, Telling
from lianxin.activities.rules.groups import Details
from lianxin.allocation.api import HOLDING, Claim

MOST_TELLINGS = 30


@dataclass(frozen=True, slots=True)
class Coming:
    """One claim on the list: her name, those who come along, what was answered."""

    name: str
    places: int
    team: str
    along: str
    answers: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Opened:
    """A page of the list, opened, and the token of the next."""

    rows: list[Coming]
    next_token: str


def claims_coming(session: Session) -> QuerySet[Claim]:
    """Return who holds places."""
    if session.pool_id is None:
        return Claim.objects.none()
    rows = Claim.objects.filter(pool_id=session.pool_id, state__in=HOLDING)
    return rows.select_related("account", "pool")


def coming_of(session: Session, claim: Claim, details: Details) -> Coming:
    """Say a claim as the list shows it."""
    labels = {one.code: one.label for one in session.activity.asked}
    said = {True: _("yes"), False: _("no")}
    return Coming(
        name=claim.account.display_name if claim.account else _("(account closed)"),
        places=claim.size,
        team=details.team or details.union,
        along=_(", ").join(
            f"{one.name} ({one.age})" if one.age is not None else one.name
            for one in details.companions
        ),
        answers=[
            (labels.get(code, code), said[value] if isinstance(value, bool) else str(value))
            for code, value in details.answers.items()
        ],
    )


def tellings_of(session: Session) -> list[Telling]:
    """List what was told to those who signed up, the newest first. One query."""
    # Where too few came to be asked, the telling that asks was stopped before it began.
    unasked = {"kind": Telling.Kind.HOW, "stopped_at": F("made_at")}
    rows = Telling.objects.filter(session=session).exclude(**unasked).select_related("made_by")
    return list(rows.order_by("-made_at")[:MOST_TELLINGS])
