"""Answers the way people say them: sums in yuan, choices by their label."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from lianxin.procedures.rules.definition import Field, FieldKind
from lianxin.ui.templatetags.ui import day, yuan_exact


def said(one: Field, value: Any) -> str:
    """Say a value the way people do."""
    if value is None:
        return ""
    say = _SAID.get(one.kind)
    return say(one, value) if say else str(value)


def _label(one: Field, code: Any) -> str:
    return next((str(choice.label) for choice in one.choices if choice.code == code), str(code))


_SAID: dict[FieldKind, Callable[[Field, Any], str]] = {
    FieldKind.MONEY: lambda _one, fen: _("%(sum)s yuan") % {"sum": yuan_exact(fen)},
    FieldKind.YES_NO: lambda _one, yes: _("Yes") if yes else _("No"),
    FieldKind.DATE: lambda _one, text: day(dt.date.fromisoformat(text)),
    FieldKind.CHOICE: _label,
    FieldKind.CHOICES: lambda one, codes: _(", ").join(_label(one, code) for code in codes),
}


def line_said(columns: list[Field], cells: dict[str, Any]) -> str:
    """Say one row of a table."""
    return " · ".join(
        said(one, cells[one.code]) for one in columns if cells.get(one.code) is not None
    )


def answer_said(one: Field, value: Any) -> str | list[str]:
    """Say a whole answer; a table is a line a row."""
    if isinstance(value, list) and one.kind is FieldKind.LINES:
        return [line_said(one.columns, cells) for cells in value]
    return said(one, value)
