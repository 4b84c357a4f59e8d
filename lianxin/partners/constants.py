"""Kinds and states of partners in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

KIND_WORDS: dict[str, Any] = {
    "government": _("government office"),
    "school": _("school"),
    "enterprise": _("enterprise"),
    "society": _("social organisation"),
}
STATE_WORDS: dict[str, Any] = {
    "in_force": _("works with us"),
    "ended": _("ended"),
}
