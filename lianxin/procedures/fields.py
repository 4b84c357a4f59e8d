"""Draws the questions of a definition as a form; reading the answers is `rules.answers` alone.

One place draws the same question alike wherever it is asked: in an application, in an amendment,
in the officer's step. The form only draws and carries; what was typed goes raw to the services,
and their sentences come back to the fields by `refuse`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.forms.widgets import ChoiceWidget
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from lianxin.kit import money
from lianxin.procedures.rules import answers as rules
from lianxin.procedures.rules.definition import Field, FieldKind

SPARE_ROWS = 2
RADIO_LIMIT = 7


class AnswersForm(forms.Form):
    """The questions of a definition as one form; `raw()` is what was typed, for the services."""

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        asked: Iterable[Field],
        answers: Mapping[str, Any] | None = None,
        sources: Mapping[str, str] | None = None,
        **given: Any,
    ) -> None:
        self.asked = list(asked)
        known = {one.code: shown(one, (answers or {}).get(one.code)) for one in self.asked}
        given["initial"] = {**known, **given.get("initial", {})}
        super().__init__(*args, **given)
        for one in self.asked:
            self.fields[one.code] = made = form_field(one)
            made.source_note = (sources or {}).get(one.code, "")  # type: ignore[attr-defined]  # drawn by ui

    def raw(self) -> dict[str, Any]:
        """Return what was typed, by field code."""
        sent = self.data
        data = (
            {key: sent.getlist(key) for key in sent} if isinstance(sent, MultiValueDict) else sent
        )
        return rules.collect(self.asked, data)

    def refuse(self, errors: Mapping[str, str]) -> None:
        """Show the sentences of a service at their fields; what fits no field stands above."""
        for code, sentence in errors.items():
            self.add_error(code if code in self.fields else None, sentence)


class _PlainChoices(ChoiceWidget):
    """Draws its choices without a template each: a form of this app has dozens of them."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,  # noqa: ARG002  (a widget's signature)
    ) -> SafeString:
        options = [
            one
            for _, group, _ in self.optgroups(name, self.format_value(value), attrs)
            for one in group
        ]
        box = (attrs or {}).get("id", f"id_{name}")
        rows = format_html_join(
            "",
            '<div><label for="{}"><input{}> {}</label></div>',
            (
                (f"{box}_{at}", _input(one, f"{box}_{at}", attrs), one["label"])
                for at, one in enumerate(options)
            ),
        )
        return format_html('<div id="{}">{}</div>', box, rows)


def _input(option: Mapping[str, Any], box: str, attrs: Mapping[str, Any] | None) -> SafeString:
    described = (attrs or {}).get("aria-describedby", "")
    return flatatt(
        {
            "type": option["type"],
            "name": option["name"],
            "value": str(option["value"]),
            "id": box,
            "checked": option["selected"],
            **({"aria-describedby": described} if described else {}),
        }
    )


class PlainRadios(_PlainChoices, forms.RadioSelect):
    """One of a few."""


class PlainTicks(_PlainChoices, forms.CheckboxSelectMultiple):
    """Some of a few."""


class Carrier(forms.Field):
    """A field that draws and carries; `rules.answers` judges."""

    def clean(self, value: Any) -> Any:
        """Let everything through."""
        return value


class RowsWidget(forms.Widget):
    """A short table as one small form a row, named `code.0.column`; spare rows wait below."""

    template_name = "procedures/_rows_widget.html"

    def __init__(self, columns: list[Field], most: int) -> None:
        super().__init__()
        self.columns = columns
        self.most = most

    def value_from_datadict(
        self,
        data: Any,
        files: Any,  # noqa: ARG002
        name: str,
    ) -> list[Any]:
        lists = {key: data.getlist(key) for key in data} if hasattr(data, "getlist") else data
        field = Field(code=name, kind=FieldKind.LINES, label="", columns=self.columns)  # type: ignore[arg-type]  # only its code and columns are read
        rows: list[Any] = rules.collect([field], lists).get(name, [])
        return [row for row in rows if any(row.values())]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        rows: list[Any] = list(value or [])
        rows += [{}] * min(SPARE_ROWS, max(self.most - len(rows), 0))
        context["widget"]["rows"] = [self._cells(name, at, row) for at, row in enumerate(rows)]
        return context

    def _cells(self, name: str, at: int, row: Mapping[str, Any]) -> list[dict[str, Any]]:
        cells = []
        for column in self.columns:
            field, cell = form_field(column), f"{name}.{at}.{column.code}"
            attrs = {"id": f"id_{cell}", "class": "control", **_helps(column)}
            value = shown(column, row.get(column.code))
            cells.append(
                {
                    "label": field.label,
                    "id": attrs["id"],
                    "control": _cell_widget(column, field).render(cell, value, attrs),
                }
            )
        return cells

    def id_for_label(self, id_: str) -> str:  # noqa: ARG002
        return ""


def _cell_widget(column: Field, field: forms.Field) -> forms.Widget:
    """Draw a cell: in a narrow table one picks from a list, and a day by the phone's own calendar."""
    widget: forms.Widget = field.widget
    if isinstance(widget, forms.RadioSelect):
        return forms.Select(choices=[("", "…"), *widget.choices])
    if column.kind is FieldKind.DATE:
        return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return widget


def form_field(one: Field) -> forms.Field:
    """Build the form field that draws one question; it lets everything through."""
    made = _field(one)
    made.widget.attrs.update(_helps(one))
    return made


def _field(one: Field) -> forms.Field:
    common: dict[str, Any] = {
        "label": str(one.label),
        "help_text": str(one.hint) if one.hint else "",
        "required": one.is_required,
    }
    if one.kind is FieldKind.LINES:
        made = Carrier(widget=RowsWidget(one.columns, one.maximum or rules.MOST_ROWS), **common)
    elif one.kind in {FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.YES_NO}:
        made = Carrier(widget=_picker(one), **common)
    elif one.kind is FieldKind.DATE:
        made = Carrier(widget=forms.DateInput, **common)
    elif one.kind is FieldKind.PARAGRAPH:
        made = Carrier(widget=forms.Textarea, **common)
    else:
        made = Carrier(widget=forms.TextInput, **common)
    made.is_money = one.kind is FieldKind.MONEY  # type: ignore[attr-defined]  # the unit is drawn by ui
    return made


def _picker(one: Field) -> forms.Widget:
    if one.kind is FieldKind.YES_NO:
        return PlainRadios(choices=[("yes", _("Yes")), ("no", _("No"))])
    listed = [(choice.code, str(choice.label)) for choice in one.choices]
    if one.kind is FieldKind.CHOICES:
        return PlainTicks(choices=listed)
    if len(listed) > RADIO_LIMIT:
        return forms.Select(choices=[("", "…"), *listed])
    return PlainRadios(choices=listed)


def _helps(one: Field) -> dict[str, str]:
    match one.kind:
        case FieldKind.MONEY:
            return {"inputmode": "decimal", "autocomplete": "off"}
        case FieldKind.WHOLE | FieldKind.BANK_ACCOUNT:
            return {"inputmode": "numeric", "autocomplete": "off"}
        case FieldKind.PHONE:
            return {"inputmode": "tel", "autocomplete": "off"}
        case FieldKind.ID_NUMBER:
            return {"autocomplete": "off", "autocapitalize": "characters"}
    return {}


def shown(one: Field, answer: Any) -> Any:
    """Turn a stored answer into what its control shows; what was typed stays as it is."""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if one.kind is FieldKind.MONEY and isinstance(answer, int):
        return money.yuan(answer).removesuffix(".00")
    if one.kind is FieldKind.DATE and isinstance(answer, str):
        try:
            return dt.date.fromisoformat(answer)
        except ValueError:
            return answer
    return answer
