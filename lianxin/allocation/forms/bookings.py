"""What is typed to book something, and to answer a booking."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.allocation.models import Bookable, Booking
from lianxin.allocation.rules.bookings import Guests
from lianxin.allocation.rules.grid import FIRST_DAY, LAST_DAY, Grain, cells_of_day, is_cell
from lianxin.kit.text import clean
from lianxin.ui.fields import Refusable


class BookingForm(Refusable):
    """The base of these forms: what is missing is said in our words, not in the browser's."""

    use_required_attribute = False


class HoldForm(BookingForm):
    """The run that was chosen, for whom, how many."""

    first = forms.IntegerField(widget=forms.HiddenInput)
    last = forms.IntegerField(label=gettext_lazy("How long?"), widget=forms.Select)
    size = forms.IntegerField(
        min_value=1, max_value=500, initial=1, label=gettext_lazy("How many?")
    )
    union = forms.UUIDField(required=False, label=gettext_lazy("For whom?"), widget=forms.Select)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        bookable: Bookable,
        lengths: Iterable[tuple[int, str]] = (),
        unions: Iterable[tuple[uuid.UUID, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.grain = bookable.cut
        self.fields["last"].widget.choices = list(lengths)
        asked = [("", _("myself"))] if bookable.guests != Guests.NOBODY else []
        asked += [(str(pk), name) for pk, name in unions]
        if bookable.most_units == 1:
            del self.fields["size"]
        if len(asked) < 2 and not unions:
            del self.fields["union"]
        else:
            self.fields["union"].widget.choices = asked

    def clean(self) -> dict[str, Any]:
        """Refuse numbers that are no cell of any calendar."""
        given = super().clean() or {}
        for name in ("first", "last"):
            if name in given and not is_cell(self.grain, given[name]):
                self.add_error(name, _("Please choose a day from the calendar."))
        return given

    @property
    def wrong(self) -> str:
        """Say what is wrong in one line, for a page that begins anew."""
        said = [(self[name], str(errors[0])) for name, errors in self.errors.items()]
        return " ".join(words if one.is_hidden else f"{one.label} {words}" for one, words in said)


class AskForm(BookingForm):
    """What we must know of who comes: name, telephone; of a union's booking what for and how many."""

    name = forms.CharField(label=gettext_lazy("Your name"), max_length=64)
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=32)
    purpose = forms.CharField(
        label=gettext_lazy("What for?"), max_length=120,
        help_text=gettext_lazy("One line, without names of members: a lecture, a contest, a meeting."),
    )  # fmt: skip
    people = forms.IntegerField(
        label=gettext_lazy("How many people?"), min_value=1, max_value=100_000
    )
    note = forms.CharField(
        label=gettext_lazy("Anything we should know?"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("A late arrival, a wheelchair, a projector."),
    )  # fmt: skip

    def __init__(self, *args: Any, booking: Booking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if booking.union_id is None:
            del self.fields["purpose"]
            del self.fields["people"]

    @property
    def details(self) -> dict[str, str]:
        return {
            name: clean(str(value))
            for name, value in self.cleaned_data.items()
            if value is not None
        }


class ReasonForm(BookingForm):
    """A reason the person reads."""

    reason = forms.CharField(
        label=gettext_lazy("The reason, for her to read"), max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class MoveForm(ReasonForm):
    """Where a booking is moved to, and from when."""

    bookable = forms.UUIDField(label=gettext_lazy("Where to?"), widget=forms.Select)
    day = forms.DateField(label=gettext_lazy("From which day?"))
    time = forms.TimeField(
        label=gettext_lazy("From what time?"), widget=forms.TimeInput(format="%H:%M")
    )
    field_order = ["bookable", "day", "time", "reason"]

    def __init__(
        self, *args: Any, targets: Iterable[Bookable], grain: Grain, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bookable"].widget.choices = [(str(one.pk), one.title) for one in targets]
        self.fields["day"].widget = forms.DateInput()
        self.grain = grain
        if grain is not Grain.HALF_HOUR:
            del self.fields["time"]

    def clean_day(self) -> dt.date:
        """Refuse days no calendar is shown of."""
        day: dt.date = self.cleaned_data["day"]
        if not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(_("Please choose a day from the calendar."))
        return day

    @property
    def where(self) -> dict[str, Any]:
        """What `services.booking_move` is told."""
        given = self.cleaned_data
        at: dt.time = given.get("time") or dt.time()
        first = cells_of_day(self.grain, given["day"]).first + at.hour * 2 + at.minute // 30
        return {"bookable_id": given["bookable"], "first": first, "reason": given["reason"]}
