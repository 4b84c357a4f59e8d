"""What one may be asked without signing in: one fact at a time, carried in the form, kept nowhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.rules.checking import Kind, Known
from lianxin.members.api import fact_entry
from lianxin.ui.fields import MoneyField

YES_NO = {"yes": True, "no": False}


def fact_field(name: str) -> forms.Field:
    """Make the field that asks for a fact."""
    known = yaml_files.vocabulary()[name]
    label = str(yaml_files.facts()[name].label)
    match known.kind:
        case Kind.BOOLEAN:
            choices = [("yes", _("Yes")), ("no", _("No"))]
            return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
        case Kind.MONEY:
            return MoneyField(label=label)
        case Kind.DATE:
            return forms.DateField(label=label, widget=forms.DateInput)
        case Kind.CHOICE:
            choices = _choices(name, known)
            return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
        case Kind.TEXT:
            return forms.CharField(label=label, max_length=40)
        case _:
            return forms.IntegerField(label=label, min_value=known.minimum, max_value=known.maximum)


def _choices(name: str, known: Known) -> list[tuple[str, str]]:
    """Name the codes as the members' dictionary does."""
    entry = fact_entry(yaml_files.facts()[name].origin)
    labels = {each.code: str(each.label) for each in entry.choices} if entry else {}
    return [(code, labels[code]) for code in labels if code in known.choices]


class FactsForm(forms.Form):
    """Some facts, none of them required: what is left open stays unknown."""

    def __init__(self, *args: Any, names: Iterable[str], values: Mapping[str, object] | None = None, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        for name in names:
            field = fact_field(name)
            field.required = False
            field.initial = _typed((values or {}).get(name))
            self.fields[name] = field

    @property
    def told(self) -> dict[str, Any]:
        """What was answered, as rules know it; call after `is_valid`."""
        known = yaml_files.vocabulary()
        answers = {}
        for name, typed in self.cleaned_data.items():
            if typed in {None, ""}:
                continue
            value = YES_NO[typed] if known[name].kind is Kind.BOOLEAN else typed
            is_number = isinstance(value, int) and known[name].kind in {Kind.WHOLE, Kind.MONEY}
            if is_number and not known[name].minimum <= value <= known[name].maximum:
                continue
            answers[name] = value
        return answers


def told_by(data: Mapping[str, str], names: Iterable[str]) -> dict[str, Any]:
    """Read the answers a form carries; what does not fit is left out, as if never said."""
    form = FactsForm({name: data[name] for name in names if name in data}, names=names)
    form.is_valid()
    return form.told


def carried(values: Mapping[str, object]) -> list[tuple[str, str]]:
    """Write answers as hidden fields carry them, so that nothing has to be kept."""
    known = yaml_files.vocabulary()
    return [(name, _carried(value, known[name].kind)) for name, value in values.items()]


def _carried(value: object, kind: Kind) -> str:
    if kind is Kind.MONEY and isinstance(value, int):
        return f"{value // 100}.{value % 100:02d}"
    return str(_typed(value))


def _typed(value: object) -> object:
    """Write a value as it would be typed."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, dt.date) else value
