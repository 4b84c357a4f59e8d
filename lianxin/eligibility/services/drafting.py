"""Writing policies: a draft keeps what was typed, also when it is wrong, and notices two who write at once."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.eligibility import policies
from lianxin.eligibility.models import PolicyDraft, PolicyVersion
from lianxin.eligibility.rules import drafting
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor, Organisation

_CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LARGEST = 60_000  # characters of a draft, as JSON
LIVE = (PolicyDraft.State.OPEN, PolicyDraft.State.WAITING)


def draft_begin(*, actor: Actor, code: str, organisation_id: uuid.UUID, typed: Mapping[str, Any] | None = None) -> PolicyDraft:  # fmt: skip
    """Begin the next version of a policy, or a new one; the draft that runs already is handed back.

    It goes on from the version in force unless `typed` brings another text. Refuses a region out
    of reach, and a code that is no plain word.
    """
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None or not policies.may_edit(actor, organisation.path):
        raise ForbiddenError(_("You write policies for the places in your reach."))
    if not _CODE.fullmatch(code) or len(code) > 64:
        raise RefusedError(_("A code is small letters, digits and hyphens, such as school-aid."), field="code")  # fmt: skip
    with atomic():
        running = _running(code, organisation)
        if running is not None:
            return running
        base = PolicyVersion.objects.filter(code=code, region=organisation.code, is_current=True).first()  # fmt: skip
        begun = typed or (drafting.file_of(base.content) if base else _blank())
        draft = PolicyDraft.objects.create(
            code=code,
            organisation=organisation,
            base=base,
            typed=_own(begun, code, organisation.code),
            begun_by=actor.account_id,
            saved_by=actor.account_id,
            saved_at=clock.now(),
            writers=[str(actor.account_id)],
        )
        note(actor, draft, "eligibility.draft_begun")
    return draft


def _running(code: str, organisation: Organisation) -> PolicyDraft | None:
    # The organisation's row is the lock: two who begin at once get one draft.
    Organisation.objects.select_for_update().filter(pk=organisation.pk).first()
    rows = PolicyDraft.objects.filter(code=code, organisation=organisation, state__in=LIVE)
    return rows.first()


def draft_save(*, actor: Actor, draft_id: uuid.UUID, revision: int, changes: Mapping[str, Any], reason: str | None = None) -> PolicyDraft:  # fmt: skip
    """Keep what was typed under some keys of the policy file, right or wrong.

    Raises:
        StaleError: somebody saved after this page was opened; nothing is kept of either's page.
    """
    with atomic():
        draft = draft_locked(actor, draft_id, (PolicyDraft.State.OPEN,))
        if draft.revision != revision:
            raise StaleError(_("A colleague saved this draft while you were writing. What you typed is kept here: look at her page in another window, then save again to put yours over it."))  # fmt: skip
        typed = _own({**draft.typed, **changes}, draft.code, draft.organisation.code)
        words = draft.reason if reason is None else reason
        if typed == draft.typed and words == draft.reason:
            return draft
        if len(str(typed)) > _LARGEST:
            raise RefusedError(_("That is longer than a policy can be."))
        draft.typed, draft.reason = typed, words
        draft.revision += 1
        draft.saved_by, draft.saved_at = actor.account_id, clock.now()
        draft.writers = sorted({*draft.writers, str(actor.account_id)})
        draft.save()
        note(actor, draft, "eligibility.draft_saved", keys=sorted(changes), revision=draft.revision)
    return draft


def draft_drop(*, actor: Actor, draft_id: uuid.UUID) -> None:
    """Put a draft away for good. Repeats change nothing."""
    with atomic():
        draft = draft_locked(actor, draft_id, (*LIVE, PolicyDraft.State.DROPPED))
        if draft.state == PolicyDraft.State.DROPPED:
            return
        draft.state, draft.settled_by, draft.settled_at = PolicyDraft.State.DROPPED, actor.account_id, clock.now()  # fmt: skip
        draft.save()
        note(actor, draft, "eligibility.draft_dropped")


def draft_locked(actor: Actor, draft_id: uuid.UUID, states: tuple[str, ...]) -> PolicyDraft:
    """Take a draft the actor may write in, locked; refuses one that is not in any of the states."""
    draft = locked(draft_id)
    if not policies.may_edit(actor, draft.organisation.path):
        raise ForbiddenError(_("You write policies for the places in your reach."))
    if draft.state not in states:
        raise StaleError(_("This draft is not open for writing just now."))
    return draft


def locked(draft_id: uuid.UUID) -> PolicyDraft:
    """Take a draft, locked."""
    rows = PolicyDraft.objects.select_for_update(of=("self",)).select_related("organisation", "base")  # fmt: skip
    draft = rows.filter(pk=draft_id).first()
    if draft is None:
        raise RefusedError(_("There is no such draft."))
    return draft


def note(actor: Actor, draft: PolicyDraft, action: str, **detail: Any) -> None:
    """Write into the trail what happened to a draft."""
    audit.record(
        actor_id=actor.account_id,
        action=action,
        kind="eligibility.PolicyDraft",
        object_id=draft.pk,
        detail={"code": draft.code, **detail},
    )


def _own(typed: Mapping[str, Any], code: str, region: str) -> dict[str, Any]:
    """Code and region belong to the draft, the number to whoever publishes."""
    kept = {key: value for key, value in typed.items() if key != "version"}
    return {**kept, "code": code, "region": region}


def _blank() -> dict[str, Any]:
    member = {
        "code": "member",
        "met": {"en": "You are a member.", "zh_Hans": "您是工会会员。"},
        "failed": {"en": "This is for members; joining takes three minutes.", "zh_Hans": "这项面向工会会员，入会只要三分钟。"},
        "unknown": {"en": "Are you a member of a union?", "zh_Hans": "您入会了吗？"},
    }  # fmt: skip
    return {
        "purpose": "services",
        "valid_from": clock.today().isoformat(),
        "rule": "is_member",
        "conditions": [member],
        "examples": [],
    }
