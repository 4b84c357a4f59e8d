"""Where an application that was handed in stands, in the words other systems read."""

from __future__ import annotations

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


def status_of(state: str, outcome: str) -> PushStatus:
    """Say a case's state and outcome in one word."""
    return _BY_OUTCOME.get(outcome) or _BY_STATE[state]
