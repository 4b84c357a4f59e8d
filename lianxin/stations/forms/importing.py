"""A table of stations that is sent: whose, in which datum, the file."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from lianxin.stations.forms.editing import DATUMS
from lianxin.stations.forms.reach import UnionForm
from lianxin.stations.rules.places import Datum


class ImportForm(UnionForm):
    """Rows without a union of their own belong to the one chosen here."""

    organisation = forms.ChoiceField(
        label=gettext_lazy("Which union keeps them?"), widget=forms.RadioSelect
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
