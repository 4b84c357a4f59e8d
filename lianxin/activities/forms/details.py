"""The rarer pages of an activity: who comes along, its questions, its stops, its picture."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.activities.forms.times import ClockInput
from lianxin.activities.models import Stop
from lianxin.activities.rules.groups import Group
from lianxin.activities.rules.questions import Ask, Question
from lianxin.activities.services.terms import ActivityTerms, StopTerms
from lianxin.allocation.api import Booking, run_words
from lianxin.kit.workdays import SHANGHAI
from lianxin.ui.fields import Refusable

SPARE_QUESTIONS, SPARE_STOPS = 3, 4


class WhoForm(Refusable):
    """How people come, and who may."""

    group = forms.ChoiceField(
        label=_("How do people come?"),
        choices=[
            (Group.ALONE, _("Each for herself")),
            (Group.FAMILY, _("With family or friends")),
            (Group.TEAM, _("As a team")),
            (Group.UNION, _("A union books for its people")),
        ],
        widget=forms.RadioSelect,
    )
    least = forms.IntegerField(label=_("At least so many together"), min_value=1, max_value=50)
    most = forms.IntegerField(label=_("At most so many together"), min_value=1, max_value=50)
    asks_ages = forms.BooleanField(label=_("Ask how old those are who come along"), required=False)
    is_first_timers_first = forms.BooleanField(
        label=_("Those who had no place in the past year come first"), required=False
    )
    has_waitlist = forms.BooleanField(label=_("Keep a waiting list"), required=False)
    rule = forms.CharField(
        label=_("A condition, if there must be one"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("In the language of the policies. People read it as a sentence."),
    )

    def terms(self, before: ActivityTerms) -> ActivityTerms:
        plain = {name: getattr(before, name) for name in before.__dataclass_fields__}
        return ActivityTerms(**(plain | self.cleaned_data))


class QuestionForm(forms.Form):
    """One question; an empty sentence is none."""

    label = forms.CharField(label=_("Question"), max_length=60, required=False)
    ask = forms.ChoiceField(
        label=_("How is it answered?"),
        choices=[
            (Ask.TEXT, _("A few words")),
            (Ask.LONG, _("A few sentences")),
            (Ask.NUMBER, _("A number")),
            (Ask.CHOICE, _("One of several")),
            (Ask.YES_NO, _("Yes or no")),
        ],
        required=False,
    )
    options = forms.CharField(
        label=_("Answers to choose from, one a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    fact = forms.ChoiceField(
        label=_("Known to the union already?"),
        choices=[("", _("No, ask")), ("employer", _("Employer")), ("occupation", _("Occupation")), ("skill_level", _("Skill level"))],
        required=False,
    )  # fmt: skip
    is_required = forms.BooleanField(label=_("Must be answered"), required=False)

    def question(self, number: int) -> Question | None:
        """Return the question, or None where nothing is asked."""
        given = self.cleaned_data
        if not given.get("label"):
            return None
        ask = Ask(given["ask"] or Ask.TEXT)
        lines = [line.strip() for line in given["options"].splitlines()]
        options = tuple(line for line in lines if line) if ask is Ask.CHOICE else ()
        return Question(
            code=f"q{number}",
            label=given["label"],
            ask=ask,
            options=options,
            fact=given["fact"],
            is_required=given["is_required"],
        )


def question_set(data: Any, questions: Sequence[Question]) -> Any:
    """Return the forms of all questions, some empty ones after them."""
    make = forms.formset_factory(QuestionForm, extra=SPARE_QUESTIONS, max_num=8, absolute_max=8, validate_max=True)  # fmt: skip
    shown = [
        {"label": one.label, "ask": one.ask, "options": "\n".join(one.options), "fact": one.fact, "is_required": one.is_required}
        for one in questions
    ]  # fmt: skip
    return make(data, initial=shown, prefix="q")


def questions_from(formset: Any) -> tuple[Question, ...]:
    """Return the questions that were asked, numbered anew."""
    found: list[Question] = []
    for form in formset:
        question = form.question(len(found) + 1)
        if question is not None:
            found.append(question)
    return tuple(found)


class StopForm(forms.Form):
    """One place on the way; an empty name is none."""

    booking = forms.TypedChoiceField(
        label=_("Something a partner lent our union"), coerce=uuid.UUID, empty_value=None, required=False,
        help_text=_("What is booked and confirmed. Its name, place and time are taken where you leave them empty."),
    )  # fmt: skip
    title = forms.CharField(label=_("Name of the stop"), max_length=60, required=False)
    at = forms.TimeField(label=_("One is there at"), widget=ClockInput, required=False)
    stay_minutes = forms.IntegerField(
        label=_("Minutes there"), min_value=1, max_value=600, required=False
    )
    address = forms.CharField(label=_("Street and number"), max_length=120, required=False)
    learnt = forms.CharField(
        label=_("What is learnt there?"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    latitude = forms.DecimalField(
        label=_("Latitude (WGS-84)"), max_digits=9, decimal_places=6, min_value=-90, max_value=90, required=False
    )  # fmt: skip
    longitude = forms.DecimalField(
        label=_("Longitude (WGS-84)"), max_digits=9, decimal_places=6, min_value=-180, max_value=180, required=False
    )  # fmt: skip

    def __init__(self, *args: Any, lent: Mapping[uuid.UUID, Booking], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lent = dict(lent)
        if not self.lent:
            del self.fields["booking"]
            return
        choices = [
            (str(pk), f"{one.bookable.title} · {run_words(one)}") for pk, one in self.lent.items()
        ]
        self.fields["booking"].choices = [("", _("not lent by a partner")), *choices]  # type: ignore[attr-defined]  # of a ChoiceField

    def terms(self, begins: dt.datetime) -> StopTerms | None:
        """Return the stop of a route that begins then, or None where nothing is said."""
        given = self.cleaned_data
        chosen = given.get("booking")
        lent = self.lent.get(chosen) if chosen else None
        title = given.get("title") or (lent.bookable.title[:60] if lent else "")
        if not title:
            return None
        start = begins.astimezone(SHANGHAI)
        at = given["at"] or (lent.starts_at if lent else start).astimezone(SHANGHAI).time()
        minutes = (at.hour * 60 + at.minute) - (start.hour * 60 + start.minute)
        return StopTerms(
            title=title,
            booking_id=lent.pk if lent else None,
            after_minutes=minutes % (24 * 60),
            stay_minutes=given["stay_minutes"] or 30,
            address=given["address"] or (lent.bookable.place[:120] if lent else ""),
            learnt=given["learnt"],
            latitude=given["latitude"],
            longitude=given["longitude"],
        )


def stop_set(
    data: Any, stops: Sequence[Stop], begins: dt.datetime, lent: Mapping[uuid.UUID, Booking]
) -> Any:
    """Return the forms of all stops, some empty ones after them; `lent`: what may be chosen from."""
    make = forms.formset_factory(StopForm, extra=SPARE_STOPS, max_num=20, absolute_max=20, validate_max=True)  # fmt: skip
    names = ("title", "stay_minutes", "address", "learnt", "latitude", "longitude")
    shown = [
        {name: getattr(one, name) for name in names}
        | {"booking": str(one.booking_id) if one.booking_id else ""}
        | {"at": (begins + dt.timedelta(minutes=one.after_minutes)).astimezone(SHANGHAI).time()}
        for one in stops
    ]
    return make(data, initial=shown, prefix="s", form_kwargs={"lent": lent})


class CoverForm(Refusable):
    """A picture, and what it shows."""

    upload = forms.FileField(
        label=_("Cover picture"), required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*"}),
        help_text=_("JPEG, PNG or WEBP, at most 10 MB. Place and camera are taken out of it."),
    )  # fmt: skip
    alt = forms.CharField(
        label=_("What does it show?"), max_length=120,
        help_text=_("For those who cannot see it: “two teams on a bright court”."),
    )  # fmt: skip


class OffForm(Refusable):
    """Calling something off."""

    words = forms.CharField(
        label=_("Why?"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence. Everybody who signed up reads it."),
    )  # fmt: skip


class BackForm(Refusable):
    """Sending it back to whoever made it."""

    words = forms.CharField(
        label=_("What should be better?"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


class CopyForm(Refusable):
    """When the copy takes place first."""

    on = forms.DateField(label=_("On which day is it next?"))
