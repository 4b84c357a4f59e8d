"""Factories of offers for tests and the demo."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from lianxin.allocation.api import Bookable, Pool
from lianxin.exchange.models import Resource
from lianxin.exchange.selectors import bookable_of, pool_of
from lianxin.exchange.services import Entry, picture_set, resource_offer, resource_publish
from lianxin.files.testing import picture_upload
from lianxin.kit import clock
from lianxin.orgs.api import Actor
from lianxin.partners.api import Partner

__all__ = [
    "Entry",
    "Resource",
    "batch_of",
    "entry_of",
    "hall_of",
    "picture_set",
    "picture_upload",
    "resource_make",
    "resource_offer",
]

_serial = itertools.count(1)


def entry_of(**more: Any) -> Entry:
    """Return what is written of an offer: a hall, unless `more` says otherwise."""
    given: dict[str, Any] = {
        "kind": "venue", "title": "嘉岭夜校 · 报告厅", "price": "免费", "way": "booked",
        "words": "一百二十座，有投影和音响。", "place": "嘉岭区柳荫路 20 号",
        "starts_on": clock.today(), "ends_on": clock.today() + dt.timedelta(days=90),
        "opens": dt.time(8), "closes": dt.time(22),
    }  # fmt: skip
    return Entry(**(given | more))


def resource_make(
    partner: Partner, *, actor: Actor | None = None, publisher: Actor | None = None, **more: Any
) -> Resource:
    """Offer something as somebody, or as nobody in particular, and publish it."""
    made = resource_offer(
        actor=actor or Actor.system(), partner=partner, entry=entry_of(**more),
        key=f"form-{next(_serial)}",
    )  # fmt: skip
    return resource_publish(actor=publisher or Actor.system(), resource_id=made.pk)


def batch_of(resource: Resource) -> Pool:
    """Return the vouchers of an offer that has some."""
    pool = pool_of(resource)
    if pool is None:
        raise AssertionError(resource)
    return pool


def hall_of(resource: Resource) -> Bookable:
    """Return what is booked of an offer."""
    bookable = bookable_of(resource)
    if bookable is None:
        raise AssertionError(resource)
    return bookable
