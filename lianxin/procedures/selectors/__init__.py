"""The reads of procedures."""

from __future__ import annotations

from lianxin.procedures.selectors.dossiers import (
    AnswerRow,
    Asked,
    Bundle,
    Progress,
    Station,
    answers_after_opening,
    dossier_bundle,
    my_dossiers,
    waits_for_person,
)
from lianxin.procedures.selectors.papers import (
    Decision,
    Receipt,
    batch_of,
    batches_for,
    decision_of,
    payments_for,
    receipt_of,
    repairs_for,
)
from lianxin.procedures.selectors.queue import (
    CHIPS,
    Colleague,
    Load,
    Queue,
    QueueRow,
    colleagues_for,
    open_count,
    queue_for,
    referable,
    team_load,
)
from lianxin.procedures.selectors.timeline import Line, timeline
from lianxin.procedures.selectors.words import OUTCOMES, STATES, sentence_of

__all__ = [
    "CHIPS", "OUTCOMES", "STATES", "AnswerRow", "Asked", "Bundle", "Colleague", "Decision",
    "Line", "Load", "Progress", "Queue", "QueueRow", "Receipt", "Station",
    "answers_after_opening", "batch_of", "batches_for", "colleagues_for", "decision_of",
    "dossier_bundle", "my_dossiers", "open_count", "payments_for", "queue_for", "receipt_of",
    "referable", "repairs_for", "sentence_of", "team_load", "timeline", "waits_for_person",
]  # fmt: skip
