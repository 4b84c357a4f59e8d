"""Reading what is booked by time: what is free, what a person had, who may book, who answers."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from lianxin.allocation.models import Bookable, BookedCell, Booking
from lianxin.allocation.models.booking import stale_hold
from lianxin.allocation.rules.bookings import Guests, Had
from lianxin.allocation.rules.grid import Grain, Run, by_year
from lianxin.allocation.rules.offering import booking_owners
from lianxin.allocation.rules.openings import Openings
from lianxin.allocation.selectors.admitting import Hindrance
from lianxin.eligibility import api as eligibility
from lianxin.members.api import Member, member_of
from lianxin.orgs.api import Ability, bearers_of

# How far a free stretch is followed when the tightest gap is looked for.
REACH = {Grain.NIGHT: 60, Grain.DAY: 60, Grain.HALF_HOUR: 48}


def taken_units(bookable: Bookable, window: Run) -> dict[int, set[int]]:
    """Return the taken cells of each unit in a window; a hold whose time is over takes none. One query."""
    rows = BookedCell.objects.filter(
        bookable=bookable, cell__gte=window.first, cell__lte=window.last
    ).exclude(stale_hold("booking__"))
    taken: dict[int, set[int]] = {}
    for unit, cell in rows.values_list("unit", "cell"):
        taken.setdefault(unit, set()).add(cell)
    return taken


def free_cells(bookable: Bookable, window: Run) -> dict[int, int]:
    """Return how many units are free in each cell of a window; a closed cell has none. One query."""
    hours, grain = bookable.hours, bookable.cut
    rows = (
        BookedCell.objects.filter(
            bookable=bookable,
            unit__lte=bookable.units,
            cell__gte=window.first,
            cell__lte=window.last,
        )
        .exclude(stale_hold("booking__"))
        .values("cell")
        .annotate(count=Count("pk"))
    )
    taken = {row["cell"]: row["count"] for row in rows}
    return {
        cell: bookable.units - taken.get(cell, 0) if hours.is_open(grain, cell) else 0
        for cell in window
    }


def had_of(bookable: Bookable, account_id: uuid.UUID) -> Had:
    """Count what a person has and had of a thing and of those counted with it. One query.

    Nights are counted with nights: half hours in a hall of the same series are another measure.
    """
    if bookable.per_life is None and bookable.per_year is None:
        return Had()
    rows = _counted(bookable, account_id).filter(bookable__grain=bookable.grain)
    life, years = 0, dict[int, int]()
    for first, last, size in rows.values_list("first", "last", "size"):
        run = Run(first, last)
        life += run.length * size
        for year, cells in by_year(bookable.cut, run).items():
            years[year] = years.get(year, 0) + cells * size
    return Had(life, years)


def has_at_once(
    bookable: Bookable, account_id: uuid.UUID, run: tuple[dt.datetime, dt.datetime]
) -> bool:
    """Say whether a person has something of this kind at the same time already. One query."""
    starts_at, ends_at = run
    rows = _counted(bookable, account_id)
    return rows.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists()


def _counted(bookable: Bookable, account_id: uuid.UUID) -> QuerySet[Booking]:
    together = Q(bookable=bookable)
    if bookable.series:
        together |= Q(bookable__series=bookable.series)
    return Booking.objects.taking().filter(together, account_id=account_id, union=None)


def guest_hindrance(bookable: Bookable, account_id: uuid.UUID) -> Hindrance | None:
    """Say why a person may not book for herself, or None; what is not known is asked for."""
    member = member_of(account_id)
    if hindrance := _outside(bookable, member):
        return hindrance
    if not bookable.rule:
        return None
    answer = (
        eligibility.rules_asked(member, [bookable.rule], actor_id=account_id)[0]
        if member
        else eligibility.RuleAnswer(None)
    )
    if answer.outcome:
        return None
    if answer.outcome is False:
        return Hindrance(_("What is needed: %(what)s.") % {"what": "; ".join(answer.failed)})
    return Hindrance(
        _("We need to know a little more to say whether this is for you."), answer.missing
    )


def _outside(bookable: Bookable, member: Member | None) -> Hindrance | None:
    match bookable.guests:
        case Guests.EVERYBODY:
            return None
        case Guests.NOBODY:
            return Hindrance(_("Unions book this, by an officer of theirs."))
    if member is None or member.state != Member.State.IN_FORCE:
        return Hindrance(_("This is for members of the union. Joining takes three minutes."))
    is_below = member.organisation.path.startswith(bookable.organisation.path)
    if bookable.guests == Guests.UNION and not is_below:
        return Hindrance(_("This is for members of %(union)s.") % {"union": bookable.organisation.name})  # fmt: skip
    return None


def owners_of(bookable: Bookable) -> frozenset[uuid.UUID]:
    """Return who answers for a thing outside the tree: a partner's contacts."""
    owners = booking_owners.get(bookable.kind)
    return owners.accounts(bookable.object_id) if owners else frozenset()


def is_owned_outside(bookable: Bookable) -> bool:
    """Say whether somebody outside the tree has to say yes."""
    return booking_owners.get(bookable.kind) is not None


def levels_of(bookable: Bookable) -> list[list[uuid.UUID]]:
    """List who may answer a booking, level by level, those first who are asked first."""
    levels = bearers_of(Ability.PLACES_MANAGE, bookable.organisation)
    owners = sorted(owners_of(bookable))
    return [owners, *levels] if owners else levels


def conflicts_of(bookable: Bookable, openings: Openings, units: int) -> list[Booking]:
    """List the running bookings ahead that new hours or fewer units would leave without a place.

    Those that find room in another unit are none: they are moved there without a word, since all
    units are alike. One that was cut short takes its unit to its end, and is asked nothing.
    """
    ahead = list(Booking.objects.ahead().filter(bookable=bookable))
    if not ahead:
        return []
    astray = [
        one for one in ahead if one.is_running and not openings.are_open(bookable.cut, one.run)
    ]
    staying = [one for one in ahead if one not in astray]
    return sorted([*astray, *_too_many(staying, units)], key=lambda one: (one.starts_at, one.pk))


def _too_many(bookings: Collection[Booking], units: int) -> list[Booking]:
    """Say which running ones do not fit into so many units, those who were first stay first."""
    held: dict[int, int] = {}
    out = []
    for booking in sorted(bookings, key=lambda one: (one.is_running, one.made_at, one.pk)):
        is_full = any(held.get(cell, 0) + booking.size > units for cell in booking.run)
        if booking.is_running and is_full:
            out.append(booking)
            continue
        for cell in booking.run:
            held[cell] = held.get(cell, 0) + booking.size
    return out
