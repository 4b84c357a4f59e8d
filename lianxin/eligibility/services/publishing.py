"""Two people put a policy into force: one submits, another reads it with its effect and publishes."""

from __future__ import annotations

import datetime as dt
import uuid

import msgspec
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.eligibility import policies
from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.events import PolicyPublished
from lianxin.eligibility.models import PolicyDraft, PolicyVersion
from lianxin.eligibility.rules.policy import Policy, problems
from lianxin.eligibility.selectors import drafts
from lianxin.eligibility.services.drafting import draft_locked, locked, note
from lianxin.eligibility.services.loading import everybody_recompute, version_add
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.kit.workdays import SHANGHAI
from lianxin.notify import api as notify
from lianxin.orgs.api import Actor, Role, holders_at, line_of

VERSIONS_TURN = "eligibility.versions_turn"
State = PolicyDraft.State


def draft_submit(*, actor: Actor, draft_id: uuid.UUID, revision: int, reason: str) -> PolicyDraft:
    """Hand a draft to a second person. It must be right, and its effect counted. Repeats change nothing."""
    reason = clean(reason)
    with atomic():
        draft = draft_locked(actor, draft_id, (State.OPEN, State.WAITING))
        if draft.state == State.WAITING:
            return draft
        _same(draft, revision)
        found = drafts.read(draft)
        if not found.is_right:
            raise RefusedError(_("Mend what is listed first."))
        effect = drafts.fresh_effect(draft, found.policy)
        if effect is None or str(actor.account_id) not in effect.shown_to:
            raise RefusedError(_("Look first at whom it would fit: count the effect of exactly this text."))  # fmt: skip
        if not reason:
            raise RefusedError(_("Say in a few words what changes and why."), field="reason")
        draft.state, draft.reason, draft.returned_words = State.WAITING, reason, ""
        draft.submitted_by, draft.submitted_at = actor.account_id, clock.now()
        draft.save()
        note(actor, draft, "eligibility.draft_submitted", revision=draft.revision)
        _tell_seconds(draft)
    return draft


def draft_withdraw(*, actor: Actor, draft_id: uuid.UUID) -> PolicyDraft:
    """Take a submitted draft back to write on. Repeats change nothing."""
    with atomic():
        draft = draft_locked(actor, draft_id, (State.OPEN, State.WAITING))
        if draft.state == State.WAITING:
            draft.state = State.OPEN
            draft.save()
            note(actor, draft, "eligibility.draft_withdrawn")
    return draft


def draft_return(*, actor: Actor, draft_id: uuid.UUID, words: str) -> PolicyDraft:
    """Send a draft back to whoever wrote it, with words."""
    words = clean(words)
    if not words:
        raise RefusedError(_("Say what to mend; the author reads it."), field="words")
    with atomic():
        draft = _second(actor, draft_id)
        if draft.state == State.OPEN and draft.returned_words == words:
            return draft
        _waiting(draft)
        draft.state, draft.returned_words = State.OPEN, words
        draft.save()
        note(actor, draft, "eligibility.draft_returned")
        _tell_author(draft, _returned_title(), words)
    return draft


def draft_publish(*, actor: Actor, draft_id: uuid.UUID, revision: int, starts_on: dt.date) -> PolicyVersion:  # fmt: skip
    """Put a draft into force from a day on, as the second person who has its effect before her.

    Publishes `PolicyPublished`; everybody is looked at anew from that day. A repeat hands the
    version back that stands. Refuses whoever wrote in it, a day gone by, counts of another text.
    """
    with atomic():
        draft = _second(actor, draft_id)
        if draft.published is not None:
            return draft.published
        _waiting(draft)
        _same(draft, revision)
        policy = _final(actor, draft, starts_on)
        version, _is_new = version_add(actor, policy)
        draft.state, draft.published = State.PUBLISHED, version
        draft.settled_by, draft.settled_at = actor.account_id, clock.now()
        draft.save()
        note(actor, draft, "eligibility.draft_published", version=policy.version, from_day=starts_on.isoformat())  # fmt: skip
        jobs.publish(PolicyPublished(policy_id=version.pk, code=policy.code, region=policy.region, version=policy.version, valid_from=starts_on))  # fmt: skip
        if starts_on <= clock.today():
            everybody_recompute()
        else:
            begins = dt.datetime.combine(starts_on, dt.time(0, 5), tzinfo=SHANGHAI)
            jobs.enqueue(VERSIONS_TURN, run_at=begins, key=f"turn:{version.pk}")
        _tell_author(draft, _published_title(), "")
    return version


def _final(actor: Actor, draft: PolicyDraft, starts_on: dt.date) -> Policy:
    """Check once more all that must hold, on the day it is to hold from."""
    found = drafts.read(draft)
    if not found.is_right or found.policy is None:
        raise RefusedError(_("Something in it is not right any more; send it back."))
    effect = drafts.fresh_effect(draft, found.policy)
    if effect is None or str(actor.account_id) not in effect.shown_to:
        raise RefusedError(_("Look first at whom it would fit: count the effect of exactly this text."))  # fmt: skip
    if starts_on < clock.today():
        raise RefusedError(_("A policy holds from today on, or from a later day."), field="starts_on")  # fmt: skip
    policy = msgspec.structs.replace(found.policy, valid_from=starts_on)
    wrong = next(problems(policy, yaml_files.vocabulary(), yaml_files.parameters()), None)
    if wrong is not None:
        raise RefusedError(_("From that day on it would not be right: %(why)s") % {"why": wrong.message}, field="starts_on")  # fmt: skip
    return policy


def _second(actor: Actor, draft_id: uuid.UUID) -> PolicyDraft:
    draft = locked(draft_id)
    if not policies.may_publish(actor, draft):
        raise ForbiddenError(_("A second person decides: nobody publishes what she wrote herself."))
    return draft


def _waiting(draft: PolicyDraft) -> None:
    if draft.state != State.WAITING:
        raise StaleError(_("This draft does not wait for a second person any more."))


def _same(draft: PolicyDraft, revision: int) -> None:
    if draft.revision != revision:
        raise StaleError(_("Somebody changed the draft after you opened it. Please read it again."))


def _tell_seconds(draft: PolicyDraft) -> None:
    """Tell the chairs of the place and above it that a text waits, the author left out."""
    for place in reversed(line_of(draft.organisation)):
        posts = [post for post in holders_at(place.pk, [Role.CHAIR]) if str(post.account_id) not in draft.writers]  # fmt: skip
        for post in posts:
            _tell(post.account_id, draft, gettext_lazy("A policy waits for a second person"), draft.reason)  # fmt: skip
        if posts:
            return


def _tell_author(draft: PolicyDraft, title: object, words: str) -> None:
    if draft.submitted_by is not None:
        _tell(draft.submitted_by, draft, title, words)


def _tell(account_id: uuid.UUID, draft: PolicyDraft, title: object, words: str) -> None:
    notify.notify(
        account_id=account_id,
        kind="eligibility.draft",
        title=title,  # type: ignore[arg-type]  # a lazy sentence
        body=f"{draft.code} · {words}" if words else draft.code,
        url=reverse("eligibility:draft_page", args=[draft.pk]),
        key=f"draft:{draft.pk}:{draft.state}:{draft.revision}:{clock.now().isoformat()}"[:100],
    )


def _returned_title() -> object:
    return gettext_lazy("Your policy came back with words")


def _published_title() -> object:
    return gettext_lazy("Your policy was published")
