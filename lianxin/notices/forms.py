"""What people type on the pages of public notices."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.notices.services import LONGEST_OBJECTION


class ReceiptForm(forms.Form):
    receipt = forms.CharField(
        label=_("Your receipt"),
        max_length=24,
        help_text=_("Twelve letters and digits, from your case or our message to you."),
    )


class ObjectionForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("What is not right?"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=LONGEST_OBJECTION,
        help_text=_(
            "Facts help us most: what, where, when. Your name stays with the officers who check."
        ),
    )


class SettlementForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What did you find?"),
        choices=[("dismissed", _("The line may stand")), ("upheld", _("The objection is right"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Your reasons"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_OBJECTION,
        help_text=_("The person who objected reads these words."),
    )
