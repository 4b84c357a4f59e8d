"""What is said when an officer's way in is given anew."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ResetForm(forms.Form):
    """What she lost, and that she was looked at."""

    lost = forms.ChoiceField(
        label=_("What did she lose?"),
        choices=[
            ("password", _("The password alone; her app or passkey still works")),
            ("both", _("Her phone or app too: they are forgotten, she sets them up anew")),
        ],
        widget=forms.RadioSelect,
    )
    seen = forms.BooleanField(
        label=_("She stands before me, and I have compared her identity card."),
        error_messages={"required": _("Only in person: nobody is helped by telephone here.")},
    )

    @property
    def also_factors(self) -> bool:
        """Say whether app, passkeys and recovery codes go too."""
        return bool(self.cleaned_data["lost"] == "both")
