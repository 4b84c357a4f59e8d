"""All policies as anybody may read them: by kind of help, in force or to come, of a place."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from lianxin.eligibility.models import PolicyVersion
from lianxin.eligibility.selectors import shelf
from lianxin.eligibility.selectors.dictionary import purposes
from lianxin.eligibility.selectors.shelf import Ready
from lianxin.orgs.api import Organisation


@dataclass(frozen=True, slots=True)
class Line:
    """One policy: for whom, what it gives, until when; `begins_on` for one to come."""

    code: str
    title: str
    helps: str
    what: str
    until: dt.date | None
    begins_on: dt.date | None
    is_sample: bool


@dataclass(frozen=True, slots=True)
class KindOfHelp:
    """One kind of help with its policies."""

    code: str
    label: str
    lines: list[Line]


def kinds_of_help(day: dt.date, region: str | None = None) -> list[KindOfHelp]:
    """List the kinds of help that have policies in force or to come, with these.

    A few queries, however many there are.
    """
    held = shelf.of_place(day, region)
    ahead = shelf.to_come(day, region, {each.policy.code for each in held})
    lines = [(each.policy.purpose, _line(each, day)) for each in [*held, *ahead]]
    kinds = [
        KindOfHelp(code, str(label), [line for purpose, line in lines if purpose == code])
        for code, label in purposes().items()
    ]
    return [each for each in kinds if each.lines]


def places() -> list[tuple[str, str]]:
    """List the places that have policies of their own, by name; none where there is but one. Two queries."""
    regions = set(PolicyVersion.objects.filter(is_current=True).values_list("region", flat=True))
    if len(regions) < 2:
        return []
    rows = Organisation.objects.filter(code__in=regions).order_by("path")
    return list(rows.values_list("code", "name"))


def _line(each: Ready, day: dt.date) -> Line:
    policy = each.policy
    begins_on = policy.valid_from if policy.valid_from > day else None
    return Line(policy.code, str(policy.title), str(policy.helps), str(policy.gives.what), policy.valid_until, begins_on, policy.is_sample)  # fmt: skip
