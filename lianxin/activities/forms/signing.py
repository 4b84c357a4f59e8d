"""What somebody types who signs up: who comes along, and the few questions of the activity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from lianxin.activities.models import Activity
from lianxin.activities.rules import groups
from lianxin.activities.rules.groups import Companion, Details, Group, GroupError
from lianxin.activities.rules.questions import Ask, Question, QuestionError, answer_of
from lianxin.kit.errors import RefusedError
from lianxin.kit.text import clean

ROWS = 5  # of names beside each other; a larger group is written one a line


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the union knows already: shown filled in, with where it is known from."""

    answers: Mapping[str, tuple[Any, str]] = field(default_factory=dict)  # code → value, source
    kin: Sequence[tuple[str, str, int | None]] = ()  # key, name, age
    unions: Sequence[tuple[str, str]] = ()  # code, name: those she may book for


class SignUpForm(forms.Form):
    """Drawn inside the form of the places, so its fields carry a prefix of their own."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        activity: Activity,
        known: Known,
        before: Details | None = None,
    ) -> None:
        super().__init__(data, prefix="a")
        self.activity, self.known = activity, known
        self.group = Group(activity.group)
        self.before = before or Details()
        self._group_fields()
        for question in activity.asked:
            self._question_field(question)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Those who come along, a line each."""
        names = [name for name in self.fields if name.startswith("name")]
        return [
            {"name": self[name], "age": self[f"age{name[4:]}"] if self.activity.asks_ages else None}
            for name in names
        ]

    @property
    def question_fields(self) -> list[Any]:
        """The questions, in their order."""
        return [self[name] for name in self.fields if name.startswith("q_")]

    @property
    def is_empty(self) -> bool:
        return not self.fields

    @property
    def saved(self) -> int:
        """How many answers stand there already."""
        return len(self.known.answers) + len(self.known.kin)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        try:
            self.details = self._details(given)
            groups.check(
                self.group, self.details, least=self.activity.least, most=self.activity.most
            )
        except GroupError as error:
            raise forms.ValidationError(group_words(error.what, self.activity)) from None
        return given

    def told(self) -> Details:
        """Return what was told.

        Raises:
            RefusedError: something does not fit.
        """
        if not self.is_valid():
            first = next(iter(self.errors.values()))[0]
            raise RefusedError(str(first))
        return self.details

    def _details(self, given: Mapping[str, Any]) -> Details:
        return Details(
            companions=self._companions(given),
            team=clean(given.get("team") or ""),
            union=given.get("union") or "",
            people=given.get("people") or 0,
            answers={
                name[2:]: value
                for name, value in given.items()
                if name.startswith("q_") and value is not None
            },
        )

    def _companions(self, given: Mapping[str, Any]) -> tuple[Companion, ...]:
        chosen = set(given.get("kin") or ())
        kin = [Companion(name, age) for key, name, age in self.known.kin if key in chosen]
        typed = [
            (clean(given.get(name) or ""), str(given.get(f"age{name[4:]}") or ""))
            for name in self.fields
            if name.startswith("name")
        ]
        lines = [(clean(line), "") for line in (given.get("others") or "").splitlines()]
        return (*kin, *groups.companions_of([*typed, *lines]))

    def _group_fields(self) -> None:
        before = self.before
        if self.group is Group.TEAM:
            self.fields["team"] = forms.CharField(label=_("What is your team called?"), max_length=40, initial=before.team)  # fmt: skip
        if self.group is Group.UNION:
            self.fields["union"] = forms.ChoiceField(label=_("For which union do you book?"), choices=list(self.known.unions), initial=before.union)  # fmt: skip
            self.fields["people"] = forms.IntegerField(
                label=_("How many people?"),
                min_value=self.activity.least,
                max_value=self.activity.most,
                initial=before.people or None,
            )
        elif self.group is not Group.ALONE:
            self._companion_fields(list(before.companions))

    def _companion_fields(self, companions: list[Companion]) -> None:
        if self.known.kin:
            said = {(one.name, one.age) for one in companions}
            self.fields["kin"] = forms.MultipleChoiceField(
                label=_("Who of your family comes along?"),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[(key, name) for key, name, _age in self.known.kin],
                initial=[key for key, name, age in self.known.kin if (name, age) in said],
            )
            self.fields["kin"].source_note = _("as you declared them")  # type: ignore[attr-defined]  # read by ui.fields
            known = {(name, age) for _key, name, age in self.known.kin}
            companions = [one for one in companions if (one.name, one.age) not in known]
        if self.activity.most - 1 > ROWS:
            self.fields["others"] = forms.CharField(
                label=_("Who comes along? One name a line"),
                required=self.activity.least > 1,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": min(8, self.activity.most)}),
                initial="\n".join(one.name for one in companions),
            )
            return
        for number in range(self.activity.most - 1):
            one = companions[number] if number < len(companions) else None
            self._companion_row(number + 1, one)

    def _companion_row(self, number: int, one: Companion | None) -> None:
        self.fields[f"name{number}"] = forms.CharField(
            label=_("Who comes along (%(number)d)") % {"number": number},
            max_length=groups.LONGEST_NAME,
            required=False,
            initial=one.name if one else "",
        )
        if self.activity.asks_ages:
            self.fields[f"age{number}"] = forms.IntegerField(
                label=_("Age"),
                min_value=0,
                max_value=groups.OLDEST,
                required=False,
                initial=one.age if one else None,
            )

    def _question_field(self, question: Question) -> None:
        value, source = self.known.answers.get(question.code, (None, ""))
        if question.code in self.before.answers:
            value, source = self.before.answers[question.code], ""
        made = AnswerField(question, initial=value)
        made.source_note = source
        self.fields[f"q_{question.code}"] = made


class AnswerField(forms.Field):
    """One answer, read by the rules of its question."""

    source_note = ""

    def __init__(self, question: Question, *, initial: Any) -> None:
        self.question = question
        super().__init__(
            label=question.label,
            help_text=question.hint,
            required=question.is_required and question.ask is not Ask.YES_NO,
            widget=_widget(question),
            initial=initial,
        )

    def to_python(self, value: Any) -> Any:
        return value

    def clean(self, value: Any) -> Any:
        try:
            typed = "on" if value is True else "" if value in {None, False} else str(value)
            return answer_of(self.question, typed)
        except QuestionError as error:
            raise forms.ValidationError(_answer_words(error.what, self.question)) from None


def _widget(question: Question) -> forms.Widget:
    match question.ask:
        case Ask.LONG:
            return forms.Textarea(attrs={"rows": 3, "maxlength": 300})
        case Ask.NUMBER:
            return forms.NumberInput(attrs={"inputmode": "numeric"})
        case Ask.CHOICE:
            return forms.RadioSelect(choices=[(one, one) for one in question.options])
        case Ask.YES_NO:
            return forms.CheckboxInput()
    return forms.TextInput(attrs={"maxlength": 300})


def group_words(what: str, activity: Activity) -> str:
    """Say what does not fit about a group."""
    words = {
        "few": _("At least %(least)d people come together here."),
        "many": _("At most %(most)d people come together here."),
        "team": _("Please give your team a name."),
        "name": _("Each who comes along needs a short name."),
        "age": _("Please write the age as a number."),
        "twice": _("Somebody stands there twice."),
    }
    return words.get(what, _("Please look at it once more.")) % {
        "least": activity.least,
        "most": activity.most,
    }


def _answer_words(what: str, question: Question) -> str:
    words = {
        "required": _("Please answer: %(question)s"),
        "long": _("Please keep the answer under 300 characters: %(question)s"),
        "number": _("Please write a number: %(question)s"),
        "range": _("A number from %(least)d to %(most)d, please: %(question)s"),
        "option": _("Please choose one of the answers: %(question)s"),
    }
    said = words.get(what, _("Please look at it once more."))
    return said % {"question": question.label, "least": question.least, "most": question.most}
