"""Reads off a dossier and its task what the judge of moves needs to know."""

from __future__ import annotations

from lianxin.kit import clock
from lianxin.procedures.models.dossier import Dossier
from lianxin.procedures.models.payment import Payment
from lianxin.procedures.models.voice import Objection, Rating, Repair
from lianxin.procedures.models.work import Task
from lianxin.procedures.rules.machine import Outcome, Situation, State

_MOVING = [Payment.State.BATCHED, Payment.State.PAID]


def situation_of(dossier: Dossier, task: Task | None) -> Situation:
    """Collect the facts; what only matters once a dossier is closed is asked only then."""
    is_closed = dossier.state == State.CLOSED
    until = dossier.objection_until
    return Situation(
        state=State(dossier.state),
        outcome=Outcome(dossier.outcome) if dossier.outcome else None,
        step_kind=dossier.step.kind,
        is_last_step=dossier.step_index >= len(dossier.definition.route) - 1,
        is_decided=dossier.decided_at is not None and dossier.outcome == Outcome.GRANTED,
        is_money_moving=Payment.objects.filter(dossier=dossier, state__in=_MOVING).exists(),
        is_objection=task is not None and task.is_objection,
        was_objected=is_closed and Objection.objects.filter(dossier=dossier).exists(),
        may_still_object=until is not None and clock.now() <= until,
        is_rated=is_closed and Rating.objects.filter(dossier=dossier).exists(),
        wants_rating=dossier.definition.is_rated,
        is_repair_open=is_closed
        and Repair.objects.filter(dossier=dossier, done_at__isnull=True).exists(),
    )
