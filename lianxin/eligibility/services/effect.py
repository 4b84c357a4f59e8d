"""Counting whom a draft would fit before it holds: a batch at a time, stopped and resumed at will."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lianxin.eligibility import policies
from lianxin.eligibility.models import EffectRun, PolicyDraft, Refusal
from lianxin.eligibility.rules import drafting
from lianxin.eligibility.rules.policy import Policy
from lianxin.eligibility.selectors import answers, drafts, shelf
from lianxin.eligibility.selectors.answers import Text
from lianxin.eligibility.services.drafting import LIVE, draft_locked, locked, note
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.members import api as members
from lianxin.members.api import Member
from lianxin.orgs.api import Actor, Organisation, below_q
from lianxin.vault import api as vault

EFFECT_COUNT = "eligibility.effect_count"
PURPOSE = "policy.effect"  # counted by the machine, seen by nobody
BATCH = 2_000  # of one transaction; reading people takes 14 times as long as asking them
COLUMNS = ("people", "yes", "no", "unknown", "gains", "loses")
_STEP = Organisation.steplen
_NOTHING: frozenset[str] = frozenset()


def effect_begin(*, actor: Actor, draft_id: uuid.UUID) -> EffectRun:
    """Begin to count whom a draft would fit among those who agreed to be looked for; counts only.

    The count of the same text that runs already is handed back; one of an older text is stopped.
    """
    with atomic():
        draft = _seen(actor, draft_id)
        found = drafts.read(draft)
        policy = found.policy
        if policy is None or not found.is_right:
            raise RefusedError(_("Mend what is listed first; then it can be counted."))
        digest = drafting.digest_of(policy)
        running = draft.effects.filter(state=EffectRun.State.RUNNING).first()
        if running is not None and running.digest == digest:
            return running
        draft.effects.filter(state=EffectRun.State.RUNNING).update(state=EffectRun.State.CANCELLED)
        as_of = drafts.measured_on(policy)
        run = EffectRun.objects.create(
            draft=draft,
            digest=digest,
            content=msgspec.to_builtins(policy),
            base_id=drafts.measured_against(policy),
            as_of=as_of,
            total=_people(draft.organisation.path, policy, as_of).count(),
            counts={"total": dict.fromkeys(COLUMNS, 0), "parts": {}, "missing": {}},
            asked_by=actor.account_id,
        )
        note(actor, draft, "eligibility.effect_begun", run=str(run.pk))
        _enqueue(run)
    return run


def effect_cancel(*, actor: Actor, draft_id: uuid.UUID) -> None:
    """Stop the count of a draft; what was counted so far is not shown. Repeats change nothing."""
    with atomic():
        draft = _seen(actor, draft_id)
        gone = draft.effects.filter(state=EffectRun.State.RUNNING).update(state=EffectRun.State.CANCELLED)  # fmt: skip
        if gone:
            note(actor, draft, "eligibility.effect_cancelled")


def effect_show(*, actor: Actor, run: EffectRun) -> None:
    """Remember that somebody had the finished counts before her."""
    who = str(actor.account_id)
    if run.state != EffectRun.State.DONE or who in run.shown_to:
        return
    with atomic():
        row = EffectRun.objects.select_for_update().get(pk=run.pk)
        row.shown_to = sorted({*row.shown_to, who})
        row.save(update_fields=["shown_to"])
    run.shown_to = row.shown_to


def effect_step(*, run_id: uuid.UUID) -> bool:
    """Count the next batch; say whether there is more to count. A kill costs one batch."""
    with atomic():
        run = EffectRun.objects.select_for_update(of=("self",)).select_related("draft__organisation", "base").filter(pk=run_id).first()  # fmt: skip
        if run is None or run.state != EffectRun.State.RUNNING:
            return False
        policy = msgspec.convert(run.content, Policy)
        place = run.draft.organisation
        people = (
            _people(place.path, policy, run.as_of).select_related("organisation").order_by("pk")
        )
        if run.position:
            people = people.filter(pk__gt=run.position)
        batch = list(people[:BATCH])
        _count(run, batch, policy)
        run.seen += len(batch)
        if len(batch) == BATCH:
            run.position = batch[-1].pk
            _enqueue(run)
        else:
            run.state, run.finished_at = EffectRun.State.DONE, clock.now()
        run.save()
    return run.state == EffectRun.State.RUNNING


def _seen(actor: Actor, draft_id: uuid.UUID) -> PolicyDraft:
    """Take a draft one writes, or looks at as the second person."""
    draft = locked(draft_id)
    if policies.may_publish(actor, draft) and draft.state in LIVE:
        return draft
    try:
        return draft_locked(actor, draft_id, LIVE)
    except ForbiddenError:
        raise ForbiddenError(_("You count people only in your reach.")) from None


def _people(path: str, policy: Policy, as_of: dt.date) -> QuerySet[Member]:
    """Those on the roll of a place who agreed to be looked for, and did not say no to this kind.

    Where a place below has a version of its own the draft would not hold: its people are left out.
    """
    agreed = members.members_agreed(answers.PURPOSE).exclude(
        pk__in=Refusal.objects.filter(purpose=policy.purpose).values("member_id")
    )
    found = agreed.filter(below_q(path), state=Member.State.IN_FORCE)
    for each in shelf.nearer_places(policy.code, policy.region, as_of):
        found = found.exclude(Q(organisation__code=each) | Q(organisation__code__startswith=f"{each}-"))  # fmt: skip
    return found


def _count(run: EffectRun, batch: list[Member], policy: Policy) -> None:
    new = answers.text_of(shelf.ready_of(run.pk, policy, run.as_of), run.base_id)
    old = answers.text_of(shelf.ready_of(run.base.pk, shelf.policy_of(run.base), run.as_of)) if run.base else None  # fmt: skip
    step = len(run.draft.organisation.path) + _STEP
    missing = Counter(run.counts["missing"])
    refused = answers.refused_by([each.pk for each in batch])
    known = _known(batch, [text for text in (new, old) if text], refused)
    for member in batch:
        values = known[member.pk]
        region, kinds = member.organisation.code, refused.get(member.pk, _NOTHING)
        found = new.asked(values, region, kinds)
        before = old.asked(values, region, kinds).outcome.value if old and _is_asked(old, kinds) else "no"  # fmt: skip
        told = _told(found.outcome.value, before)
        part = run.counts["parts"].setdefault(member.organisation.path[:step], dict.fromkeys(COLUMNS, 0))  # fmt: skip
        for counts in (run.counts["total"], part):
            for column in told:
                counts[column] += 1
        missing.update(found.missing)
    run.counts["missing"] = dict(missing)


def _is_asked(text: Text, refused: frozenset[str]) -> bool:
    """What stands may be of another kind than the draft: who refused that kind was never found by it."""
    return text.ready.policy.purpose not in refused


def _known(batch: Sequence[Member], texts: Sequence[Text], refused: Mapping[uuid.UUID, frozenset[str]]) -> dict[uuid.UUID, Mapping[str, object]]:  # fmt: skip
    """Read what rules may know of some people, and leave each a trace of what was unsealed.

    Of each only what is asked in her place; nothing for kinds of help she refused.
    """
    names = {each.pk: _names(each, texts, refused.get(each.pk, _NOTHING)) for each in batch}
    agreed = members.agreed_of_many([each.account_id for each in batch if each.account_id])
    allowed = {
        each.pk: answers.allowed_of(answers.origins_of(names[each.pk]), agreed.get(each.account_id, set()))
        for each in batch
        if each.account_id
    }  # fmt: skip
    found = members.facts_of_many(batch, allowed)
    for each in batch:
        opened = sorted(name for name, fact in found[each.pk].items() if fact.is_sensitive)
        if opened:
            vault.note_opening(actor_id=None, kind="members.Member", object_id=each.pk, fields=opened, purpose=PURPOSE, subject_id=each.account_id)  # fmt: skip
    return {
        each.pk: answers.knowledge_from(each, names[each.pk], found[each.pk], open_to=allowed.get(each.pk, ())).values
        for each in batch
    }  # fmt: skip


def _names(member: Member, texts: Sequence[Text], refused: frozenset[str]) -> list[str]:
    asked = [text.names(member.organisation.code, refused) for text in texts if _is_asked(text, refused)]  # fmt: skip
    return list(dict.fromkeys(name for each in asked for name in each))


def _told(outcome: str, before: str) -> list[str]:
    """Name the columns a person counts in. Gaining is becoming a yes, losing is having been one."""
    change = [] if (before == "yes") == (outcome == "yes") else ["gains" if outcome == "yes" else "loses"]  # fmt: skip
    return ["people", outcome, *change]


def _enqueue(run: EffectRun) -> None:
    jobs.enqueue(EFFECT_COUNT, payload={"run": str(run.pk)}, key=f"effect:{run.pk}:{run.seen}")
