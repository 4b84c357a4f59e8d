"""Kinds, ways and states of offers in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

PICTURE_PURPOSE = "exchange-picture"
KIND_WORDS: dict[str, Any] = {
    "venue": _("venue"),
    "lecturer": _("lecturer"),
    "base": _("training base"),
    "course": _("course places"),
    "apprentice": _("apprentice workplaces"),
    "civics": _("civics"),
    "practice": _("industry and education practice"),
    "tour": _("study tour"),
    "innovation": _("workers’ innovation"),
    "health": _("health check"),
    "rental": _("rental flats"),
    "childcare": _("childcare"),
    "discount": _("members’ price"),
}
KIND_ICONS = {
    "venue": "building", "lecturer": "speakerphone", "base": "tools", "course": "school",
    "apprentice": "hammer", "civics": "flag", "practice": "briefcase", "tour": "map",
    "innovation": "bulb", "health": "stethoscope", "rental": "home-heart",
    "childcare": "baby-carriage", "discount": "wallet",
}  # fmt: skip
# Services of the catalogue for which partners may have something at once.
KINDS_OF_SERVICE = {
    "rental-offer": "rental",
    "health-check": "health",
    "childcare-place": "childcare",
}
WAY_WORDS: dict[str, Any] = {
    "booked": _("a union books it by time, we say yes"),
    "voucher": _("members take a personal voucher and show it"),
    "asked": _("one calls, or comes"),
}
AUDIENCE_WORDS: dict[str, Any] = {
    "workers": _("for members"),
    "unions": _("for unions"),
    "both": _("for members and unions"),
}
WEEKDAY_WORDS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip
STATE_WORDS: dict[str, Any] = {
    "offered": _("waits for the union’s check"),
    "returned": _("sent back to be put right"),
    "published": _("can be found"),
    "ended": _("taken down"),
}
STATE_TONES = {"offered": "ask", "returned": "soon", "published": "yes", "ended": ""}
