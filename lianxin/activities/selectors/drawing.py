"""What the list and the month hand to their templates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from lianxin.activities.models import Session
from lianxin.activities.policies import Reader
from lianxin.activities.rules.month import When
from lianxin.activities.selectors.kinds import kind_of, kinds
from lianxin.activities.selectors.listing import EVERYWHERE, Sheet, Wanted, districts
from lianxin.activities.selectors.saying import leaf_day, month_name, month_words, weekday_name
from lianxin.activities.selectors.showing import free_of, when_words
from lianxin.kit import clock
from lianxin.kit.paging import Page
from lianxin.kit.workdays import SHANGHAI
from lianxin.ui.templatetags.ui import clocktime


def row_of(session: Session) -> dict[str, Any]:
    """Say what a line of the list shows of a session."""
    starts = session.starts_at.astimezone(SHANGHAI)
    return {
        "session": session,
        "activity": session.activity,
        "kind": kind_of(session.activity.kind),
        "on": starts.date(),
        "month_words": month_name(starts.date()),
        "weekday_words": leaf_day(starts.weekday()),
        "time": clocktime(session.starts_at),
        "when": when_words(session),
        "free": free_of(session),
    }


def list_page(reader: Reader, wanted: Wanted, page: Page[Session]) -> dict[str, Any]:
    """Gather the list. One query, for the districts."""
    return _narrowing(reader, wanted) | {
        "page": page,
        "rows": [row_of(session) for session in page.rows],
        "chips": _chips(wanted),
        "month_query": wanted.query(when="", day="", free=""),
    }


def month_page(reader: Reader, wanted: Wanted, sheet: Sheet) -> dict[str, Any]:
    """Gather the month. One query, for the districts."""
    today = clock.today()
    weeks = [[_cell(on, sheet, today) for on in week] for week in sheet.month.weeks()]
    days = [
        {"on": on, "rows": [row_of(one) for one in sessions]}
        for on, sessions in sorted(sheet.days.items())
    ]
    return _narrowing(reader, wanted) | {
        "sheet": sheet,
        "weeks": weeks,
        "days": days,
        "query": wanted.query(),
        "list_query": wanted.query(),
        "today": today,
        "month_words": month_words(sheet.month),
        "weekdays": [weekday_name(number) for number in range(7)],
    }


def _cell(on: dt.date, sheet: Sheet, today: dt.date) -> dict[str, Any]:
    return {
        "on": on,
        "count": len(sheet.days.get(on, ())),
        "is_inside": on.month == sheet.month.month,
        "is_today": on == today,
    }


def _narrowing(reader: Reader, wanted: Wanted) -> dict[str, Any]:
    near = wanted.near or reader.district_code or EVERYWHERE
    listed = districts()
    name = next((one.name for one in listed if one.code == near), "")
    return {
        "wanted": wanted,
        "reader": reader,
        "near": near,
        "near_name": name,
        "districts": listed,
        "kinds": list(kinds().values()),
        "kind_label": kind_of(wanted.kind).label if wanted.kind else "",
        "everywhere": EVERYWHERE,
    }


def _chips(wanted: Wanted) -> list[dict[str, Any]]:
    said = {
        When.ALL: _("All"),
        When.TODAY: _("Today only"),
        When.WEEKEND: _("This weekend"),
        When.WEEK: _("Seven days"),
    }
    return [
        {
            "label": label,
            "query": wanted.query(when=str(when), day=""),
            "is_current": wanted.when is when and not wanted.day,
        }
        for when, label in said.items()
    ]
