"""Settings that hold in every situation; run, test and production build on them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF

from lianxin.config.logs import logging_of

ROOT = Path(__file__).resolve().parents[3]
VAR = Path(os.environ.get("LIANXIN_VAR", ROOT / "var"))

DEBUG = False
SECRET_KEY = ""
ALLOWED_HOSTS: list[str] = []

# Demo mode shows sign-ins and the outbox page. Production refuses it.
DEMO = False

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "lianxin.kit",
    "lianxin.ui",
    "lianxin.audit",
    "lianxin.vault",
    "lianxin.jobs",
    "lianxin.files",
    "lianxin.notify",
    "lianxin.accounts",
    "lianxin.orgs",
    "lianxin.members",
    "lianxin.eligibility",
    "lianxin.partners",
    "lianxin.notices",
    "lianxin.procedures",
    "lianxin.allocation",
    "lianxin.catalogue",
    "lianxin.exchange",
    "lianxin.activities",
    "lianxin.stations",
    "lianxin.voice",
    "lianxin.terminal",
    "lianxin.desk",
    "lianxin.gateway",
    "lianxin.config",
    # After ours: where a word is translated twice, the first app listed has the say.
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "treebeard",
    "django_tasks",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "lianxin.config.middleware.PermissionsPolicyMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lianxin.accounts.middleware.KioskMiddleware",
    "lianxin.orgs.middleware.ActorMiddleware",
    "lianxin.config.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

# Nothing comes from elsewhere and nothing stands inside a page that could run or restyle it.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
# A page may use what the worker holds in her hand for her own sake, and only on this site.
PERMISSIONS_POLICY = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "lianxin.ui.views.csrf_failed"

ROOT_URLCONF = "lianxin.config.urls"
WSGI_APPLICATION = "lianxin.config.wsgi.application"
ASGI_APPLICATION = "lianxin.config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Widgets are drawn by the same engine as pages: with our tags, and from our apps' folders.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lianxin.ui.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "lianxin.ui.templatetags.ui",
            ],
        },
    }
]


def database(url: str) -> dict[str, Any]:
    """Read a database address; SQLite gets the settings it needs for several writers."""
    # A connection anew for each request costs more than most of what it then asks.
    found: dict[str, Any] = dict(dj_database_url.parse(url)) | {"CONN_MAX_AGE": 60}
    if found["ENGINE"] == "django.db.backends.sqlite3":
        Path(found["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        # IMMEDIATE takes the write lock at once: read-then-write never fails as busy. FULL waits for
        # the disk: what somebody was told is still so after the power failed.
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-16000;",
        }
    else:
        found["CONN_HEALTH_CHECKS"] = True
    return found


DATABASES = {
    "default": database(os.environ.get("LIANXIN_DATABASE_URL", f"sqlite:///{VAR}/lianxin.sqlite3"))
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login_name", "display_name", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:sign_in"
DEVICE_COOKIE_NAME = "lx_device"
SESSION_COOKIE_AGE = 30 * 24 * 3600
# Guessing a password: counted for the login name, apart on devices that are known; never by
# network address, so that a factory behind one address is not locked out. Nothing is kept of
# sign-ins that succeed.
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "lianxin.accounts.adapters.axes.counted_name"
AXES_CLIENT_IP_CALLABLE = "lianxin.accounts.adapters.axes.no_address"
AXES_LOCKOUT_CALLABLE = "lianxin.accounts.adapters.axes.same_page"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
ACCOUNT_ADAPTER = "lianxin.accounts.adapters.allauth.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login_name"
MFA_ADAPTER = "lianxin.accounts.adapters.allauth.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# Identities outside that may open an account, by key; none unless the operator names them.
SIGN_IN_PROVIDERS = json.loads(os.environ.get("LIANXIN_SIGN_IN_PROVIDERS", "{}"))
# The domain passkeys are for; empty: the host of the page. A passkey never works on another.
PASSKEY_DOMAIN = os.environ.get("LIANXIN_PASSKEY_DOMAIN", "")
# Kiosks that may ask a phone to sign them in: the key each is set up with, and its name.
KIOSKS = json.loads(os.environ.get("LIANXIN_KIOSKS", "{}"))
# The sign-ins shown on the sign-in page in demo mode; see lianxin/accounts/README.md.
DEMO_SIGN_INS = VAR / "demo.json"

# W006 wants failures counted by address; a whole factory sits behind one, so we count by account.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
# A file in the form of lianxin/kit/data/workdays.yaml, for a year announced before our next release.
WORKDAYS_FILE = os.environ.get("LIANXIN_WORKDAYS", VAR / "workdays.yaml")
# The operator's own service items; empty: the samples of lianxin/catalogue/data.
CATALOGUE_FOLDER = os.environ.get("LIANXIN_CATALOGUE", "")
# Relays of the drand beacon a draw may read its public value from; empty: people read it, both times.
DRAND_RELAYS = tuple(filter(None, os.environ.get("LIANXIN_DRAND", "").split(",")))
PROCEDURES_KEEP_YEARS = int(os.environ.get("LIANXIN_KEEP_YEARS", "10"))
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR / "files"

# Any django-tasks backend may stand here, Celery's for many machines.
TASKS = {
    "default": {
        "BACKEND": "lianxin.jobs.adapters.tasks.TableBackend",
        "QUEUES": ["default", "quick", "long"],
    }
}

VAULT_KEYS = VAR / "keys"
ELIGIBILITY_FOLDER = os.environ.get("LIANXIN_POLICIES", "")  # policies and parameters of one's own
ELIGIBILITY_WORKSPACE = VAR / "matching"  # sealed files of a pass over everybody, while it runs
VAULT_MASTER_KEYS = os.environ.get("LIANXIN_MASTER_KEYS", "")  # empty: beside the others
VAULT_KMS = os.environ.get("LIANXIN_KMS", "lianxin.vault.adapters.folder.FolderKMS")
VAULT_CIPHER = os.environ.get("LIANXIN_CIPHER", "aes")
AUDIT_CHECKPOINTS = Path(os.environ.get("LIANXIN_CHECKPOINTS", VAR / "checkpoints"))

# Other systems may be told of changes inside the operator's own network.
GATEWAY_PRIVATE_WEBHOOKS = os.environ.get("LIANXIN_PRIVATE_WEBHOOKS", "0") == "1"

# What the operator says of itself (docs/reference/settings.md).
LIANXIN_NAME = os.environ.get("LIANXIN_NAME", "")
LIANXIN_FILING_NUMBER = os.environ.get("LIANXIN_FILING_NUMBER", "")
LIANXIN_SECURITY_CONTACT = os.environ.get("LIANXIN_SECURITY_CONTACT", "")
LIANXIN_OPERATOR = os.environ.get("LIANXIN_OPERATOR", "")
LIANXIN_CONTACT = os.environ.get("LIANXIN_CONTACT", "")

# How text messages leave the house; without a channel their twin keeps them in a table.
_TWINS = "lianxin.notify.adapters.twin"
SMS_CHANNEL = os.environ.get("LIANXIN_SMS_CHANNEL", f"{_TWINS}.TwinSMS")
SMS_GATEWAY = json.loads(os.environ.get("LIANXIN_SMS_GATEWAY", "{}"))
SMS_CAP_PER_DAY = int(os.environ.get("LIANXIN_SMS_CAP_PER_DAY", "50000"))
SMS_CAP_PER_PHONE = int(os.environ.get("LIANXIN_SMS_CAP_PER_PHONE", "20"))
MAIL_CHANNEL = os.environ.get("LIANXIN_MAIL_CHANNEL", f"{_TWINS}.TwinMail")

LOGGING = logging_of("plain")
