"""What is typed about partners."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.accounts import api as accounts
from lianxin.kit.text import clean
from lianxin.partners.constants import KIND_WORDS
from lianxin.partners.models import Partner
from lianxin.partners.services import Entry
from lianxin.ui.fields import Refusable


class ReachForm(Refusable):
    """How a partner is reached."""

    phone = forms.CharField(label=_("Telephone"), max_length=32, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)


class PartnerForm(ReachForm):
    """All that is written of a partner."""

    name = forms.CharField(
        label=_("Name of the partner"), max_length=120,
        error_messages={"required": _("A partner needs a name.")},
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("What it is"), choices=list(KIND_WORDS.items()))
    uscc = forms.CharField(
        label=_("Credit code"), max_length=18, required=False,
        help_text=_("18 characters, as on its certificate."),
    )  # fmt: skip
    work = forms.CharField(
        label=_("What it does with us"), max_length=120, required=False,
        help_text=_("For example: courses in the evening, health checks."),
    )  # fmt: skip
    field_order = ["name", "kind", "uscc", "work", "phone", "address"]

    @property
    def entry(self) -> Entry:
        return Entry(**{one.name: self.cleaned_data[one.name] for one in fields(Entry)})

    @classmethod
    def initial_of(cls, partner: Partner) -> dict[str, Any]:
        """Return what stands written of a partner."""
        return {one.name: getattr(partner, one.name) for one in fields(Entry)}


class ContactForm(Refusable):
    """Who speaks for a partner."""

    person = forms.CharField(
        label=_("Mobile number"), max_length=32,
        help_text=_("She signs in once with this number; then you can name her."),
        error_messages={"required": _("Please write down who it is.")},
    )  # fmt: skip
    title = forms.CharField(label=_("What she does there"), max_length=60, required=False)

    def clean_person(self) -> accounts.User:
        """Find the account."""
        number = accounts.normal_phone(clean(self.cleaned_data["person"]), strict=False)
        found = accounts.user_by_phone(number) if number else None
        if found is None:
            raise forms.ValidationError(
                _("Nobody has signed in with this number yet. Please ask her to do so once.")
            )
        return found
