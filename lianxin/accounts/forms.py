"""What one types to sign in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.accounts import conf
from lianxin.ui.fields import Refusable


class PhoneForm(Refusable):
    """The number to send a code to."""

    phone = forms.CharField(
        label=gettext_lazy("Your mobile number"),
        max_length=32,
        widget=forms.TextInput(
            attrs={"autocomplete": "tel", "inputmode": "tel", "enterkeyhint": "send"}
        ),
        error_messages={"required": gettext_lazy("Please type your mobile number.")},
    )
    is_shared = forms.BooleanField(
        required=False,
        label=gettext_lazy("This device is not mine, or others use it too"),
    )


class NewPhoneForm(Refusable):
    """A new number for one's own account, and the answer to who one is where that is asked."""

    phone = forms.CharField(
        label=gettext_lazy("Your new mobile number"),
        max_length=32,
        error_messages={"required": gettext_lazy("Please type your mobile number.")},
    )
    answer = forms.CharField(
        label="",
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def __init__(self, *args: Any, question: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if question is None:
            del self.fields["answer"]
        else:
            self.fields["answer"].label = question


class CodeForm(Refusable):
    """The six digits that came by message, or a code of an authenticator app."""

    code = forms.CharField(
        label=gettext_lazy("The six digits"),
        max_length=32,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "enterkeyhint": "done"}
        ),
        error_messages={"required": gettext_lazy("Please type the code.")},
    )


class FactorForm(Refusable):
    """A code of the authenticator app, or a recovery code (which has letters)."""

    code = forms.CharField(
        label=gettext_lazy("Your code"),
        max_length=32,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}
        ),
        error_messages={"required": gettext_lazy("Please type the code.")},
    )


class PasskeyForm(Refusable):
    """What the browser's own dialog brought, and how one calls the passkey."""

    challenge = forms.UUIDField(widget=forms.HiddenInput)
    credential = forms.CharField(widget=forms.HiddenInput, max_length=20_000)
    name = forms.CharField(
        label=gettext_lazy("What do you call it?"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("So that you know it again, for example: my phone."),
    )

    def answered(self) -> dict[str, Any]:
        """Return the challenge and its answer as services want them."""
        return {
            "challenge_id": self.cleaned_data["challenge"],
            "answer": self.cleaned_data["credential"],
        }


class KioskCodeForm(Refusable):
    """The letters a kiosk shows."""

    code = forms.CharField(
        label=gettext_lazy("The eight letters on the screen"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": gettext_lazy("Please type the letters on the screen.")},
    )


class KioskKeyForm(Refusable):
    """The code from the desk of a station, or the key an operator sets a kiosk up with."""

    key = forms.CharField(
        label=gettext_lazy("Code of the station, or key"),
        max_length=128,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters"}, render_value=False
        ),
        error_messages={"required": gettext_lazy("Please type the code or the key.")},
    )


class AnswerForm(Refusable):
    """What only the person behind an account can answer."""

    answer = forms.CharField(
        label="",
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": gettext_lazy("Please type your answer.")},
    )

    def __init__(self, *args: Any, question: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = question


class AgreeForm(Refusable):
    """One tick a document; none is set beforehand."""

    agreed = forms.MultipleChoiceField(
        label=gettext_lazy("Do you agree?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Without your yes we do not begin.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agreed"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = _sentences()


class OfficerForm(Refusable):
    """Login name and password."""

    login_name = forms.CharField(
        label=gettext_lazy("Login name"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        error_messages={"required": gettext_lazy("Please type your login name.")},
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("Please type your password.")},
    )
    is_shared = forms.BooleanField(
        required=False,
        label=gettext_lazy("This device is not mine, or others use it too"),
    )


class PasswordForm(Refusable):
    """A password of one's own."""

    old = forms.CharField(
        label=gettext_lazy("Present password"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("New password once more"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new"].help_text = _(
            "At least ten characters; not only digits, no common word, not your name."
        )

    def clean_again(self) -> str:
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("new"):
            raise ValidationError(_("The two do not match. Please type the new one twice."))
        return again


def _sentences() -> list[tuple[str, str]]:
    policy = conf.policy()
    return [
        (conf.POLICY, _("I have read the privacy policy and agree to it.")),
        *((f"{conf.BASIC}.{one.name}", str(one.sentence)) for one in policy.purposes),
    ]
