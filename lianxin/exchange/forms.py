"""What is typed to offer something, to look for something, to answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.exchange.constants import AUDIENCE_WORDS, KIND_WORDS, WAY_WORDS
from lianxin.exchange.models import Resource
from lianxin.exchange.services import Entry
from lianxin.kit.ids import new_id
from lianxin.partners.api import Partner
from lianxin.ui.fields import Refusable


class ResourceForm(Refusable):
    """All that is written of an offer."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=new_id)
    partner = forms.ChoiceField(label=_("In whose name?"))
    kind = forms.ChoiceField(label=_("What kind of thing is it?"), choices=list(KIND_WORDS.items()))
    title = forms.CharField(label=_("What is it called?"), max_length=80)
    words = forms.CharField(
        label=_("What one should know"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What it is and what to bring. No advertising, no links: the union reads it first."),
    )  # fmt: skip
    place = forms.CharField(label=_("Where?"), max_length=160, required=False)
    price = forms.CharField(
        label=_("What does a member pay?"), max_length=80,
        help_text=_("In plain words: nothing, or the true price. Nothing is paid in here."),
    )  # fmt: skip
    way = forms.ChoiceField(
        label=_("How is it used?"), choices=list(WAY_WORDS.items()), widget=forms.RadioSelect
    )
    audience = forms.ChoiceField(
        label=_("For whom?"), choices=list(AUDIENCE_WORDS.items()), initial="both",
        help_text=_("What is booked is for unions, vouchers are for members."),
    )  # fmt: skip
    quantity = forms.IntegerField(
        label=_("How many vouchers?"), min_value=1, required=False,
        help_text=_("Only for vouchers."),
    )  # fmt: skip
    grain = forms.ChoiceField(
        label=_("Booked by"), choices=[("half_hour", _("the half hour")), ("day", _("the day"))]
    )
    opens = forms.TimeField(
        label=_("Open from"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    closes = forms.TimeField(
        label=_("Open until"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    starts_on = forms.DateField(
        label=_("From which day on?"), widget=forms.DateInput(attrs={"type": "date"})
    )
    ends_on = forms.DateField(
        label=_("Until which day?"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, partners: list[Partner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), one.name) for one in partners]
        self.fields["partner"].choices = choices  # type: ignore[attr-defined]  # of a ChoiceField
        if len(choices) == 1:
            self.fields["partner"].initial = choices[0][0]
            self.fields["partner"].widget = forms.HiddenInput()

    @property
    def entry(self) -> Entry:
        given = {one.name: self.cleaned_data[one.name] for one in fields(Entry)}
        return Entry(**given | {"quantity": given["quantity"] or 1})

    @classmethod
    def initial_of(cls, resource: Resource) -> dict[str, Any]:
        """Return what stands written of an offer."""
        written = {one.name: getattr(resource, one.name) for one in fields(Entry)}
        return written | {"partner": str(resource.partner_id), "key": resource.key}

    def clean(self) -> dict[str, Any]:
        """Ask for a number where there are vouchers."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("way") == "voucher" and not given.get("quantity") and "quantity" not in self.errors:  # fmt: skip
            self.add_error("quantity", _("How many vouchers are there? At least one."))
        return given


class CheckForm(Refusable):
    """What the union's officer has looked at before anybody else sees it: the red lines."""

    is_plain = forms.BooleanField(label=_("It says plainly what a member pays."))
    is_no_advertisement = forms.BooleanField(
        label=_("It is no advertisement, and nobody earns on it in here.")
    )
    is_true = forms.BooleanField(label=_("We know the partner; place, days and numbers are true."))
    seen = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def clean_seen(self) -> dt.datetime:
        """Read of when the offer is that was looked at."""
        try:
            return dt.datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            raise forms.ValidationError(_("Please look at it once more.")) from None

    @classmethod
    def of(cls, resource: Resource) -> CheckForm:
        """Return the form of the offer as it stands written now."""
        return cls(initial={"seen": resource.offered_at.isoformat()})


class ReasonForm(Refusable):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class DayForm(forms.Form):
    """On which day somebody looks for something."""

    day = forms.DateField(required=False)
