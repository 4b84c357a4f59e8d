"""The forms of an application: what is known, what is missing, papers, consents."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from msgspec.structs import replace

from lianxin.catalogue.constants import AGREE
from lianxin.catalogue.models import Draft
from lianxin.catalogue.selectors.correcting import needs_paper
from lianxin.catalogue.selectors.filling import Asked, Opened, consents_asked, contents_of
from lianxin.catalogue.selectors.reach import unions_found
from lianxin.catalogue.selectors.shelf import Offer
from lianxin.catalogue.services.places import PlacesGiven
from lianxin.files.api import StoredFile, file_link, file_store, name_of
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Actor, Level, Organisation, organisation_by_code
from lianxin.procedures.api import AnswersForm, Evidence, Field, FieldKind, RowsWidget
from lianxin.ui.fields import MomentField, Refusable, refusal_show

FIND = "-find"


class ConsentForm(Refusable):
    """One sentence a purpose, ticked by oneself; never ticked beforehand."""

    def __init__(self, *args: Any, asked: Iterable[Asked], **given: Any) -> None:
        super().__init__(*args, **given)
        self.asked = list(asked)
        for one in self.asked:
            made = forms.BooleanField(label=str(one.purpose.sentence), required=False)
            made.help_text = "" if one.is_needed else _("As you like; you can change it any time.")
            self.fields[f"{AGREE}{one.code}"] = made
        if any(one.purpose.needs_guardian for one in self.asked):
            self.fields["guardian_name"] = forms.CharField(
                label=_("Father, mother or guardian of the child"), max_length=64, required=False
            )

    @property
    def agreed(self) -> set[str]:
        """Return the purposes that were ticked."""
        return {one.code for one in self.asked if self.data.get(f"{AGREE}{one.code}")}

    @property
    def guardian_name(self) -> str:
        """Return the guardian's name as typed."""
        return str(self.data.get("guardian_name", ""))

    def refuse(self, error: RefusedError) -> None:
        """Show a service's sentence at its tick, or above."""
        self.full_clean()
        super().refuse(error)


class CodeForm(forms.Form):
    """The code on the person's phone, by which she says yes to what was filled in with her."""

    code = forms.CharField(
        label=_("The code on the person’s phone"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class PlacesForm(Refusable):
    """Places of a service that are short: how many, where and when."""

    union = forms.ChoiceField(label=_("Which union gives them?"))
    name = forms.CharField(
        label=_("What tells these places from others?"), max_length=60,
        help_text=_("For example: the van at the east gate, 12 December."),
    )  # fmt: skip
    capacity = forms.IntegerField(label=_("How many places?"), min_value=1, max_value=100_000)
    place = forms.CharField(label=_("Where?"), max_length=120, required=False)
    starts_at = MomentField(
        label=_("When does it take place?"), required=False,
        help_text=_("Of money: until when those who wait may still be given some."),
    )  # fmt: skip
    opens_at = MomentField(
        label=_("From when can one ask for them?"), required=False, help_text=_("Empty: at once.")
    )
    closes_at = MomentField(label=_("Until when?"))

    def __init__(self, *args: Any, unions: Sequence[Organisation], **given: Any) -> None:
        super().__init__(*args, **given)
        self.unions = {one.code: one for one in unions}
        choices = [(one.code, one.name) for one in unions]
        self.fields["union"] = forms.ChoiceField(
            label=self.fields["union"].label, choices=choices, initial=choices[0][0]
        )

    @property
    def chosen(self) -> Organisation:
        return self.unions[self.cleaned_data["union"]]

    def given(self) -> PlacesGiven:
        """Return what was said."""
        names = ("name", "capacity", "place", "starts_at", "opens_at", "closes_at")
        return PlacesGiven(**{name: self.cleaned_data[name] for name in names})


class UnionWidget(forms.Widget):
    """A union of the tree: type a part of its name, pick it from what was found. Needs no script."""

    template_name = "catalogue/_union_widget.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:  # noqa: ARG002
        typed = str(data.get(f"{name}{FIND}", "")).strip()
        picked = str(data.get(name, "")).strip()
        if not typed:
            return picked
        found = unions_found(typed)
        exact = [one for one in found if typed in {one.name, one.code}]
        return exact[0].code if len(exact) == 1 else typed

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        picked = organisation_by_code(value) if value else None
        found = [picked] if picked else unions_found(str(value or ""))
        context["widget"] |= {
            "found": found,
            "picked": picked.code if picked else "",
            "typed": "" if picked else value or "",
            "find": f"{name}{FIND}",
        }
        return context

    def id_for_label(self, id_: str) -> str:
        return f"{id_}{FIND}"


class RowsAtATime(RowsWidget):
    """A table that shows one empty row; “add a row” keeps what is typed and shows another."""

    template_name = "catalogue/_rows_widget.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = context["widget"]["rows"] = context["widget"]["rows"][: len(value or []) + 1]
        context["widget"]["may_grow"] = len(rows) < self.most
        return context


class QuestionsForm(AnswersForm):
    """Questions of a service; unions are looked up by name, tables grow by a row at a time."""

    def __init__(self, *args: Any, asked: Iterable[Field], **given: Any) -> None:
        super().__init__(*args, asked=asked, **given)
        for one in self.asked:
            made = self.fields[one.code]
            if one.kind is FieldKind.ORGANISATION:
                made.widget = UnionWidget()
            if isinstance(made.widget, RowsWidget):
                made.widget = RowsAtATime(made.widget.columns, made.widget.most)

    def raw(self) -> dict[str, Any]:
        """Return what was typed, by field code; a union by its code where it is clear."""
        raw = super().raw()
        for one in self.asked:
            if one.kind is FieldKind.ORGANISATION:
                widget = self.fields[one.code].widget
                raw[one.code] = widget.value_from_datadict(self.data, self.files, one.code)
            elif one.code not in raw:
                # Sent without it: nothing ticked, or all rows empty. That is an answer too.
                raw[one.code] = [] if one.kind in {FieldKind.LINES, FieldKind.CHOICES} else ""
        return raw


class JoinForm(QuestionsForm):
    """The few questions of joining on one page: the sentence to agree to, and who one is.

    The union is the one of the code or link; how one works is filled in with what is usual there.
    """

    def __init__(
        self, *args: Any, offer: Offer, union: Organisation, draft: Draft | None,
        account_id: uuid.UUID | None, **given: Any,
    ) -> None:  # fmt: skip
        kept = contents_of(draft) if draft else {"known": {}, "typed": {}}
        usual = "contract" if union.level == Level.GRASSROOTS else "flexible"
        answers = {"employment_form": usual, **kept["known"], **kept["typed"]}
        asked = [one for one in offer.definition.fields if one.code != offer.definition.origin]
        super().__init__(*args, asked=asked, answers=answers, **given)
        self._union = {offer.definition.origin: union.code}
        consents = ConsentForm(self.data if self.is_bound else None, asked=(
            [] if draft else [one for one in consents_asked(offer, account_id) if one.is_needed]
        ))  # fmt: skip
        self._consents = consents
        self.fields.update(consents.fields)

    @property
    def agreed(self) -> set[str]:
        """Return the purposes that were ticked."""
        return self._consents.agreed

    def raw(self) -> dict[str, Any]:
        """Return what was typed, by field code, and the union of the page."""
        return {**super().raw(), **self._union}

    def refuse(self, refused: RefusedError) -> None:  # type: ignore[override]  # one sentence, not many
        """Show a service's sentence at its tick, or above."""
        refusal_show(self, refused)

    def place(self, errors: Mapping[str, str]) -> None:
        """Show each sentence at its question, those of the union above."""
        for code, sentence in errors.items():
            self.add_error(code if code in self.fields else None, sentence)


@dataclass
class Paper:
    """One kind of paper as the page draws it: what is kept already, and where to add more."""

    evidence: Evidence
    kept: list[StoredFile] = field(default_factory=list)
    account_id: uuid.UUID | None = None
    errors: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Name the control."""
        return f"paper-{self.evidence.code}"

    @property
    def files(self) -> list[dict[str, Any]]:
        """List what is kept, each with its name and a link only the sender can open."""
        return [
            {"id": one.pk, "name": name_of(one), "url": file_link(one, account_id=self.account_id)}
            for one in self.kept
            if self.account_id
        ]

    @property
    def is_full(self) -> bool:
        """Say whether no more files are taken here."""
        return len(self.kept) >= self.evidence.max_files


class PapersForm(QuestionsForm):
    """Questions, and papers to bring."""

    papers: list[Paper]

    def store(self, actor: Actor, subject_id: uuid.UUID | None) -> dict[str, list[uuid.UUID]]:
        """Keep what was uploaded and return the ids by code; a refused file becomes a sentence."""
        stored: dict[str, list[uuid.UUID]] = {}
        if actor.account_id is None:
            return stored
        for paper in self.papers:
            for upload in self.files.getlist(paper.name):
                try:
                    file = file_store(
                        actor_id=actor.account_id, upload=upload, purpose="evidence",
                        subject_id=subject_id,
                    )  # fmt: skip
                except RefusedError as refused:
                    paper.errors.append(f"{upload.name}: {refused.message}")
                else:
                    paper.kept.append(file)
                    stored.setdefault(paper.evidence.code, []).append(file.pk)
        return stored

    @property
    def is_refused(self) -> bool:
        """Say whether a file could not be taken."""
        return any(paper.errors for paper in self.papers)

    def place(self, errors: Mapping[str, str]) -> list[str]:
        """Show a service's sentences at their question or paper; return codes that stand elsewhere."""
        by_code = {paper.evidence.code: paper for paper in self.papers}
        elsewhere = []
        for code, sentence in errors.items():
            if code in by_code:
                by_code[code].errors.append(sentence)
            elif code in self.fields:
                self.add_error(code, sentence)
            else:
                elsewhere.append(code)
        return elsewhere


class MissingForm(PapersForm):
    """What is still missing: questions and papers."""

    def __init__(self, *args: Any, opened: Opened, **given: Any) -> None:
        super().__init__(*args, asked=opened.asked_fields, answers=opened.answers, **given)
        account_id = opened.draft.account_id
        self.papers = [
            Paper(one, opened.files.get(one.code, []), account_id) for one in opened.evidence
        ]


class CorrectionForm(PapersForm):
    """How one field of the roll should be, what happened, and the paper that shows it."""

    def __init__(
        self, *args: Any, offer: Offer, what: str, found: Opened | None, account_id: uuid.UUID | None,
        **given: Any,
    ) -> None:  # fmt: skip
        codes = [f"right_{what}", "why"]
        codes = ["right_id_kind", *codes] if what == "id_number" else codes
        codes = [*codes, "in_person"] if needs_paper(what) else codes
        fields = {one.code: one for one in offer.definition.fields}
        is_same = found is not None and found.answers.get("what") == what
        answers = found.answers if found and is_same else {"right_id_kind": "resident"}
        super().__init__(*args, asked=[fields[code] for code in codes], answers=answers, **given)
        for code in codes:
            self.fields[code].required = code != "in_person"
        kept = found.files if found and is_same else {}
        self.papers = [
            Paper(replace(one, is_required=needs_paper(what)), kept.get(one.code, []), account_id)
            for one in offer.definition.evidence
            if needs_paper(what) or what == "union_joined_on"
        ]
