"""One sample of each component, for the gallery page that shows and tests them all."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import pgettext

from lianxin.kit import clock
from lianxin.kit.paging import Page
from lianxin.ui.fields import MoneyField

FORMS = ("permanent", "agency", "platform")


class SampleForm(forms.Form):
    """Every kind of field once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {
            "name": forms.CharField(label=pgettext("gallery", "Your name")),
            "phone": forms.CharField(
                label=pgettext("gallery", "Phone"),
                help_text=pgettext("gallery", "Only to tell you how it goes."),
            ),
            "income": MoneyField(label=pgettext("gallery", "Income of the whole family last year")),
            "kind": forms.ChoiceField(
                label=pgettext("gallery", "How you work"),
                choices=_kinds(),
                widget=forms.RadioSelect,
            ),
            "street": forms.ChoiceField(
                label=pgettext("gallery", "Street"),
                choices=[
                    ("a", pgettext("gallery", "Beicang Road")),
                    ("b", pgettext("gallery", "Jialing Street")),
                ],
            ),
            "since": forms.DateField(
                label=pgettext("gallery", "Since when"), widget=forms.DateInput
            ),
            "needs": forms.MultipleChoiceField(
                label=pgettext("gallery", "What would help most"),
                choices=_needs(),
                widget=forms.CheckboxSelectMultiple,
                required=False,
            ),
            "story": forms.CharField(
                label=pgettext("gallery", "What happened"),
                help_text=pgettext("gallery", "In your own words. A few lines are enough."),
                widget=forms.Textarea,
                required=False,
            ),
            "paper": forms.FileField(
                label=pgettext("gallery", "Photo of the bill"), required=False
            ),
            "agreed": forms.BooleanField(
                label=pgettext("gallery", "My union may ask the hospital about this bill.")
            ),
        }
        self.fields["name"].source_note = pgettext("gallery", "From your membership, 12 March")  # type: ignore[attr-defined]  # read by {% field %}


def samples() -> dict[str, Any]:
    """What the gallery draws: forms whole and refused, a route, sums, a page of a list."""
    now = clock.now()
    wrong = SampleForm({"name": "", "income": "abc", "kind": "platform"}, auto_id="again_%s")
    wrong.is_valid()
    return {
        "now": now,
        "late_at": now + dt.timedelta(days=3),
        "form": SampleForm(
            initial={
                "name": "林**",
                "kind": "platform",
                "income": 3840000,
                "since": dt.date(2026, 3, 1),
            }
        ),
        "wrong": wrong,
        "steps": _route(),
        "parts": _parts(),
        "rows": _sums(),
        "page": Page(rows=[], next_token="next"),  # noqa: S106  (a page token, not a secret)
    }


def _kinds() -> list[tuple[str, str]]:
    return list(
        zip(
            FORMS,
            (
                pgettext("gallery", "Employed by the firm"),
                pgettext("gallery", "Sent by an agency"),
                pgettext("gallery", "Orders from a platform"),
            ),
            strict=True,
        )
    )


def _needs() -> list[tuple[str, str]]:
    return [
        ("money", pgettext("gallery", "Money for the bill")),
        ("care", pgettext("gallery", "Someone for the children")),
        ("talk", pgettext("gallery", "Someone to talk to")),
    ]


def _route() -> list[dict[str, Any]]:
    return [
        {
            "state": "done",
            "title": pgettext("gallery", "You sent it"),
            "note": pgettext("gallery", "14 fields filled in for you, 3 by you"),
        },
        {
            "state": "now",
            "title": pgettext("gallery", "A visit at home"),
            "note": pgettext("gallery", "Wang Min · 5 working days"),
        },
        {
            "state": "late",
            "title": pgettext("gallery", "The street looks again"),
            "note": pgettext("gallery", "One day late; the district has been told"),
        },
        {
            "state": "ahead",
            "title": pgettext("gallery", "Public notice"),
            "note": pgettext("gallery", "5 working days, family name and unit only"),
        },
        {"state": "ahead", "title": pgettext("gallery", "Decision and payment"), "note": ""},
    ]


def _parts() -> list[dict[str, Any]]:
    return [
        {"label": pgettext("gallery", "Paid by insurance"), "fen": 1820000, "tone": "blue"},
        {"label": pgettext("gallery", "Paid by your union"), "fen": 600000, "tone": "gold"},
        {"label": pgettext("gallery", "Left to you"), "fen": 310050, "tone": "plain"},
    ]


def _sums() -> list[dict[str, Any]]:
    return [
        {
            "label": pgettext("gallery", "Income of the year"),
            "fen": 3840000,
            "note": pgettext("gallery", "Wage slips, from you"),
        },
        {
            "label": pgettext("gallery", "Less: medical bills"),
            "fen": -1420000,
            "note": pgettext("gallery", "3 bills, checked"),
        },
        {
            "label": pgettext("gallery", "People in the home"),
            "value": "4",
            "note": pgettext("gallery", "Household register"),
        },
        {
            "label": pgettext("gallery", "A month for each"),
            "fen": 50417,
            "note": pgettext("gallery", "Below the line of 735 yuan"),
            "is_total": True,
        },
    ]
