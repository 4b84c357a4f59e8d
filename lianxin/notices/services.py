"""Publishing notices, taking them down, and answering objections."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock, workdays
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.ids import new_id
from lianxin.kit.text import Bilingual, clean
from lianxin.kit.transactions import atomic
from lianxin.members import api as members
from lianxin.notices import policies, rules
from lianxin.notices.events import NoticeEnded, ObjectionLodged, ObjectionSettled
from lianxin.notices.models import Notice, NoticeLine, Objection
from lianxin.notices.selectors import receipt_index, receipt_of
from lianxin.notify.api import notify
from lianxin.orgs.api import Ability, Actor, Organisation, line_of
from lianxin.vault import api as vault

OBJECTION_DAYS = 5
LONGEST_OBJECTION = 2000


@dataclass(frozen=True, kw_only=True)
class NoticeLineDraft:
    """What is to be shown of one person, before masking."""

    subject_id: uuid.UUID | None
    name: str
    organisation_id: uuid.UUID | None = None
    amount_fen: int | None = None
    tier: Bilingual | None = None


def notice_publish(
    *,
    actor_id: uuid.UUID | None,
    organisation_id: uuid.UUID,
    title: Bilingual,
    object_kind: str,
    object_id: uuid.UUID,
    line: NoticeLineDraft,
    working_days: int,
) -> Notice:
    """Show one object's line for some working days; a repeat returns the notice it already has.

    Lines of one title, organisation and day share one notice.
    """
    now = clock.now()
    with atomic():
        standing = NoticeLine.objects.filter(
            object_kind=object_kind, object_id=object_id, notice__ended_at__isnull=True
        ).select_related("notice")
        if existing := standing.first():
            return existing.notice
        notice = _notice_of_the_day(organisation_id, title, now, working_days)
        _line_add(notice, object_kind, object_id, line)
        audit.record(
            actor_id=actor_id,
            action="notice.published",
            kind=object_kind,
            object_id=object_id,
            subject_id=line.subject_id,
            detail={"notice": str(notice.pk)},
        )
        jobs.enqueue(
            "notices.end_notice",
            payload={"notice_id": str(notice.pk)},
            run_at=notice.ends_at,
            key=f"notices.end:{notice.pk}",
        )
    return notice


def notice_end(*, notice_id: uuid.UUID) -> None:
    """Take a notice down once its days are over, and say so for each object it showed."""
    with atomic():
        notice = Notice.objects.select_for_update().get(pk=notice_id)
        if notice.ended_at or clock.now() < notice.ends_at:
            return
        notice.ended_at = clock.now()
        notice.save(update_fields=["ended_at"])
        audit.record(actor_id=None, action="notice.ended", kind="notice", object_id=notice.pk)
        for line in notice.lines.prefetch_related("objections"):
            jobs.publish(
                NoticeEnded(
                    notice_id=notice.pk,
                    object_kind=line.object_kind,
                    object_id=line.object_id,
                    had_objections=bool(line.objections.all()),
                )
            )


def line_take_down(*, actor_id: uuid.UUID | None, object_kind: str, object_id: uuid.UUID) -> int:
    """Stop showing one object before its days are over: the case was withdrawn or closed.

    A line somebody objected to stays for the answer, emptied of all it showed. Returns how many.
    """
    with atomic():
        shown = NoticeLine.objects.filter(
            object_kind=object_kind, object_id=object_id, notice__ended_at__isnull=True
        )
        rows = list(shown.prefetch_related("objections"))
        for line in rows:
            if line.objections.all():
                line.name, line.organisation_name, line.amount_fen = "＊＊＊", "", None
                line.tier_en = line.tier_zh = ""
                line.save()
            else:
                line.delete()
            audit.record(
                actor_id=actor_id, action="notice.line_taken_down", kind=object_kind,
                object_id=object_id, subject_id=line.subject_id,
            )  # fmt: skip
    return len(rows)


def objection_lodge(*, actor: Actor, line_id: uuid.UUID, words: str, key: uuid.UUID) -> Objection:
    """Object to a line under one's real name while the notice runs; a repeat changes nothing.

    Raises:
        ForbiddenError: the person is not known by her real name.
        RefusedError: no words, too many, or the notice is over.
    """
    if actor.account_id is None or members.member_of(actor.account_id) is None:
        raise ForbiddenError(_("An objection needs a real name. Link your membership first."))
    words = clean(words)
    if not words:
        raise RefusedError(_("Tell us in a few words what is not right."), field="words")
    if len(words) > LONGEST_OBJECTION:
        raise RefusedError(_("Please keep it under 2,000 characters."), field="words")
    with atomic():
        repeated = Objection.objects.filter(account_id=actor.account_id, key=key).first()
        if repeated:
            return repeated
        line = NoticeLine.objects.select_related("notice").filter(pk=line_id).first()
        if line is None or not line.notice.is_running:
            raise RefusedError(_("This notice is over. You can still call 12351."))
        objection = Objection.objects.create(
            line=line,
            account_id=actor.account_id,
            key=key,
            words=words,
            due_at=workdays.due_at(clock.now(), OBJECTION_DAYS),
        )
        audit.record(
            actor_id=actor.account_id,
            action="objection.lodged",
            kind="objection",
            object_id=objection.pk,
            subject_id=actor.account_id,
            detail={"line": str(line.pk)},
        )
        jobs.publish(
            ObjectionLodged(
                notice_id=line.notice_id,
                objection_id=objection.pk,
                object_kind=line.object_kind,
                object_id=line.object_id,
            )
        )
    return objection


def objection_settle(
    *, actor: Actor, objection_id: uuid.UUID, is_upheld: bool, answer: str
) -> Objection:
    """Answer an objection, once.

    Raises:
        ForbiddenError: not the actor's organisation, or her own objection or case.
        StaleError: somebody answered before with another outcome.
    """
    answer = clean(answer)
    if not answer:
        raise RefusedError(_("Write down the reason; the person will read it."), field="answer")
    with atomic():
        objection = (
            Objection.objects.select_for_update(of=("self",))
            .select_related("line__notice__organisation")
            .get(pk=objection_id)
        )
        if not policies.may_settle(actor, objection):
            raise ForbiddenError(_("Another organisation answers this objection."))
        state = Objection.State.UPHELD if is_upheld else Objection.State.DISMISSED
        if objection.state != Objection.State.OPEN:
            if objection.state == state:
                return objection
            raise StaleError(_("A colleague has answered this objection already."))
        objection.state, objection.answer, objection.settled_at = state, answer, clock.now()
        objection.save()
        audit.record(
            actor_id=actor.account_id,
            action=f"objection.{state}",
            kind="objection",
            object_id=objection.pk,
            subject_id=objection.account_id,
            detail=actor.stands_in(Ability.NOTICE_MANAGE, objection.line.notice.organisation.path),
        )
        jobs.publish(
            ObjectionSettled(
                notice_id=objection.line.notice_id,
                objection_id=objection.pk,
                object_kind=objection.line.object_kind,
                object_id=objection.line.object_id,
                was_upheld=is_upheld,
            )
        )
        notify(
            account_id=objection.account_id,
            kind="objection.settled",
            title=_("Your objection has been answered"),
            body=_("We looked into it. Open this message to read what we found."),
            url=reverse("notices:objection_mine", args=[objection.pk]),
            key=f"objection.settled:{objection.pk}",
        )
    return objection


def objection_open(actor: Actor, objection: Objection) -> str:
    """Open the words of an objection for an officer who may answer it; the objector sees that.

    Raises:
        ForbiddenError: another organisation answers it.
    """
    if not policies.may_settle(actor, objection):
        raise ForbiddenError(_("Another organisation answers this objection."))
    return vault.open_sealed(
        objection,
        "words",
        actor_id=actor.account_id,
        purpose="objection.settle",
        subject_id=objection.account_id,
    )


def objection_read_own(actor: Actor, objection: Objection) -> tuple[str, str]:
    """Return one's own words and the answer to them.

    Raises:
        ForbiddenError: somebody else objected.
    """
    if actor.account_id != objection.account_id:
        raise ForbiddenError(_("This objection is not yours."))
    # Not an opening of somebody's data: the writer and the addressee of the answer reads it.
    return vault.reveal(objection, "words"), vault.reveal(objection, "answer")


def account_export(account_id: uuid.UUID | None) -> list[dict[str, str]]:
    """List what notices keep about a person: her lines, and the objections she made."""
    if account_id is None:
        return []
    lines = NoticeLine.objects.filter(subject_id=account_id).select_related("notice")
    objections = Objection.objects.filter(account_id=account_id).select_related("line__notice")
    return [
        {
            "notice": str(line.notice),
            "shown_as": line.name,
            "from": line.notice.starts_at.isoformat(),
            "until": line.notice.ends_at.isoformat(),
        }
        for line in lines
    ] + [
        {
            "objection_to": str(one.line.notice),
            "on": one.lodged_at.isoformat(),
            # Her own copy: no opening of somebody else's data.
            "words": vault.reveal(one, "words"),
            "answer": vault.reveal(one, "answer"),
        }
        for one in objections
    ]


def account_erase(account_id: uuid.UUID | None) -> None:
    """Cut a person's ties to notices that are over, and empty her settled objections."""
    if account_id is None:
        return
    with atomic():
        NoticeLine.objects.filter(subject_id=account_id, notice__ended_at__isnull=False).update(
            subject_id=None
        )
        settled = Objection.objects.filter(account_id=account_id).exclude(
            state=Objection.State.OPEN
        )
        settled.update(words=None, answer=None)


def _notice_of_the_day(
    organisation_id: uuid.UUID, title: Bilingual, now: datetime, working_days: int
) -> Notice:
    notice, _made = Notice.objects.get_or_create(
        organisation_id=organisation_id,
        title_en=title.en,
        starts_on=clock.today(),
        ends_at=workdays.due_at(now, working_days),
        defaults={"title_zh": title.zh_Hans, "starts_at": now},
    )
    return notice


def _line_add(
    notice: Notice, object_kind: str, object_id: uuid.UUID, draft: NoticeLineDraft
) -> NoticeLine:
    line_id = new_id()
    return NoticeLine.objects.create(
        id=line_id,
        notice=notice,
        object_kind=object_kind,
        object_id=object_id,
        subject_id=draft.subject_id,
        name=rules.mask_name(draft.name),
        organisation_name=_wide_enough(draft.organisation_id),
        amount_fen=draft.amount_fen,
        tier_en=draft.tier.en if draft.tier else "",
        tier_zh=draft.tier.zh_Hans if draft.tier else "",
        receipt_index=receipt_index(receipt_of(line_id)),
    )


def _wide_enough(organisation_id: uuid.UUID | None) -> str:
    """Name the union, or the nearest above it with people enough to hide in."""
    unit = Organisation.objects.filter(pk=organisation_id).first()
    line = reversed(line_of(unit)) if unit else ()
    named = next(
        (each for each in line if each.member_count >= rules.SMALLEST_UNIT or each.depth == 1), None
    )
    return named.name if named else ""
