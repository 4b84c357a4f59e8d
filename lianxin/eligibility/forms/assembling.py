"""A condition put together without writing: a fact, a comparison, a value."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.forms.drafting import DraftForm
from lianxin.eligibility.forms.facts import fact_field
from lianxin.eligibility.rules.checking import Kind
from lianxin.eligibility.rules.writing import literal

NUMBERS = {">=": gettext_lazy("at least"), "<=": gettext_lazy("at most"), ">": gettext_lazy("more than"), "<": gettext_lazy("less than"), "=": gettext_lazy("exactly")}  # fmt: skip
DAYS = {
    ">": gettext_lazy("after"), ">=": gettext_lazy("not before"), "<": gettext_lazy("before"), "<=": gettext_lazy("not after"),
    "within": gettext_lazy("within the last …"), "beyond": gettext_lazy("longer ago than …"),
}  # fmt: skip
FLAGS = {"yes": gettext_lazy("yes"), "no": gettext_lazy("no")}
AMONG = {"in": gettext_lazy("is one of"), "not in": gettext_lazy("is none of")}
UNITS = {
    "months": gettext_lazy("months"),
    "years": gettext_lazy("years"),
    "days": gettext_lazy("days"),
}


class FactForm(forms.Form):
    """Which fact a new condition looks at."""

    fact = forms.ChoiceField(label=gettext_lazy("Fact"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, str(each.label)) for name, each in yaml_files.facts().items()]
        self.fields["fact"].choices = [("", _("Choose a fact")), *choices]  # type: ignore[attr-defined]


class CompareForm(DraftForm):
    """How the fact is compared, with what, and whether it must hold as well or instead."""

    def __init__(self, *args: Any, fact: str, conditions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fact = fact
        self.kind = yaml_files.vocabulary()[fact].kind
        self.fields["fact"] = forms.CharField(widget=forms.HiddenInput, initial=fact)
        signs = {Kind.BOOLEAN: FLAGS, Kind.CHOICE: AMONG, Kind.TEXT: AMONG, Kind.DATE: DAYS}
        self.fields["sign"] = forms.ChoiceField(
            label=_("How it is compared"),
            choices=[(code, str(label)) for code, label in signs.get(self.kind, NUMBERS).items()],
        )
        self._value_fields()
        where = [("", _("must hold as well")), *((str(at), _("or, instead of: %(condition)s") % {"condition": each}) for at, each in enumerate(conditions))]  # fmt: skip
        self.fields["beside"] = forms.ChoiceField(label=_("Where it belongs"), required=False, choices=where)  # fmt: skip

    def _value_fields(self) -> None:
        value: forms.Field | None = None
        if self.kind is Kind.CHOICE:
            single = fact_field(self.fact)
            value = forms.MultipleChoiceField(label=_("Values"), choices=single.choices, widget=forms.CheckboxSelectMultiple)  # type: ignore[attr-defined]  # fmt: skip
        elif self.kind is not Kind.BOOLEAN:
            value = fact_field(self.fact)
            value.label = _("Value")
            value.required = False
        if value is not None:
            self.fields["value"] = value
        if self.kind is Kind.DATE:
            self.fields["count"] = forms.IntegerField(label=_("How many"), required=False, min_value=1, max_value=1_800)  # fmt: skip
            self.fields["unit"] = forms.ChoiceField(label=_("Unit"), required=False, choices=[(code, str(label)) for code, label in UNITS.items()])  # fmt: skip
        if self.kind in {Kind.MONEY, Kind.WHOLE}:
            others = [(name, str(each.label)) for name, each in yaml_files.parameters().items() if each.kind is self.kind]  # fmt: skip
            if others:
                self.fields["than"] = forms.ChoiceField(label=_("or a number of the law"), required=False, choices=[("", "—"), *others])  # fmt: skip

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        value, sign = typed.get("value"), typed.get("sign")
        if self.errors or self.kind is Kind.BOOLEAN:
            return typed
        if sign in {"within", "beyond"}:
            if not typed.get("count"):
                self.add_error("count", _("Say how many."))
        elif value in (None, "", []) and not typed.get("than"):
            self.add_error("value", _("Give a value."))
        return typed

    @property
    def beside(self) -> int | None:
        """The condition it may be met instead of; call after `is_valid`."""
        typed = self.cleaned_data["beside"]
        return int(typed) if typed else None

    @property
    def text(self) -> str:
        """The condition as a rule says it; call after `is_valid`."""
        typed, fact = self.cleaned_data, self.fact
        sign, value = typed["sign"], typed.get("value")
        if self.kind is Kind.BOOLEAN:
            return fact if sign == "yes" else f"NOT {fact}"
        if self.kind in {Kind.CHOICE, Kind.TEXT}:
            values = value if isinstance(value, list) else [value]
            among = f"{fact} IN ({', '.join(literal(str(each)) for each in values)})"
            return f"NOT {among}" if sign == "not in" else among
        if sign in {"within", "beyond"}:
            ago = f"{typed['unit']}_before(as_of, {typed['count']})"
            return f"{fact} {'>' if sign == 'within' else '<='} {ago}"
        other = typed.get("than") or (literal(value) if isinstance(value, int | dt.date) else str(value))  # fmt: skip
        return f"{fact} {sign} {other}"
