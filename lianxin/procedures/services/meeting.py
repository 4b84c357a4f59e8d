"""A time and a place with a specialist, so set that two of one union never meet at the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.text import clean
from lianxin.orgs.api import Actor, Organisation
from lianxin.procedures.constants import MEETING_GAP_MINUTES
from lianxin.procedures.models import Appointment, Dossier, Task

LONGEST_PLACE = 120


@dataclass(frozen=True)
class Meeting:
    """What the specialist offers: when (aware) and where."""

    starts_at: datetime
    place: str


def meeting_arrange(
    dossier: Dossier, task: Task, meeting: Meeting | None, *, actor: Actor
) -> Appointment:
    """Set the appointment of a step.

    Raises:
        RefusedError: no time or place, in the past, or too close to one of a colleague.
    """
    place = " ".join(clean(meeting.place).split())[:LONGEST_PLACE] if meeting else ""
    if meeting is None or not place or actor.account_id is None:
        raise RefusedError(_("Please name the day, the time and the place."), field="place")
    if meeting.starts_at <= clock.now():
        raise RefusedError(_("This time has passed. Please name another."), field="meeting_on")
    # Two specialists may set a time at once: the union's row makes one wait for the other.
    union = Organisation.objects.select_for_update(no_key=True).get(pk=dossier.organisation_id)
    gap = timedelta(minutes=MEETING_GAP_MINUTES)
    near = Appointment.objects.filter(
        Q(specialist_id=actor.account_id) | Q(place__iexact=place),
        union=union,
        is_cancelled=False,
        starts_at__gt=meeting.starts_at - gap,
        starts_at__lt=meeting.starts_at + gap,
    )
    if near.exclude(dossier=dossier).exists() or _is_busy(dossier, meeting, actor):
        # The sentence is the same for both, so that it says nothing about anybody.
        raise RefusedError(
            _("Please take a time at least an hour away: this one is not free."), field="meeting_on"
        )
    return Appointment.objects.create(
        task=task,
        dossier=dossier,
        specialist_id=actor.account_id,
        union=union,
        starts_at=meeting.starts_at,
        place=place,
    )


def _is_busy(dossier: Dossier, meeting: Meeting, actor: Actor) -> bool:
    same = Appointment.objects.filter(
        specialist_id=actor.account_id, is_cancelled=False, starts_at=meeting.starts_at
    )
    return same.exclude(dossier=dossier).exists()
