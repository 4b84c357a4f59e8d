"""Saying yes to a purpose, and taking it back, as easily as it was given (PIPL art. 15)."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.members.events import ConsentGiven, ConsentWithdrawn
from lianxin.members.models import Consent, Member
from lianxin.members.rules.facts import Purpose
from lianxin.members.rules.people import is_name, name_of, needs_guardian
from lianxin.members.selectors.dictionary import purposes
from lianxin.members.selectors.people import member_of
from lianxin.orgs.api import Actor


def consent_give(*, actor: Actor, purpose: str, guardian_name: str = "") -> Consent:
    """Say yes to one purpose, in its present words; a yes that holds stays as it is.

    A purpose about a child, and everything a child under 14 agrees to, needs the guardian's name.
    Publishes `ConsentGiven`.
    """
    account_id = _account(actor)
    entry = _purpose(purpose)
    guardian = name_of(clean(guardian_name))
    child = entry.needs_guardian or _is_child(account_id)
    if child and not is_name(guardian):
        raise RefusedError(
            _("For a child under 14 the father, mother or guardian agrees. Please add that name."),
            field="guardian_name",
        )
    with atomic():
        current = (
            Consent.objects.select_for_update()
            .filter(account_id=account_id, purpose=purpose, withdrawn_at=None)
            .first()
        )
        if current is not None and current.wording == entry.version:
            return current
        if current is not None:  # agreed to older words: that yes ends where this one begins
            current.withdrawn_at = clock.now()
            current.save(update_fields=["withdrawn_at"])
        consent = Consent(
            account_id=account_id,
            purpose=purpose,
            wording=entry.version,
            given_at=clock.now(),
            guardian_name=guardian if child else None,
        )
        consent.save(force_insert=True)
        _record(account_id, "members.consent_given", consent)
        jobs.publish(ConsentGiven(account_id=account_id, purpose=purpose))
    return consent


def consent_withdraw(*, actor: Actor, purpose: str) -> None:
    """Take a yes back; one that was never given, or taken back before, stays so.

    Without `membership` the sign-in is separated from the roll entry; the entry itself stays.
    Publishes `ConsentWithdrawn`.
    """
    account_id = _account(actor)
    _purpose(purpose)
    with atomic():
        current = (
            Consent.objects.select_for_update()
            .filter(account_id=account_id, purpose=purpose, withdrawn_at=None)
            .first()
        )
        if current is None:
            return
        current.withdrawn_at = clock.now()
        current.save(update_fields=["withdrawn_at"])
        if purpose == "membership":
            Member.objects.filter(account_id=account_id).update(account=None)
        _record(account_id, "members.consent_withdrawn", current)
        jobs.publish(ConsentWithdrawn(account_id=account_id, purpose=purpose))


def _account(actor: Actor) -> uuid.UUID:
    if actor.account_id is None:
        raise ForbiddenError(_("Please sign in first."))
    return actor.account_id


def _purpose(code: str) -> Purpose:
    entry = purposes().get(code)
    if entry is None:
        raise RefusedError(_("There is no such purpose."), field="purpose")
    return entry


def _is_child(account_id: uuid.UUID) -> bool:
    member = member_of(account_id)
    return member is not None and needs_guardian(member.birth_on, clock.today())


def _record(account_id: uuid.UUID, action: str, consent: Consent) -> None:
    audit.record(
        actor_id=account_id,
        action=action,
        kind="members.Consent",
        object_id=consent.pk,
        subject_id=account_id,
        purpose=consent.purpose,
        detail={"wording": consent.wording},
    )
