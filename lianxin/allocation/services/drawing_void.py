"""Ending a draw without a result: with the reason everybody reads, told to all it concerns."""

from __future__ import annotations

from lianxin.allocation.models import Draw, Pool
from lianxin.allocation.rules.draws_rule import stamp
from lianxin.allocation.rules.draws_steps import Stage, Step
from lianxin.allocation.services.drawing_moves import (
    draw_locked,
    second,
    statement_make,
    step_take,
)
from lianxin.allocation.services.drawing_telling import applicants_tell, parties_tell
from lianxin.kit import clock
from lianxin.orgs.api import Actor


def void_write(draw: Draw, actor: Actor, reason: str, words: str = "") -> None:
    """End a locked draw without a result; the machine's own reasons have no words of a person."""
    draw.voided_at = second(clock.now())
    draw.void_reason, draw.void_words = reason, words
    step_take(draw, Step.VOID, actor, reason=reason)
    section = {"at": stamp(draw.voided_at), "reason": reason, "words": words}
    statement_make(draw, Stage.VOID, draw.voided_at, section)
    parties_tell(draw, list(draw.parties.order_by("number")), "void")
    applicants_tell(draw, "void")


def draw_of_pool_void(pool: Pool) -> None:
    """End the running draw of a pool that was called off; inside the transaction that does so."""
    running = Draw.objects.filter(pool=pool).exclude(stage__in=[Stage.VOID, Stage.DRAWN])
    for found in running:
        draw = draw_locked(found.pk)
        if draw.standing is Stage.PLANNED:
            draw.delete()
        else:
            void_write(draw, Actor.system(), "called_off")
