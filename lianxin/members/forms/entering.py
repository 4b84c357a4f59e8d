"""What an officer writes down of somebody who stands before her, and to which union one goes over."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.files.api import StoredFile, file_store, name_of, unclaimed_of
from lianxin.kit.errors import RefusedError
from lianxin.members.constants import SIGNED_PAGE
from lianxin.members.forms.lists import UnionForm
from lianxin.members.rules.identity import IdKind
from lianxin.members.selectors.dictionary import fact_entry
from lianxin.members.services.entering import Newcomer
from lianxin.orgs.api import Ability, Actor, Reach
from lianxin.ui.fields import Refusable


class NewcomerForm(UnionForm):
    """One person as her papers say, and the page she signed; a photo that came stays, whatever else is wrong."""

    abilities = (Ability.MEMBER_HELP, Ability.MEMBER_IMPORT)
    id_kind = forms.ChoiceField(
        label=gettext_lazy("Identity paper"), initial=IdKind.RESIDENT.value, choices=[]
    )
    id_number = forms.CharField(label=gettext_lazy("Identity number"), max_length=32)
    name = forms.CharField(label=gettext_lazy("Name, as on the paper"), max_length=64)
    phone = forms.CharField(
        label=gettext_lazy("Mobile phone"),
        max_length=24,
        required=False,
        help_text=gettext_lazy("Empty if there is none. With +852, +853 or +886 from beyond the mainland."),
    )  # fmt: skip
    employer_name = forms.CharField(label=gettext_lazy("Employer"), max_length=120, required=False)
    occupation = forms.CharField(label=gettext_lazy("Job"), max_length=64, required=False)
    signed = forms.FileField(
        label=gettext_lazy("Photo of the signed page"),
        error_messages={
            "required": gettext_lazy("Please take a photo of the page the person signed.")
        },
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self._account_id = actor.account_id
        self.kept: list[StoredFile] = []
        entry = fact_entry("id_kind")
        field: Any = self.fields["id_kind"]
        field.choices = [(c.code, str(c.label)) for c in (entry.choices if entry else ())]
        # A photo that came before is enough.
        self._sent = [one for one in self._listed("kept") if _is_id(one)]
        self.fields["signed"].required = not self._sent
        posts = [post for ability in self.abilities for post in actor.with_ability(ability)]
        if not any(post.reach is Reach.BELOW for post in posts):
            del self.fields["code"]  # there is nothing below to choose
        # It is another person's: no browser offers the officer's own.
        for name in ("name", "phone", "employer_name"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_signed(self) -> list[uuid.UUID]:
        """Take the photo in, or find the one that came before."""
        if self._account_id is None:
            return []
        if upload := self.cleaned_data.get("signed"):
            try:
                stored = file_store(actor_id=self._account_id, upload=upload, purpose=SIGNED_PAGE)
            except RefusedError as refused:
                raise forms.ValidationError(refused.message) from None
            self.kept = [stored]
        else:
            self.kept = list(unclaimed_of(self._account_id).filter(pk__in=self._sent))
        if not self.kept:
            raise forms.ValidationError(_("Please take a photo of the page the person signed."))
        return [one.pk for one in self.kept]

    def _listed(self, name: str) -> list[str]:
        data: Any = self.data  # a form that was sent may hold several of one name
        return list(data.getlist(name)) if self.is_bound else []

    @property
    def only_union(self) -> str:
        """Return the code of the union, where there is no choice."""
        field: Any = self.fields["organisation"]
        return str(field.choices[0][0]) if len(field.choices) == 1 else ""

    @property
    def kept_names(self) -> list[tuple[uuid.UUID, str]]:
        """Return the photos that stay, with their names."""
        return [(one.pk, name_of(one)) for one in self.kept]

    @property
    def newcomer(self) -> Newcomer:
        """Return what was written down."""
        told = self.cleaned_data
        return Newcomer(
            name=told["name"],
            id_kind=IdKind(told["id_kind"]),
            id_number=told["id_number"],
            phone=told["phone"],
            employer_name=told["employer_name"],
            occupation=told["occupation"],
        )


class CarryForm(Refusable):
    """To which union a membership is carried over."""

    union = forms.CharField(
        label=gettext_lazy("To which union? Its code, or its whole name"), max_length=120
    )


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
