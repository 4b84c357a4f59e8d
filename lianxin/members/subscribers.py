"""What members do when they hear of others."""

from __future__ import annotations

from contextlib import suppress

from lianxin.accounts.events import AccountClosed, PhoneChanged
from lianxin.jobs import api as jobs
from lianxin.kit.errors import RefusedError
from lianxin.kit.events import subscribe
from lianxin.kit.transactions import atomic
from lianxin.members.events import MembersImported
from lianxin.members.selectors.people import member_of
from lianxin.members.services.correcting import phone_take
from lianxin.members.services.privacy import erase_person
from lianxin.orgs.api import Actor


def erase_on_close(event: AccountClosed) -> None:
    """Erase what no law obliges anyone to keep, once an account is closed."""
    with atomic():
        erase_person(account_id=event.account_id)


def compare_imported(event: MembersImported) -> None:
    """Look for people entered twice among those a roll has brought or changed."""
    if event.created == 0 and event.updated == 0:
        return
    with atomic():
        jobs.enqueue(
            "members.find_duplicates",
            payload={"organisation_id": str(event.organisation_id), "run_id": str(event.run_id)},
            key=f"members.find_duplicates:{event.run_id}",
        )


def follow_phone(event: PhoneChanged) -> None:
    """Put a number its holder has proved onto the roll too, so that she need not say it twice."""
    if member_of(event.account_id) is not None:
        with suppress(RefusedError):  # changed or closed again meanwhile
            phone_take(actor=Actor(account_id=event.account_id))


def listen() -> None:
    """Subscribe; called once by apps.py."""
    subscribe(PhoneChanged, follow_phone)
    subscribe(AccountClosed, erase_on_close)
    subscribe(MembersImported, compare_imported)
