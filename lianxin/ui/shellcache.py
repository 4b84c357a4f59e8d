"""What the service worker keeps on the phone, and the card by which a phone installs Lianxin."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse
from django.utils.translation import gettext as _

SHELL = (
    "ui/tokens.css",
    "ui/base.css",
    "ui/components.css",
    "ui/terminal.css",
    "ui/icons.svg",
    "ui/icon.svg",
    "ui/icon-192.png",
    "ui/app.js",
    "django_htmx/htmx-2.min.js",
)
SOURCE = Path(__file__).resolve().parent / "data" / "service_worker.js"


@lru_cache(maxsize=1)
def script() -> str:
    """The service worker, with the addresses of this release's files written into it."""
    files = [staticfiles_storage.url(name) for name in SHELL]
    body = SOURCE.read_text(encoding="utf-8")
    release = hashlib.sha256("".join([body, *files]).encode()).hexdigest()[:12]
    listed = ", ".join(f'"{name}"' for name in files)
    return body.replace('"@release@"', f'"{release}"').replace('"@files@"', listed)


def manifest() -> dict[str, Any]:
    """The web app manifest in the language of the page that asks."""
    icons = [
        {
            "src": staticfiles_storage.url(f"ui/{name}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for name, size, purpose in (
            ("icon-192", 192, "any"),
            ("icon-512", 512, "any"),
            ("icon-maskable-512", 512, "maskable"),
        )
    ]
    return {
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "name": _("Lianxin, your union"),
        "short_name": _("Lianxin"),
        "description": _(
            "Your union, in your pocket: help, rights, learning, activities, places to rest."
        ),
        "background_color": "#fffcf8",
        "theme_color": "#fffcf8",
        "icons": icons,
    }


def forget_on_this_device(response: HttpResponse) -> HttpResponse:
    """Make the browser drop every kept page; sign-out calls it, so that a shared phone tells nothing."""
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
