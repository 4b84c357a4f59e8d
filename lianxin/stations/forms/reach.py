"""For which union somebody writes: one she keeps stations for, or one below it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.orgs.api import Ability, Actor, Organisation, organisation_by_code
from lianxin.ui.fields import Refusable


class UnionForm(Refusable):
    """Which union: chosen among one's own, or named by its code."""

    organisation = forms.ChoiceField(
        label=gettext_lazy("Which union keeps it?"), widget=forms.RadioSelect
    )
    code = forms.CharField(
        label=gettext_lazy("Or one below it, by its code"), max_length=32, required=False
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = {
            post.organisation_code: post.organisation_name
            for post in actor.with_ability(Ability.STATION_KEEP)
        }
        field: Any = self.fields["organisation"]
        field.choices = list(posts.items())
        field.initial = next(iter(posts), "")

    def clean(self) -> dict[str, Any]:
        """Find the union that was chosen, or named by its code."""
        cleaned = super().clean() or self.cleaned_data
        code = (cleaned.get("code") or cleaned.get("organisation") or "").strip()
        found = organisation_by_code(code)
        if found is None and code:
            self.add_error("code", _("There is no union of the code %(code)s.") % {"code": code})
        cleaned["union"] = found
        return cleaned

    @property
    def union(self) -> Organisation:
        """Return the union that was found."""
        found: Organisation = self.cleaned_data["union"]
        return found
