"""Settings of the test suite: fast password hashing, throw-away keys, plain static storage."""

from __future__ import annotations

import tempfile
from pathlib import Path

from lianxin.config.settings.base import *  # noqa: F403  (a settings module is its base plus differences)
from tools import messages

# Here, not in a conftest: Django reads the catalogues while it sets itself up, and keeps what it read.
messages.compile_all()

SECRET_KEY = "a-test-has-no-secrets"
ALLOWED_HOSTS = ["*"]
DEMO = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
_folder = tempfile.TemporaryDirectory(prefix="lianxin-test-")
TEST_VAR = Path(_folder.name)
MEDIA_ROOT = TEST_VAR / "files"
VAULT_KEYS = TEST_VAR / "keys"
ELIGIBILITY_WORKSPACE = TEST_VAR / "matching"
ELIGIBILITY_MATCH_APART = False  # another process would not see the test's database
AUDIT_CHECKPOINTS = TEST_VAR / "checkpoints"
STATIC_ROOT = TEST_VAR / "static"
STATIC_ROOT.mkdir()

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    # A file, as in life: several connections, and a lock between them.
    DATABASES["default"]["TEST"] = {"NAME": TEST_VAR / "test.sqlite3"}  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"  # noqa: F405
DEMO_SIGN_INS = TEST_VAR / "demo.json"
