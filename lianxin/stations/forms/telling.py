"""What a passer-by may add to her report."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.stations.services.reporting import LONGEST
from lianxin.ui.fields import Refusable


class MoreForm(Refusable):
    """A sentence and a picture, both if one likes."""

    words = forms.CharField(
        label=_("Anything that helps the keeper?"),
        help_text=_("For example which door. Please no names and no phone numbers."),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    photo = forms.FileField(
        label=_("A picture"),
        help_text=_("We keep the picture alone: no place, no time, nothing of your phone. Only the keeper sees it, for 60 days."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )  # fmt: skip
