"""What time itself does to a draw: fix the list, lock the commitments, end the reveals.

Whoever comes first after a moment takes the step, a person's request or the job worker; it comes to
the same, and again changes nothing.
"""

from __future__ import annotations

import uuid
from collections import Counter

from django.db.models import Count

from lianxin.allocation.models import Claim, Draw, DrawList, DrawParty, LedgerLine, Pool
from lianxin.allocation.rules.claims import HOLDING, State, Verb
from lianxin.allocation.rules.draws import Row, Tree, line_of, salt_of
from lianxin.allocation.rules.draws_packing import rows_packed
from lianxin.allocation.rules.draws_rule import stamp, weight_of
from lianxin.allocation.rules.draws_steps import (
    Stage,
    Step,
    freezes_too_late,
    next_step,
)
from lianxin.allocation.selectors.draws import lines_of_claims, salts_of
from lianxin.allocation.services.drawing_moves import (
    draw_locked,
    second,
    statement_make,
    step_take,
)
from lianxin.allocation.services.drawing_telling import REMIND_JOB, parties_tell
from lianxin.allocation.services.drawing_void import void_write
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor

SYSTEM = Actor.system()


def draw_step(draw_id: uuid.UUID) -> Draw:
    """Take whatever steps time has made due; return the draw as it stands then."""
    draw = Draw.objects.get(pk=draw_id)
    while (due := next_step(draw.standing, draw.moments)) and due[1] <= clock.now():
        match due[0]:
            case Step.FREEZE:
                _freeze(draw)
            case Step.CLOSE_COMMITMENTS:
                _close_commitments(draw_id)
            case Step.CLOSE_REVEALS:
                _close_reveals(draw_id)
        draw.refresh_from_db()
    return draw


def draws_due() -> list[uuid.UUID]:
    """List the draws for which a moment has come. One query."""
    due = Draw.objects.filter(due_at__lte=clock.now()).order_by("due_at")
    return list(due.values_list("pk", flat=True)[:100])


def draws_step() -> int:
    """Take the steps of all draws for which a moment has come; return how many went on."""
    return jobs.each_alone(draws_due(), draw_step, what="draw")


def _freeze(draw: Draw) -> None:
    """Fix the list: read under the pool's lock, hashed without it, published with its root."""
    applied = _applied(draw)
    missed = _missed_before(draw) if draw.weight_most > 1 else Counter()
    salts = salts_of(draw)
    rows = sorted(
        Row(
            line_of(draw.pk, salt_of(salts, pk), pk),
            stratum,
            weight_of(missed[account_id], draw.weight_most),
            size,
        )
        for pk, account_id, stratum, size in applied
    )
    root = Tree(rows).root
    with atomic():
        draw = draw_locked(draw.pk)
        if draw.standing is not Stage.COLLECTING:
            return
        if freezes_too_late(draw.moments, clock.now()):
            void_write(draw, SYSTEM, "late")
            return
        if not rows:
            void_write(draw, SYSTEM, "empty")
            return
        draw.root, draw.count, draw.frozen_at = root, len(rows), second(clock.now())
        DrawList.objects.create(draw=draw, rows=rows_packed(rows))
        step_take(draw, Step.FREEZE, SYSTEM, root=root, count=len(rows))
        section = {"at": stamp(draw.frozen_at), "count": len(rows), "root": root, "seal": draw.seal}
        statement_make(draw, Stage.FROZEN, draw.frozen_at, section)
        parties_tell(draw, draw.parties.order_by("number"), "commit")
        _remind_halfway(draw)


def _close_commitments(draw_id: uuid.UUID) -> None:
    """Lock what was committed; with fewer than the rule says the draw is void and begins again."""
    with atomic():
        draw = draw_locked(draw_id)
        if draw.standing is not Stage.FROZEN:
            return
        parties = list(draw.parties.order_by("number"))
        committed = [one for one in parties if one.lock]
        if len(committed) < draw.rule["least_locks"]:
            void_write(draw, SYSTEM, "few")
            return
        at = second(clock.now())
        step_take(draw, Step.CLOSE_COMMITMENTS, SYSTEM, locks=len(committed))
        section = {"at": stamp(at), "locks": [_committed(one) for one in parties]}
        statement_make(draw, Stage.COMMITTED, at, section)
        parties_tell(draw, committed, "reveal")
        _remind_halfway(draw)


def _close_reveals(draw_id: uuid.UUID) -> None:
    """End the reveals, and fix whose application was given back: nobody can know the seed yet.

    If the machine comes to it only when the value may be known already, nobody counts as withdrawn:
    then no choice is left to whoever was late.
    """
    with atomic():
        draw = draw_locked(draw_id)
        if draw.standing is not Stage.COMMITTED:
            return
        at = second(clock.now())
        draw.withdrawn = _withdrawn(draw) if at < draw.known_at else []
        parties = list(draw.parties.order_by("number"))
        opened = sum(1 for one in parties if one.secret)
        step_take(draw, Step.CLOSE_REVEALS, SYSTEM, opened=opened, withdrawn=len(draw.withdrawn))
        section = {
            "at": stamp(at),
            "opened": [_opened(one) for one in parties],
            "withdrawn": draw.withdrawn,
        }
        statement_make(draw, Stage.REVEALED, at, section)


def _applied(draw: Draw) -> list[tuple[uuid.UUID, uuid.UUID | None, int, int]]:
    """Read who applies, once whoever was writing when it closed has finished."""
    with atomic():
        Pool.objects.select_for_update(of=("self",)).get(pk=draw.pool_id)
        rows = Claim.objects.filter(pool_id=draw.pool_id, state=State.APPLIED)
        return list(rows.values_list("pk", "account_id", "stratum", "size"))


def _missed_before(draw: Draw) -> Counter[uuid.UUID | None]:
    """Count for each person the earlier draws of this series she lost and got no place from."""
    lost = LedgerLine.objects.filter(
        verb=Verb.MISSED,
        pool__series=draw.pool.series,
        pool__drawn_at__isnull=False,
        claim__account_id__isnull=False,
    ).exclude(claim__state__in=HOLDING)
    rows = lost.values_list("claim__account_id").annotate(Count("pool", distinct=True))
    return Counter(dict(rows.order_by()))


def _withdrawn(draw: Draw) -> list[str]:
    gone = Claim.objects.filter(pool_id=draw.pool_id).exclude(state=State.APPLIED)
    lines = lines_of_claims(draw, list(gone.values_list("pk", flat=True)))
    return sorted(lines.keys() & {row.line for row in draw.rows}) if lines else []


def _remind_halfway(draw: Draw) -> None:
    """Have those reminded who are still missing when half of the time is over."""
    until = draw.commit_until if draw.standing is Stage.FROZEN else draw.reveal_until
    now = clock.now()
    jobs.enqueue(
        REMIND_JOB,
        payload={"draw_id": str(draw.pk), "stage": draw.stage},
        run_at=now + (until - now) / 2,
        key=f"{REMIND_JOB}:{draw.pk}:{draw.stage}",
    )


def _committed(party: DrawParty) -> dict[str, str] | None:
    if not party.lock or party.locked_at is None:
        return None
    return {"at": stamp(party.locked_at), "hash": party.lock}


def _opened(party: DrawParty) -> dict[str, str] | None:
    if not party.secret or party.opened_at is None:
        return None
    return {"at": stamp(party.opened_at), "secret": party.secret}
