"""The private calendar address: made on asking, shown once, made anew, given up."""

from __future__ import annotations

import secrets
import uuid

from django.utils.crypto import salted_hmac

from lianxin.activities.models import CalendarLink
from lianxin.activities.selectors.calendars import digest_of
from lianxin.audit import api as audit
from lianxin.kit import clock, tokens
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor

SALT = "lianxin.activities.calendar"


def calendar_make(*, actor: Actor, account_id: uuid.UUID, key: str) -> str:
    """Make a person's calendar address anew and return its token; the one before dies at once.

    The token is derived from the form's key and how many there were, so that a second sending of
    the same form returns the same one and an older form never an older one. It is kept nowhere.
    """
    key = key or secrets.token_hex(16)
    with atomic():
        link, _is_new = CalendarLink.objects.get_or_create(
            account_id=account_id, defaults={"digest": f"none:{account_id}"}
        )
        link = CalendarLink.objects.select_for_update().get(pk=account_id)
        if link.key != key:
            link.number, link.key, link.made_at = link.number + 1, key, clock.now()
            link.digest = digest_of(_token(link))
            link.save()
            _noted(actor, account_id, "calendar_made")
    return _token(link)


def calendar_end(*, actor: Actor, account_id: uuid.UUID) -> None:
    """Give the address up; again changes nothing."""
    with atomic():
        # The number stays: should she want one again, no old form brings the old one back.
        living = CalendarLink.objects.select_for_update().filter(account_id=account_id).exclude(key="")  # fmt: skip
        if living.update(key="", digest=f"none:{account_id}"):
            _noted(actor, account_id, "calendar_ended")


def _token(link: CalendarLink) -> str:
    made = salted_hmac(SALT, f"{link.pk}:{link.number}:{link.key}", algorithm="sha256")
    return tokens.encode(made.digest())


def _noted(actor: Actor, account_id: uuid.UUID, deed: str) -> None:
    audit.record(
        actor_id=actor.account_id,
        action=f"activity.{deed}",
        kind="activities.CalendarLink",
        object_id=account_id,
        subject_id=account_id,
    )
