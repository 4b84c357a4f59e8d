"""Names of months and weekdays, short enough for a leaf of a calendar."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from lianxin.activities.rules.month import Month


def weekday_name(number: int) -> str:
    """Name a weekday, Monday being 0."""
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))[number]


def leaf_day(number: int) -> str:
    """Name a weekday as a leaf of a calendar does."""
    return _("%(day)s.") % {"day": weekday_name(number)}


def month_name(on: dt.date) -> str:
    """Name the month of a day."""
    return _names()[on.month - 1]


def month_words(month: Month) -> str:
    """Name a month with its year."""
    return _("%(month)s %(year)d") % {"month": _names()[month.month - 1], "year": month.year}


def _names() -> tuple[str, ...]:
    return (
        _("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"),
        _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec"),
    )  # fmt: skip
