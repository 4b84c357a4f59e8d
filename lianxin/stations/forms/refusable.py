"""A form that shows what a service refused."""

from __future__ import annotations

from django import forms

from lianxin.kit.errors import RefusedError


class Refusable(forms.Form):
    def refuse(self, error: RefusedError) -> None:
        """Show a service's sentence at its field, or on top."""
        self.add_error(error.field if error.field in self.fields else None, error.message)
