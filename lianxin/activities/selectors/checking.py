"""What is still missing before people may see an activity, and who looks at it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lianxin.activities.models import Activity, Habit, Session
from lianxin.allocation.api import Pool
from lianxin.kit import clock
from lianxin.orgs.api import Ability, Organisation, bearers_of


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing people must know, and the field where it is said."""

    field: str
    words: str


def faults_of(activity: Activity) -> list[Missing]:
    """List what is missing. Two queries."""
    sessions = list(activity.sessions.filter(starts_at__gt=clock.now()).order_by("starts_at"))
    return [Missing(field, words) for holds, field, words in _asked(activity, sessions) if not holds]  # fmt: skip


def wants_second_look(organisation: Organisation) -> bool:
    """Say whether a second person looks at each activity of a union. One query."""
    return Habit.objects.filter(organisation=organisation, wants_second_look=True).exists()


def lookers_for(activity: Activity) -> set[uuid.UUID]:
    """Return who could look at it beside its maker, at the nearest level where there is somebody. One query."""
    for held in bearers_of(Ability.PLACES_MANAGE, activity.organisation):
        if others := set(held) - {activity.made_by_id}:
            return others
    return set()


def _asked(activity: Activity, sessions: list[Session]) -> Iterator[tuple[bool, str, str]]:
    yield bool(sessions), "times", _("When does it take place? Add at least one time that is still ahead.")  # fmt: skip
    yield bool(activity.words.strip()), "words", _("Tell in a few sentences what people will find.")
    yield bool(activity.contact_name and activity.contact_phone), "contact_phone", _("Whom can one call? Every activity has a person and a number.")  # fmt: skip
    placed = all(session.place for session in sessions)
    yield placed, "place", _("Where is it?")
    drawn = activity.method == Pool.Method.DRAW
    whole = not drawn or all(session.closes_at for session in sessions if session.capacity)
    yield whole, "closes_at", _("A draw needs a day on which applying ends.")
    ended = [one for one in sessions if one.capacity and one.closes_at and one.closes_at <= clock.now()]  # fmt: skip
    yield not ended, "closes_at", _("Sign-up would have ended before anybody sees it. Set a later end.")  # fmt: skip
    yield activity.cover is None or bool(activity.cover.alt), "cover", _("Say what the picture shows, for those who cannot see it.")  # fmt: skip
