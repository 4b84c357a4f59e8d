"""Turns the questions of a definition into form fields, and what was typed into plain answers.

One place draws the same question alike wherever it is asked: in an application, in an amendment,
in the officer's step. An answer is plain JSON: text, whole number, fen, an ISO day, a code, a list.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from lianxin.kit.text import clean
from lianxin.procedures.rules.definition import Field, FieldKind
from lianxin.ui.fields import MoneyField

MOST_LINES = 20
SPARE_LINES = 2
_NOT_A_DIGIT = re.compile(r"[\s-]")


class CleanTextField(forms.CharField):
    """Text folded and freed of what no eye can see."""

    def to_python(self, value: Any) -> str:
        return clean(str(super().to_python(value) or ""))


class NumberedField(CleanTextField):
    """A phone, identity or bank number: blanks and dashes are how people read it, not part of it."""

    def to_python(self, value: Any) -> str:
        return _NOT_A_DIGIT.sub("", super().to_python(value)).upper()


class LinesWidget(forms.Widget):
    """A short table, one small form a row; two empty rows wait below what is there."""

    template_name = "procedures/_lines_widget.html"

    def __init__(self, columns: list[Field]) -> None:
        super().__init__()
        self.columns = columns
        self.data: Mapping[str, Any] | None = None

    def row_form(self, name: str, at: int, **given: Any) -> AnswersForm:
        return AnswersForm(
            asked=self.columns, prefix=f"{name}-{at}", use_required_attribute=False, **given
        )

    def value_from_datadict(
        self,
        data: Mapping[str, Any],
        files: Any,  # noqa: ARG002
        name: str,
    ) -> list[AnswersForm]:
        marks = [re.match(rf"{re.escape(name)}-(\d+)-", key) for key in data]
        count = min(max((int(m[1]) + 1 for m in marks if m), default=0), MOST_LINES)
        return [self.row_form(name, at, data=data, empty_permitted=True) for at in range(count)]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:  # noqa: ARG002
        return not any(key.startswith(f"{name}-") for key in data)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        rows = [
            row if isinstance(row, AnswersForm) else self.row_form(name, at, answers=row)
            for at, row in enumerate(value or [])
        ]
        filled = [row for row in rows if not row.is_bound or row.has_changed()]
        spare = min(SPARE_LINES, MOST_LINES - len(filled))
        rows = [*filled, *(self.row_form(name, len(filled) + at) for at in range(spare))]
        context["widget"]["rows"] = [
            [(bound, bound.as_widget(attrs={"class": "control"})) for bound in row] for row in rows
        ]
        return context

    def id_for_label(self, id_: str) -> str:  # noqa: ARG002
        return ""


class LinesField(forms.Field):
    """Rows of a short table; empty rows are left out."""

    def __init__(self, columns: list[Field], **given: Any) -> None:
        super().__init__(widget=LinesWidget(columns), **given)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for at, row in enumerate(value or [], start=1):
            if not row.has_changed():
                continue
            if not row.is_valid():
                name, messages = next(iter(row.errors.items()))
                raise forms.ValidationError(
                    _("Line %(line)s, %(column)s: %(message)s"),
                    params={"line": at, "column": row[name].label, "message": messages[0]},
                )
            rows.append(row.answers())
        if self.required and not rows:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return rows

    def has_changed(self, initial: Any, data: Any) -> bool:
        return any(row.has_changed() for row in data or []) or bool(initial) != bool(data)


class AnswersForm(forms.Form):
    """The questions of a definition as one form; `answers()` gives them back as plain JSON."""

    def __init__(
        self,
        *args: Any,
        asked: Iterable[Field],
        answers: Mapping[str, Any] | None = None,
        sources: Mapping[str, str] | None = None,
        **given: Any,
    ) -> None:
        self.asked = list(asked)
        known = {field.code: _shown(field, (answers or {}).get(field.code)) for field in self.asked}
        given["initial"] = {
            code: value for code, value in known.items() if value is not None
        } | given.get("initial", {})
        super().__init__(*args, **given)
        for field in self.asked:
            self.fields[field.code] = made = form_field(field)
            if sources and sources.get(field.code):
                made.source_note = sources[field.code]  # type: ignore[attr-defined]  # drawn by ui

    def answers(self) -> dict[str, Any]:
        """Return what was answered; a question left open is not in it."""
        found = {field.code: _plain(self.cleaned_data.get(field.code)) for field in self.asked}
        return {code: value for code, value in found.items() if value not in (None, "", [])}


def form_field(field: Field) -> forms.Field:
    """Build the form field of one question."""
    made = _MAKERS[field.kind](field, _common(field))
    made.error_messages["required"] = _("Please answer this one.")
    return made


def _common(field: Field) -> dict[str, Any]:
    return {
        "label": str(field.label),
        "help_text": str(field.hint) if field.hint else "",
        "required": field.is_required,
    }


def _text(field: Field, common: dict[str, Any]) -> forms.Field:
    return CleanTextField(max_length=field.maximum or 200, min_length=field.minimum, **common)


def _paragraph(field: Field, common: dict[str, Any]) -> forms.Field:
    return CleanTextField(
        max_length=field.maximum or 2000, min_length=field.minimum, widget=forms.Textarea, **common
    )


def _whole(field: Field, common: dict[str, Any]) -> forms.Field:
    return forms.IntegerField(
        min_value=field.minimum if field.minimum is not None else 0,
        max_value=field.maximum if field.maximum is not None else 10**9,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        **common,
    )


def _money(field: Field, common: dict[str, Any]) -> forms.Field:
    return BoundedMoneyField(minimum=field.minimum, maximum=field.maximum, **common)


def _date(field: Field, common: dict[str, Any]) -> forms.Field:  # noqa: ARG001
    return forms.DateField(widget=forms.DateInput, **common)


def _choice(field: Field, common: dict[str, Any]) -> forms.Field:
    listed = [(choice.code, str(choice.label)) for choice in field.choices]
    if len(listed) > 7:
        return forms.ChoiceField(choices=[("", "…"), *listed], **common)
    return forms.ChoiceField(choices=listed, widget=forms.RadioSelect, **common)


def _choices(field: Field, common: dict[str, Any]) -> forms.Field:
    listed = [(choice.code, str(choice.label)) for choice in field.choices]
    return forms.MultipleChoiceField(choices=listed, widget=forms.CheckboxSelectMultiple, **common)


def _yes_no(field: Field, common: dict[str, Any]) -> forms.Field:  # noqa: ARG001
    return forms.TypedChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda typed: typed == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        **common,
    )


def _number(pattern: str, message: Any, **attrs: str) -> Any:
    def make(field: Field, common: dict[str, Any]) -> forms.Field:  # noqa: ARG001
        made = NumberedField(
            max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}), **common
        )
        made.validators.append(RegexValidator(pattern, message))
        return made

    return make


def _lines(field: Field, common: dict[str, Any]) -> forms.Field:
    return LinesField(field.columns, **common)


class BoundedMoneyField(MoneyField):
    """A sum with a floor and a cap in fen."""

    def __init__(self, *, minimum: int | None, maximum: int | None, **given: Any) -> None:
        super().__init__(**given)
        self.minimum, self.maximum = minimum, maximum

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if self.minimum is not None and value < self.minimum:
            raise forms.ValidationError(
                _("It is at least %(sum)s yuan."), params={"sum": f"{self.minimum / 100:,.2f}"}
            )
        if self.maximum is not None and value > self.maximum:
            raise forms.ValidationError(
                _("It is at most %(sum)s yuan."), params={"sum": f"{self.maximum / 100:,.2f}"}
            )


_MAKERS: dict[FieldKind, Any] = {
    FieldKind.TEXT: _text,
    FieldKind.PARAGRAPH: _paragraph,
    FieldKind.WHOLE: _whole,
    FieldKind.MONEY: _money,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.YES_NO: _yes_no,
    FieldKind.PHONE: _number(
        r"^\+?\d{5,15}$", _("Please look at this phone number again."), inputmode="tel"
    ),
    FieldKind.ID_NUMBER: _number(
        r"^(\d{17}[\dX]|[A-Z0-9]{5,20})$", _("Please look at this identity number again.")
    ),
    FieldKind.BANK_ACCOUNT: _number(
        r"^\d{8,30}$", _("A bank account has 8 to 30 digits."), inputmode="numeric"
    ),
    FieldKind.ORGANISATION: _text,
    FieldKind.LINES: _lines,
}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _shown(field: Field, answer: Any) -> Any:
    """Turn a stored answer into the initial value of its form field."""
    if answer is None:
        return None
    if field.kind is FieldKind.YES_NO:
        return "yes" if answer else "no"
    if field.kind is FieldKind.DATE:
        return dt.date.fromisoformat(answer) if isinstance(answer, str) else answer
    return answer
