"""What may be offered, how it is used, and where an offer stands. Pure.

The red lines stand here as well: nothing is sold inside the app, nobody advertises. An offer says
plainly what a member pays, leads to no shop, and is checked by a person before anybody sees it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What is shared."""

    VENUE = "venue"  # 场地
    LECTURER = "lecturer"  # 讲师
    BASE = "base"  # 实训基地
    COURSE = "course"  # 课程学位
    APPRENTICE = "apprentice"  # 学徒岗位
    CIVICS = "civics"  # 思政教育
    PRACTICE = "practice"  # 产教实践
    TOUR = "tour"  # 工运研学
    INNOVATION = "innovation"  # 职工创新
    HEALTH = "health"  # 健康体检
    RENTAL = "rental"  # 租房
    CHILDCARE = "childcare"  # 子女托管
    DISCOUNT = "discount"  # 会员优惠


class Way(StrEnum):
    """How it is used."""

    BOOKED = "booked"  # a union books it by time; the partner says yes
    VOUCHER = "voucher"  # a worker takes a personal voucher and shows it
    ASKED = "asked"  # one calls, or goes there


class Audience(StrEnum):
    """Who may use it."""

    WORKERS = "workers"
    UNIONS = "unions"
    BOTH = "both"


class State(StrEnum):
    """Where an offer stands."""

    OFFERED = "offered"  # 待审核
    RETURNED = "returned"  # 退回修改
    PUBLISHED = "published"  # 已发布
    ENDED = "ended"  # 已下架


class Verb(StrEnum):
    """What happens to an offer."""

    OFFER = "offer"
    RETURN = "return"
    PUBLISH = "publish"
    END = "end"


MOVES: dict[Verb, tuple[frozenset[State | None], State]] = {
    Verb.OFFER: (frozenset({None, State.RETURNED, State.OFFERED}), State.OFFERED),
    Verb.RETURN: (frozenset({State.OFFERED}), State.RETURNED),
    Verb.PUBLISH: (frozenset({State.OFFERED}), State.PUBLISHED),
    Verb.END: (frozenset({State.OFFERED, State.RETURNED, State.PUBLISHED}), State.ENDED),
}


class Fault(StrEnum):
    """Why an offer cannot be as it is written."""

    DAYS = "days"  # it ends before it begins
    OVER = "over"  # it has ended already
    LONG = "long"  # longer than two years
    QUANTITY = "quantity"  # vouchers without a number
    HOURS = "hours"  # it closes before it opens
    SHUT = "shut"  # none of its weekdays lies in its days, or each is closed
    LINK = "link"  # it leads to a shop or a page of one's own


MOST_DAYS = 731
# What stays of a published offer: another thing is offered anew.
FIXED = ("kind", "way", "audience", "grain", "starts_on")
# What whoever holds a voucher or has booked is told when it is different, in this order.
TOLD = (
    "title", "place", "price", "ends_on", "weekdays", "opens", "closes", "closed_on", "skips_holidays",
)  # fmt: skip
# Groups in which nobody is found: below it only "fewer than" is told.
CROWD = 10
_LINK = re.compile(
    r"https?:|www\.|\b[\w-]+\.(com|cn|net|shop|top|vip|xyz)\b|weixin://", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Offer:
    """What is judged of an offer."""

    way: Way
    words: str
    starts_on: dt.date
    ends_on: dt.date
    quantity: int | None = None
    opens: dt.time | None = None
    closes: dt.time | None = None
    weekdays: frozenset[int] = frozenset()  # 0 is Monday; none: every day
    closed_on: frozenset[dt.date] = frozenset()


def moved(before: State | None, verb: Verb) -> State | None:
    """Return where a verb leads; None: not from there."""
    sources, state = MOVES[verb]
    return state if before in sources else None


def fault_of(offer: Offer, today: dt.date) -> Fault | None:
    """Return the first thing wrong with an offer."""
    return next(_faults(offer, today), None)


def _faults(offer: Offer, today: dt.date) -> Iterator[Fault]:
    if offer.ends_on < offer.starts_on:
        yield Fault.DAYS
    if offer.ends_on < today:
        yield Fault.OVER
    if (offer.ends_on - offer.starts_on).days > MOST_DAYS:
        yield Fault.LONG
    if offer.way is Way.VOUCHER and not offer.quantity:
        yield Fault.QUANTITY
    if offer.opens and offer.closes and offer.closes <= offer.opens:
        yield Fault.HOURS
    if offer.way is Way.BOOKED and not any(open_days(offer)):
        yield Fault.SHUT
    if _LINK.search(offer.words):
        yield Fault.LINK


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Name what is different, in the order in which it is written."""
    return [name for name in before if before[name] != after[name]]


def open_days(offer: Offer) -> Iterator[dt.date]:
    """Yield the days on which it can be had."""
    for number in range((offer.ends_on - offer.starts_on).days + 1):
        day = offer.starts_on + dt.timedelta(days=number)
        if (not offer.weekdays or day.weekday() in offer.weekdays) and day not in offer.closed_on:
            yield day


def audience_of(way: Way, wished: Audience) -> Audience:
    """Return who may use it: unions book, vouchers are for persons, and the rest is as wished."""
    return {Way.BOOKED: Audience.UNIONS, Way.VOUCHER: Audience.WORKERS}.get(way, wished)


def halves(opens: dt.time | None, closes: dt.time | None) -> tuple[int, int]:
    """Return the half hours of a day in which a thing is open; whole ones only."""
    first = -(-(opens.hour * 60 + opens.minute) // 30) if opens else 0
    last = (closes.hour * 60 + closes.minute) // 30 if closes else 48
    return first, last


def told_count(number: int) -> int | None:
    """Return a count of people, or None where it is too small to hide anybody."""
    return number if number == 0 or number >= CROWD else None


def plain(value: Any) -> Any:
    """Return a value as JSON has it: days and hours as text."""
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value
