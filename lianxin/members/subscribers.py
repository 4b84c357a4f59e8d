"""What members do when they hear of others."""

from __future__ import annotations

from lianxin.accounts.events import AccountClosed
from lianxin.kit.events import subscribe
from lianxin.kit.transactions import atomic
from lianxin.members.services.privacy import erase_person


def erase_on_close(event: AccountClosed) -> None:
    """Erase what no law obliges anyone to keep, once an account is closed."""
    with atomic():
        erase_person(account_id=event.account_id)


def listen() -> None:
    """Subscribe; called once by apps.py."""
    subscribe(AccountClosed, erase_on_close)
