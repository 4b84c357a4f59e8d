"""What a keeper writes of her station: facts, hours, other days, who is told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from lianxin.stations.constants import codes
from lianxin.stations.forms.reach import UnionForm
from lianxin.stations.models import Station
from lianxin.stations.rules.filling import LINES, LineError, lines_of_week, week_of_lines
from lianxin.stations.rules.hours import (
    HoursError,
    Spans,
    is_always_open,
    spans_checked,
    spans_read,
)
from lianxin.stations.rules.places import E6, Datum, Point, to_wgs84
from lianxin.stations.services import Entry
from lianxin.ui.fields import Refusable

SENTENCES = {
    "form": gettext_lazy("Write it like 8:00-12:00, 14:00-18:00."),
    "range": gettext_lazy("Write it like 8:00-12:00, 14:00-18:00."),
    "overlap": gettext_lazy("Two of these times cover one another."),
    "many": gettext_lazy("Six times a day are the most."),
}
DATUMS = [
    (Datum.WGS84.value, gettext_lazy("A phone or GPS (WGS-84)")),
    (Datum.GCJ02.value, gettext_lazy("Amap or Tencent Maps (GCJ-02)")),
    (Datum.BD09.value, gettext_lazy("Baidu Maps (BD-09)")),
]


class StationForm(Refusable):
    """The facts of a station."""

    name = forms.CharField(label=gettext_lazy("Name of the station"), max_length=80)
    kind = forms.ChoiceField(label=gettext_lazy("What kind?"), choices=[])
    division_code = forms.RegexField(
        r"^\d{6}(\d{3})?(\d{3})?$",
        label=gettext_lazy("Division code"),
        help_text=gettext_lazy("Six digits of the district, or nine of the street (GB/T 2260)."),
        max_length=12,
    )
    district_name = forms.CharField(label=gettext_lazy("District"), max_length=40)
    street_name = forms.CharField(
        label=gettext_lazy("Street or township"), max_length=40, required=False
    )
    address = forms.CharField(
        label=gettext_lazy("Address within the street"), max_length=200, required=False
    )
    door = forms.CharField(
        label=gettext_lazy("Which door, whom to ask"), max_length=200, required=False
    )
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=32, required=False)
    latitude = forms.DecimalField(
        label=gettext_lazy("Latitude"), min_value=-90, max_value=90, decimal_places=8,
        max_digits=11, required=False,
    )  # fmt: skip
    longitude = forms.DecimalField(
        label=gettext_lazy("Longitude"), min_value=-180, max_value=180, decimal_places=8,
        max_digits=12, required=False,
    )  # fmt: skip
    datum = forms.ChoiceField(
        label=gettext_lazy("Where are the two numbers from?"),
        help_text=gettext_lazy("The maps differ by some hundred metres; we put it right."),
        choices=DATUMS,
        initial=Datum.WGS84.value,
        widget=forms.RadioSelect,
    )
    facilities = forms.MultipleChoiceField(
        label=gettext_lazy("What is there?"),
        choices=[],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [(code, str(one.label)) for code, one in codes().kinds.items()]
        there: Any = self.fields["facilities"]
        there.choices = [(code, str(one.label)) for code, one in codes().facilities.items()]

    @staticmethod
    def initial_of(station: Station) -> dict[str, Any]:
        """Return what is written of a station."""
        point = station.point
        names = ("name", "kind", "division_code", "district_name", "street_name", "address", "door", "phone", "facilities")  # fmt: skip
        return {name: getattr(station, name) for name in names} | {
            "latitude": f"{point.latitude:.6f}" if point else None,
            "longitude": f"{point.longitude:.6f}" if point else None,
        }

    @property
    def entry(self) -> Entry:
        """Return what was written, the position turned into WGS-84."""
        given = self.cleaned_data
        latitude, longitude = _e6(given)
        return Entry(
            name=given["name"],
            kind=given["kind"],
            division_code=given["division_code"],
            district_name=given["district_name"],
            street_name=given["street_name"],
            address=given["address"],
            door=given["door"],
            phone=given["phone"],
            latitude_e6=latitude,
            longitude_e6=longitude,
            facilities=tuple(given["facilities"]),
        )


def _e6(given: dict[str, Any]) -> tuple[int | None, int | None]:
    latitude, longitude = given["latitude"], given["longitude"]
    if latitude is None or longitude is None:
        return (
            None if latitude is None else round(float(latitude) * E6),
            None if longitude is None else round(float(longitude) * E6),
        )
    return to_wgs84(Point(float(latitude), float(longitude)), Datum(given["datum"])).e6()


class NewStationForm(UnionForm, StationForm):
    """A further station: whose."""

    field_order = ("organisation", "code")


class HoursForm(Refusable):
    """A week: a line for the workdays, one for each day that differs."""

    is_always = forms.BooleanField(
        label=gettext_lazy("Open around the clock"),
        help_text=gettext_lazy("The times below say when somebody is there; all other time one may come in alone."),
        required=False,
    )  # fmt: skip

    LABELS = {
        "work": gettext_lazy("Monday to Friday"),
        "6": gettext_lazy("Saturday"),
        "7": gettext_lazy("Sunday"),
        "holiday": gettext_lazy("Public holidays (empty: as on that weekday)"),
        "make_up": gettext_lazy("Worked weekends (empty: as on a Monday)"),
        "1": gettext_lazy("Monday, if it differs"),
        "2": gettext_lazy("Tuesday, if it differs"),
        "3": gettext_lazy("Wednesday, if it differs"),
        "4": gettext_lazy("Thursday, if it differs"),
        "5": gettext_lazy("Friday, if it differs"),
    }  # fmt: skip

    def __init__(self, *args: Any, week: dict[str, Spans], **kwargs: Any) -> None:
        is_always = is_always_open(week)
        attended, unattended = lines_of_week(week)
        initial: dict[str, Any] = {"is_always": is_always}
        for line in LINES:
            initial[f"{line}_a"] = attended[line]
            # Around the clock what is left follows by itself.
            initial[f"{line}_u"] = "" if is_always else unattended[line]
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        for line in LINES:
            for part in "au":
                self.fields[f"{line}_{part}"] = forms.CharField(
                    label=str(self.LABELS[line]), max_length=100, required=False
                )
        self.week: dict[str, Spans] = week

    def clean(self) -> dict[str, Any]:
        """Read the lines; each that cannot be read is named."""
        cleaned = super().clean() or self.cleaned_data
        typed = [{line: cleaned.get(f"{line}_{part}", "") or "" for line in LINES} for part in "au"]
        try:
            self.week = week_of_lines(*typed, is_always=bool(cleaned.get("is_always")))
        except LineError as error:
            name = f"{error.line}_{'a' if error.is_attended else 'u'}"
            self.add_error(name, str(SENTENCES[error.code]))
        except HoursError as error:
            self.add_error(None, str(SENTENCES[error.code]))
        return cleaned

    def lines(self) -> list[tuple[Any, Any]]:
        """Return the first lines, each with its two fields."""
        return [(self[f"{line}_a"], self[f"{line}_u"]) for line in LINES[:5]]

    def single_lines(self) -> list[tuple[Any, Any]]:
        """Return the lines of single weekdays."""
        return [(self[f"{line}_a"], self[f"{line}_u"]) for line in LINES[5:]]

    @property
    def differs(self) -> bool:
        """Say whether a single weekday has hours of its own, or an error."""
        return any(
            self[name].value() or self[name].errors
            for line in LINES[5:]
            for name in (f"{line}_a", f"{line}_u")
        )


class DaysForm(Refusable):
    """Other hours on some days."""

    first_on = forms.DateField(
        label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"})
    )
    last_on = forms.DateField(
        label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"})
    )
    reason = forms.ChoiceField(label=gettext_lazy("Why?"), choices=[])
    attended = forms.CharField(
        label=gettext_lazy("Open, somebody there"),
        help_text=gettext_lazy("Like 8:00-22:00. Both left empty: closed on these days."),
        max_length=100,
        required=False,
    )
    unattended = forms.CharField(
        label=gettext_lazy("Open, nobody there"), max_length=100, required=False
    )
    words = forms.CharField(label=gettext_lazy("In a few words"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reason"]
        field.choices = [(code, str(one.label)) for code, one in codes().reasons.items()]
        self.spans: Spans = ()

    def clean(self) -> dict[str, Any]:
        """Read the hours."""
        cleaned = super().clean() or self.cleaned_data
        found: list[Any] = []
        for name in ("attended", "unattended"):
            try:
                found += spans_read(cleaned.get(name) or "", is_attended=name == "attended")
            except HoursError as error:
                self.add_error(name, str(SENTENCES[error.code]))
        try:
            self.spans = spans_checked(found)
        except HoursError as error:
            self.add_error(None, str(SENTENCES[error.code]))
        return cleaned

    @property
    def said(self) -> dict[str, Any]:
        """Return which days, and why."""
        return {
            name: self.cleaned_data[name] for name in ("first_on", "last_on", "reason", "words")
        }


class KeeperForm(Refusable):
    """Somebody who looks after a station."""

    login_name = forms.CharField(
        label=gettext_lazy("Login name of the keeper"),
        help_text=gettext_lazy("She holds a post that keeps stations here, and is told first."),
        max_length=64,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
