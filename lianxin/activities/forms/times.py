"""When it takes place: one time, or on some weekdays of every week, or every second, until a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.activities.models import Session
from lianxin.activities.rules.recurring import Pattern, Planned, planned
from lianxin.activities.rules.seating import SeatingError, count_of, seats_of
from lianxin.activities.services.terms import SessionTerms, seating_words
from lianxin.kit import workdays
from lianxin.kit.workdays import SHANGHAI
from lianxin.ui.fields import MomentField, Refusable
from lianxin.ui.templatetags.ui import day

WEEKDAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class SeatedForm(Refusable):
    """Where seats are numbered, as many places as there are seats."""

    seats = forms.CharField(
        label=_("Numbered seats"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Empty: no numbers. Twelve rows of twenty: 12×20. Or a line a row with how many seats it has: Balcony 18."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        try:
            count = count_of(seats_of(given.get("seats") or ""))
        except SeatingError as error:
            self.add_error("seats", seating_words(error))
            return given
        if count and not given.get("capacity"):
            given["capacity"] = count
        return given


class TimesForm(SeatedForm):
    """One time, and how often it comes again."""

    on = forms.DateField(label=_("On which day?"))
    begins = forms.TimeField(label=_("From"), widget=ClockInput)
    ends = forms.TimeField(
        label=_("Until"), widget=ClockInput, help_text=_("Earlier than it begins: on the next day.")
    )
    capacity = forms.IntegerField(
        label=_("How many places?"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("Empty: nobody signs up, one just comes."),
    )
    label = forms.CharField(
        label=_("Name of this time"),
        max_length=40,
        required=False,
        help_text=_("Where there are several: morning shift, group A."),
    )
    until_on = forms.DateField(
        label=_("Again and again until"),
        required=False,
        help_text=_("Empty: only once."),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On which days of the week?"),
        choices=[(number, name) for number, name in enumerate(WEEKDAYS)],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: on that of the first day."),
    )
    every = forms.TypedChoiceField(
        label=_("How often?"),
        choices=[(1, _("Every week")), (2, _("Every second week")), (3, _("Every third week")), (4, _("Every fourth week"))],
        coerce=int,
        required=False,
    )  # fmt: skip
    skips_holidays = forms.BooleanField(
        label=_("Leave out public holidays and weekends that are worked"),
        required=False,
        initial=True,
    )
    opens_at = MomentField(
        label=_("Sign-up opens"),
        required=False,
        help_text=_("Empty: at once. Of several times that of the first; each later one opens as long before."),
    )  # fmt: skip
    closes_at = MomentField(
        label=_("Sign-up ends"), required=False, help_text=_("Empty: when it begins.")
    )

    def plan(self) -> Planned:
        """Return the days, and those left out."""
        given = self.cleaned_data
        until = given["until_on"] or given["on"]
        is_once = until <= given["on"]
        skips = given["skips_holidays"] and not is_once
        pattern = Pattern(given["on"], until)
        if not is_once:
            pattern = Pattern(given["on"], until, frozenset(given["weekdays"]), given["every"] or 1)
        return planned(pattern, _is_off if skips else lambda _on: False)

    def times(self) -> list[SessionTerms]:
        """Return what was said, a time a day."""
        given = self.cleaned_data
        plan = self.plan()
        first = min((*plan.days, *plan.left_out), default=given["on"])
        found = []
        for on in plan.days:
            starts_at, ends_at = span(on, given["begins"], given["ends"])
            by = on - first
            found.append(
                SessionTerms(
                    starts_at=starts_at,
                    ends_at=ends_at,
                    label=given["label"],
                    capacity=given["capacity"],
                    seats=given["seats"],
                    opens_at=given["opens_at"] + by if given["opens_at"] else None,
                    closes_at=given["closes_at"] + by if given["closes_at"] else None,
                )
            )
        return found

    def remarks(self) -> list[str]:
        """Say which days were left out, and whether the holidays are known that far ahead."""
        plan = self.plan()
        said = []
        if plan.left_out:
            days = gettext(", ").join(day(one) for one in plan.left_out)
            said.append(
                gettext("Left out, since they are holidays or worked: %(days)s.") % {"days": days}
            )
        if plan.is_cut:
            said.append(gettext("Sixty times are the most at once; add the later ones then."))
        if len(plan.days) > 1 and workdays.is_provisional(plan.days[-1]):
            said.append(gettext("The holidays of %(year)d are not announced yet. Please look at the later days again.") % {"year": plan.days[-1].year})  # fmt: skip
        return said

    def clean(self) -> dict[str, Any]:
        """Refuse days of the week without an end, and an end before which none of them lies."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("weekdays") and "until_on" not in self.errors:
            if not given.get("until_on"):
                self.add_error("until_on", gettext("Until which day does it come again?"))
            elif (
                given.get("on")
                and "every" not in self.errors
                and not any((plan := self.plan()).days + plan.left_out)
            ):
                self.add_error(
                    "weekdays", gettext("None of these days lies between the first and the last.")
                )
        return given

    def clean_until_on(self) -> dt.date | None:
        until, first = self.cleaned_data["until_on"], self.cleaned_data.get("on")
        if until and first and until < first:
            raise forms.ValidationError(gettext("That is before the first day."))
        return until if isinstance(until, dt.date) else None


class SessionForm(SeatedForm):
    """A later change of one time."""

    on = forms.DateField(label=_("On which day?"))
    begins = forms.TimeField(label=_("From"), widget=ClockInput)
    ends = forms.TimeField(label=_("Until"), widget=ClockInput)
    capacity = forms.IntegerField(
        label=_("How many places?"), min_value=1, max_value=100_000, required=False
    )
    label = forms.CharField(label=_("Name of this time"), max_length=40, required=False)
    own_place = forms.CharField(
        label=_("Elsewhere, this once"), max_length=60, required=False,
        help_text=_("Empty: where the activity is."),
    )  # fmt: skip
    own_address = forms.CharField(label=_("Street and number"), max_length=120, required=False)
    opens_at = MomentField(label=_("Sign-up opens"), required=False)
    closes_at = MomentField(label=_("Sign-up ends"), required=False)

    def terms(self) -> SessionTerms:
        """Return what was said."""
        given = self.cleaned_data
        starts_at, ends_at = span(given["on"], given["begins"], given["ends"])
        names = ("label", "capacity", "seats", "own_place", "own_address", "opens_at", "closes_at")
        return SessionTerms(
            starts_at=starts_at, ends_at=ends_at, **{name: given[name] for name in names}
        )


def session_initial(session: Session) -> dict[str, Any]:
    """Return what a form shows of a session, in Beijing's time."""
    starts, ends = session.starts_at.astimezone(SHANGHAI), session.ends_at.astimezone(SHANGHAI)
    names = ("label", "capacity", "seats", "own_place", "own_address", "opens_at", "closes_at")
    shown = {name: getattr(session, name) for name in names}
    return shown | {"on": starts.date(), "begins": starts.time(), "ends": ends.time()}


def span(on: dt.date, begins: dt.time, ends: dt.time) -> tuple[dt.datetime, dt.datetime]:
    """Return two moments in UTC; an end before the beginning is on the next day."""
    starts_at = dt.datetime.combine(on, begins, tzinfo=SHANGHAI)
    ends_on = on + dt.timedelta(days=1) if ends <= begins else on
    ends_at = dt.datetime.combine(ends_on, ends, tzinfo=SHANGHAI)
    return starts_at.astimezone(dt.UTC), ends_at.astimezone(dt.UTC)


def _is_off(on: dt.date) -> bool:
    return workdays.is_holiday(on) or (on.weekday() >= 5 and workdays.is_workday(on))
