"""What is typed to found a union, to put its facts right, and to move, merge or close it."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.kit import clock
from lianxin.kit.text import clean
from lianxin.orgs.constants import LEVEL_WORDS
from lianxin.orgs.models import Organisation
from lianxin.orgs.rules import Level, may_stand_below
from lianxin.orgs.services import Details
from lianxin.ui.fields import Refusable

TONIGHT = dt.time(22, 0)


class EditForm(Refusable):
    """Name and details of a union."""

    name = forms.CharField(
        label=_("Name of the union"), max_length=120,
        error_messages={"required": _("A union needs a name.")},
    )  # fmt: skip
    uscc = forms.CharField(
        label=_("Its own credit code"), max_length=18, required=False,
        help_text=_("18 characters, as on the certificate of the union as a legal person."),
    )  # fmt: skip
    employer_uscc = forms.CharField(
        label=_("Credit code of the employer"), max_length=18, required=False,
        help_text=_("Of the unit whose workers it unites; empty for a territorial union."),
    )  # fmt: skip
    division_code = forms.CharField(
        label=_("Division code"), max_length=12, required=False,
        help_text=_("GB/T 2260: 6 digits, or 9 or 12 down to the street or village."),
    )  # fmt: skip
    industry_code = forms.CharField(
        label=_("Industry code"), max_length=5, required=False,
        help_text=_("GB/T 4754: a letter and 2 to 4 digits, such as C3411."),
    )  # fmt: skip
    phone = forms.CharField(label=_("Telephone"), max_length=32, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    opening_hours = forms.CharField(label=_("Opening hours"), max_length=120, required=False)

    @property
    def details(self) -> Details:
        return Details(**{one.name: self.cleaned_data[one.name] for one in fields(Details)})

    @classmethod
    def initial_of(cls, union: Organisation) -> dict[str, Any]:
        """Return what stands written of a union."""
        return {name: getattr(union, name) for name in cls.base_fields}


class FoundForm(EditForm):
    """A new union below one that stands."""

    level = forms.ChoiceField(label=_("Level"))
    field_order = ["name", "level"]

    def __init__(self, *args: Any, parent: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fitting = [one for one in Level if may_stand_below(one, Level(parent.level))]
        level = self.fields["level"]
        if isinstance(level, forms.ChoiceField):
            level.choices = [(one.value, LEVEL_WORDS[one]) for one in fitting]
        if Level.GRASSROOTS in fitting:
            level.initial = Level.GRASSROOTS


class TargetForm(Refusable):
    """Another union, by its code or its whole name."""

    target = forms.CharField(
        label=_("Which union it is"), max_length=120,
        help_text=_("Its code, or its whole name."),
        error_messages={"required": _("Please choose the union.")},
    )  # fmt: skip

    def clean_target(self) -> Organisation:
        """Find the union."""
        typed = clean(self.cleaned_data["target"])
        found: Organisation | None = Organisation.objects.filter(code=typed).first()
        if found is None:
            named = list(Organisation.objects.filter(name=typed)[:2])
            found = named[0] if len(named) == 1 else None
        if found is None:
            raise forms.ValidationError(
                _("We find no single union of this code or name. Please compare it once more.")
            )
        return found


class WhenForm(Refusable):
    """At once, or in the quiet of the evening."""

    when = forms.ChoiceField(
        label=_("When it begins"),
        choices=[("now", _("At once")), ("tonight", _("Tonight at 22:00"))],
        widget=forms.RadioSelect, initial="now",
    )  # fmt: skip

    @property
    def starts_at(self) -> dt.datetime | None:
        if self.cleaned_data["when"] == "now":
            return None
        evening = dt.datetime.combine(
            clock.today(), TONIGHT, tzinfo=timezone.get_default_timezone()
        )
        return evening if evening > clock.now() else evening + dt.timedelta(days=1)


class ChangeForm(TargetForm, WhenForm):
    """Where to, and when."""
