"""A case as the machine needs it that carries its decision out: answers opened for nobody's eyes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from lianxin.procedures.models import Dossier, Entry
from lianxin.procedures.rules.machine import Verb
from lianxin.procedures.selectors.values import latest_answers, values_of


@dataclass(frozen=True)
class CaseFacts:
    """A dossier, what was answered, and who passed its last step (None: silence)."""

    dossier: Dossier
    values: dict[str, Any]
    passed_by: uuid.UUID | None


def case_facts(dossier_id: uuid.UUID, code: str) -> CaseFacts | None:
    """Return a case of one procedure; None if it is another's, or disposed of. Three queries."""
    dossier = (
        Dossier.objects.select_related("version", "organisation")
        .filter(pk=dossier_id, version__code=code, disposed_at=None)
        .first()
    )
    if dossier is None:
        return None
    passed = Entry.objects.filter(dossier=dossier, verb=Verb.APPROVE).order_by("-seq").first()
    return CaseFacts(
        dossier, values_of(latest_answers(dossier)), passed.actor_id if passed else None
    )
