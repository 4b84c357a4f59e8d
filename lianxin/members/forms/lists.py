"""What officers say of rolls that come in, of lists, and of lists that go out."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from lianxin.members.models import ImportRun
from lianxin.members.rules.industries import SECTIONS
from lianxin.members.selectors.dictionary import fact_entry
from lianxin.members.selectors.imports import FIELDS, SeenSheet
from lianxin.members.selectors.people import ANY_OVER, Filters
from lianxin.members.services.exporting import PURPOSE_WORDS
from lianxin.members.services.importing.yearly import ANSWERS
from lianxin.orgs.api import Ability, Actor, Organisation, organisation_by_code
from lianxin.ui.fields import Refusable

NEEDED = ("name", "id_number")


class UnionForm(Refusable):
    """For which union in an officer's reach: one she has a post in, or one below it by its code."""

    abilities: ClassVar[tuple[Ability, ...]] = ()
    organisation = forms.ChoiceField(
        label=gettext_lazy("For which union?"), widget=forms.RadioSelect
    )
    code = forms.CharField(
        label=gettext_lazy("Or one below it, by its code"),
        max_length=32,
        required=False,
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = {
            post.organisation_code: post.organisation_name
            for ability in self.abilities
            for post in actor.with_ability(ability)
        }
        field: Any = self.fields["organisation"]
        field.choices = list(posts.items())
        field.initial = next(iter(posts), "")

    def clean(self) -> dict[str, Any]:
        """Find the union."""
        cleaned = super().clean() or self.cleaned_data
        code = (cleaned.get("code") or cleaned.get("organisation") or "").strip()
        found = organisation_by_code(code)
        if found is None and code:
            self.add_error("code", _("There is no union of the code %(code)s.") % {"code": code})
        cleaned["union"] = found
        return cleaned

    @property
    def union(self) -> Organisation:
        found: Organisation = self.cleaned_data["union"]
        return found


class ImportForm(UnionForm):
    """A roll that is sent: whose, what it is, the file."""

    abilities = (Ability.MEMBER_IMPORT,)
    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=[
            (ImportRun.Kind.ROLL, gettext_lazy("New members, or changes of those we have")),
            (ImportRun.Kind.YEARLY, gettext_lazy("The yearly check: everybody is in it")),
        ],
        initial=ImportRun.Kind.ROLL,
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label=gettext_lazy("Workbook or CSV"),
        help_text=gettext_lazy("xlsx, xls, ods or CSV; up to a million rows."),
    )


class ColumnsForm(Refusable):
    """What each column of each sheet is; as it was guessed, until somebody says otherwise."""

    def __init__(self, *args: Any, sheets: list[SeenSheet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheets = sheets
        for number, sheet in enumerate(sheets):
            self.fields[f"{number}-use"] = forms.BooleanField(
                label=_("Read this sheet"), required=False, initial=sheet.is_roll
            )
            self.fields[f"{number}-at"] = forms.IntegerField(
                label=_("The titles stand in row"), min_value=1, max_value=30, initial=sheet.at + 1
            )
            titles = [(str(at), title or _("column %(number)s") % {"number": at + 1})
                      for at, title in enumerate(sheet.titles)]  # fmt: skip
            for field, label in FIELDS.items():
                self.fields[f"{number}-{field}"] = forms.ChoiceField(
                    label=str(label),
                    required=False,
                    choices=[("", "—"), *titles],
                    initial=str(sheet.columns.get(field, "")),
                )

    @property
    def columns(self) -> dict[str, Any]:
        """Return what was said, by sheet."""
        said = {}
        for number, sheet in enumerate(self.sheets):
            if self.cleaned_data.get(f"{number}-use"):
                picked = {f: self.cleaned_data.get(f"{number}-{f}") for f in FIELDS}
                columns = {field: int(at) for field, at in picked.items() if at}
                said[sheet.name] = {"at": self.cleaned_data[f"{number}-at"] - 1, "columns": columns}
        return said

    def of_sheets(self) -> list[tuple[SeenSheet, list[Any]]]:
        """Return each sheet with its fields."""
        return [
            (sheet, [self[name] for name in self.fields if name.startswith(f"{number}-")])
            for number, sheet in enumerate(self.sheets)
        ]


class MissingForm(Refusable):
    """What is so with people a yearly check did not find."""

    members = forms.MultipleChoiceField(label=gettext_lazy("Who?"), choices=[])
    answer = forms.ChoiceField(
        label=gettext_lazy("What is so with them?"),
        choices=list(ANSWERS.items()),
        widget=forms.RadioSelect,
    )
    is_sure = forms.BooleanField(
        label=gettext_lazy("Who died: I have compared each name with a paper or the family"),
        required=False,
    )

    def __init__(self, *args: Any, ids: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["members"]
        field.choices = [(one, one) for one in ids]
        field.error_messages["required"] = _("Please tick at least one person.")


class FilterForm(forms.Form):
    """What of the members' list an officer wants to see; what makes no sense is left out."""

    q = forms.CharField(
        label=gettext_lazy("Name, pinyin, whole phone or identity number"),
        max_length=64,
        required=False,
    )
    tail = forms.RegexField(
        r"^\d{4}$", label=gettext_lazy("Last four digits of the phone"), required=False,
        max_length=4,
    )  # fmt: skip
    industry = forms.ChoiceField(label=gettext_lazy("Industry"), required=False)
    employment_form = forms.ChoiceField(label=gettext_lazy("Form of employment"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("Membership"),
        required=False,
        choices=[
            ("", gettext_lazy("in force or retained")),
            ("in_force", gettext_lazy("membership in force")),
            ("retained", gettext_lazy("retained")),
            (ANY_OVER, gettext_lazy("left or ended")),
            ("left", gettext_lazy("has left the union")),
            ("ended", gettext_lazy("membership ended")),
        ],
    )
    union = forms.CharField(label=gettext_lazy("Union, by its code"), max_length=32, required=False)
    entered = forms.ChoiceField(
        label=gettext_lazy("How they came onto the roll"),
        required=False,
        choices=[
            ("", "—"),
            ("lately", gettext_lazy("entered by one officer in the last 30 days")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        at = 1 if (get_language() or "").startswith("en") else 2
        everything = ("", "—")
        industry: Any = self.fields["industry"]
        industry.choices = [everything, *((row[0], f"{row[0]} {row[at]}") for row in SECTIONS)]
        form: Any = self.fields["employment_form"]
        entry = fact_entry("employment_form")
        form.choices = [
            everything,
            *((c.code, str(c.label)) for c in (entry.choices if entry else ())),
        ]

    @property
    def filters(self) -> Filters:
        """Return what was asked for and makes sense."""
        self.is_valid()
        typed: dict[str, str] = self.cleaned_data
        return Filters(
            search=typed.get("q", ""),
            **{
                name: typed.get(name, "")
                for name in ("tail", "industry", "employment_form", "state", "union", "entered")
            },
        )


class ExportForm(Refusable):
    """What a list is taken out for."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("What is the list for?"),
        choices=list(PURPOSE_WORDS.items()),
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "It holds what this purpose needs and nothing else. Each member sees that she stood in a list, whose, and what for."
        ),
    )
    words = forms.CharField(
        label=gettext_lazy("In a few words"),
        max_length=200,
        help_text=gettext_lazy("For example: spring outing on 12 April"),
    )
