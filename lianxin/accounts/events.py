"""What happens to accounts that higher apps may want to hear."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from lianxin.kit.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class PhoneReleased(Event):
    """An account let go of its phone number: somebody else holds it now, or she changed it."""

    account_id: uuid.UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class PhoneChanged(Event):
    """A person proved another number and signs in with it from now on."""

    account_id: uuid.UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountClosed(Event):
    """A person closed her account; what the law does not oblige us to keep is to be erased."""

    account_id: uuid.UUID
