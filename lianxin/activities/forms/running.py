"""What an organiser writes on the day."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.activities.models import Telling
from lianxin.ui.fields import Refusable


class WordForm(Refusable):
    """A word to everybody who signed up."""

    words = forms.CharField(
        label=_("What should they know?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A change of time or place is told by itself. At most three messages a day."),
    )
    whom = forms.ChoiceField(
        label=_("Whom does it concern?"),
        choices=[
            (Telling.Whom.HOLDING, _("Those who have a place")),
            (Telling.Whom.LIVING, _("Those who wait, too")),
        ],
        initial=Telling.Whom.HOLDING,
        widget=forms.RadioSelect,
    )
