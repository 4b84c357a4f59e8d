"""What people type when they tell us what to better."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.orgs.api import Organisation
from lianxin.voice import rules
from lianxin.voice.models import Suggestion


class SuggestionForm(forms.Form):
    """Open to everybody. `website` is a trap for machines: people do not see it."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    about_page = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    website = forms.CharField(required=False, max_length=0, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[
            (Suggestion.Kind.SUGGESTION, _("I have an idea")),
            (Suggestion.Kind.COMPLAINT, _("I was not treated well")),
            (Suggestion.Kind.FAULT, _("Something here does not work")),
        ],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("Tell us"), max_length=rules.LONGEST, widget=forms.Textarea(attrs={"rows": 6})
    )
    reader = forms.ChoiceField(
        label=_("Who should read it?"),
        help_text=_("Only the organisation you choose, and the ones above it."),
    )
    is_named = forms.BooleanField(
        label=_("Say who I am, so that you can ask back"),
        required=False,
        help_text=_("Left open, we keep no name, no number, no time of day."),
    )

    def __init__(
        self, *args: Any, readers: list[Organisation], may_be_named: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        reader = self.fields["reader"]
        if isinstance(reader, forms.ChoiceField):
            reader.choices = [(str(unit.pk), unit.name) for unit in readers]
        if not may_be_named:
            del self.fields["is_named"]


class CodeForm(forms.Form):
    code = forms.CharField(label=_("Your follow-up code"), max_length=24)


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("What you answer"),
        max_length=rules.LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
