"""What accounts shows and answers elsewhere: links, preferences, where a person is reached."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lianxin.accounts import rules, selectors, services
from lianxin.accounts.models import User
from lianxin.notify.api import Address, address_resolvers
from lianxin.ui import slots as ui
from lianxin.vault import api as vault

_KIOSK_PAGES = ("/kiosk/", "/kiosk/set-up/")


def fill() -> None:
    """Fill the slots of the lower apps."""
    ui.footer_links.fill(
        "privacy", ui.NavItem(label=_("Privacy"), url_name="accounts:privacy"), order=50
    )
    ui.me_links.fill(
        "devices",
        ui.NavItem(
            label=_("Where I am signed in"),
            url_name="accounts:devices",
            icon="device-mobile",
            note=_("Phones and browsers, sign out everywhere"),
        ),
        order=70,
    )
    ui.me_links.fill(
        "ways",
        ui.NavItem(
            label=_("Ways I sign in"),
            url_name="accounts:ways",
            icon="key",
            note=_("Phone, passkey, linked identities"),
        ),
        order=72,
    )
    ui.me_links.fill(
        "phone",
        ui.NavItem(
            label=_("My phone number"),
            url_name="accounts:phone",
            icon="phone",
            note=_("Changed your number? Take your account along."),
        ),
        order=75,
    )
    ui.me_links.fill(
        "privacy",
        ui.NavItem(label=_("Privacy"), url_name="accounts:privacy", icon="lock"),
        order=90,
    )
    ui.strips.fill("kiosk", _kiosk_strip)
    ui.preference_readers.fill("accounts", _preferences_of)
    ui.preference_savers.fill("accounts", _keep_preferences)
    ui.sitemap_urls.fill("accounts", lambda: [ui.SitemapUrl(path="/privacy/")])
    address_resolvers.fill("accounts", address_of)
    for store in services.sealed_stores():
        vault.resealers.fill(store.name, store)


def address_of(account_id: uuid.UUID) -> Address | None:
    """Return the number and language of an account, for messages to itself."""
    user = User.objects.filter(pk=account_id, is_active=True).first()
    if user is None:
        return None
    # Opened for the machine only, which sends to the person's own phone.
    return Address(
        phone=vault.reveal(user, "phone") or None,
        mail=user.email or None,
        language=user.language or None,
    )


def _kiosk_strip(request: HttpRequest) -> ui.HomeCard | None:
    """Show at a kiosk how long it waits, and the way out or back; other browsers are not even asked.

    Whoever only looks around is led back as well: the next person finds the start.
    """
    if request.path in _KIOSK_PAGES or not selectors.kiosk_of(request):
        return None
    context = {
        "idle": int(rules.KIOSK_IDLE.total_seconds()),
        "is_in": selectors.kiosk_session(request) is not None,
    }
    return ui.HomeCard(title="", template="accounts/_kiosk_strip_part.html", context=context)


def _preferences_of(request: HttpRequest) -> ui.Preferences | None:
    user = request.user
    if not isinstance(user, User):
        return None
    return ui.Preferences(language=user.language, size=user.text_size, theme=user.theme)


def _keep_preferences(request: HttpRequest, wanted: ui.Preferences) -> None:
    if request.user.is_authenticated:
        services.preferences_save(
            account_id=request.user.pk,
            language=wanted.language,
            text_size=wanted.size,
            theme=wanted.theme,
        )
