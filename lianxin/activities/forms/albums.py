"""Adding pictures to an album."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.ui.fields import Refusable


class SeveralInput(forms.ClearableFileInput):
    """An input that takes several files."""

    allow_multiple_selected = True


class SeveralField(forms.FileField):
    """Several files; each is judged by the files app."""

    widget = SeveralInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        listed = data if isinstance(data, list | tuple) else [data] if data else []
        if not listed:
            return super().clean(None, initial)
        return [super(SeveralField, self).clean(one, initial) for one in listed]


class AlbumForm(Refusable):
    """Pictures, what they show, and that whoever they show agreed."""

    uploads = SeveralField(
        label=_("Pictures"),
        widget=SeveralInput(attrs={"accept": "image/*", "multiple": True}),
        help_text=_("JPEG, PNG or WEBP, at most six at a time. Place and camera are taken out of them."),
    )  # fmt: skip
    alt = forms.CharField(
        label=_("What do they show?"), max_length=120,
        help_text=_("For those who cannot see them: “reading aloud by candlelight”. No names."),
    )  # fmt: skip
    has_agreed = forms.BooleanField(
        label=_("Everybody who can be recognised agreed that the others see it; for a child, the parents did.")
    )  # fmt: skip
