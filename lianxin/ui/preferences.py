"""Language, text size and theme: read from the cookie or the account, kept where they belong."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lianxin.ui.slots import Preferences, preference_readers, preference_savers

SIZES = ("normal", "large", "largest")
THEMES = ("auto", "light", "dark")
SIZE_COOKIE = "lx_size"
THEME_COOKIE = "lx_theme"
YEAR = 365 * 24 * 3600


def read(request: HttpRequest) -> Preferences:
    """Return what the person chose; the cookie of this device wins over the account."""
    size = _one_of(request.COOKIES.get(SIZE_COOKIE, ""), SIZES)
    theme = _one_of(request.COOKIES.get(THEME_COOKIE, ""), THEMES)
    found = Preferences(size=size, theme=theme)
    if (size and theme) or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return found
    for reader in preference_readers:
        kept = reader(request)
        if kept:
            found = Preferences(
                size=size or _one_of(kept.size, SIZES), theme=theme or _one_of(kept.theme, THEMES)
            )
    return found


def chosen(request: HttpRequest) -> Preferences:
    """Return what was posted, without anything we do not know."""
    languages = tuple(code for code, _ in settings.LANGUAGES)
    return Preferences(
        language=_one_of(request.POST.get("language", ""), languages),
        size=_one_of(request.POST.get("size", ""), SIZES),
        theme=_one_of(request.POST.get("theme", ""), THEMES),
    )


def save(request: HttpRequest, response: HttpResponse, wanted: Preferences) -> None:
    """Keep the choice on this device and, for a signed-in person, in the account."""
    remember(response, wanted)
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        for saver in preference_savers:
            saver(request, replace(wanted))


def remember(response: HttpResponse, wanted: Preferences) -> None:
    """Set the cookies of this device; sign-in calls it with what the account remembers."""
    names = {
        settings.LANGUAGE_COOKIE_NAME: wanted.language,
        SIZE_COOKIE: wanted.size,
        THEME_COOKIE: wanted.theme,
    }
    for name, value in names.items():
        if value:
            response.set_cookie(
                name,
                value,
                max_age=YEAR,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
            )


def _one_of(value: str, known: tuple[str, ...]) -> str:
    return value if value in known else ""
