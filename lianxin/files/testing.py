"""A picture to send; and for the tests below accounts an account without knowing its app, signed in."""

from __future__ import annotations

import io
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

BACKEND = "django.contrib.auth.backends.ModelBackend"


def user_of(name: str) -> Any:
    """Make an account that can be signed in; its class is whatever AUTH_USER_MODEL says."""
    return get_user_model()._default_manager.create(login_name=name, display_name=name)


def sign_in(client: Client, user: Any) -> Any:
    client.force_login(user, backend=BACKEND)
    return user


def picture_upload(colour: str = "#b8c4a0", size: tuple[int, int] = (640, 400)) -> SimpleUploadedFile:  # fmt: skip
    """Return a plain picture to send."""
    from PIL import Image  # noqa: PLC0415  (heavy)

    held = io.BytesIO()
    Image.new("RGB", size, colour).save(held, "PNG")
    return SimpleUploadedFile("picture.png", held.getvalue(), "image/png")
