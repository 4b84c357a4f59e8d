"""A table of stations that is sent: whose, in which datum, the file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from lianxin.orgs.api import Actor, Organisation
from lianxin.stations.forms.editing import DATUMS, union_found, whose_union
from lianxin.stations.rules.places import Datum
from lianxin.ui.fields import Refusable


class ImportForm(Refusable):
    """Rows without a union of their own belong to the one chosen here."""

    organisation = forms.ChoiceField(
        label=gettext_lazy("Which union keeps them?"), widget=forms.RadioSelect
    )
    code = forms.CharField(
        label=gettext_lazy("Or one below it, by its code"), max_length=32, required=False
    )
    datum = forms.ChoiceField(
        label=gettext_lazy("Where are the positions from?"),
        choices=DATUMS,
        initial=Datum.GCJ02.value,
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label=gettext_lazy("Workbook or CSV"),
        help_text=gettext_lazy("xlsx, xls, ods or CSV. A column for the name is enough; one for the code tells stations apart when you send the table again."),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whose_union(self, actor)

    def clean(self) -> dict[str, Any]:
        """Find the union."""
        return union_found(self, super().clean() or self.cleaned_data)

    @property
    def union(self) -> Organisation:
        found: Organisation = self.cleaned_data["union"]
        return found
