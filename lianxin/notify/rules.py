"""When one may be disturbed, how a number is masked, and what a digest says. Pure."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, fields, replace
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
QUIET_FROM = dt.time(22)
QUIET_UNTIL = dt.time(8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where and when a person may be reached outside the inbox; None means: not known here."""

    phone: str | None = None
    mail: str | None = None
    language: str | None = None
    quiet_from: dt.time | None = None
    quiet_until: dt.time | None = None
    may_sms: bool | None = None
    may_mail: bool | None = None

    def __repr__(self) -> str:
        return "<Address>"

    def filled_from(self, other: Address) -> Address:
        """Return this address with its gaps filled from another."""
        gaps = {
            field.name: getattr(other, field.name)
            for field in fields(self)
            if getattr(self, field.name) is None
        }
        return replace(self, **gaps)

    @property
    def sms_to(self) -> str:
        return (self.phone or "") if self.may_sms is not False else ""

    @property
    def mail_to(self) -> str:
        return (self.mail or "") if self.may_mail is not False else ""

    def is_quiet(self, at: dt.datetime) -> bool:
        """Say whether the person sleeps at this moment (her clock is Shanghai's)."""
        start = self.quiet_from or QUIET_FROM
        end = self.quiet_until or QUIET_UNTIL
        clock = at.astimezone(SHANGHAI).time()
        return start <= clock < end if start < end else clock >= start or clock < end


def mask_phone(phone: str) -> str:
    """Show the head and the tail of a number, enough for its owner to know it."""
    bare = phone.removeprefix("+86")
    return bare[:3] + "*" * max(len(bare) - 7, 3) + bare[-4:] if len(bare) >= 7 else "***"


def mask_mail(address: str) -> str:
    name, _, host = address.partition("@")
    return f"{name[:1]}***@{host}"


def code_in(text: str) -> str:
    """Return the one-time code a text carries, "" if it carries none."""
    found = _CODE.search(text)
    return found[0] if found else ""


def day_start(at: dt.datetime) -> dt.datetime:
    """Return the midnight in Shanghai before a moment, in UTC."""
    here = at.astimezone(SHANGHAI)
    return here.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(dt.UTC)


def is_own_path(url: str) -> bool:
    """Say whether an address leads to a page of ours, so that no message can lead elsewhere."""
    return (
        url.startswith("/")
        and not url.startswith("//")
        and "\\" not in url
        and all(char > " " for char in url)
    )
