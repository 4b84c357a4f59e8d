"""Settings for real people's data: it does not start until what must be safe is safe."""

from __future__ import annotations

import os

from django.core.exceptions import ImproperlyConfigured

from lianxin.config.logs import logging_of
from lianxin.config.settings.base import *  # noqa: F403  (a settings module is its base plus differences)


def _wanted(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is not set; see docs/guide/operator.md.")
    return value


def _off(name: str) -> bool:
    if os.environ.get(name, "0").strip().lower() not in {"", "0", "false", "no"}:
        raise ImproperlyConfigured(f"{name} must not be set where real people's data lives.")
    return False


def _secret() -> str:
    key = _wanted("LIANXIN_SECRET_KEY")
    if len(key) < 50 or len(set(key)) < 12 or "demo" in key or "insecure" in key:
        raise ImproperlyConfigured(
            "LIANXIN_SECRET_KEY is too weak. Make one: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(64))"'
        )
    return key


def _hosts() -> list[str]:
    hosts = [host.strip() for host in _wanted("LIANXIN_ALLOWED_HOSTS").split(",") if host.strip()]
    if not hosts or any("*" in host or host.startswith(".") for host in hosts):
        raise ImproperlyConfigured("LIANXIN_ALLOWED_HOSTS must name each host; no wildcards.")
    return hosts


DEBUG = _off("LIANXIN_DEBUG")
DEMO = _off("LIANXIN_DEMO")
SECRET_KEY = _secret()
ALLOWED_HOSTS = _hosts()
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

# The proxy in front ends TLS and must set this header itself, never pass on a client's
# (deploy/nginx.conf does).
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Preloading binds a whole domain for years; that is for its owner to decide, not for us.
SILENCED_SYSTEM_CHECKS += ["security.W021"]  # noqa: F405

SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# The __Host- prefix: no neighbour under the same domain can plant these.
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
DEVICE_COOKIE_NAME = "__Host-device"

LOGGING = logging_of("json")
