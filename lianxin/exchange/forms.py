"""What is typed to offer something, to look for something, to answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.allocation import api as allocation
from lianxin.exchange.constants import AUDIENCE_WORDS, KIND_WORDS, WAY_WORDS, WEEKDAY_WORDS
from lianxin.exchange.models import Resource
from lianxin.exchange.rules import FIXED, Way
from lianxin.exchange.services import DRAW, RUSH, Entry, Giving, entry_of
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
        label=_("How many are there?"), min_value=1, required=False,
        help_text=_("Vouchers in all; of what is booked, how many at one time: ten course places, five posts, one hall."),
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
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On which days of the week?"), choices=list(enumerate(WEEKDAY_WORDS)), coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: on every day."),
    )  # fmt: skip
    closed_on = forms.CharField(
        label=_("Closed on these days"), required=False, max_length=6000,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("One a line: 2026-12-31"),
    )  # fmt: skip
    skips_holidays = forms.BooleanField(label=_("Closed on public holidays"), required=False)
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
        given |= {"quantity": given["quantity"] or 1, "weekdays": tuple(given["weekdays"])}
        return Entry(**given)

    @classmethod
    def initial_of(cls, resource: Resource) -> dict[str, Any]:
        """Return what stands written of an offer."""
        written = {one.name: getattr(resource, one.name) for one in fields(Entry)}
        written["closed_on"] = "\n".join(resource.closed_on)
        return written | {"partner": str(resource.partner_id), "key": resource.key}

    def clean_closed_on(self) -> tuple[dt.date, ...]:
        """Read days as they are typed, one a line."""
        found = []
        for typed in self.cleaned_data["closed_on"].split():
            try:
                found.append(dt.date.fromisoformat(typed.strip("，,。;；")))
            except ValueError:
                raise forms.ValidationError(gettext("“%(typed)s” is no day. Please write days like 2026-12-31.") % {"typed": typed[:20]}) from None  # fmt: skip
        return tuple(found)

    def clean(self) -> dict[str, Any]:
        """Ask for a number where there are vouchers."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("way") == "voucher" and not given.get("quantity") and "quantity" not in self.errors:  # fmt: skip
            self.add_error("quantity", _("How many vouchers are there? At least one."))
        return given


class ChangeForm(ResourceForm):
    """What shall be different of a published offer, and why. What the thing is stays."""

    reason = forms.CharField(
        label=_("Why does it change?"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The union reads it, and everybody whose booking falls."),
    )  # fmt: skip

    def __init__(self, *args: Any, resource: Resource, **kwargs: Any) -> None:
        super().__init__(*args, partners=[], initial=self.initial_of(resource), **kwargs)
        self.before = entry_of(resource)
        for name in ("key", "partner", *FIXED):
            del self.fields[name]
        if resource.way == Way.VOUCHER:
            del self.fields["quantity"]
        if resource.way != Way.BOOKED:
            for name in ("opens", "closes", "weekdays", "closed_on", "skips_holidays"):
                del self.fields[name]

    @property
    def entry(self) -> Entry:
        names = {one.name for one in fields(Entry)}
        given = {name: value for name, value in self.cleaned_data.items() if name in names}
        if "quantity" in given:
            given["quantity"] = given["quantity"] or 1
        return replace(self.before, **given)


class PictureForm(Refusable):
    """A picture, and what it shows."""

    upload = forms.FileField(
        label=_("Picture of the offer"), widget=forms.ClearableFileInput(attrs={"accept": "image/*"}),
        help_text=_("JPEG, PNG or WEBP, at most 10 MB. Place and camera are taken out of it."),
    )  # fmt: skip
    alt = forms.CharField(
        label=_("What does it show?"), max_length=120,
        help_text=_("For those who cannot see it: “a bright hall with rows of chairs”."),
    )  # fmt: skip


class QuantityForm(Refusable):
    """How many vouchers there are in all."""

    quantity = forms.IntegerField(
        label=_("How many vouchers in all?"), min_value=1,
        help_text=_("More than now. Whoever waits has hers at once."),
    )  # fmt: skip


class AcceptForm(Refusable):
    """The officer's yes to what a contact wants changed."""

    is_right = forms.BooleanField(
        label=_("I have read it: the price is plain, it is no advertisement, and it is true.")
    )
    calls_off = forms.BooleanField(
        label=_("Call off the bookings that do not fit any more, with the partner’s reason"),
        required=False,
    )
    seen = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, resource: Resource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wish = resource.wish
        if wish is None or wish.kind != "change":
            del self.fields["is_right"]
        if resource.way != Way.BOOKED or "is_right" not in self.fields:
            del self.fields["calls_off"]

    @classmethod
    def of(cls, resource: Resource) -> AcceptForm:
        """Return the form of what is asked now."""
        return cls(resource=resource, initial={"seen": seen_of(resource)})

    def clean_seen(self) -> dt.datetime:
        """Read of when that is what was looked at."""
        return moment_read(self.cleaned_data["seen"])


def seen_of(resource: Resource) -> str:
    """Return of when that is what a contact asks now, for a hidden field."""
    return resource.wish.asked_at.isoformat() if resource.wish else ""


def moment_read(typed: str) -> dt.datetime:
    """Read the moment a hidden field carries.

    Raises:
        ValidationError: it carries something else.
    """
    try:
        return dt.datetime.fromisoformat(typed)
    except ValueError:
        raise forms.ValidationError(_("Please look at it once more.")) from None


class CheckForm(Refusable):
    """What the union's officer has looked at before anybody else sees it: the red lines."""

    is_plain = forms.BooleanField(label=_("It says plainly what a member pays."))
    is_no_advertisement = forms.BooleanField(
        label=_("It is no advertisement, and nobody earns on it in here.")
    )
    is_true = forms.BooleanField(label=_("We know the partner; place, days and numbers are true."))
    method = forms.ChoiceField(
        label=_("If more members want one than there are vouchers"), widget=forms.RadioSelect,
        choices=[
            (RUSH, _("In the order in which they ask")),
            (DRAW, _("A draw among all who apply in time, which anyone can check")),
        ],
    )  # fmt: skip
    closes_on = forms.DateField(
        label=_("Of a draw: the last day on which one applies"), required=False,
        help_text=_("You plan the draw as soon as the offer is published; the vouchers are given a few days later."),
    )  # fmt: skip
    audience = forms.ChoiceField(
        label=_("Who may have one?"), widget=forms.RadioSelect,
        choices=[
            (allocation.Audience.UNION, _("Members of our union and those below it")),
            (allocation.Audience.MEMBERS, _("Members of any union")),
        ],
    )  # fmt: skip
    rule = forms.CharField(
        label=_("A condition, if there must be one"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("In the language of the policies. People read it as a sentence."),
    )  # fmt: skip
    seen = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, resource: Resource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if resource.way != Way.VOUCHER:
            for name in ("method", "closes_on", "audience", "rule"):
                del self.fields[name]

    @property
    def giving(self) -> Giving:
        """Return how vouchers are given."""
        names = {one.name for one in fields(Giving)}
        return Giving(**{name: value for name, value in self.cleaned_data.items() if name in names})

    def clean_seen(self) -> dt.datetime:
        """Read of when the offer is that was looked at."""
        return moment_read(self.cleaned_data["seen"])

    @classmethod
    def of(cls, resource: Resource) -> CheckForm:
        """Return the form of the offer as it stands written now."""
        usual = {"method": RUSH.value, "audience": allocation.Audience.UNION.value}
        return cls(resource=resource, initial=usual | {"seen": resource.offered_at.isoformat()})


class ReasonForm(Refusable):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class DeclineForm(ReasonForm):
    """The officer's no to what a contact wants changed."""

    seen = forms.CharField(max_length=40, widget=forms.HiddenInput)

    @classmethod
    def of(cls, resource: Resource) -> DeclineForm:
        """Return the form of what is asked now."""
        return cls(initial={"seen": seen_of(resource)})

    def clean_seen(self) -> dt.datetime:
        """Read of when that is what was looked at."""
        return moment_read(self.cleaned_data["seen"])


class DayForm(forms.Form):
    """On which day somebody looks for something."""

    day = forms.DateField(required=False)
