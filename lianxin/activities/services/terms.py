"""What an organiser says of an activity, of its times, of its stops; and what is asked of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from lianxin.activities.models import Activity, Session
from lianxin.activities.rules import questions as asking
from lianxin.activities.rules import seating
from lianxin.activities.rules.groups import Group
from lianxin.activities.rules.questions import Question
from lianxin.activities.rules.seating import SeatingError
from lianxin.activities.rules.states import State
from lianxin.activities.selectors.kinds import kinds
from lianxin.allocation.api import Audience, Pool, PoolTerms
from lianxin.eligibility import api as eligibility
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.text import clean

LARGEST_GROUP = 50
LARGEST = 100_000
MOST_FEN = 10_000 * 100  # a person pays
LONGEST_SESSION = dt.timedelta(days=15)
SERIES_DAYS = 365  # "never had one" looks back a year

# What people relied on when they signed up: it stays once it is published.
FIXED = (
    "audience", "rule", "method", "is_first_timers_first", "group", "least", "most", "asks_ages",
    "questions", "is_public", "has_waitlist",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityTerms:
    """What an organiser says of an activity; see `models.Activity`."""

    kind: str
    title: str
    words: str = ""
    is_public: bool = True
    audience: str = Audience.MEMBERS
    rule: str = ""
    method: str = Pool.Method.RUSH
    is_first_timers_first: bool = False
    group: str = Group.ALONE
    least: int = 1
    most: int = 1
    asks_ages: bool = False
    questions: tuple[Question, ...] = ()
    has_waitlist: bool = True
    offer_minutes: int = 24 * 60
    cost_fen: int = 0
    cost_words: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    access: str = ""
    bring: str = ""
    place: str = ""
    address: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    district_code: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionTerms:
    """One time it takes place; see `models.Session`."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    label: str = ""
    opens_at: dt.datetime | None = None
    closes_at: dt.datetime | None = None
    capacity: int | None = None
    seats: str = ""  # rows, see `rules.seating`
    own_place: str = ""
    own_address: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class StopTerms:
    """A place on a route; see `models.Stop`."""

    title: str
    after_minutes: int
    address: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    stay_minutes: int = 30
    learnt: str = ""
    booking_id: uuid.UUID | None = None


def plain(terms: ActivityTerms | SessionTerms | StopTerms) -> dict[str, Any]:
    """Return the columns of what was said, texts cleaned."""
    found = {one.name: getattr(terms, one.name) for one in fields(terms)}
    found = {name: clean(value) if type(value) is str else value for name, value in found.items()}
    if isinstance(terms, ActivityTerms):
        found["questions"] = asking.plain_of(terms.questions)
        if terms.group == Group.ALONE:
            found |= {"least": 1, "most": 1, "asks_ages": False}
    return found


def terms_of(activity: Activity) -> ActivityTerms:
    """Say of an activity what it says of itself."""
    said = {one.name: getattr(activity, one.name) for one in fields(ActivityTerms)}
    return ActivityTerms(**(said | {"questions": tuple(activity.asked)}))


def pool_terms(session: Session) -> PoolTerms:
    """Say of a session's places what allocation must know."""
    activity = session.activity
    now = clock.now()
    closes_at = min(session.closes_at or session.starts_at, session.starts_at)
    opens_at = session.opens_at or (session.pool.opens_at if session.pool else now)
    return PoolTerms(
        title=" · ".join(part for part in (activity.title, session.label) if part),
        capacity=session.capacity or 1,
        opens_at=opens_at,
        closes_at=closes_at,
        place=session.place,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        method=activity.method,
        most=min(activity.most, session.capacity or 1),
        waitlist=None if activity.has_waitlist else 0,
        offer_minutes=activity.offer_minutes,
        audience=activity.audience,
        rule=activity.rule,
        one_per=activity.one_per,
        series=activity.series,
        strata=[{"days": SERIES_DAYS}] if activity.is_first_timers_first else [],
    )


def check_activity(terms: ActivityTerms) -> None:
    """Refuse what makes no sense, at its field. What is only missing may wait until it is published.

    Raises:
        RefusedError: something cannot be.
    """
    for holds, field, words in _asked_of_activity(terms):
        if not holds:
            raise RefusedError(words, field=field)
    for _code, fault in asking.faults(terms.questions):
        raise RefusedError(question_words(fault), field="questions")
    if terms.rule and (wrong := eligibility.rule_faults(terms.rule)):
        raise RefusedError(wrong[0], field="rule")


def needs_end(activity: Activity) -> bool:
    """Say whether each of its times must tell when applying ends: a draw that people can see."""
    return activity.method == Pool.Method.DRAW and activity.standing is State.PUBLISHED


def check_session(terms: SessionTerms, *, least: int = 1, is_drawn: bool = False) -> None:
    """Refuse a time that makes no sense, at its field.

    `is_drawn`: of a draw that people can see; there the end of applying may not wait.

    Raises:
        RefusedError: something cannot be.
    """
    opens_at, closes_at = terms.opens_at, terms.closes_at
    asked = (
        (terms.starts_at < terms.ends_at, "ends_at", _("It must end after it begins.")),
        (terms.ends_at - terms.starts_at <= LONGEST_SESSION, "ends_at", _("That is longer than two weeks; make several times of it.")),
        (terms.capacity is None or least <= terms.capacity <= LARGEST, "capacity", _("How many places are there? At least one group must fit in.")),
        (not closes_at or closes_at <= terms.starts_at, "closes_at", _("Sign-up must close before it begins.")),
        (not is_drawn or terms.capacity is None or bool(closes_at), "closes_at", _("A draw needs a day on which applying ends.")),
        (not opens_at or opens_at < (closes_at or terms.starts_at), "opens_at", _("Sign-up must open before it closes.")),
    )  # fmt: skip
    for holds, field, words in asked:
        if not holds:
            raise RefusedError(words, field=field)
    try:
        seats = seating.count_of(seating.seats_of(terms.seats))
    except SeatingError as error:
        raise RefusedError(seating_words(error), field="seats") from None
    if seats and seats != terms.capacity:
        raise RefusedError(_("These are %(count)d seats, so there are as many places.") % {"count": seats}, field="capacity")  # fmt: skip


def seating_words(error: SeatingError) -> str:
    """Say what is wrong with rows of seats."""
    words = {
        "row": _("A row needs a short name, eleven characters at most: %(line)s"),
        "twice": _("Two rows have the same name."),
        "many": _("Five thousand numbered seats are the most."),
    }
    said = words.get(error.what, _("Write rows × seats, such as 12×20, or a row and its seats in a line, such as Balcony 18. Not understood: %(line)s"))  # fmt: skip
    return said % {"line": error.line}


def question_words(fault: str) -> str:
    """Say what is wrong with a question."""
    return {
        "many": _("Eight questions are enough; people answer on a phone."),
        "forbidden": _("No activity asks for looks, belief, politics, health, money or papers. Please leave this question out."),
        "label": _("Each question needs a short sentence."),
        "options": _("A choice needs two to twelve different answers, one a line."),
        "twice": _("Two questions are the same."),
        "range": _("The smallest number must not be larger than the largest."),
    }.get(fault, _("This question cannot be asked like that."))  # fmt: skip


def _asked_of_activity(terms: ActivityTerms) -> Iterator[tuple[bool, str, str]]:
    yield terms.kind in kinds(), "kind", _("Please choose what kind of activity it is.")
    yield 2 <= len(terms.title.strip()) <= 60, "title", _("What is it called? Two to sixty characters.")  # fmt: skip
    yield len(terms.words) <= 4000, "words", _("Please keep it under 4,000 characters.")
    yield 1 <= terms.least <= terms.most <= LARGEST_GROUP, "most", _("A group cannot be larger than 50, nor smaller than its smallest.")  # fmt: skip
    yield terms.group in set(Group), "group", _("Please choose how people come.")
    yield (terms.latitude is None) == (terms.longitude is None), "latitude", _("A position needs both numbers.")  # fmt: skip
    yield 0 <= terms.offer_minutes <= 7 * 24 * 60, "offer_minutes", _("An offer stands for at most a week.")  # fmt: skip
    yield 0 <= terms.cost_fen <= MOST_FEN, "cost_fen", _("Ten thousand yuan a person is the most that can stand here.")  # fmt: skip
    yield terms.cost_fen == 0 or bool(terms.cost_words.strip()), "cost_words", _("Say what the money is for and who takes it. Nothing is paid in here.")  # fmt: skip
