"""The forms of the pages: what a person says about her case, what an officer decides."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.files.api import StoredFile, file_store, name_of, unclaimed_of
from lianxin.kit.errors import RefusedError
from lianxin.kit.text import Bilingual
from lianxin.kit.workdays import SHANGHAI
from lianxin.orgs.api import Actor
from lianxin.procedures.constants import SIGNATURE
from lianxin.procedures.fields import AnswersForm, PlainRadios, PlainTicks
from lianxin.procedures.rules.definition import Definition, Evidence, Field
from lianxin.procedures.selectors.words import RATINGS
from lianxin.ui.fields import MoneyField

WORDS = forms.Textarea
LONGEST = 2000
# Why an officer may open sealed parts, and how the person reads it where she sees who looked.
PURPOSES = {
    "dossier.check": _("to check it"),
    "dossier.visit": _("to call or visit"),
    "dossier.decide": _("to decide"),
}
OPENINGS = {
    "dossier": _("Answers of a case of yours"),
    "file": _("A paper you sent"),
    "payment": _("The account of a payment to you"),
    "dossier.check": _("To check what you sent"),
    "dossier.visit": _("To call or visit you"),
    "dossier.decide": _("To decide your case"),
    "evidence": _("To handle your case"),
    "payment.export": _("To send you the money"),
}


class WordsForm(forms.Form):
    """A sentence or two; what they are for is said by the page."""

    words = forms.CharField(label=_("In your words"), max_length=LONGEST, widget=WORDS)

    def __init__(
        self, *args: Any, label: Any = "", hint: Any = "", required: bool = True, **given: Any
    ) -> None:
        super().__init__(*args, **given)
        words = self.fields["words"]
        words.label, words.help_text, words.required = label or words.label, hint, required


class CodeForm(forms.Form):
    """The code sent to the person, by which she says yes to what was filled in with her."""

    code = forms.CharField(label=_("The code we sent to your phone"), max_length=12)


class AccountForm(forms.Form):
    """The account the money goes to, once more."""

    account = forms.CharField(
        label=_("Bank account number"),
        max_length=48,
        help_text=_("Look at the card itself: 8 to 30 digits. It is kept sealed."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class RateForm(forms.Form):
    """Five levels, and words if one likes (好差评)."""

    level = forms.TypedChoiceField(
        label=_("How was it?"), choices=RATINGS, coerce=int, widget=PlainRadios
    )
    words = forms.CharField(
        label=_("What we should know"), max_length=LONGEST, required=False, widget=WORDS
    )


@dataclass
class PaperField:
    """One kind of paper as the page draws it: what is there already, and where to add more."""

    evidence: Evidence
    standing: list[StoredFile] = field(default_factory=list)
    kept: list[StoredFile] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    is_required: bool = True

    @property
    def kept_names(self) -> list[tuple[uuid.UUID, str]]:
        """Return the files that stay, with the names their owner gave them."""
        return [(file.pk, name_of(file)) for file in self.kept]

    @property
    def name(self) -> str:
        """Return the name of the control."""
        return f"paper-{self.evidence.code}"

    @property
    def kept_name(self) -> str:
        """Return the name of the ticks at files that stay."""
        return f"kept-{self.evidence.code}"

    @property
    def ids(self) -> list[uuid.UUID]:
        """Return all files of this paper as the form stands."""
        return [file.pk for file in self.kept]

    @property
    def is_changed(self) -> bool:
        """Say whether anything came or went."""
        return self.ids != [file.pk for file in self.standing]


class PapersForm(AnswersForm):
    """Questions and papers together. A paper once uploaded stays with the form while it is mended."""

    def __init__(
        self,
        *args: Any,
        asked: Iterable[Field] = (),
        evidence: Iterable[Evidence] = (),
        standing: Mapping[str, list[StoredFile]] | None = None,
        are_papers_asked: bool = False,
        **given: Any,
    ) -> None:
        super().__init__(*args, asked=asked, **given)
        there = standing or {}
        self.papers = [
            PaperField(
                one,
                standing=there.get(one.code, []),
                kept=list(there.get(one.code, [])),
                is_required=are_papers_asked or one.is_required,
            )
            for one in evidence
        ]

    def store(self, actor: Actor) -> bool:
        """Keep what was uploaded and what still has its tick; False if a file was refused."""
        account_id = actor.account_id
        if account_id is None:
            return False
        for paper in self.papers:
            sent = set(_ids(listed(self.data, paper.kept_name)))
            waiting = unclaimed_of(account_id).filter(pk__in=sent)
            paper.kept = [file for file in (*paper.standing, *waiting) if file.pk in sent]
            for upload in self.files.getlist(paper.name):
                try:
                    kept = file_store(actor_id=account_id, upload=upload, purpose="evidence")
                except RefusedError as refused:
                    paper.errors.append(refused.message)
                else:
                    paper.kept.append(kept)
        return not any(paper.errors for paper in self.papers)

    def handed_in(self) -> dict[str, list[uuid.UUID]]:
        """Return the files of each paper that changed."""
        return {paper.evidence.code: paper.ids for paper in self.papers if paper.is_changed}

    def refuse(self, errors: Mapping[str, str]) -> None:
        """Show a service's sentences at their question or paper."""
        by_code = {paper.evidence.code: paper for paper in self.papers}
        for code, sentence in errors.items():
            if code in by_code:
                by_code[code].errors.append(sentence)
        super().refuse({code: text for code, text in errors.items() if code not in by_code})


class SignedForm(PapersForm):
    """The photo of the page a person signed."""

    def __init__(self, *args: Any, **given: Any) -> None:
        label = Bilingual(en="The signed page", zh_Hans="签好字的那一页")
        super().__init__(*args, evidence=[Evidence(code=SIGNATURE, label=label)], **given)
        # Where a refusal of the service is shown.
        self.fields["signed"] = forms.BooleanField(
            label=_("The person signed, or put a fingerprint, before my eyes."),
            error_messages={"required": _("Only what was signed before your eyes counts.")},
        )


class ReplyForm(PapersForm):
    """The answer to “one more thing”: words, the questions asked again, the papers asked for."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["words"] = forms.CharField(
            label=_("Your answer"),
            max_length=LONGEST,
            required=False,
            widget=WORDS,
        )


class AskForm(forms.Form):
    """One more thing: a sentence, and what exactly to look at again or to bring."""

    words = forms.CharField(
        label=_("What is missing, in a sentence anyone understands"),
        max_length=LONGEST,
        widget=WORDS,
    )

    def __init__(self, *args: Any, definition: Definition, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["fields"] = forms.MultipleChoiceField(
            label=_("Answers to look at again"),
            choices=[(one.code, str(one.label)) for one in definition.fields],
            widget=PlainTicks,
            required=False,
        )
        if definition.evidence:
            self.fields["evidence"] = forms.MultipleChoiceField(
                label=_("Papers to bring"),
                choices=[(one.code, str(one.label)) for one in definition.evidence],
                widget=PlainTicks,
                required=False,
            )


class PickForm(forms.Form):
    """Somebody or somewhere to pick, with a word to go along."""

    target = forms.ChoiceField(widget=PlainRadios)
    words = forms.CharField(max_length=LONGEST, widget=WORDS)

    def __init__(
        self,
        *args: Any,
        targets: Sequence[tuple[str, str]],
        label: Any,
        words_label: Any,
        words_required: bool,
        **given: Any,
    ) -> None:
        super().__init__(*args, **given)
        target, words = self.fields["target"], self.fields["words"]
        target.label, words.label, words.required = label, words_label, words_required
        target.choices = list(targets)  # type: ignore[attr-defined]  # a ChoiceField


class StepForm(AnswersForm):
    """The officer's step: its own questions, an opinion, and the sum or the meeting it settles."""

    def __init__(
        self,
        *args: Any,
        asked: Iterable[Field] = (),
        names_amount: bool = False,
        sets_meeting: bool = False,
        **given: Any,
    ) -> None:
        super().__init__(*args, asked=asked, **given)
        self.sets_meeting = sets_meeting
        if names_amount:
            self.fields["amount_fen"] = MoneyField(label=_("The sum"))
        if sets_meeting:
            self.fields["meeting_on"] = forms.DateField(
                label=_("Which day"), widget=forms.DateInput
            )
            self.fields["meeting_at"] = forms.TimeField(
                label=_("At what time"), widget=forms.TimeInput(attrs={"type": "time"})
            )
            self.fields["place"] = forms.CharField(label=_("Where"), max_length=120)
        self.fields["opinion"] = forms.CharField(
            label=_("Your words on it"),
            help_text=_("They go into the record and the person reads them."),
            max_length=LONGEST,
            required=False,
            widget=WORDS,
        )

    @property
    def meeting_starts_at(self) -> dt.datetime | None:
        """Return the meeting's time; the officer wrote it in the time of Beijing."""
        if not self.sets_meeting:
            return None
        day, time = self.cleaned_data["meeting_on"], self.cleaned_data["meeting_at"]
        return dt.datetime.combine(day, time, tzinfo=SHANGHAI).astimezone(dt.UTC)


class BankReturnForm(forms.Form):
    """The file that came back from the bank, as it came."""

    till = forms.ChoiceField(label=_("Paid by"))
    file = forms.FileField(
        label=_("The bank’s file"),
        help_text=_("As it came: CSV in UTF-8 or GB18030, or a workbook."),
    )

    def __init__(self, *args: Any, tills: Sequence[tuple[str, str]] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        till = self.fields["till"]
        till.choices = list(tills)  # type: ignore[attr-defined]  # a ChoiceField
        if len(tills) == 1:
            till.widget, till.initial = forms.HiddenInput(), tills[0][0]


def listed(data: Any, name: str) -> list[str]:
    """Return all values of a name a form was sent with."""
    return list(data.getlist(name)) if hasattr(data, "getlist") else []


def _ids(sent: Iterable[str]) -> list[uuid.UUID]:
    found = []
    for text in sent:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found
