"""Who may say how it was, and what was said, from five answers on."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from lianxin.activities.models import Asking, Opinion, Session, Telling
from lianxin.activities.rules.opinions import KEPT, SHOWN_FROM, Said, gathered
from lianxin.activities.rules.states import State
from lianxin.activities.selectors.listing import midnight
from lianxin.allocation.api import Claim
from lianxin.allocation.api import State as ClaimState
from lianxin.kit import clock

LATE = dt.timedelta(days=5)  # a worker that stood still asks this long afterwards, not later


class Standing(StrEnum):
    """How it stands with what somebody may say of a session."""

    ASKED = "asked"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Row:
    """One of the three words, how many said it, and how long its bar is, of a hundred."""

    label: str
    tone: str
    count: int
    width: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What the desk shows of a session; `rows` is empty while too few answered."""

    rows: list[Row]
    lines: tuple[str, ...]
    total: int


def came_to(pool_id: uuid.UUID) -> QuerySet[Claim]:
    """Return the claims of those who came: seen at the door; where nobody was, all who had a place."""
    claims = Claim.objects.filter(pool_id=pool_id, account__isnull=False)
    # Whoever was let in came, even if she gave the place back before the door could say so.
    seen = claims.filter(used__gt=0)
    return seen if seen.exists() else claims.filter(state=ClaimState.CONFIRMED)


def pools_looked(pool_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Say at which of these somebody was seen at the door. One query."""
    seen = Claim.objects.filter(pool_id__in=list(pool_ids), used__gt=0)
    return set(seen.values_list("pool_id", flat=True))


def has_come(claim: Claim, looked: Collection[uuid.UUID]) -> bool:
    """Say of one claim what `came_to` says of all; `looked`: where somebody was seen at the door."""
    held = claim.standing is ClaimState.CONFIRMED
    return claim.used > 0 or (held and claim.pool_id not in looked)


def standing_of(session: Session, account_id: uuid.UUID) -> Standing | None:
    """Say whether somebody may say how it was; None for who did not come. Four queries at most."""
    if Asking.objects.filter(session=session, account_id=account_id).exists():
        return Standing.ASKED if _is_open(session) else Standing.CLOSED
    if session.pool_id is None or not came_to(session.pool_id).filter(account_id=account_id).exists():  # fmt: skip
        return None
    if not _is_open(session):
        return Standing.CLOSED
    return Standing.ANSWERED if _was_asked(session) else None


def sessions_to_ask() -> QuerySet[Session]:
    """Return what ended on a day before today and nobody was asked about yet."""
    now = clock.now()
    rows = Session.objects.filter(
        ~Exists(_tellings().filter(session=OuterRef("pk"))),
        forgotten_at=None,
        off_at=None,
        activity__state=State.PUBLISHED,
        pool__isnull=False,
        ends_at__lt=midnight(clock.today()),
        ends_at__gte=now - LATE,
    )
    return rows.order_by("ends_at", "pk")


def opinions_shown(session: Session, *, with_lines: bool) -> Shown | None:
    """Gather what was said; None where nobody was asked. Two queries."""
    found = gathered(Opinion.objects.filter(session=session).values_list("said", "line"))
    if found is None:
        return Shown([], (), 0) if _was_asked(session) else None
    return Shown(
        [
            Row(label_of(said), TONES[said], count, round(count * 100 / found.total))
            for said, count in found.counts
        ],
        found.lines if with_lines else (),
        found.total,
    )


def is_worth_asking(pool_id: uuid.UUID) -> bool:
    """Say whether enough came that what they say will ever be shown."""
    return came_to(pool_id).count() >= SHOWN_FROM


def label_of(said: Said) -> str:
    """Say one of the three words."""
    return {Said.GOOD: _("Good"), Said.FAIR: _("So-so"), Said.POOR: _("Not so good")}[said]


TONES = {Said.GOOD: "green", Said.FAIR: "amber", Said.POOR: "plain"}


def _is_open(session: Session) -> bool:
    return session.forgotten_at is None and session.ends_at + KEPT > clock.now()


def _was_asked(session: Session) -> bool:
    return _tellings().filter(session=session, told__gt=0).exists()


def _tellings() -> QuerySet[Telling]:
    return Telling.objects.filter(kind=Telling.Kind.HOW)
