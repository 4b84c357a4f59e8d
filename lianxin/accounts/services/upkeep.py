"""Forgetting what is no longer needed: codes, wrong answers, sessions, devices long untrusted."""

from __future__ import annotations

import datetime as dt

from django.contrib.sessions.models import Session

from lianxin.accounts.models import Attempt, Challenge, Device, KioskGrant, SignIn
from lianxin.kit import clock
from lianxin.kit.transactions import atomic

KEPT = dt.timedelta(days=2)
DEVICE_KEPT = dt.timedelta(days=400)


def old_purge() -> int:
    """Remove runs and wrong answers after two days, ended sessions, devices no longer trusted after 400 days."""
    now = clock.now()
    gone = 0
    for rows in (
        SignIn.objects.filter(sent_at__lt=now - KEPT),
        Challenge.objects.filter(made_at__lt=now - KEPT),
        KioskGrant.objects.filter(made_at__lt=now - KEPT),
        Attempt.objects.filter(at__lt=now - KEPT),
        Session.objects.filter(expire_date__lt=now),
        Device.objects.filter(created_at__lt=now - KEPT, label="kiosk"),
        Device.objects.filter(created_at__lt=now - DEVICE_KEPT).exclude(trusted_until__gt=now),
    ):
        with atomic():
            gone += rows.delete()[0]
    return gone
