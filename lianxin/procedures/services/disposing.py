"""The end of a record: after its years a dossier is emptied, and only the fact of it is kept."""

from __future__ import annotations

import datetime as dt
import uuid

from lianxin.audit import api as audit
from lianxin.files import api as files
from lianxin.kit import clock
from lianxin.kit.transactions import atomic
from lianxin.procedures import conf
from lianxin.procedures.constants import SIGNED
from lianxin.procedures.models import (
    AnswerSet,
    Appointment,
    Dossier,
    Entry,
    EvidencePaper,
    Objection,
    Payment,
    ProcedureVersion,
    Rating,
    Recusal,
    Repair,
    Task,
)
from lianxin.procedures.rules.machine import State

_YEAR = dt.timedelta(days=365)


def dossiers_dispose(*, years: int | None = None, is_dry_run: bool = False, most: int = 500) -> int:
    """Empty the dossiers closed longer ago than their years; return how many.

    The row stays for statistics: what, where, how it ended, how long it took. Answers, papers,
    notes, names and accounts go.
    """
    now = clock.now()
    shortest = min([years or conf.keep_years(), *_kept_by_definition()])
    closed = Dossier.objects.filter(
        state=State.CLOSED, disposed_at=None, closed_at__lt=now - shortest * _YEAR
    ).select_related("version")
    count = 0
    for dossier in closed.order_by("closed_at").iterator():
        kept = years or dossier.definition.keep_years or conf.keep_years()
        if dossier.closed_at is None or dossier.closed_at >= now - kept * _YEAR:
            continue
        count += 1
        if not is_dry_run:
            dossier_dispose(dossier_id=dossier.pk)
        if count >= most:
            break
    return count


def kept_for(dossier: Dossier) -> dt.timedelta:
    """Say how long after its closing a dossier is kept."""
    return (dossier.definition.keep_years or conf.keep_years()) * _YEAR


def dossier_dispose(*, dossier_id: uuid.UUID, actor_id: uuid.UUID | None = None) -> None:
    """Empty one closed dossier; again changes nothing."""
    with atomic():
        dossier = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier_id)
        if dossier.disposed_at is not None or dossier.state != State.CLOSED:
            return
        subject_id = dossier.applicant_id
        _empty(dossier)
        for kind in ("dossier", SIGNED):
            files.object_erase(kind, dossier.pk, actor_id=actor_id)
        dossier.applicant = dossier.helped_by = dossier.carried_by = dossier.subject_id = None
        dossier.applicant_name, dossier.confirm_index = "", ""
        dossier.disposed_at = clock.now()
        dossier.save()
        audit.record(
            actor_id=actor_id, action="dossier.disposed", kind="dossier", object_id=dossier.pk,
            subject_id=subject_id,
        )  # fmt: skip


def _kept_by_definition() -> list[int]:
    years = {row.definition.keep_years for row in ProcedureVersion.objects.iterator()}
    return sorted(years - {0})


def _empty(dossier: Dossier) -> None:
    AnswerSet.objects.filter(dossier=dossier).delete()
    EvidencePaper.objects.filter(dossier=dossier).delete()
    Appointment.objects.filter(dossier=dossier).delete()
    Recusal.objects.filter(dossier=dossier).delete()
    Task.objects.filter(dossier=dossier).update(findings={}, sealed_findings={})
    entries = Entry.objects.filter(dossier=dossier)
    entries.update(note="", sealed_note=None)
    entries.filter(actor_id=dossier.applicant_id).update(actor=None)
    Objection.objects.filter(dossier=dossier).update(words=None, answer=None)
    Rating.objects.filter(dossier=dossier).update(words=None)
    Repair.objects.filter(dossier=dossier).update(words=None)
    Payment.objects.filter(dossier=dossier).update(account=None, payee_name="")
