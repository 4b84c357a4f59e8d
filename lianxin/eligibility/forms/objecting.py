"""What is typed to object, to answer, and to look back on a day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.kit import clock

LONGEST = 2_000
LOOKING_BACK = {
    "eligibility.objection": _("to answer your objection to a result"),
    "eligibility.replay": _("to explain to you how a policy came out"),
}


class ObjectionForm(forms.Form):
    words = forms.CharField(
        label=_("What is not right?"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=LONGEST,
        help_text=_("A few words are enough. Your workplace does not learn of it."),
    )


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What did you find?"),
        choices=[("upheld", _("She is right")), ("dismissed", _("The result stands"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Your reasons"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=LONGEST,
        help_text=_("She reads these words, and what she can do next."),
    )


class DayForm(forms.Form):
    """A day gone by."""

    day = forms.DateField(label=_("On which day?"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day > clock.today():
            raise forms.ValidationError(_("That day has not come yet."))
        return day


class LookBackForm(DayForm):
    """An officer looks back for a member, and says what for."""

    code = forms.ChoiceField(label=_("Policy"))
    purpose = forms.ChoiceField(label=_("What for"), choices=list(LOOKING_BACK.items()), widget=forms.RadioSelect)  # fmt: skip

    def __init__(self, *args: Any, policies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = policies  # type: ignore[attr-defined]
        self.order_fields(["code", "day", "purpose"])
