"""How it was: one of three words and one line."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.ui.fields import Refusable


class OpinionForm(Refusable):
    """The line; the word is the button one taps."""

    line = forms.CharField(
        label=_("In one line"),
        required=False,
        max_length=100,
        help_text=_("No names, please: yours is not kept, so let nobody else’s be."),
    )
