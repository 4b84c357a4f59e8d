"""For the tests below accounts: an account without knowing its app, and a way to be signed in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client

BACKEND = "django.contrib.auth.backends.ModelBackend"


def user_of(name: str) -> Any:
    """Make an account that can be signed in; its class is whatever AUTH_USER_MODEL says."""
    return get_user_model()._default_manager.create(login_name=name, display_name=name)


def sign_in(client: Client, user: Any) -> Any:
    client.force_login(user, backend=BACKEND)
    return user
