"""Where an application that was handed in stands, in the words other systems read."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum


class PushStatus(StrEnum):
    """Where it stands (申请状态); nothing moves before the person has confirmed by code."""

    AWAITING = "awaiting_confirmation"
    REVIEW = "in_review"
    ASKED = "waiting_for_applicant"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    CLOSED = "closed"


_BY_OUTCOME = {
    "granted": PushStatus.GRANTED,
    "refused": PushStatus.REFUSED,
    "withdrawn": PushStatus.WITHDRAWN,
    "lapsed": PushStatus.LAPSED,
    "settled": PushStatus.CLOSED,
}
_BY_STATE = {
    "awaiting_confirmation": PushStatus.AWAITING,
    "open": PushStatus.REVIEW,
    "waiting": PushStatus.ASKED,
    "closed": PushStatus.CLOSED,
}
OVER = frozenset(_BY_OUTCOME.values())


# As long as the code of a case holds.
CONFIRM_HOURS = 72


def status_without_case(created_at: dt.datetime, now: dt.datetime) -> PushStatus:
    """Say where an application stands that could not become a case: as one nobody confirmed."""
    is_over = now >= created_at + dt.timedelta(hours=CONFIRM_HOURS)
    return PushStatus.LAPSED if is_over else PushStatus.AWAITING


def status_of(state: str, outcome: str) -> PushStatus:
    """Say a case's state and outcome in one word."""
    return _BY_OUTCOME.get(outcome) or _BY_STATE[state]
