"""Bookings in words: when, how much, where they stand, why not."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lianxin.allocation.models import Bookable, Booking
from lianxin.allocation.rules.bookings import BookingFault, BookingState, BookingVerb
from lianxin.allocation.rules.grid import Grain, Run, day_of, times_of
from lianxin.ui.templatetags.ui import clocktime, day, daytime

STATE_WORDS: dict[BookingState, Any] = {
    BookingState.HELD: gettext_lazy("being filled in"),
    BookingState.ASKED: gettext_lazy("waits for an answer"),
    BookingState.CONFIRMED: gettext_lazy("confirmed"),
    BookingState.REFUSED: gettext_lazy("a no"),
    BookingState.CANCELLED: gettext_lazy("given back"),
    BookingState.DROPPED: gettext_lazy("called off"),
    BookingState.LAPSED: gettext_lazy("let go"),
    BookingState.USED: gettext_lazy("over"),
}
STATE_TONES = {
    BookingState.HELD: "soon",
    BookingState.ASKED: "ask",
    BookingState.CONFIRMED: "yes",
    BookingState.REFUSED: "late",
    BookingState.DROPPED: "late",
}


def run_words(booking: Booking) -> str:
    """Say when a booking is, and how long."""
    return span_words(booking.bookable, booking.run)


def span_words(bookable: Bookable, run: Run) -> str:
    """Say when a run of a thing is: with the time of arrival for nights, from when to when for hours."""
    grain = bookable.cut
    starts_at, ends_at = times_of(grain, run, begins=bookable.begins, ends=bookable.ends)
    match grain:
        case Grain.HALF_HOUR:
            return _("%(day)s %(from)s–%(until)s") % {
                "day": day(starts_at), "from": clocktime(starts_at), "until": _until(starts_at, ends_at),
            }  # fmt: skip
        case Grain.NIGHT:
            return _("%(from)s to %(until)s, %(length)s") % {
                "from": daytime(starts_at), "until": daytime(ends_at), "length": length_words(grain, run.length),
            }  # fmt: skip
    if run.length == 1:
        return day(day_of(grain, run.first))
    return _("%(from)s to %(until)s, %(length)s") % {
        "from": day(day_of(grain, run.first)),
        "until": day(day_of(grain, run.last)),
        "length": length_words(grain, run.length),
    }


def length_words(grain: Grain, cells: int) -> str:
    """Say how long so many cells are: 3 nights, 2 days, 1.5 hours."""
    match grain:
        case Grain.NIGHT:
            return ngettext("%(count)d night", "%(count)d nights", cells) % {"count": cells}
        case Grain.DAY:
            return ngettext("%(count)d day", "%(count)d days", cells) % {"count": cells}
    hours = f"{cells // 2}.5" if cells % 2 else str(cells // 2)
    return _("half an hour") if cells == 1 else _("%(hours)s hours") % {"hours": hours}


def units_words(bookable: Bookable, count: int) -> str:
    """Say so many units: 2 beds, 1 hall."""
    units = Bookable.Unit
    match bookable.unit:
        case units.BED:
            said = ngettext("%(count)d bed", "%(count)d beds", count)
        case units.ROOM:
            said = ngettext("%(count)d room", "%(count)d rooms", count)
        case units.HALL:
            said = ngettext("%(count)d hall", "%(count)d halls", count)
        case units.DESK:
            said = ngettext("%(count)d desk", "%(count)d desks", count)
        case units.COURT:
            said = ngettext("%(count)d court", "%(count)d courts", count)
        case units.PERSON:
            said = ngettext("%(count)d person", "%(count)d persons", count)
        case _:
            said = ngettext("%(count)d item", "%(count)d items", count)
    return str(said % {"count": count})


_SENTENCES: dict[BookingState, Any] = {
    BookingState.HELD: gettext_lazy("We hold it until %(held)s while you fill this in."),
    BookingState.ASKED: gettext_lazy("It is kept for you. You get an answer by %(due)s at the latest."),
    BookingState.CONFIRMED: gettext_lazy("It is yours."),
    BookingState.REFUSED: gettext_lazy("This time it is a no. The reason: %(reason)s"),
    BookingState.CANCELLED: gettext_lazy("You gave it back. Thank you: somebody else can have it now."),
    BookingState.DROPPED: gettext_lazy("It was called off, and we are sorry. The reason: %(reason)s"),
    BookingState.LAPSED: gettext_lazy("Nobody answered before it began. That must not happen, and we are sorry."),
    BookingState.USED: gettext_lazy("It is over."),
}  # fmt: skip
_FORGOTTEN: dict[BookingState, Any] = {  # the reason goes three months after the end
    BookingState.REFUSED: gettext_lazy("This time it was a no."),
    BookingState.DROPPED: gettext_lazy("It was called off, and we are sorry."),
}
_FAULTS: dict[BookingFault, Any] = {
    BookingFault.OFF: gettext_lazy("This is booked no more."),
    BookingFault.LATE: gettext_lazy("That is too soon or over. Please choose a later time, or call %(union)s."),
    BookingFault.AHEAD: gettext_lazy("That is too far ahead: one books until %(days)s days before at the earliest."),
    BookingFault.SHORT: gettext_lazy("Please book at least %(length)s."),
    BookingFault.LONG: gettext_lazy("One books at most %(length)s at a time."),
    BookingFault.UNITS: gettext_lazy("At most %(units)s at a time."),
    BookingFault.CLOSED: gettext_lazy("It is not open all that time. Please look at the calendar."),
    BookingFault.FULL: gettext_lazy("Somebody was faster, or not all of it is free. Please look at the calendar for what is."),
    BookingFault.TWICE: gettext_lazy("You have a booking at that time already. Give it back first if you want this one."),
    BookingFault.LIFE: gettext_lazy("One may have this for %(life)s in all; you may still have %(length)s."),
    BookingFault.YEAR: gettext_lazy("One may have this for %(year)s a year; this year you may still have %(length)s."),
}  # fmt: skip
_NONE_LEFT: dict[BookingFault, Any] = {
    BookingFault.LIFE: gettext_lazy("One may have this for %(life)s in all, and you have had them."),
    BookingFault.YEAR: gettext_lazy("One may have this for %(year)s a year, and you have had them."),
}  # fmt: skip


def booking_sentence(booking: Booking) -> str:
    """Say where a booking stands and what comes next, with a date."""
    state = booking.standing
    if state is BookingState.ASKED and booking.case_id:
        return _("It is kept for you while your application is decided.")
    if state is BookingState.LAPSED and booking.due_at is None and booking.case_id is None:
        return _("The form was open for too long, so it was let go. You can choose again.")
    if state is BookingState.CANCELLED and not _gave_back(booking):
        return _("It was given back: somebody else can have it now.")
    said = _SENTENCES[state] if booking.reason else _FORGOTTEN.get(state, _SENTENCES[state])
    return str(said) % {
        "held": clocktime(booking.held_until),
        "due": daytime(booking.due_at),
        "reason": booking.reason,
    }


def _gave_back(booking: Booking) -> bool:
    """Say whether it was herself, not a colleague of her union or the end of her application."""
    rows = booking.entries.filter(verb=BookingVerb.CANCELLED, actor_id=booking.account_id)
    return rows.exists()


def fault_words(bookable: Bookable, fault: BookingFault, left: int | None = None) -> str:
    """Say why a run cannot be booked, and what can."""
    grain = bookable.cut
    said = _FAULTS[fault] if left else _NONE_LEFT.get(fault, _FAULTS[fault])
    return str(said) % {
        "union": bookable.organisation.name,
        "days": bookable.ahead_days,
        "length": length_words(grain, left or 0),
        "units": units_words(bookable, left or 1),
        "life": length_words(grain, bookable.per_life or 0),
        "year": length_words(grain, bookable.per_year or 0),
    }


def _until(starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    """Write midnight as the end of the day it belongs to."""
    is_midnight = clocktime(ends_at) == "00:00" and day(ends_at) != day(starts_at)
    return "24:00" if is_midnight else clocktime(ends_at)
