"""Settings of the test suite: fast password hashing, throw-away keys, plain static storage."""

from __future__ import annotations

import tempfile
from pathlib import Path

from lianxin.config.settings.base import *  # noqa: F403  (a settings module is its base plus differences)

SECRET_KEY = "a-test-has-no-secrets"
ALLOWED_HOSTS = ["*"]
DEMO = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TEST_VAR = Path(tempfile.mkdtemp(prefix="lianxin-test-"))
MEDIA_ROOT = TEST_VAR / "files"
VAULT_KEYS = TEST_VAR / "keys"
