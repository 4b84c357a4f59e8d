"""Opening what is sealed for a person's eyes; each opening is shown to the one it concerns."""

from __future__ import annotations

import uuid
from typing import Any

from lianxin.kit.errors import ForbiddenError
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor
from lianxin.procedures import policies
from lianxin.procedures.constants import REFUSALS
from lianxin.procedures.models import Dossier, Task
from lianxin.procedures.selectors.values import findings_of
from lianxin.procedures.services.answering import answers_open_all
from lianxin.vault import api as vault


def answers_open(*, actor: Actor, dossier_id: uuid.UUID, purpose: str) -> dict[str, Any]:
    """Return all answers of a dossier, the sealed ones opened and noted.

    Raises:
        ForbiddenError: not this person's business.
    """
    return answers_open_all(_visible(actor, dossier_id), actor=actor, purpose=purpose)


def findings_open(
    *, actor: Actor, dossier_id: uuid.UUID, purpose: str
) -> dict[str, dict[str, Any]]:
    """Return what officers wrote down, by step; sealed values opened and noted."""
    dossier = _visible(actor, dossier_id)
    tasks = Task.objects.filter(dossier=dossier).order_by("opened_at", "id")
    sealed = sorted({code for task in tasks for code in task.sealed_findings})
    if sealed:
        with atomic():
            vault.note_opening(
                actor_id=actor.account_id, kind="dossier", object_id=dossier.pk, fields=sealed,
                purpose=purpose, subject_id=dossier.applicant_id,
            )  # fmt: skip
    found = {task.step_code: findings_of(task) for task in tasks}
    return {code: values for code, values in found.items() if values}


def _visible(actor: Actor, dossier_id: uuid.UUID) -> Dossier:
    dossier = (
        policies.visible_to(actor, Dossier.objects.select_related("version"))
        .filter(pk=dossier_id)
        .first()
    )
    if dossier is None:
        raise ForbiddenError(str(REFUSALS["not_yours"]))
    return dossier
