"""What narrows the audit trail: whose deeds, of which kind, when, on what, about whom."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.accounts.api import User
from lianxin.orgs.rules import Actor
from lianxin.orgs.selectors import account_found, in_office

_DAY = {"type": "date"}


class TrailForm(forms.Form):
    """All of it may stay empty: then everything in reach, newest first."""

    who = forms.CharField(label=_("Login name or mobile number"), max_length=64, required=False)
    deed = forms.CharField(
        label=_("The deed begins with"), max_length=64, required=False,
        help_text=_("A code, such as “procedures.” or “vault.opened”."),
    )  # fmt: skip
    first_on = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(_DAY, "%Y-%m-%d")
    )
    last_on = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(_DAY, "%Y-%m-%d")
    )
    kind = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    thing = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    about = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **given: Any) -> None:
        super().__init__(*args, **given)
        self.actor = actor

    def clean_who(self) -> User | None:
        typed = self.cleaned_data["who"]
        found = account_found(typed) if typed else None
        # Who holds no office here is as unknown as who is nobody: the page is no phone book.
        if found is not None and not in_office(self.actor, found):
            found = None
        if typed and found is None:
            raise forms.ValidationError(
                _("We know nobody of this login name or number. Please compare it once more.")
            )
        return found

    def clean(self) -> dict[str, Any]:
        """Compare the two days."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_on"), cleaned.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("The last day lies before the first."))
        return cleaned
