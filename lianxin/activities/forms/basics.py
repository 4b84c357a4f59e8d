"""What an organiser types about an activity: the one page of the second screen, and its later changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.activities.models import Activity
from lianxin.activities.rules.kinds import Template
from lianxin.activities.selectors.kinds import kinds
from lianxin.activities.services.terms import FIXED, ActivityTerms
from lianxin.allocation.api import Audience, Pool
from lianxin.orgs.api import Organisation
from lianxin.ui.fields import MoneyField, Refusable


class BasicsForm(Refusable):
    """What people read of an activity. What is rare lies folded below what is always needed."""

    title = forms.CharField(label=_("What is the activity called?"), max_length=60)
    kind = forms.ChoiceField(label=_("What kind is it?"))
    words = forms.CharField(
        label=_("What will people find?"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Plain lines. A line that begins with “- ” becomes a list, one with “# ” a heading."
        ),
    )
    place = forms.CharField(label=_("Where?"), max_length=60, required=False)
    address = forms.CharField(label=_("Street and number"), max_length=120, required=False)
    district_code = forms.ChoiceField(label=_("In which district?"), required=False)
    audience = forms.ChoiceField(
        label=_("Who may come?"),
        choices=[
            (Audience.UNION, _("Members of our union and those below it")),
            (Audience.MEMBERS, _("Members of any union")),
            (Audience.EVERYBODY, _("Everybody")),
        ],
        widget=forms.RadioSelect,
    )
    method = forms.ChoiceField(
        label=_("If more want to come than there are places"),
        choices=[
            (Pool.Method.RUSH, _("In the order in which they sign up")),
            (Pool.Method.DRAW, _("A draw among all who apply in time")),
        ],
        widget=forms.RadioSelect,
    )
    contact_name = forms.CharField(label=_("Whom can people call?"), max_length=30)
    contact_phone = forms.CharField(label=_("Telephone"), max_length=32)
    bring = forms.CharField(label=_("What to bring"), max_length=300, required=False)
    access = forms.CharField(
        label=_("For wheelchairs, prams, weak eyes and ears"),
        max_length=300,
        required=False,
        help_text=_(
            "Stairs, lift, seats, a quiet corner, an interpreter: what is there and what is not."
        ),
    )
    cost_fen = MoneyField(
        label=_("What does it cost a person?"),
        required=False,
        help_text=_("Empty is free. Nothing is paid in here."),
    )
    cost_words = forms.CharField(
        label=_("What is the money for, and who takes it?"), max_length=120, required=False
    )
    is_public = forms.BooleanField(
        label=_("Everybody may read about it"),
        required=False,
        help_text=_("Left open, only members of our union and those below it see it."),
    )
    latitude = forms.DecimalField(
        label=_("Latitude (WGS-84)"), max_digits=9, decimal_places=6, min_value=-90, max_value=90, required=False
    )  # fmt: skip
    longitude = forms.DecimalField(
        label=_("Longitude (WGS-84)"), max_digits=9, decimal_places=6, min_value=-180, max_value=180, required=False
    )  # fmt: skip

    def __init__(
        self, *args: Any, districts: Sequence[Organisation], is_published: bool = False, **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self._choose("kind", [(one.code, str(one.label)) for one in kinds().values()])
        places = [(one.code, one.name) for one in districts]
        self._choose("district_code", [("", str(_("The whole city"))), *places])
        if is_published:
            # What people relied on when they signed up.
            for name in set(FIXED) & set(self.fields):
                del self.fields[name]

    def terms(self, before: ActivityTerms) -> ActivityTerms:
        """Return what was said, over what was said before."""
        said = {name: self.cleaned_data[name] for name in self.fields if name in self.cleaned_data}
        said["cost_fen"] = said.get("cost_fen") or 0
        plain = {name: getattr(before, name) for name in before.__dataclass_fields__}
        return ActivityTerms(**{**plain, **{k: v for k, v in said.items() if k in plain}})

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


def begun(template: Template, organisation: Organisation, *, contact: str, district: str) -> ActivityTerms:  # fmt: skip
    """Return what a new activity begins with."""
    return ActivityTerms(
        kind=template.kind,
        title=template.title,
        words=template.words,
        bring=template.bring,
        access=template.access,
        group=template.group,
        most=template.most,
        method=template.method,
        asks_ages=template.group == "family",
        audience=Audience.UNION,
        contact_name=contact,
        contact_phone=organisation.phone,
        address=organisation.address,
        district_code=district,
        latitude=None,
    )


def initial_of(terms: ActivityTerms | Activity) -> dict[str, Any]:
    """Return what a form shows of an activity."""
    shown = {name: getattr(terms, name) for name in BasicsForm.base_fields}
    shown["cost_fen"] = shown["cost_fen"] or None
    return shown
