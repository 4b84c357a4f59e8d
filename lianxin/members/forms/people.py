"""What is typed about one person: facts, consents, family, corrections, the card, a membership."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.kit.tokens import LONGEST
from lianxin.members.models import Member
from lianxin.members.rules.facts import FactColumn, FactEntry, FactKind
from lianxin.members.rules.membership import REASONS, Move, State
from lianxin.members.selectors.dictionary import fact_entry, purposes
from lianxin.members.selectors.membership import REASONS as REASON_WORDS
from lianxin.members.services.linking import BASIC
from lianxin.members.services.relatives import RELATION_WORDS, RELATIONS
from lianxin.ui.fields import MoneyField, Refusable

EMPTY_ROWS = 2
# Why an officer may open sealed data; the member reads the same words.
OPENING_PURPOSES = {
    "contact": gettext_lazy("To call you about something of yours"),
    "identity": gettext_lazy("To check your identity while you were there"),
    "help": gettext_lazy("To fill in a form together with you"),
    "correct": gettext_lazy("To put right what stands on the roll"),
}


class FactForm(Refusable):
    """One fact, drawn by its kind; asks for the consent it still needs."""

    def __init__(
        self,
        *args: Any,
        entry: FactEntry,
        value: Any = None,
        asks_consent: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.entry = entry
        if entry.kind is FactKind.LIST:
            self._add_rows(value or [])
        else:
            field = _field_of(entry)
            if isinstance(value, bool):
                value = "yes" if value else "no"
            field.label, field.initial = str(entry.label), value
            self.fields["value"] = field
        if asks_consent:
            self.fields["consent"] = forms.BooleanField(
                label=str(purposes()[entry.purpose].sentence),
                error_messages={"required": _("We may only keep this if you agree.")},
            )
            if purposes()[entry.purpose].needs_guardian:
                self.fields["guardian_name"] = forms.CharField(
                    label=_("Name of the father, mother or guardian"), max_length=64
                )

    def clean(self) -> dict[str, Any]:
        """Gather the rows of a list into one value."""
        cleaned = super().clean() or self.cleaned_data
        if self.entry.kind is FactKind.LIST:
            cleaned["value"] = [row for row in map(self._row, range(self.row_count)) if row]
        return cleaned

    def _add_rows(self, rows: list[dict[str, Any]]) -> None:
        self.row_count = len(rows) + EMPTY_ROWS
        for number in range(self.row_count):
            held = rows[number] if number < len(rows) else {}
            for column in self.entry.columns:
                field = _cell(column)
                field.required = False
                field.label = f"{number + 1} · {column.label}"
                field.initial = held.get(column.code)
                self.fields[f"{number}-{column.code}"] = field

    def _row(self, number: int) -> dict[str, Any]:
        cells = {c.code: self.cleaned_data.get(f"{number}-{c.code}") for c in self.entry.columns}
        plain = {
            code: cell.isoformat() if isinstance(cell, dt.date) else cell
            for code, cell in cells.items()
        }
        return plain if any(plain.values()) else {}


def _cell(column: FactColumn) -> forms.Field:
    if column.choices:
        known = [(choice.code, str(choice.label)) for choice in column.choices]
        return forms.ChoiceField(choices=[("", "—"), *known])
    if column.code.endswith("_on"):
        return forms.DateField(widget=forms.DateInput)
    return forms.CharField(max_length=120)


class LinkForm(Refusable):
    """Name and identity number, once, and the yes without which they may not be kept."""

    name = forms.CharField(label=gettext_lazy("Your name, as on the identity card"), max_length=64)
    id_number = forms.CharField(label=gettext_lazy("Identity number"), max_length=24)
    consent = forms.MultipleChoiceField(
        label=gettext_lazy("Before we look"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Without the first yes we may not look for you on the roll.")
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, str(purposes()[code].sentence)) for code in BASIC]
        self.fields["consent"].choices = choices  # type: ignore[attr-defined]  # a choice field

    def clean_consent(self) -> list[str]:
        """Membership itself needs its yes; the others are free."""
        given: list[str] = self.cleaned_data["consent"]
        if "membership" not in given:
            raise forms.ValidationError(
                _("Without the first yes we may not look for you on the roll.")
            )
        return given


class ConsentForm(Refusable):
    """A yes to one purpose; a guardian's name where a child is concerned."""

    guardian_name = forms.CharField(
        label=gettext_lazy("Name of the father, mother or guardian"), max_length=64, required=False
    )


class RelativeForm(Refusable):
    """One person of the family."""

    relation = forms.ChoiceField(
        label=gettext_lazy("How are you related?"),
        choices=[(code, RELATION_WORDS[code]) for code in RELATIONS],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=64)
    id_number = forms.CharField(
        label=gettext_lazy("Identity number"),
        max_length=24,
        required=False,
        help_text=gettext_lazy(
            "Only if you want: it makes sure that this person never decides about your case. "
            "We keep a fingerprint of it, not the number."
        ),
    )
    birth_on = forms.DateField(
        label=gettext_lazy("Date of birth"), required=False, widget=forms.DateInput
    )
    lives_together = forms.BooleanField(
        label=gettext_lazy("Lives in my household"), required=False, initial=True
    )
    consent = forms.BooleanField(
        label=gettext_lazy(
            "This is a child under 14, and as father, mother or guardian I agree that the union keeps this."
        ),
        required=False,
    )


class OpenForm(Refusable):
    """Which sealed data an officer needs to see, and what for."""

    fields_wanted = forms.MultipleChoiceField(
        label=gettext_lazy("What do you need to see?"),
        choices=[],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Please tick what you need, nothing more.")},
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("What for? The member will read this."),
        choices=list(OPENING_PURPOSES.items()),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, known: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, str(entry.label)) for name in known if (entry := fact_entry(name))]
        self.fields["fields_wanted"].choices = choices  # type: ignore[attr-defined]  # a choice field


class MemberForm(Refusable):
    """What an officer may put right on the roll."""

    phone = forms.CharField(
        label=gettext_lazy("Mobile phone"),
        max_length=24,
        required=False,
        help_text=gettext_lazy("Leave it empty to keep the number that stands there."),
    )
    employer_name = forms.CharField(label=gettext_lazy("Employer"), max_length=120, required=False)
    employment_form = forms.ChoiceField(
        label=gettext_lazy("Form of employment"), required=False, choices=[]
    )
    occupation = forms.CharField(label=gettext_lazy("Job"), max_length=64, required=False)
    skill_level = forms.ChoiceField(label=gettext_lazy("Skill level"), required=False, choices=[])

    def __init__(self, *args: Any, member: Member | None = None, **kwargs: Any) -> None:
        if member is not None:
            names = ("employer_name", "employment_form", "occupation", "skill_level")
            kwargs["initial"] = {name: getattr(member, name) for name in names}
        super().__init__(*args, **kwargs)
        for name in ("employment_form", "skill_level"):
            self.fields[name].choices = _choices(name)  # type: ignore[attr-defined]  # a choice field


def _field_of(entry: FactEntry) -> forms.Field:
    match entry.kind:
        case FactKind.MONEY:
            return MoneyField()
        case FactKind.WHOLE:
            return forms.IntegerField(min_value=0)
        case FactKind.DATE:
            return forms.DateField(widget=forms.DateInput)
        case FactKind.YES_NO:
            return forms.TypedChoiceField(
                choices=[("yes", _("Yes")), ("no", _("No"))],
                coerce=lambda typed: typed == "yes",
                widget=forms.RadioSelect,
            )
        case FactKind.CHOICE:
            return forms.ChoiceField(
                choices=[(c.code, str(c.label)) for c in entry.choices], widget=forms.RadioSelect
            )
        case _:
            return forms.CharField(max_length=200)


def _choices(name: str) -> list[tuple[str, str]]:
    entry = fact_entry(name)
    return [("", "—"), *((c.code, str(c.label)) for c in (entry.choices if entry else ()))]


class CardForm(forms.Form):
    """What a card's code says, pasted or typed."""

    token = forms.CharField(
        label=gettext_lazy("What the code says"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )


class LeaveForm(forms.Form):
    """The yes of somebody who leaves the union."""

    sure = forms.BooleanField(
        label=gettext_lazy("I have read this, and I want to leave the union.")
    )


class MembershipForm(Refusable):
    """What becomes of a membership, with its reason, and since when."""

    becomes = forms.ChoiceField(label=gettext_lazy("What becomes of it"))
    on = forms.DateField(
        label=gettext_lazy("Since"),
        required=False,
        help_text=gettext_lazy("Empty: today."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, state: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "——")]
        for move in _POSSIBLE[State(state)]:
            reasons = [one for one in REASONS.get(move, ("",)) if one not in _BY_ITSELF]
            words = [(one, str(REASON_WORDS.get(one, ""))) for one in reasons]
            choices += [
                (
                    f"{move}:{code}",
                    f"{_MOVE_WORDS[move]}: {said}" if said else str(_MOVE_WORDS[move]),
                )
                for code, said in words
            ]
        self.fields["becomes"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def wish(self) -> tuple[Move, str]:
        """Return the move and its reason."""
        move, _colon, reason = self.cleaned_data["becomes"].partition(":")
        return Move(move), reason


_BY_ITSELF = {"merged", "union_closed"}
_POSSIBLE: dict[State, tuple[Move, ...]] = {
    State.IN_FORCE: (Move.RETAIN, Move.LEAVE, Move.END),
    State.RETAINED: (Move.RESTORE, Move.LEAVE, Move.END),
    State.LEFT: (Move.ENTER,),
    State.ENDED: (Move.ENTER,),
}
_MOVE_WORDS = {
    Move.RETAIN: gettext_lazy("Retain it"),
    Move.RESTORE: gettext_lazy("In force again"),
    Move.LEAVE: gettext_lazy("She leaves"),
    Move.END: gettext_lazy("It ends"),
    Move.ENTER: gettext_lazy("In force again"),
}
