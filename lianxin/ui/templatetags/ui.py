"""Tags and filters every template may use: icons, fields, rings, routes, bars, days, money."""

from __future__ import annotations

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import forms, template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from lianxin.kit import clock, money
from lianxin.ui import fields, rules

register = template.Library()
ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")
WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw one icon of the sprite; without a label it is decoration."""
    return _icon(name, str(label))


@lru_cache(maxsize=512)
def _icon(name: str, label: str) -> SafeString:
    href = f"{staticfiles_storage.url('ui/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, href
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', href)


@register.inclusion_tag("ui/_field_part.html")
def field(bound: forms.BoundField, source: str = "", **extra: str) -> dict[str, Any]:
    """Draw a form field whole: label, hint, what we already know, control, error.

    `source` says where a prefilled value comes from. Anything else (autocomplete, inputmode,
    placeholder, unit, rows) changes the control; underscores become hyphens.
    """
    return fields.drawn(bound, source=source, extra=extra)


@register.inclusion_tag("ui/_form_part.html")
def form_fields(form: forms.BaseForm) -> dict[str, Any]:
    """Draw every visible field of a form in order, and the hidden ones."""
    return {"form": form}


@register.inclusion_tag("ui/_error_summary_part.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """List what a form refuses, each line leading to its field; nothing when all is well."""
    listed = [(form[name], messages) for name, messages in form.errors.items() if name != "__all__"]
    return {"general": form.non_field_errors(), "listed": listed}


@register.simple_tag
def ring(
    left: int | None, total: int | None = None, label: str = "", state: str = ""
) -> SafeString:
    """A deadline as a ring: `left` of `total` days, the label in its middle."""
    return _ring(rules.ring_of(left, total, state), str(label))


@lru_cache(maxsize=512)
def _ring(drawn: rules.Ring, label: str) -> SafeString:
    # A queue draws fifty rings of a handful of kinds.
    return render_to_string("ui/_ring_part.html", {"ring": drawn, "label": label})


@register.inclusion_tag("ui/_route_part.html")
def route(steps: Iterable[Any]) -> dict[str, Any]:
    """A route as a line of stations; each step has state (done, now, ahead, late), title, note."""
    return {"steps": list(steps)}


@register.inclusion_tag("ui/_bar_part.html")
def bar(parts: Iterable[Any], label: str = "") -> dict[str, Any]:
    """Money as a bar: parts with label, fen and tone (red, gold, green, blue, amber, plain)."""
    listed = [_part(part) for part in parts]
    widths = rules.shares([int(part["fen"]) for part in listed])
    at = 0
    for part, width in zip(listed, widths, strict=True):
        part.update(x=at, width=width)
        at += width
    return {"parts": listed, "label": str(label), "total": sum(int(part["fen"]) for part in listed)}


@register.inclusion_tag("ui/_money_table_part.html")
def money_table(rows: Iterable[Any], caption: str = "") -> dict[str, Any]:
    """Arithmetic shown line by line: rows with label, fen (or value), note, is_total."""
    return {"rows": [_part(row) for row in rows], "caption": str(caption)}


@register.inclusion_tag("ui/_steps_part.html")
def steps_bar(done: int, total: int, title: str = "") -> dict[str, Any]:
    """A thin line of steps: `done` behind us, the next one now, the rest ahead."""
    states = ["done" if at < done else "now" if at == done else "ahead" for at in range(total)]
    return {"states": states, "at": min(done + 1, total), "total": total, "title": title}


@register.inclusion_tag("ui/_empty_part.html")
def empty(icon: str, title: str, text: str = "") -> dict[str, Any]:
    """What stands where a list would be, said warmly."""
    return {"icon": icon, "title": title, "text": text}


@register.simple_tag
def idempotency_key() -> SafeString:
    """A hidden key that makes a second sending of this form harmless."""
    return format_html('<input type="hidden" name="key" value="{}">', uuid.uuid4())


@register.filter
def yuan(fen: Any) -> str:
    """Fen as yuan: 123450 becomes 1,234.50; a round sum has no decimals."""
    if fen is None or fen == "":
        return ""
    return yuan_exact(fen).removesuffix(".00")


@register.filter
def yuan_exact(fen: Any) -> str:
    """Fen as yuan, always with two decimals, for columns of figures."""
    return "" if fen is None or fen == "" else money.yuan(int(fen)).replace("-", "−")


@register.filter
def day(when: dt.date | dt.datetime | None) -> str:
    """A day as one says it: 11月26日 周四, Thu 26 Nov; with the year when it is not this one."""
    if not when:
        return ""
    on = when.astimezone(ZONE).date() if isinstance(when, dt.datetime) else when
    other_year = on.year != clock.now().astimezone(ZONE).year
    if _english():
        return f"{WEEKDAYS_EN[on.weekday()]} {on.day} {MONTHS_EN[on.month - 1]}" + (
            f" {on.year}" if other_year else ""
        )
    year = f"{on.year}年" if other_year else ""
    return f"{year}{on.month}月{on.day}日 周{WEEKDAYS_ZH[on.weekday()]}"


@register.filter
def dated(when: dt.date | dt.datetime | None) -> str:
    """A day as a written paper says it, always with its year: 2026年11月26日, 26 November 2026."""
    if not when:
        return ""
    on = when.astimezone(ZONE).date() if isinstance(when, dt.datetime) else when
    if _english():
        return f"{on.day} {on:%B} {on.year}"
    return f"{on.year}年{on.month}月{on.day}日"


@register.filter
def daytime(when: dt.datetime | None) -> str:
    """A day and the time in Beijing: 11月26日 周四 18:00."""
    if not when:
        return ""
    return f"{day(when)} {when.astimezone(ZONE):%H:%M}"


@register.filter
def clocktime(when: dt.datetime | None) -> str:
    """The time alone, in Beijing: 18:00."""
    return f"{when.astimezone(ZONE):%H:%M}" if when else ""


@register.filter
def isoday(when: dt.date | dt.datetime | None) -> str:
    """The machine form for <time datetime>."""
    return when.isoformat() if when else ""


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _part(given: Any) -> dict[str, Any]:
    if isinstance(given, Mapping):
        return {"tone": "", "note": "", **given}
    names = ("label", "fen", "value", "note", "tone", "is_total", "unit")
    return {
        "tone": "",
        "note": "",
        **{name: getattr(given, name) for name in names if hasattr(given, name)},
    }
