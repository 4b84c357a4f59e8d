"""Applications begun: kept on the server at every step, so that nothing typed is ever lost."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.catalogue import conf, policies
from lianxin.catalogue.constants import (
    AGREE,
    DRAFT_FILES,
    ELSEWHERE,
    FILLING_IN,
    GONE,
    NOT_A_MEMBER,
    NOT_IN_REACH,
    NOT_OPEN,
)
from lianxin.catalogue.models import Draft
from lianxin.catalogue.rules import filling
from lianxin.catalogue.selectors.filling import (
    consents_asked,
    contents_of,
    known_of,
)
from lianxin.catalogue.selectors.shelf import Offer, shelf
from lianxin.files import api as files
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.members.api import Member, beginning_check, consent_give, member_of, members_by_id
from lianxin.orgs.api import Actor

SENT_DAYS = 7


def draft_begin(
    *,
    actor: Actor,
    code: str,
    agreed: Collection[str] = (),
    guardian_name: str = "",
    person_id: uuid.UUID | None = None,
    is_helped: bool = False,
) -> Draft:
    """Begin an application, or go on with the one begun; what the union knows is filled in.

    With `person_id` it is for another: helped (she confirms it later by a code), or put forward.
    `agreed` are the purposes ticked; for a helped person those read to her, recorded when she
    confirms.

    Raises:
        ForbiddenError: not signed in, no member, or the person is not in reach.
        RefusedError: gone, closed now, or a needed consent is not given (its field is named).
    """
    if actor.account_id is None:
        raise ForbiddenError(_("Please sign in first."))
    offer = offer_open(code)
    person = members_by_id([person_id]).get(person_id) if person_id else None
    member = person if person_id else member_of(actor.account_id)
    _check_person(actor, offer, person_id, person, member, is_helped=is_helped)
    if not offer.is_for(member):
        raise RefusedError(str(ELSEWHERE))
    begun = _begun(actor, offer, person)
    if begun is not None:
        return begun
    _check_consents(actor, offer, person, agreed, guardian_name, is_helped=is_helped)
    with atomic():
        if not person_id:
            for asked in consents_asked(offer, actor.account_id):
                if asked.code in agreed:
                    consent_give(actor=actor, purpose=asked.code, guardian_name=guardian_name)
        known = known_of(offer.definition, member, actor_id=actor.account_id, purpose=FILLING_IN)
        draft = Draft(
            account_id=actor.account_id,
            item_id=offer.item_id,
            version_id=offer.version_id,
            person=person,
            is_helped=is_helped,
            sources=known.sources,
            guardian_name=guardian_name.strip()[:64],
        )
        _write(draft, known.answers, {})
        try:
            with transaction.atomic():
                draft.save(force_insert=True)
        except IntegrityError:  # a second tap began it a moment ago
            return Draft.objects.get(
                account_id=actor.account_id, item_id=offer.item_id, person=person, sent_at=None
            )
        audit.record(
            actor_id=actor.account_id, action="draft.begun", kind="catalogue.Draft",
            object_id=draft.pk, subject_id=person.account_id if person else actor.account_id,
            detail={"code": offer.code},
        )  # fmt: skip
    return draft


def draft_keep(
    *,
    actor: Actor,
    draft_id: uuid.UUID,
    typed: Mapping[str, Any],
    papers: Mapping[str, Sequence[uuid.UUID]] | None = None,
) -> Draft:
    """Keep what was typed and which files were sent, as they are; checks come when it is sent.

    A draft of an older version of the service moves to the current one with all that still fits.

    Raises:
        RefusedError: there is no such draft, it was sent, or the service is gone.
    """
    with atomic():
        draft = draft_locked(actor, draft_id)
        if draft.sent_at is not None:
            raise RefusedError(
                _("This application was sent already. You find it among your cases.")
            )
        offer = shelf().offer(draft.item.code)
        if offer is None:
            raise RefusedError(str(GONE))
        kept = contents_of(draft)
        fields = offer.definition.fields
        _write(
            draft,
            filling.carried_over(fields, kept["known"]),
            filling.carried_over(fields, {**kept["typed"], **typed}),
        )
        for code, ids in (papers or {}).items():
            files.claim(ids, object_kind=DRAFT_FILES, object_id=draft.pk, owner_id=draft.account_id)
            before = draft.papers.get(code, [])
            draft.papers[code] = list(dict.fromkeys([*before, *(str(one) for one in ids)]))
        draft.version_id = offer.version_id
        draft.updated_at = clock.now()
        draft.save()
    return draft


def draft_file_drop(*, actor: Actor, draft_id: uuid.UUID, file_id: uuid.UUID) -> None:
    """Take a file out of a draft; one that is not there changes nothing."""
    with atomic():
        draft = draft_locked(actor, draft_id)
        if draft.sent_at is not None or not any(
            str(file_id) in ids for ids in draft.papers.values()
        ):
            return
        draft.papers = {
            code: [one for one in ids if one != str(file_id)] for code, ids in draft.papers.items()
        }
        draft.updated_at = clock.now()
        draft.save(update_fields=["papers", "updated_at"])
        files.release(object_kind=DRAFT_FILES, object_id=draft.pk, file_ids=[file_id])
        files.file_remove(account_id=draft.account_id, file_id=file_id)


def draft_drop(*, actor: Actor, draft_id: uuid.UUID) -> None:
    """Throw a draft away, files and all; one that was sent stays what it is: a case."""
    with atomic():
        draft = policies.own_drafts(actor).select_for_update().filter(pk=draft_id).first()
        if draft is None or draft.sent_at is not None:
            return
        _erase(draft, actor_id=actor.account_id)


def drafts_purge() -> int:
    """Erase what nobody touched for a long time, and what was sent and needs no second tap any more."""
    now = clock.now()
    idle = Draft.objects.filter(updated_at__lt=now - dt.timedelta(days=conf.DRAFT_DAYS))
    sent = Draft.objects.filter(sent_at__lt=now - dt.timedelta(days=SENT_DAYS))
    count = 0
    for draft in (idle | sent).distinct():
        with atomic():
            _erase(draft, actor_id=None)
        count += 1
    return count


def person_export(
    account_id: uuid.UUID | None, member_id: uuid.UUID | None
) -> list[dict[str, Any]]:
    """List the drafts of a person and those begun with her, with all they hold, for her own copy."""
    drafts = _of_person(account_id, member_id).select_related("item")
    return [
        {
            "service": draft.item.code,
            "begun_at": draft.created_at.isoformat(),
            "sent_at": draft.sent_at.isoformat() if draft.sent_at else None,
            **contents_of(draft),
        }
        for draft in drafts.order_by("created_at")
    ]


def drafts_merge(kept_id: uuid.UUID, gone_id: uuid.UUID) -> None:
    """Let what was begun with a member follow to the entry that stays, one of each service."""
    for draft in Draft.objects.filter(person_id=gone_id):
        twin = Draft.objects.filter(
            account_id=draft.account_id, item_id=draft.item_id, person_id=kept_id, sent_at=None
        )
        if draft.sent_at is None and twin.exists():
            _erase(draft, actor_id=None)
        else:
            Draft.objects.filter(pk=draft.pk).update(person_id=kept_id)


def person_erase(account_id: uuid.UUID | None, member_id: uuid.UUID | None) -> int:
    """Erase the drafts of a person and those begun with her; return how many."""
    drafts = list(_of_person(account_id, member_id))
    with atomic():
        for draft in drafts:
            _erase(draft, actor_id=account_id)
    return len(drafts)


def _of_person(account_id: uuid.UUID | None, member_id: uuid.UUID | None) -> QuerySet[Draft]:
    own = Q(account_id=account_id, person=None) if account_id else Q(pk__in=[])
    begun_with_her = Q(person_id=member_id) if member_id else Q(pk__in=[])
    return Draft.objects.filter(own | begun_with_her)


def offer_open(code: str) -> Offer:
    """Return a service one can apply for today.

    Raises:
        RefusedError: there is none of this code any more, or it is closed now.
    """
    offer = shelf().offer(code)
    if offer is None:
        raise RefusedError(str(GONE))
    if not offer.window(clock.today()).is_open:
        raise RefusedError(str(NOT_OPEN))
    return offer


def draft_locked(actor: Actor, draft_id: uuid.UUID) -> Draft:
    """Lock one of one's own drafts for writing."""
    draft = (
        policies.own_drafts(actor)
        .select_for_update(of=("self",))
        .select_related("item", "version__procedure")
        .filter(pk=draft_id)
        .first()
    )
    if draft is None:
        raise RefusedError(_("This application is no longer here. Please begin it anew."))
    return draft


def _begun(actor: Actor, offer: Offer, person: Member | None) -> Draft | None:
    return Draft.objects.filter(
        account_id=actor.account_id, item_id=offer.item_id, person=person, sent_at=None
    ).first()


def _check_person(
    actor: Actor,
    offer: Offer,
    person_id: uuid.UUID | None,
    person: Member | None,
    member: Member | None,
    *,
    is_helped: bool,
) -> None:
    if person_id is None:
        if not policies.may_apply(offer.card, member):
            raise ForbiddenError(str(NOT_A_MEMBER))
        return
    may = person is not None and (
        policies.may_help_with(actor, offer.definition.routing, person)
        if is_helped
        else policies.may_nominate(actor, offer.card, person)
    )
    if person is None or not may:
        raise ForbiddenError(str(NOT_IN_REACH))
    if is_helped and person.account_id is None:
        beginning_check(actor, person)  # said before anything is typed


def _check_consents(
    actor: Actor,
    offer: Offer,
    person: Member | None,
    agreed: Collection[str],
    guardian_name: str,
    *,
    is_helped: bool,
) -> None:
    if person is not None and not is_helped:
        return  # put forward: what the person agrees to, she is asked herself
    account_id = person.account_id if person else actor.account_id
    for asked in consents_asked(offer, account_id):
        if asked.is_needed and asked.code not in agreed:
            raise RefusedError(
                _("Without this we cannot work on it. Please read the sentence and tick it."),
                field=f"{AGREE}{asked.code}",
            )
        if asked.code in agreed and asked.purpose.needs_guardian and not guardian_name.strip():
            raise RefusedError(
                _("For a child the father, mother or guardian agrees. Please write that name."),
                field="guardian_name",
            )


def _write(draft: Draft, known: Mapping[str, Any], typed: Mapping[str, Any]) -> None:
    plain = {"known": dict(known), "typed": dict(typed)}
    draft.answers = json.dumps(plain, ensure_ascii=False, default=str)


def _erase(draft: Draft, *, actor_id: uuid.UUID | None) -> None:
    files.object_erase(DRAFT_FILES, draft.pk, actor_id=actor_id)
    audit.record(
        actor_id=actor_id, action="draft.erased", kind="catalogue.Draft", object_id=draft.pk,
        subject_id=draft.account_id,
    )  # fmt: skip
    draft.delete()
