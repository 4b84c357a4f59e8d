"""What is written of an offer: read, judged, brought into columns."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.exchange.models import Resource
from lianxin.exchange.rules import Audience, Fault, Offer, Way, audience_of, fault_of, plain
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.text import clean

MOST_QUANTITY = 100_000
MOST_UNITS = 500  # of what is booked by time
MOST_CLOSED = 400
FAULTS = {
    Fault.DAYS: ("ends_on", gettext_lazy("It must end on the day it begins, or later.")),
    Fault.OVER: ("ends_on", gettext_lazy("This day is over already.")),
    Fault.LONG: ("ends_on", gettext_lazy("At most two years ahead; then offer it anew.")),
    Fault.QUANTITY: ("quantity", gettext_lazy("How many vouchers are there? At least one.")),
    Fault.HOURS: ("closes", gettext_lazy("It must close after it opens.")),
    Fault.SHUT: ("weekdays", gettext_lazy("It would never be open like that.")),
    Fault.LINK: ("words", gettext_lazy("Please leave addresses of web pages and shops out: nothing is sold here.")),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What is written of an offer; see `models.Resource`."""

    kind: str
    title: str
    price: str
    way: str
    starts_on: dt.date
    ends_on: dt.date
    words: str = ""
    place: str = ""
    audience: str = Audience.BOTH
    quantity: int = 1
    grain: str = Resource.Grain.HALF_HOUR
    opens: dt.time | None = None
    closes: dt.time | None = None
    weekdays: tuple[int, ...] = ()
    closed_on: tuple[dt.date, ...] = ()
    skips_holidays: bool = False


def columns(entry: Entry) -> dict[str, Any]:
    """Return what is written as the columns of a row."""
    found = {one.name: getattr(entry, one.name) for one in fields(entry)}
    found["weekdays"] = sorted(set(entry.weekdays))
    found["closed_on"] = sorted({day.isoformat() for day in entry.closed_on})
    return found


def plain_of(written: dict[str, Any]) -> dict[str, Any]:
    """Return columns as JSON has them."""
    return {name: plain(value) for name, value in written.items()}


def entry_of(resource: Resource) -> Entry:
    """Return what stands written of an offer."""
    found = {one.name: getattr(resource, one.name) for one in fields(Entry)}
    found["weekdays"] = tuple(resource.weekdays)
    found["closed_on"] = resource.closed_days
    return Entry(**found)


def checked(entry: Entry) -> Entry:
    """Return what is written, cleaned.

    Raises:
        RefusedError: it makes no sense, at its field.
    """
    written = replace(
        entry,
        title=clean(entry.title)[:80], price=clean(entry.price)[:80], place=clean(entry.place)[:160],
        words=entry.words.strip()[:2000],
        audience=audience_of(Way(entry.way), Audience(entry.audience)),
    )  # fmt: skip
    if not written.title:
        raise RefusedError(_("What is it? Give it a name."), field="title")
    if not written.price:
        raise RefusedError(_("Say plainly what a member pays; nothing is an answer too."), field="price")  # fmt: skip
    if not 1 <= written.quantity <= MOST_QUANTITY:
        raise RefusedError(str(FAULTS[Fault.QUANTITY][1]), field="quantity")
    if written.way == Way.BOOKED and written.quantity > MOST_UNITS:
        raise RefusedError(_("Five hundred places at one time are the most."), field="quantity")
    if len(written.closed_on) > MOST_CLOSED:
        raise RefusedError(_("Four hundred closed days are the most."), field="closed_on")
    if fault := fault_of(_offer(written), clock.today()):
        field, words = FAULTS[fault]
        raise RefusedError(str(words), field=field)
    return written


def _offer(written: Entry) -> Offer:
    return Offer(
        way=Way(written.way), words=f"{written.title} {written.words} {written.price}",
        starts_on=written.starts_on, ends_on=written.ends_on, quantity=written.quantity,
        opens=written.opens, closes=written.closes, weekdays=frozenset(written.weekdays),
        closed_on=frozenset(written.closed_on),
    )  # fmt: skip
