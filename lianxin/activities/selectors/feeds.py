"""Calendars people take along: of a session, of a union."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.activities.models import Session
from lianxin.activities.rules.ics import Entry, Sheet
from lianxin.activities.rules.states import State
from lianxin.activities.rules.words import first_line
from lianxin.activities.selectors.showing import cost_sentence
from lianxin.kit import clock
from lianxin.orgs.api import Organisation, below_q

MOST = 400
PAST = dt.timedelta(days=30)
AHEAD = dt.timedelta(days=370)


def sessions_for_feed(organisation: Organisation) -> list[Session]:
    """List what a union and those below it let everybody see, a month back and a year ahead. One query."""
    now = clock.now()
    rows = Session.objects.seen().filter(
        below_q(organisation.path),
        activity__is_public=True,
        starts_at__gte=now - PAST,
        starts_at__lte=now + AHEAD,
    )
    # Of the unions below only what lies ahead fits in; the union's own comes first.
    own = rows.filter(organisation=organisation)
    found = list(own.select_related("activity", "organisation").order_by("starts_at", "pk")[:MOST])
    if len(found) < MOST:
        others = rows.exclude(organisation=organisation).filter(ends_at__gt=now)
        room = MOST - len(found)
        found += others.select_related("activity", "organisation").order_by("starts_at", "pk")[
            :room
        ]
    return sorted(found, key=lambda one: (one.starts_at, one.pk))


def sheet_for(name: str, sessions: Iterable[Session], *, base: str) -> Sheet:
    """Make a calendar of sessions; `base` is where our pages stand, without a slash at the end."""
    return sheet_named(name, [entry_of(one, base=base) for one in sessions])


def sheet_named(name: str, entries: Iterable[Entry]) -> Sheet:
    """Make a calendar of entries."""
    maker = str(getattr(settings, "LIANXIN_NAME", "")) or "Lianxin"
    return Sheet(name=name, maker=maker, entries=tuple(entries))


def entry_of(session: Session, *, base: str) -> Entry:
    """Write a session as an entry of a calendar."""
    activity = session.activity
    title = " · ".join(part for part in (activity.title, session.label) if part)
    where = " · ".join(part for part in (session.place, session.address) if part)
    said = [
        first_line(activity.words, 200),
        cost_sentence(activity),
        _("To bring: %(what)s") % {"what": activity.bring} if activity.bring else "",
        _("Whom to call: %(who)s") % {"who": f"{activity.contact_name} {activity.contact_phone}"},
        _("Called off: %(why)s") % {"why": session.off_words or activity.off_words} if session.is_off else "",
    ]  # fmt: skip
    return Entry(
        uid=f"{session.pk}@lianxin",
        title=title,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        changed_at=max(session.changed_at, activity.published_at or session.changed_at),
        revision=session.revision,
        is_off=session.is_off or activity.standing is State.OFF,
        place=where,
        words="\n".join(line for line in said if line),
        link=base + reverse("activities:session", args=[activity.pk, session.pk]),
        position=session.position,
        remind_hours=3,
    )


def search_paths() -> Iterator[tuple[str, str]]:
    """Yield the pages of public activities still ahead, for search engines, with their last change."""
    rows = Session.objects.ahead().filter(activity__is_public=True)
    found = rows.values_list("activity_id", "activity__changed_at").distinct()
    for activity_id, changed_at in found.order_by("activity__changed_at")[:20_000]:
        yield reverse("activities:activity", args=[activity_id]), changed_at.date().isoformat()
