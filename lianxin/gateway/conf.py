"""The settings of the door for other systems, with their defaults."""

from __future__ import annotations

import datetime as dt

from django.conf import settings


def calls_a_minute() -> int:
    """How often a new client may call within a minute."""
    return int(getattr(settings, "GATEWAY_CALLS_A_MINUTE", 120))


def plain_webhooks_allowed() -> bool:
    """Whether a receiver may be named without TLS: on one's own machine only."""
    return bool(getattr(settings, "GATEWAY_PLAIN_WEBHOOKS", False))


def private_webhooks_allowed() -> bool:
    """Whether a receiver may lie inside the operator's own network."""
    return bool(getattr(settings, "GATEWAY_PRIVATE_WEBHOOKS", False))


def webhook_patience() -> float:
    """How many seconds a receiver has to answer."""
    return float(getattr(settings, "GATEWAY_WEBHOOK_PATIENCE", 10.0))


def webhook_days() -> dt.timedelta:
    """How long a receiver may fail before its subscription is switched off."""
    return dt.timedelta(days=getattr(settings, "GATEWAY_WEBHOOK_DAYS", 5))


def kept_for() -> dt.timedelta:
    """How long the log of deliveries is kept."""
    return dt.timedelta(days=getattr(settings, "GATEWAY_KEPT_DAYS", 90))
