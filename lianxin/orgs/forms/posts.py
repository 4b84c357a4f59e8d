"""What is typed to give a post, and to name who stands in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.accounts.api import User
from lianxin.kit import clock
from lianxin.orgs.constants import REACH_WORDS, ROLE_WORDS
from lianxin.orgs.rules import AT_DESK, Reach, Role
from lianxin.orgs.selectors import account_found
from lianxin.ui.fields import Refusable

_DAY = {"type": "date"}


class _PersonForm(Refusable):
    person = forms.CharField(
        label=_("Login name or mobile number"), max_length=64,
        error_messages={"required": _("Please write down who it is.")},
    )  # fmt: skip

    def clean_person(self) -> User:
        found = account_found(self.cleaned_data["person"])
        if found is None:
            raise forms.ValidationError(
                _("We know nobody of this login name or number. Please compare it once more.")
            )
        return found


class PostForm(_PersonForm):
    """A post for somebody: role, reach, term."""

    role = forms.ChoiceField(label=_("Role"), choices=list(ROLE_WORDS.items()))
    reach = forms.ChoiceField(
        label=_("Holds for"), choices=list(REACH_WORDS.items()), initial=Reach.HERE
    )
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(_DAY, "%Y-%m-%d"))
    ends_on = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(_DAY, "%Y-%m-%d"),
        help_text=_("Empty: until somebody ends it."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = clock.today()

    def clean(self) -> dict[str, Any]:
        """Ask for a login name where the post stands at a desk."""
        cleaned = super().clean() or self.cleaned_data
        person, role = cleaned.get("person"), cleaned.get("role")
        if person is not None and role and Role(role) in AT_DESK and not person.login_name:
            self.add_error(
                "person",
                _("Whoever works at a desk needs a login name first; the operator makes one."),
            )
        return cleaned


class DeputyForm(_PersonForm):
    """Who stands in, and from when until when."""

    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(_DAY, "%Y-%m-%d"))
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(_DAY, "%Y-%m-%d"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = clock.today()

    def clean_person(self) -> User:
        found = super().clean_person()
        if not found.login_name:
            raise forms.ValidationError(
                _("Whoever works at a desk needs a login name first; the operator makes one.")
            )
        return found


class EndForm(forms.Form):
    """The last day of a post."""

    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(_DAY, "%Y-%m-%d"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].initial = clock.today()
