"""Offering a thing for booking, changing its hours and terms, offering it no more."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.allocation import policies
from lianxin.allocation.events import BookableEnded
from lianxin.allocation.models import Bookable, Booking
from lianxin.allocation.rules.bookings import Answer, Guests, Unions
from lianxin.allocation.rules.grid import Grain
from lianxin.allocation.rules.openings import Openings
from lianxin.allocation.selectors.bookings import conflicts_of
from lianxin.allocation.services.answering import dropped, moved
from lianxin.allocation.services.booking_steps import (
    bookables_lock,
    booking_opened,
    reseat,
    stale_lapse,
)
from lianxin.audit import api as audit
from lianxin.eligibility import api as eligibility
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor, Organisation

MOST_UNITS = 500
MOST_AHEAD = 400
MOST_CELLS = {Grain.NIGHT: 90, Grain.DAY: 90, Grain.HALF_HOUR: 48}


@dataclass(frozen=True, kw_only=True, slots=True)
class BookableTerms:
    """What whoever offers a thing says of it; see `models.Bookable`."""

    title: str
    grain: str
    units: int = 1
    unit: str = Bookable.Unit.ROOM
    openings: Openings = field(default_factory=Openings)
    place: str = ""
    words: str = ""
    begins: dt.time | None = None
    ends: dt.time | None = None
    most_units: int = 1
    least: int = 1
    most: int = 1
    ahead_days: int = 60
    notice_minutes: int = 0
    hold_minutes: int = 30
    per_life: int | None = None
    per_year: int | None = None
    series: str = ""
    guests: str = Guests.MEMBERS
    unions: str = Unions.NONE
    rule: str = ""
    answer: str = Answer.AT_ONCE
    answer_days: int = 1
    service: str = ""


class ConflictsError(RefusedError):
    """New terms would leave bookings without a place; `bookings` says which."""

    def __init__(self, bookings: Sequence[Booking]) -> None:
        super().__init__(
            ngettext(
                "%(count)d booking has no place any more. Please say what becomes of it.",
                "%(count)d bookings have no place any more. Please say what becomes of each.",
                len(bookings),
            )
            % {"count": len(bookings)}
        )
        self.bookings = list(bookings)


# What becomes of a booking without a place: another thing it moves to, or None, called off.
Plan = Mapping[uuid.UUID, uuid.UUID | None]


def bookable_open(
    *,
    actor: Actor,
    organisation_id: uuid.UUID,
    kind: str,
    object_id: uuid.UUID,
    terms: BookableTerms,
    label: str = "",
) -> Bookable:
    """Offer a thing for booking; of one thing and label there is one, and again changes nothing.

    Raises:
        ForbiddenError: the actor arranges nothing for this organisation.
        RefusedError: terms that make no sense, at their field.
    """
    organisation = Organisation.objects.get(pk=organisation_id)
    if not policies.may_open(actor, organisation):
        raise ForbiddenError(_("You do not arrange places for this organisation."))
    _check(terms)
    same = Bookable.objects.filter(kind=kind, object_id=object_id, label=label)
    try:
        with atomic():
            found = same.first()
            if found is not None:
                return found
            bookable = Bookable(
                organisation=organisation, kind=kind, object_id=object_id, label=label, **_plain(terms)
            )  # fmt: skip
            bookable.save(force_insert=True)
            _noted(actor, bookable, "opened")
    except IntegrityError:  # the second tap, in the same breath
        return same.get()
    return bookable


def bookable_change(
    *, actor: Actor, bookable_id: uuid.UUID, terms: BookableTerms, plan: Plan | None = None,
    reason: str = "",
) -> Bookable:  # fmt: skip
    """Change hours and terms. Bookings that lose their place are moved or called off as `plan` says.

    What was booked keeps its own time and length; new terms hold for who comes. The grain stays.

    Raises:
        ForbiddenError: the actor does not arrange this.
        ConflictsError: bookings would be left without a place and the plan does not name them.
        RefusedError: terms that make no sense, a move that does not fit, no reason.
    """
    plan, reason = plan or {}, clean(reason)[:300]
    with atomic():
        locked = bookables_lock(bookable_id, *(one for one in plan.values() if one))
        bookable = locked[bookable_id]
        if not policies.may_arrange(actor, bookable):
            raise ForbiddenError(_("You do not arrange places for this organisation."))
        _check(terms)
        if terms.grain != bookable.grain:
            raise RefusedError(_("Nights cannot become hours: please offer a new thing."), field="grain")  # fmt: skip
        stale_lapse(bookable)
        conflicts = conflicts_of(bookable, terms.openings, terms.units)
        if missing := [one for one in conflicts if one.pk not in plan]:
            raise ConflictsError(missing)
        if conflicts and not reason:
            raise RefusedError(_("Please give a reason; the people read it."), field="reason")
        units = bookable.units
        for name, value in _plain(terms).items():
            setattr(bookable, name, value)
        bookable.seq += 1
        bookable.save()
        for conflict in conflicts:
            _settled(actor, conflict.pk, plan[conflict.pk], locked, reason)
        if terms.units < units:
            reseat(bookable)
        _noted(actor, bookable, "changed")
    return bookable


def bookable_end(*, actor: Actor, bookable_id: uuid.UUID, reason: str) -> Bookable:
    """Offer a thing no more: what is booked ahead is called off, with the reason. Again changes nothing.

    Raises:
        ForbiddenError: the actor does not arrange this.
        RefusedError: bookings ahead and no reason.
    """
    reason = clean(reason)[:300]
    with atomic():
        bookable = bookables_lock(bookable_id)[bookable_id]
        if not policies.may_arrange(actor, bookable):
            raise ForbiddenError(_("You do not arrange places for this organisation."))
        if bookable.off_at is not None:
            return bookable
        bookable.off_at = clock.now()
        bookable.save(update_fields=["off_at"])
        running = Booking.objects.running().filter(bookable=bookable, ends_at__gt=clock.now())
        ids = list(running.order_by("pk").values_list("pk", flat=True))
        if ids and not reason:
            raise RefusedError(_("Please give a reason; the people read it."), field="reason")
        for booking_id in ids:
            dropped(booking_opened(booking_id), actor_id=actor.account_id, reason=reason)
        _noted(actor, bookable, "ended")
        jobs.publish(
            BookableEnded(bookable_id=bookable.pk, kind=bookable.kind, object_id=bookable.object_id)
        )
    return bookable


def terms_of(bookable: Bookable) -> BookableTerms:
    """Return the terms a thing has now."""
    given = {
        one.name: getattr(bookable, one.name)
        for one in fields(BookableTerms)
        if one.name != "openings"
    }
    return BookableTerms(openings=bookable.hours, **given)


def _settled(
    actor: Actor,
    booking_id: uuid.UUID,
    target_id: uuid.UUID | None,
    locked: Mapping[uuid.UUID, Bookable],
    reason: str,
) -> None:
    booking = booking_opened(booking_id)
    if target_id is None:
        dropped(booking, actor_id=actor.account_id, reason=reason)
        return
    target = locked.get(target_id)
    if target is None or not policies.may_arrange(actor, target):
        raise ForbiddenError(_("You do not arrange bookings there."))
    if booking.starts_at <= clock.now():
        raise RefusedError(_("Who is there already cannot be moved: call it off, or let it end."))
    moved(booking, target, booking.run, actor_id=actor.account_id, reason=reason)


def _plain(terms: BookableTerms) -> dict[str, Any]:
    plain = {one.name: getattr(terms, one.name) for one in fields(terms)}
    return plain | {"openings": terms.openings.as_plain()}


def _check(terms: BookableTerms) -> None:
    grain = Grain(terms.grain)
    asked = (
        (bool(terms.title.strip()), "title", _("What is it called?")),
        (1 <= terms.units <= MOST_UNITS, "units", _("How many are there? At least one.")),
        (
            1 <= terms.most_units <= terms.units,
            "most_units",
            _("Nobody can book more at once than there are."),
        ),
        (
            1 <= terms.least <= terms.most <= MOST_CELLS[grain],
            "most",
            _("The shortest and the longest booking do not fit together."),
        ),
        (0 <= terms.ahead_days <= MOST_AHEAD, "ahead_days", _("At most 400 days ahead.")),
        (5 <= terms.hold_minutes <= 240, "hold_minutes", _("Between 5 and 240 minutes.")),
        (0 <= terms.answer_days <= 30, "answer_days", _("At most 30 working days.")),
        (
            any(terms.openings.weekly) or any(terms.openings.other.values()),
            "monday",
            _("It is never open like that."),
        ),
        (
            terms.answer != Answer.SERVICE or bool(terms.service),
            "service",
            _("Which service decides it?"),
        ),
        (
            not (terms.guests == Guests.NOBODY and terms.unions == Unions.NONE),
            "guests",
            _("Nobody could book it like that."),
        ),
    )
    for holds, name, words in asked:
        if not holds:
            raise RefusedError(words, field=name)
    if terms.rule and (faults := eligibility.rule_faults(terms.rule)):
        raise RefusedError(faults[0], field="rule")


def _noted(actor: Actor, bookable: Bookable, deed: str) -> None:
    audit.record(
        actor_id=actor.account_id,
        action=f"allocation.bookable_{deed}",
        kind="allocation.Bookable",
        object_id=bookable.pk,
        detail={"units": bookable.units},
    )
