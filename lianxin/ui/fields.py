"""How a form field is drawn, the kinds of field Django lacks, and forms that show what was refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from lianxin.kit import money
from lianxin.kit.errors import RefusedError

# What phones and password managers should offer, by the usual names of fields.
HELPS: dict[str, dict[str, str]] = {
    "phone": {"autocomplete": "tel", "inputmode": "tel"},
    "email": {"autocomplete": "email", "inputmode": "email"},
    "code": {"autocomplete": "one-time-code", "inputmode": "numeric"},
    "name": {"autocomplete": "name"},
    "username": {"autocomplete": "username", "autocapitalize": "none"},
    "password": {"autocomplete": "current-password"},
    "id_number": {"autocomplete": "off", "autocapitalize": "characters"},
    "address": {"autocomplete": "street-address"},
}


class MoneyField(forms.Field):
    """A sum typed in yuan and kept in fen; accepts 1234.5, 1,234.50, full-width digits, 元."""

    is_money = True
    widget = forms.TextInput

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        try:
            return money.parse_yuan(str(value))
        except RefusedError as refused:
            raise forms.ValidationError(refused.message, code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int) or isinstance(value, bool):
            return value
        whole, rest = divmod(value, 100)
        return f"{whole}.{rest:02d}" if rest else str(whole)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(initial != self.to_python(data))
        except forms.ValidationError:
            return True


class MomentField(forms.DateTimeField):
    """A day and a time in Beijing, chosen or typed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", MomentInput())
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)


class MomentInput(forms.DateTimeInput):
    """What a phone opens its own calendar and clock for."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


def refusal_show(form: forms.BaseForm, error: RefusedError) -> None:
    """Show a service's sentence at its field, or on top."""
    form.add_error(error.field if error.field in form.fields else None, error.message)


class Refusable(forms.Form):
    """A form that shows what a service refused."""

    outcome: Any = None  # what the service gave back

    def refuse(self, error: RefusedError) -> None:
        """Show a service's sentence at its field, or on top."""
        refusal_show(self, error)

    def done(self, act: Callable[[], object]) -> bool:
        """Do it if all that was typed is right; what the service refuses is shown, and it is not done."""
        if not self.is_valid():
            return False
        try:
            self.outcome = act()
        except RefusedError as error:
            self.refuse(error)
            return False
        return True


def drawn(bound: forms.BoundField, *, source: str, extra: dict[str, str]) -> dict[str, Any]:
    """Gather what the field template needs; the control gets its helps and its descriptions."""
    widget = bound.field.widget
    kind = _kind(bound)
    unit = extra.pop("unit", "") or (str(_("yuan")) if kind == "money" else "")
    known = source or str(getattr(bound.field, "source_note", ""))
    ids = [
        f"{bound.auto_id}_{part}"
        for part, there in (("hint", bound.help_text), ("source", known), ("error", bound.errors))
        if there
    ]
    attrs: dict[str, Any] = {
        **_helps(bound, kind),
        **{k.replace("_", "-"): v for k, v in extra.items()},
    }
    attrs = {name: value for name, value in attrs.items() if value != ""}
    if kind not in {"choices", "checkbox"}:
        attrs["class"] = f"{widget.attrs.get('class', '')} control".strip()
    if ids:
        attrs["aria-describedby"] = " ".join(ids)
    return {
        "bound": bound,
        "kind": kind,
        "source": known,
        "unit": unit,
        "control": bound.as_widget(attrs=attrs),
        "optional": not bound.field.required and kind != "checkbox",
    }


def _kind(bound: forms.BoundField) -> str:
    widget = bound.field.widget
    if getattr(bound.field, "is_money", False):
        return "money"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.DateInput):
        # The phone's own date picker; the value must then be written the way HTML wants it.
        widget.input_type = "date"
        widget.format = "%Y-%m-%d"
        return "date"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "text"


def _helps(bound: forms.BoundField, kind: str) -> dict[str, str]:
    helps = dict(HELPS.get(bound.name, {}))
    if kind == "money":
        helps |= {"inputmode": "decimal", "autocomplete": "off"}
    if isinstance(bound.field.widget, forms.Textarea):
        helps |= {"rows": "4"}
    if kind in {"choices", "checkbox"}:
        return {}
    return {name: value for name, value in helps.items() if name not in bound.field.widget.attrs}
