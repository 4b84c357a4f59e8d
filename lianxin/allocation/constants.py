"""Words of what is booked by time that more than one room needs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

GRAIN_WORDS = {
    "night": gettext_lazy("by the night"),
    "day": gettext_lazy("by the day"),
    "half_hour": gettext_lazy("by the half hour"),
}
UNIT_WORDS = [
    ("bed", gettext_lazy("beds")), ("room", gettext_lazy("rooms")), ("hall", gettext_lazy("halls")),
    ("desk", gettext_lazy("desks")), ("court", gettext_lazy("courts")), ("person", gettext_lazy("persons")),
    ("thing", gettext_lazy("something else")),
]  # fmt: skip
WEEKDAYS_SHORT = (
    gettext_lazy("Mon"), gettext_lazy("Tue"), gettext_lazy("Wed"), gettext_lazy("Thu"), gettext_lazy("Fri"),
    gettext_lazy("Sat"), gettext_lazy("Sun"),
)  # fmt: skip
MONTHS = (
    gettext_lazy("January"), gettext_lazy("February"), gettext_lazy("March"), gettext_lazy("April"),
    gettext_lazy("May"), gettext_lazy("June"), gettext_lazy("July"), gettext_lazy("August"),
    gettext_lazy("September"), gettext_lazy("October"), gettext_lazy("November"), gettext_lazy("December"),
)  # fmt: skip
