"""What is typed to let another system call, and to give it a new secret."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from lianxin.gateway.constants import MOST_OVERLAP_HOURS, SCOPES
from lianxin.gateway.rules.access import Scope
from lianxin.orgs.api import Organisation, Reach, organisation_by_code
from lianxin.ui.fields import Refusable

_DAY = {"type": "date"}


class ClientForm(Refusable):
    """Another system: its name, for whom it acts, what it may do, until when."""

    name = forms.CharField(
        label=_("Name of the system"), max_length=80,
        error_messages={"required": _("Please give it a name.")},
    )  # fmt: skip
    organisation = forms.CharField(label=_("Code of the organisation it acts for"), max_length=32)
    reach = forms.ChoiceField(
        label=_("It sees"),
        choices=[
            (Reach.HERE.value, _("this organisation alone")),
            (Reach.BELOW.value, _("this one and all below")),
        ],
        initial=Reach.HERE.value,
        widget=forms.RadioSelect,
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("A client needs at least one scope.")},
    )  # fmt: skip
    expires_on = forms.DateField(
        label=_("Its last day"), required=False, widget=forms.DateInput(_DAY, "%Y-%m-%d"),
        help_text=_("Empty: until it is switched off."),
    )  # fmt: skip

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        choices = [(code, now(words)) for code, words in SCOPES.items()]
        self.fields["scopes"].choices = choices  # type: ignore[attr-defined]  # a field of choices

    def clean_organisation(self) -> Organisation:
        found = organisation_by_code(self.cleaned_data["organisation"].strip().upper())
        if found is None:
            raise forms.ValidationError(_("No organisation has this code."))
        return found

    @property
    def wanted(self) -> dict[str, Any]:
        """Return what is asked for, as the service takes it."""
        typed = self.cleaned_data
        return {
            "name": typed["name"],
            "organisation": typed["organisation"],
            "reach": Reach(typed["reach"]),
            "scopes": [Scope(one) for one in typed["scopes"]],
            "expires_on": typed["expires_on"],
        }


class RotationForm(Refusable):
    """How long the secret before still holds."""

    overlap_hours = forms.TypedChoiceField(
        label=_("The old secret still holds"),
        coerce=int,
        choices=[
            (24, _("one day")),
            (MOST_OVERLAP_HOURS, _("one week")),
            (0, _("not at all: it leaked")),
        ],
        initial=24,
        widget=forms.RadioSelect,
    )
