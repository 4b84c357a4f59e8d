"""Bookings and bookable things as pages show them: lines, the way of a booking, what is known of her."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.accounts.api import shown_phone
from lianxin.allocation.constants import WEEKDAYS_SHORT
from lianxin.allocation.models import Bookable, Booking
from lianxin.allocation.rules.bookings import Answer, BookingState, BookingVerb, Guests
from lianxin.allocation.rules.grid import Grain
from lianxin.allocation.rules.openings import spans_words
from lianxin.allocation.selectors.booking_lists import bookables_of
from lianxin.allocation.selectors.booking_words import (
    STATE_TONES,
    STATE_WORDS,
    length_words,
    run_words,
    units_words,
)
from lianxin.kit import clock
from lianxin.members.api import member_of, name_on_card
from lianxin.notify.api import address_of
from lianxin.orgs.api import Actor
from lianxin.ui.slots import HomeCard
from lianxin.ui.templatetags.ui import daytime

ICONS = {
    "bed": "bed", "room": "door", "hall": "users-group", "desk": "table", "court": "trophy", "person": "user",
    "thing": "tools",
}  # fmt: skip
_ANSWERS = {
    Answer.AT_ONCE: gettext_lazy("Certain at once."),
    Answer.SERVICE: gettext_lazy("You apply with proof; it is kept for you until it is decided."),
}
_GUESTS = {
    Guests.EVERYBODY: gettext_lazy("For whoever signs in."),
    Guests.MEMBERS: gettext_lazy("For members of the union."),
    Guests.NOBODY: gettext_lazy("Booked by unions."),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """A bookable thing in words."""

    bookable: Bookable
    icon: str
    what: str  # 8 beds
    terms: list[str]
    hours: list[tuple[str, str]]

    @classmethod
    def of(cls, bookable: Bookable) -> Thing:
        """Say a thing in words."""
        return cls(
            bookable=bookable,
            icon=ICONS[bookable.unit],
            what=units_words(bookable, bookable.units),
            terms=_terms(bookable),
            hours=_hours(bookable),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A booking as one line of a list."""

    when: str
    state: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class Station:
    """One station of a booking's way."""

    state: str
    title: str
    note: str = ""


def things_of(bookables: Iterable[Bookable]) -> list[Thing]:
    """Say things in words."""
    return [Thing.of(one) for one in bookables]


def line_of(booking: Booking) -> Line:
    """Say in one line when a booking is and where it stands."""
    state = booking.standing
    return Line(
        when=run_words(booking),
        state=str(STATE_WORDS[state]),
        tone=STATE_TONES.get(state, ""),
        icon=ICONS[booking.bookable.unit],
    )


def way_of(booking: Booking) -> list[Station]:
    """Draw the way of a booking: asked, answered, begun, over."""
    now, state = clock.now(), booking.standing
    entries = {one.verb: one for one in booking.entries.order_by("seq")}
    asked, said = entries.get(BookingVerb.ASKED), entries.get(BookingVerb.CONFIRMED)
    way = []
    if asked is not None:
        way.append(Station("done", _("You asked for it"), daytime(asked.at)))
    if state is BookingState.HELD:
        return [Station("now", _("Fill it in"), daytime(booking.held_until))]
    if state is BookingState.ASKED:
        late = booking.due_at is not None and booking.due_at < now
        note = daytime(booking.due_at) if booking.due_at else _("with your application")
        way.append(Station("late" if late else "now", _("An answer"), note))
        return [*way, Station("ahead", _("It begins"), daytime(booking.starts_at))]
    if state not in {BookingState.CONFIRMED, BookingState.USED}:
        return [*way, Station("done", str(STATE_WORDS[state]), daytime(booking.settled_at))]
    if said is not None:
        way.append(Station("done", _("It is yours"), daytime(said.at)))
    has_begun, is_over = booking.starts_at <= now, booking.ends_at <= now
    way.append(Station("done" if has_begun else "now", _("It begins"), daytime(booking.starts_at)))
    ends = "done" if is_over else "now" if has_begun else "ahead"
    return [*way, Station(ends, _("It ends then"), daytime(booking.ends_at))]


def masked_who(booking: Booking) -> str:
    """Say for whom a booking is without saying who: the union, or the ends of a name."""
    if booking.union is not None:
        return booking.union.name
    if booking.account is None:
        return _("(account closed)")
    return name_on_card(booking.account.display_name) or _("a guest")


def offers_card(kind: str, object_id: uuid.UUID) -> HomeCard | None:
    """Draw what can be booked of a thing of an app above, for its page; None: nothing."""
    things = things_of(bookables_of(kind, object_id))
    if not things:
        return None
    return HomeCard(
        title=_("What can be booked"),
        template="allocation/_offers_part.html",
        context={"things": things},
    )


def own_facts(actor: Actor) -> dict[str, str]:
    """Return what we know already of who books: name and telephone, hers to read."""
    if actor.account_id is None:
        return {}
    member = member_of(actor.account_id)
    phone = address_of(actor.account_id).phone or ""
    return {"name": member.name if member else "", "phone": shown_phone(phone)}


def calendar_file(booking: Booking) -> str:
    """Write one event (RFC 5545): what, where, from when to when."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Lianxin//EN",
        "BEGIN:VEVENT",
        f"UID:{booking.pk}@lianxin",
        f"SEQUENCE:{booking.seq}",
        f"DTSTAMP:{_stamp(clock.now())}",
        f"DTSTART:{_stamp(booking.starts_at)}",
        f"DTEND:{_stamp(booking.ends_at)}",
        f"SUMMARY:{_escaped(booking.bookable.title)}",
        f"LOCATION:{_escaped(booking.bookable.place)}",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines)


def _terms(bookable: Bookable) -> list[str]:
    grain = bookable.cut
    said = [
        _("At most %(length)s at a time.") % {"length": length_words(grain, bookable.most)},
        str(_GUESTS.get(Guests(bookable.guests)) or _("For members of %(union)s.") % {"union": bookable.organisation.name}),
    ]  # fmt: skip
    if bookable.per_life:
        said.append(_("%(length)s a person in all.") % {"length": length_words(grain, bookable.per_life)})  # fmt: skip
    if bookable.per_year:
        said.append(_("%(length)s a person and year.") % {"length": length_words(grain, bookable.per_year)})  # fmt: skip
    answer = Answer(bookable.answer)
    days = {"days": bookable.answer_days}
    said.append(str(_ANSWERS.get(answer) or _("Answered within %(days)s working days.") % days))
    return said


def _hours(bookable: Bookable) -> list[tuple[str, str]]:
    """Say the hours of a week, days with the same hours together; nothing for nights."""
    if bookable.cut is not Grain.HALF_HOUR:
        return []
    told: list[tuple[list[str], str]] = []
    for name, spans in zip(WEEKDAYS_SHORT, bookable.hours.weekly, strict=True):
        words = spans_words(spans) or _("not open")
        if told and told[-1][1] == words:
            told[-1][0].append(str(name))
        else:
            told.append(([str(name)], words))
    return [(f"{some[0]}–{some[-1]}" if len(some) > 1 else some[0], words) for some, words in told]


def _stamp(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return "\\n".join(text.splitlines())
