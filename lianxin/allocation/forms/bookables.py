"""What is typed to offer a thing for booking, and what becomes of bookings when its terms change."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.allocation.constants import UNIT_WORDS
from lianxin.allocation.forms.bookings import BookingForm, ReasonForm
from lianxin.allocation.models import Bookable, Booking
from lianxin.allocation.rules.bookings import Answer, Guests, Unions
from lianxin.allocation.rules.grid import Grain
from lianxin.allocation.rules.offering import booking_places
from lianxin.allocation.rules.openings import (
    WHOLE,
    HoursError,
    Openings,
    Spans,
    spans_typed,
    spans_words,
)
from lianxin.allocation.selectors.booking_lists import offering_unions
from lianxin.allocation.selectors.booking_shown import masked_who
from lianxin.allocation.selectors.booking_words import run_words
from lianxin.allocation.services import BookableTerms, terms_of
from lianxin.kit.ids import new_id
from lianxin.orgs.api import Actor

OWN = "allocation.room"  # a thing that belongs to no other app
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAY_WORDS = (
    gettext_lazy("Monday"), gettext_lazy("Tuesday"), gettext_lazy("Wednesday"), gettext_lazy("Thursday"),
    gettext_lazy("Friday"), gettext_lazy("Saturday"), gettext_lazy("Sunday"),
)  # fmt: skip
GUEST_WORDS = [
    (Guests.MEMBERS.value, gettext_lazy("members of any union")),
    (Guests.UNION.value, gettext_lazy("members of this union and those below it")),
    (Guests.EVERYBODY.value, gettext_lazy("whoever signs in")),
    (Guests.NOBODY.value, gettext_lazy("nobody; only unions book it")),
]
UNION_WORDS = [
    (Unions.NONE.value, gettext_lazy("no; only persons")),
    (Unions.BELOW.value, gettext_lazy("this union and those below it")),
    (Unions.ALL.value, gettext_lazy("every union")),
]
ANSWER_WORDS = [
    (Answer.AT_ONCE.value, gettext_lazy("at once")),
    (Answer.ASKED.value, gettext_lazy("when we say yes")),
    (Answer.SERVICE.value, gettext_lazy("when the service has decided, with proof")),
]


class BookableForm(BookingForm):
    """All that is said of a thing that can be booked."""

    title = forms.CharField(label=gettext_lazy("What is it called?"), max_length=120)
    place = forms.CharField(label=gettext_lazy("Where?"), max_length=160, required=False)
    words = forms.CharField(
        label=gettext_lazy("What one has to know"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    unit = forms.ChoiceField(label=gettext_lazy("It is"), choices=UNIT_WORDS)
    units = forms.IntegerField(label=gettext_lazy("How many of them?"), min_value=1, max_value=500)
    most = forms.IntegerField(label=gettext_lazy("How long at most at a time?"), min_value=1, max_value=90)  # fmt: skip
    least = forms.IntegerField(
        label=gettext_lazy("How long at least?"), min_value=1, max_value=90, initial=1
    )
    most_units = forms.IntegerField(
        label=gettext_lazy("How many at a time?"), min_value=1, max_value=500, initial=1
    )
    begins = forms.TimeField(label=gettext_lazy("Arrival from"), required=False)
    ends = forms.TimeField(label=gettext_lazy("Departure by"), required=False)
    ahead_days = forms.IntegerField(
        label=gettext_lazy("How many days ahead may one book?"), min_value=0, max_value=400, initial=60
    )  # fmt: skip
    notice_hours = forms.IntegerField(
        label=gettext_lazy("How many hours before at the latest?"), min_value=0, max_value=720, initial=0
    )  # fmt: skip
    guests = forms.ChoiceField(label=gettext_lazy("Who may book for herself?"), choices=GUEST_WORDS)
    unions = forms.ChoiceField(label=gettext_lazy("May unions book?"), choices=UNION_WORDS)
    answer = forms.ChoiceField(label=gettext_lazy("It is certain"), choices=ANSWER_WORDS)
    answer_days = forms.IntegerField(
        label=gettext_lazy("We answer within so many working days"), min_value=0, max_value=30, initial=1
    )  # fmt: skip
    service = forms.ChoiceField(label=gettext_lazy("Which service decides it?"), required=False)
    per_life = forms.IntegerField(
        label=gettext_lazy("How much may one person have in all?"), min_value=1, max_value=1000, required=False
    )  # fmt: skip
    per_year = forms.IntegerField(
        label=gettext_lazy("And in one year?"), min_value=1, max_value=1000, required=False
    )
    series = forms.CharField(
        label=gettext_lazy("Counted together with"), max_length=64, required=False,
        help_text=gettext_lazy("The same word at several things counts their nights together."),
    )  # fmt: skip
    rule = forms.CharField(
        label=gettext_lazy("Who else must she be? (a rule)"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    skips_holidays = forms.BooleanField(
        label=gettext_lazy("Closed on public holidays"), required=False
    )
    starts_on = forms.DateField(label=gettext_lazy("From which day on?"), required=False)
    ends_on = forms.DateField(label=gettext_lazy("Until which day?"), required=False)
    closed = forms.CharField(
        label=gettext_lazy("Closed on these days"), required=False, max_length=6000,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=gettext_lazy("One a line: 2026-12-31"),
    )  # fmt: skip
    other = forms.CharField(
        label=gettext_lazy("Other hours on these days"), required=False, max_length=12000,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=gettext_lazy("One a line: 2026-12-24 9:00-12:00"),
    )  # fmt: skip
    PLAIN = (
        "title", "place", "words", "unit", "units", "most", "least", "most_units", "begins", "ends", "ahead_days",
        "guests", "unions", "answer", "answer_days", "service", "per_life", "per_year", "series", "rule",
    )  # fmt: skip
    # Drawn behind “More”: what few things need.
    RARE = (
        "least", "most_units", "begins", "ends", "notice_hours", "per_life", "per_year", "series", "rule",
        "skips_holidays", "starts_on", "ends_on", "closed", "other",
    )  # fmt: skip

    def __init__(
        self, *args: Any, grain: Grain, services: Iterable[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.grain = grain
        choices = list(services)
        self.fields["service"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]  # of a ChoiceField
        if not choices:
            del self.fields["service"]
            answers = [one for one in ANSWER_WORDS if one[0] != Answer.SERVICE]
            self.fields["answer"].choices = answers  # type: ignore[attr-defined]  # of a ChoiceField
        for name, label in zip(WEEKDAYS, WEEKDAY_WORDS, strict=True):
            self.fields[name] = (
                forms.CharField(label=label, max_length=120, required=False)
                if grain is Grain.HALF_HOUR
                else forms.BooleanField(label=label, required=False)
            )
        if grain is Grain.HALF_HOUR:
            del self.fields["begins"]
            del self.fields["ends"]

    @classmethod
    def initial_of(cls, bookable: Bookable) -> dict[str, Any]:
        """Return what stands of a thing, as the form shows it."""
        terms, hours = terms_of(bookable), bookable.hours
        known = {name: getattr(terms, name) for name in cls.PLAIN}
        is_hours = bookable.cut is Grain.HALF_HOUR
        known |= {
            name: spans_words(spans) if is_hours else bool(spans)
            for name, spans in zip(WEEKDAYS, hours.weekly, strict=True)
        }
        return known | {
            "notice_hours": terms.notice_minutes // 60,
            "skips_holidays": hours.skips_holidays,
            "starts_on": hours.starts_on,
            "ends_on": hours.ends_on,
            "closed": "\n".join(sorted(day.isoformat() for day in hours.closed)),
            "other": "\n".join(
                f"{day.isoformat()} {spans_words(spans)}"
                for day, spans in sorted(hours.other.items())
            ),
        }

    @classmethod
    def first_of(cls, grain: Grain) -> dict[str, Any]:
        """Return what a new thing begins with."""
        is_hours = grain is Grain.HALF_HOUR
        usual: dict[str, Any] = dict.fromkeys(WEEKDAYS, "9:00-21:00" if is_hours else True)
        unit, most = {
            Grain.NIGHT: ("bed", 3), Grain.DAY: ("room", 3), Grain.HALF_HOUR: ("hall", 8),
        }[grain]  # fmt: skip
        return usual | {"unit": unit, "most": most, "units": 1}

    def clean(self) -> dict[str, Any]:
        """Put the opening pattern together."""
        given = super().clean() or {}
        weekly = tuple(self._spans(name, given.get(name)) for name in WEEKDAYS)
        try:
            given["openings"] = Openings.from_plain(
                Openings(
                    weekly=weekly,
                    starts_on=given.get("starts_on"),
                    ends_on=given.get("ends_on"),
                    closed=frozenset(self._closed(given.get("closed", ""))),
                    other=self._other(given.get("other", "")),
                    skips_holidays=bool(given.get("skips_holidays")),
                ).as_plain()
            )
        except HoursError:
            self.add_error("ends_on", _("It must end after it begins."))
        return given

    @property
    def front(self) -> list[forms.BoundField]:
        """The questions every thing is asked."""
        return [one for one in self if one.name not in {*self.RARE, *WEEKDAYS}]

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[name] for name in WEEKDAYS]

    @property
    def rare(self) -> list[forms.BoundField]:
        return [self[name] for name in self.RARE if name in self.fields]

    @property
    def has_rare_errors(self) -> bool:
        return bool(self.errors.keys() & set(self.RARE))

    @property
    def terms(self) -> BookableTerms:
        given = self.cleaned_data
        plain = {name: given[name] for name in self.PLAIN if name in given}
        return BookableTerms(
            grain=self.grain,
            openings=given["openings"],
            notice_minutes=60 * (given.get("notice_hours") or 0),
            hold_minutes=60 if given.get("answer") == Answer.SERVICE else 30,
            **plain,
        )

    def _spans(self, name: str, typed: Any) -> Spans:
        if self.grain is not Grain.HALF_HOUR:
            return WHOLE if typed else ()
        try:
            return spans_typed(typed or "")
        except HoursError:
            self.add_error(name, _("Please write hours like 9:00-12:00, 13:30-21:00, or leave it empty."))  # fmt: skip
            return ()

    def _closed(self, typed: str) -> list[dt.date]:
        return [day for line in typed.split() if (day := self._day("closed", line))]

    def _other(self, typed: str) -> Mapping[dt.date, Spans]:
        found: dict[dt.date, Spans] = {}
        for line in typed.splitlines():
            first, _blank, rest = line.strip().partition(" ")
            day = self._day("other", first) if first else None
            if day is None:
                continue
            try:
                found[day] = spans_typed(rest) if self.grain is Grain.HALF_HOUR else WHOLE
            except HoursError:
                self.add_error("other", _("Please write hours like 9:00-12:00, 13:30-21:00, or leave it empty."))  # fmt: skip
        return found

    def _day(self, field: str, typed: str) -> dt.date | None:
        try:
            return dt.date.fromisoformat(typed.strip("，,。;；"))
        except ValueError:
            self.add_error(field, _("“%(typed)s” is no day. Please write days like 2026-12-31.") % {"typed": typed[:20]})  # fmt: skip
            return None


class PlaceForm(BookingForm):
    """Whose a new thing is, and where it stands: at a place of theirs, or by itself."""

    union = forms.ChoiceField(label=gettext_lazy("Which union offers it?"))
    at = forms.ChoiceField(label=gettext_lazy("At which place of yours?"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = [place for tell in booking_places for place in tell(actor)]
        unions = [(str(one.pk), one.name) for one in offering_unions(actor)]
        places = [(str(one.object_id), one.title) for one in self.places]
        self.fields["union"].choices = unions  # type: ignore[attr-defined]  # of a ChoiceField
        self.fields["at"].choices = [("", _("none of them")), *places]  # type: ignore[attr-defined]  # of a ChoiceField
        if not places:
            del self.fields["at"]

    @property
    def opened_at(self) -> dict[str, Any]:
        """Return what `bookable_open` asks of the place."""
        given = self.cleaned_data
        found = next((one for one in self.places if str(one.object_id) == given.get("at")), None)
        return {
            "organisation_id": uuid.UUID(given["union"]),
            "kind": found.kind if found else OWN,
            "object_id": found.object_id if found else given["key"],
            "label": str(given["key"]) if found else "",
        }


class PlanForm(ReasonForm):
    """What becomes of bookings that have no place any more."""

    def __init__(
        self, *args: Any, conflicts: Iterable[Booking], targets: Iterable[Bookable], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("off", _("call it off, with word to her"))]
        choices += [
            (str(one.pk), _("move it to %(what)s") % {"what": one.title}) for one in targets
        ]
        self.names: dict[str, uuid.UUID] = {}
        for booking in conflicts:
            name = f"plan-{booking.pk}"
            self.names[name] = booking.pk
            label = f"{masked_who(booking)} · {run_words(booking)}"
            self.fields[name] = forms.ChoiceField(label=label, choices=choices)

    @property
    def plan(self) -> dict[uuid.UUID, uuid.UUID | None]:
        return {
            pk: None if self.cleaned_data[name] == "off" else uuid.UUID(self.cleaned_data[name])
            for name, pk in self.names.items()
        }
