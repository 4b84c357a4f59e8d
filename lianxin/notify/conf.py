"""The settings of messages, with their defaults."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

_SMS_TWIN = "lianxin.notify.adapters.twin.TwinSMS"
_MAIL_TWIN = "lianxin.notify.adapters.twin.TwinMail"


def sms_channel() -> Any:
    """Return the adapter that sends text messages."""
    return import_string(getattr(settings, "SMS_CHANNEL", _SMS_TWIN))()


def mail_channel() -> Any:
    """Return the adapter that sends mail."""
    return import_string(getattr(settings, "MAIL_CHANNEL", _MAIL_TWIN))()


def gateway() -> dict[str, Any]:
    """Return url, app_id, secret and sign name of the SMS gateway."""
    return dict(getattr(settings, "SMS_GATEWAY", {}))


def cap_per_phone() -> int:
    """How many text messages one number gets on one day."""
    return int(getattr(settings, "SMS_CAP_PER_PHONE", 20))


def cap_per_day() -> int:
    """How many text messages leave the house on one day."""
    return int(getattr(settings, "SMS_CAP_PER_DAY", 50_000))


def gather_for() -> dt.timedelta:
    """How long a message waits for others before a digest carries it."""
    return dt.timedelta(minutes=getattr(settings, "NOTIFY_GATHER_MINUTES", 10))


def digest_pause() -> dt.timedelta:
    """How long after one digest the next may follow."""
    return dt.timedelta(minutes=getattr(settings, "NOTIFY_DIGEST_MINUTES", 180))


def kept_for() -> dt.timedelta:
    """How long read messages and the traces of sent ones stay."""
    return dt.timedelta(days=getattr(settings, "NOTIFY_KEPT_DAYS", 730))
