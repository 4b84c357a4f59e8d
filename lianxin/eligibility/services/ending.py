"""Ending a wrong policy: one person asks and says why, another ends it; it holds no more from that moment."""

from __future__ import annotations

import datetime as dt
import uuid

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.audit import api as audit
from lianxin.eligibility import policies
from lianxin.eligibility.models import Outcome, PolicyEnding, PolicyVersion
from lianxin.eligibility.services.loading import everybody_recompute
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.notify import api as notify
from lianxin.orgs.api import Actor, Organisation, Role, holders_at, line_of, organisation_by_code


def end_ask(*, actor: Actor, version_id: uuid.UUID, reason: str) -> PolicyEnding:
    """Ask to end a version that is wrong, with the reason. Asked already: that one is returned."""
    reason = clean(reason)
    with atomic():
        version, place = _version(version_id)
        if actor.account_id is None or not policies.may_ask_end(actor, place.path):
            raise ForbiddenError(_("You do not write the policies of this place."))
        found = PolicyEnding.objects.filter(policy=version).first()
        if found is not None:
            return found
        if version.valid_until is not None and version.valid_until < clock.today():
            raise RefusedError(_("This version holds no more."))
        if not reason:
            raise RefusedError(_("Say in a few words what is wrong."), field="reason")
        made = PolicyEnding.objects.create(policy=version, reason=reason, asked_by=actor.account_id)
        _note(actor, version, "eligibility.end_asked")
        _tell(place, version, actor)
    return made


def version_end(*, actor: Actor, version_id: uuid.UUID) -> PolicyVersion:
    """End a version at once, as the second person; what it found goes. Again changes nothing.

    What was decided by it stands. From then on the version of a wider place holds there, if there
    is one; of its own place the one before goes on only where this one never began.
    """
    with atomic():
        version, _place, ending = _asked(actor, version_id)
        if ending.ended_at is not None:
            return version
        yesterday = clock.today() - dt.timedelta(days=1)
        version.valid_until = yesterday
        version.save(update_fields=["valid_until"])
        ending.ended_by, ending.ended_at = actor.account_id, clock.now()
        ending.save(update_fields=["ended_by", "ended_at"])
        Outcome.objects.filter(policy=version).delete()
        _note(actor, version, "eligibility.policy_ended")
        everybody_recompute()
    return version


def version_keep(*, actor: Actor, version_id: uuid.UUID) -> None:
    """Let a version stand that somebody asked to end; whoever may ask may say so. Again changes nothing."""
    with atomic():
        version, place = _version(version_id)
        if not policies.may_ask_end(actor, place.path):
            raise ForbiddenError(_("You do not write the policies of this place."))
        ending = PolicyEnding.objects.select_for_update().filter(policy=version).first()
        if ending is None:
            return
        if ending.ended_at is not None:
            raise StaleError(_("A colleague has ended it already."))
        ending.delete()
        _note(actor, version, "eligibility.end_dropped")


def _version(version_id: uuid.UUID) -> tuple[PolicyVersion, Organisation]:
    version = PolicyVersion.objects.select_for_update().filter(pk=version_id).first()
    place = organisation_by_code(version.region) if version else None
    if version is None or place is None:
        raise RefusedError(_("There is no such policy."))
    return version, place


def _asked(actor: Actor, version_id: uuid.UUID) -> tuple[PolicyVersion, Organisation, PolicyEnding]:
    version, place = _version(version_id)
    ending = PolicyEnding.objects.filter(policy=version).first()
    if ending is None:
        if not policies.may_ask_end(actor, place.path):
            raise ForbiddenError(_("You do not write the policies of this place."))
        raise StaleError(_("Nobody asks to end it any more."))
    if not policies.may_end(actor, ending, place.path):
        raise ForbiddenError(_("A second person ends it: never whoever asked."))
    return version, place, ending


def _tell(place: Organisation, version: PolicyVersion, actor: Actor) -> None:
    """Tell the chairs of the place, or above it, that a wrong policy waits for them; at once."""
    for each in reversed(line_of(place)):
        posts = [post for post in holders_at(each.pk, [Role.CHAIR]) if post.account_id != actor.account_id]  # fmt: skip
        for post in posts:
            notify.notify(
                account_id=post.account_id,
                kind="eligibility.ending",
                title=gettext_lazy("A policy is said to be wrong; a second person ends it"),
                body=version.code,
                url=reverse("eligibility:policy_versions", args=[version.code, version.region]),
                urgent=True,
                key=f"ending:{version.pk}:{clock.now().isoformat()}"[:100],
            )
        if posts:
            return


def _note(actor: Actor, version: PolicyVersion, action: str) -> None:
    audit.record(
        actor_id=actor.account_id,
        action=action,
        kind="eligibility.PolicyVersion",
        object_id=version.pk,
        detail={"code": version.code, "version": version.version},
    )
