"""A step that shows the case in public for some days, and goes on by itself if nobody objects."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lianxin.kit.text import Bilingual
from lianxin.kit.transactions import atomic
from lianxin.notices import api as notices
from lianxin.orgs.api import Actor
from lianxin.procedures.models import Dossier, Task
from lianxin.procedures.rules.definition import Step, StepKind
from lianxin.procedures.rules.grants import tier_of
from lianxin.procedures.rules.machine import State, Verb
from lianxin.procedures.selectors.registry import step_kinds
from lianxin.procedures.services.deciding import step_approve
from lianxin.procedures.services.lateness import handlers_of
from lianxin.procedures.services.telling import officers_tell
from lianxin.procedures.services.turns import turn_begin, turn_end, turn_judge

OBJECT_KIND = "dossier"


class NoticeStep:
    """Publishes the masked line when the step begins."""

    def entered(self, dossier: Dossier, task: Task, step: Step) -> None:
        """Show the case for the days its definition names."""
        terms = step.notice
        if terms is None:
            return
        notices.notice_publish(
            actor_id=None,
            organisation_id=task.organisation_id,
            title=terms.title,
            object_kind=OBJECT_KIND,
            object_id=dossier.pk,
            line=notices.NoticeLineDraft(
                subject_id=dossier.applicant_id,
                name=dossier.applicant_name,
                organisation_id=dossier.organisation_id if terms.shows_organisation else None,
                amount_fen=dossier.amount_fen if terms.shows_amount else None,
                tier=_tier_name(dossier),
            ),
            working_days=terms.days,
        )

    def hindrance(self, dossier: Dossier, task: Task, step: Step, *, is_system: bool) -> str:  # noqa: ARG002  (the same for all)
        """Nobody passes a notice before its days are over and every objection is answered."""
        if is_shown(dossier):
            return _("The public notice still runs. The case goes on by itself when it ends.")
        if _open_objections(dossier):
            return _("An objection to the notice is not answered yet. Please answer it first.")
        return ""


def is_shown(dossier: Dossier) -> bool:
    """Say whether a notice shows this dossier right now."""
    return notices.NoticeLine.objects.filter(
        object_kind=OBJECT_KIND, object_id=dossier.pk, notice__ended_at__isnull=True
    ).exists()


def notice_over(*, dossier_id: uuid.UUID, notice_id: uuid.UUID) -> None:
    """Let the dossier go on once its notice has ended and no objection was upheld; safe to repeat."""
    with atomic():
        mine = turn_begin(
            actor=Actor.system(),
            dossier_id=dossier_id,
            verb=Verb.APPROVE,
            key=f"notice:{notice_id}",
        )
        if mine.is_repeat or not _stands_at_notice(mine.dossier) or is_shown(mine.dossier):
            return
        states = set(_objections(mine.dossier).values_list("state", flat=True))
        if notices.Objection.State.OPEN in states:
            return
        if notices.Objection.State.UPHELD in states:
            # A person decides what an upheld objection means for the case.
            officers_tell(mine.dossier, mine.running_task, handlers_of(mine))
            return
        step_approve(
            actor=Actor.system(), dossier_id=dossier_id, key=f"notice:{notice_id}", seen=None
        )


def notice_objected(*, dossier_id: uuid.UUID, objection_id: uuid.UUID, is_settled: bool) -> None:
    """Write into the timeline that somebody objected to the notice, or that it was answered."""
    with atomic():
        kind = "notice_settled" if is_settled else "notice"
        mine = turn_begin(
            actor=Actor.system(),
            dossier_id=dossier_id,
            verb=Verb.OBJECT,
            key=f"{kind}:{objection_id}",
        )
        if mine.is_repeat or mine.dossier.state != State.OPEN:
            return
        turn_end(mine, turn_judge(mine), data={"kind": kind})


def _objections(dossier: Dossier) -> QuerySet[notices.Objection]:
    return notices.Objection.objects.filter(
        line__object_kind=OBJECT_KIND, line__object_id=dossier.pk
    )


def _open_objections(dossier: Dossier) -> bool:
    return bool(_objections(dossier).filter(state=notices.Objection.State.OPEN).exists())


def _stands_at_notice(dossier: Dossier) -> bool:
    return dossier.state == State.OPEN and dossier.step.kind == StepKind.NOTICE


def _tier_name(dossier: Dossier) -> Bilingual | None:
    tier = tier_of(dossier.definition, dossier.tier)
    return tier.name if tier else None


step_kinds.fill(StepKind.NOTICE, NoticeStep())
