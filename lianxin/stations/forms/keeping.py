"""What a keeper says: what she found, that it is closed for a while."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.kit.workdays import SHANGHAI
from lianxin.stations.constants import closing_kinds, codes
from lianxin.stations.models import Trouble
from lianxin.stations.services.answering import LONGEST
from lianxin.ui.fields import Refusable


class AnswerForm(Refusable):
    """Found, done, open again: three taps and a sentence."""

    found = forms.ChoiceField(
        label=_("What did you see there?"),
        choices=[
            (Trouble.Found.SO, _("It was so")),
            (Trouble.Found.PARTLY, _("Partly so")),
            (Trouble.Found.NOT_SO, _("It was not so")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("What was done?"),
        help_text=_("Everybody can read it on the station’s page. Please no names."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_open_now = forms.BooleanField(
        label=_("It is open now, I have seen it myself"), required=False, initial=True
    )

    def __init__(self, *args: Any, trouble: Trouble, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if trouble.kind not in closing_kinds():
            del self.fields["is_open_now"]


class ShutForm(Refusable):
    """Closed for a while: why, and until which day."""

    reason = forms.ChoiceField(label=_("Why?"), choices=[])
    until = forms.DateField(
        label=_("Open again on"),
        help_text=_("Left open: until you open it here."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    words = forms.CharField(
        label=_("In a few words"),
        help_text=_("Where else one can go, for example."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reason"]
        field.choices = [(code, str(one.label)) for code, one in codes().reasons.items()]

    @property
    def ends_at(self) -> dt.datetime | None:
        """Return the first moment of the day it opens again."""
        until: dt.date | None = self.cleaned_data["until"]
        if until is None:
            return None
        return dt.datetime.combine(until, dt.time(), tzinfo=SHANGHAI).astimezone(dt.UTC)


class KioskForm(Refusable):
    """Where in the station a kiosk stands."""

    label = forms.CharField(
        label=_("Where in the station does it stand?"), max_length=40,
        help_text=_("For example: beside the door."),
    )  # fmt: skip
