"""The tables of procedures: versions, dossiers, tasks, the timeline, payments."""

from __future__ import annotations

from lianxin.procedures.models.dossier import (
    AnswerSet,
    Dossier,
    DossierQuerySet,
    Entry,
    EvidencePaper,
    ProcedureVersion,
    Recusal,
)
from lianxin.procedures.models.payment import BankReturn, Payment, PaymentBatch
from lianxin.procedures.models.voice import Appointment, Objection, Rating, Repair
from lianxin.procedures.models.work import Task, TaskQuerySet

__all__ = [
    "AnswerSet",
    "Appointment",
    "BankReturn",
    "Dossier",
    "DossierQuerySet",
    "Entry",
    "EvidencePaper",
    "Objection",
    "Payment",
    "PaymentBatch",
    "ProcedureVersion",
    "Rating",
    "Recusal",
    "Repair",
    "Task",
    "TaskQuerySet",
]
