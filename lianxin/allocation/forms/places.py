"""What is sent to a pool and to its gates."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.allocation.services import Sent
from lianxin.allocation.services.gates import MOST_SCANS
from lianxin.kit.tokens import LONGEST


class TakeForm(forms.Form):
    """The part of the form that is the same for every pool."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    size = forms.IntegerField(min_value=1, max_value=999, required=False)


class GateForm(forms.Form):
    name = forms.CharField(
        label=_("Which door?"),
        max_length=40,
        help_text=_("So that you can tell your gates apart: north door, by the stairs."),
    )


def scans_of(body: bytes) -> list[Sent]:
    """Read what a gate sends.

    Raises:
        ValueError: it is something else.
    """
    try:
        told = json.loads(body)
    except RecursionError:
        raise ValueError("no scans") from None
    rows = told.get("scans") if isinstance(told, dict) else None
    if not isinstance(rows, list) or len(rows) > MOST_SCANS:
        raise ValueError("no scans")
    return [_sent(row) for row in rows]


def _sent(row: Any) -> Sent:
    match row:
        case {"id": str() as scan_id, "at": int() | float() as at, "read": str() as read}:
            places = row.get("places", 1)
            if len(read) > LONGEST or not isinstance(places, int) or not 0 < places < 1000:
                raise ValueError("no scan")
            try:
                when = dt.datetime.fromtimestamp(at / 1000, tz=dt.UTC)
            except (OverflowError, OSError):
                raise ValueError("no moment") from None
            return Sent(uuid.UUID(scan_id), when, read, places)
    raise ValueError("no scan")
