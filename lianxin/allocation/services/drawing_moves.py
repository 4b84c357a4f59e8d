"""What every step of a draw shares: who acts, what refuses, what is signed, noted and told."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from lianxin.allocation import policies
from lianxin.allocation.events import DrawMoved
from lianxin.allocation.models import Draw, DrawParty, DrawStatement
from lianxin.allocation.rules.draws import canonical, digest
from lianxin.allocation.rules.draws_rule import stamp
from lianxin.allocation.rules.draws_steps import (
    Stage,
    Step,
    Who,
    Why,
    hindrance,
    moved,
    next_step,
)
from lianxin.allocation.selectors.draws import PURPOSE
from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock, tokens
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.orgs.api import Actor
from lianxin.ui.templatetags.ui import daytime
from lianxin.vault import api as vault


def draw_locked(draw_id: uuid.UUID) -> Draw:
    """Lock a draw for writing; inside `atomic`, after its pool where both are needed.

    Raises:
        ForbiddenError: there is none.
    """
    rows = Draw.objects.select_for_update(of=("self",)).select_related("pool__organisation")
    draw = rows.filter(pk=draw_id).first()
    if draw is None:
        raise ForbiddenError(_("There is no such draw."))
    return draw


def party_of(actor: Actor, draw: Draw) -> DrawParty | None:
    """Return what the actor is among the parties of a draw; None if she is none of them."""
    if actor.account_id is None:
        return None
    return DrawParty.objects.filter(draw=draw, account_id=actor.account_id).first()


def allow(draw: Draw, step: Step, who: Who) -> None:
    """Let a step pass, or refuse it with its sentence.

    Raises:
        ForbiddenError: not for this person.
        RefusedError: too early, too late, or not from where the draw stands.
    """
    why = hindrance(step, draw.standing, who, draw.moments, clock.now(), is_valued=bool(draw.value))
    if why is Why.WHO:
        raise ForbiddenError(_("This step of the draw is not yours to take."))
    if why is not None:
        raise RefusedError(str(_sentences(step, draw)[why]))


def arranger(actor: Actor, draw: Draw) -> Who:
    """Say what somebody at the desk is to a draw."""
    return Who.ARRANGER if policies.may_manage(actor, draw.pool) else Who.STRANGER


def step_take(draw: Draw, step: Step, actor: Actor, **detail: Any) -> None:
    """Move a draw on: its stage, what time does next, the trail, the event. The caller saves nothing more."""
    before = draw.standing
    draw.stage = moved(step, before)
    following = next_step(draw.standing, draw.moments)
    draw.due_at = following[1] if following else None
    draw.save()
    note(draw, step.value, actor, **detail)
    if draw.standing is not before:
        jobs.publish(
            DrawMoved(
                draw_id=draw.pk,
                pool_id=draw.pool_id,
                kind=draw.pool.kind,
                object_id=draw.pool.object_id,
                stage=draw.stage,
            )
        )


def note(draw: Draw, deed: str, actor: Actor, **detail: Any) -> None:
    """Write a deed into the trail."""
    audit.record(
        actor_id=actor.account_id,
        action=f"allocation.draw_{deed}",
        kind="allocation.Draw",
        object_id=draw.pk,
        detail={"pool": str(draw.pool_id), **detail},
    )


def statement_make(draw: Draw, stage: Stage, at: dt.datetime, section: Mapping[str, Any]) -> None:
    """Sign what a stage came to, over the statement before: none can be taken out or changed later."""
    text = canonical(section)
    last = DrawStatement.objects.filter(draw=draw).order_by("pk").last()
    signer = vault.signer_of(PURPOSE)
    payload = canonical(
        {
            "at": stamp(at),
            "before": digest("token", last.token) if last else "",
            "draw": str(draw.pk),
            "hash": digest("section", stage, text),
            "key": signer.key_id,
            "stage": stage.value,
            "t": "draw",
        }
    ).encode()
    DrawStatement.objects.create(
        draw=draw, stage=stage, at=at, section=text, token=tokens.signed(payload, signer.sign)
    )


def second(at: dt.datetime) -> dt.datetime:
    """Cut a moment to the second it is published with."""
    return at.replace(microsecond=0)


def _sentences(step: Step, draw: Draw) -> dict[Why, str]:
    until = {Step.COMMIT: draw.commit_until, Step.REVEAL: draw.reveal_until, Step.PUBLISH: draw.closes_at}  # fmt: skip
    since = {
        Step.COMMIT: draw.closes_at,
        Step.REVEAL: draw.commit_until,
        Step.ENTER: draw.known_at,
        Step.DRAW: draw.known_at,
        Step.FREEZE: draw.closes_at,
        Step.CLOSE_COMMITMENTS: draw.commit_until,
        Step.CLOSE_REVEALS: draw.reveal_until,
    }
    return {
        Why.STAGE: _(
            "The draw is past this step, or not there yet. The page shows where it stands."
        ),
        Why.EARLY: _("Not before %(when)s: so the rule says, and everybody relies on it.")
        % {"when": daytime(since.get(step))},
        Why.LATE: _("This was possible until %(when)s. The draw goes on without it.")
        % {"when": daytime(until.get(step))},
        Why.FIXED: _(
            "What the draw comes to follows from what is published already. Nobody may stop it now."
        ),
    }
