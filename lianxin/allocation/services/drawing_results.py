"""The public value, read twice, and what the draw comes to."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from lianxin.allocation import policies
from lianxin.allocation.adapters.beacon import beacon
from lianxin.allocation.models import Claim, Draw, DrawList, DrawValue
from lianxin.allocation.rules.draws import ABSENT, SILENT, order_of, said, seed_of, winners_of
from lianxin.allocation.rules.draws_packing import order_packed
from lianxin.allocation.rules.draws_rule import stamp
from lianxin.allocation.rules.draws_sources import SourceError, SourceKind, value_of
from lianxin.allocation.rules.draws_steps import Stage, Step, Who
from lianxin.allocation.selectors.draws import lines_of_claims
from lianxin.allocation.services.drawing_moves import (
    allow,
    arranger,
    draw_locked,
    note,
    party_of,
    second,
    statement_make,
    step_take,
)
from lianxin.allocation.services.drawing_steps import draw_step
from lianxin.allocation.services.settling import draw_close, draw_settle
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor

RUN_JOB = "allocation.run_draw"
MACHINE = "machine"
LEAST_READINGS = 2
RESUMED_AFTER = dt.timedelta(minutes=2)


def draw_value_read(*, actor: Actor, draw_id: uuid.UUID, value: str) -> DrawValue:
    """Enter the public value as one read it at its source. Two must agree; then the draw runs.

    Until they do, one's own reading can be corrected. Again the same changes nothing.

    Raises:
        ForbiddenError: neither an arranger nor a party.
        RefusedError: too early, or it cannot be the value the rule names.
    """
    draw_step(draw_id)
    with atomic():
        draw = draw_locked(draw_id)
        party = party_of(actor, draw)
        who = Who.PARTY if party else arranger(actor, draw)
        if draw.value and policies.may_read_value(actor, draw):
            return _reading_before(draw, actor)
        allow(draw, Step.ENTER, who)
        if actor.account_id is None:
            raise ForbiddenError(_("A person reads the value at its source."))
        told, proof = _understood(draw, value)
        reader = f"{party.name} · {party.capacity}" if party else draw.pool.organisation.name
        reading, _made = DrawValue.objects.update_or_create(
            draw=draw,
            read_by_id=actor.account_id,
            is_fetched=False,
            defaults={"value": told, "proof": proof, "reader": reader, "read_at": second(clock.now())},
        )  # fmt: skip
        note(draw, "value_read", actor)
        _agree(draw)
    return reading


def draw_value_fetched(*, draw_id: uuid.UUID, typed: str, relay: str) -> None:
    """Keep what the machine fetched from a source as one of the two readings; again changes nothing."""
    with atomic():
        draw = draw_locked(draw_id)
        if draw.standing is not Stage.REVEALED or draw.value:
            return
        allow(draw, Step.ENTER, Who.SYSTEM)
        value, proof = _understood(draw, typed)
        DrawValue.objects.update_or_create(
            draw=draw,
            is_fetched=True,
            defaults={
                "value": value, "proof": proof, "reader": relay, "read_at": second(clock.now()),
            },
        )  # fmt: skip
        note(draw, "value_fetched", Actor.system())
        _agree(draw)


def values_fetch() -> int:
    """Ask the beacon for each value that is known by now and not read by the machine; return how many came."""
    source = beacon()
    came = 0
    waiting = Draw.objects.filter(stage=Stage.REVEALED, value="", known_at__lte=clock.now())
    for draw in waiting.exclude(values_read__is_fetched=True):
        public = draw.rule["public"]
        told = source.read(public["round"]) if public["kind"] == SourceKind.DRAND else None
        if told is None:
            continue
        try:
            draw_value_fetched(draw_id=draw.pk, typed=told[0], relay=told[1])
        except RefusedError:  # a relay that answers nonsense is no reading
            continue
        came += 1
    return came


def draws_resume() -> int:
    """Run the draws whose value is fixed and whose job was cut off; return how many went on."""
    since = clock.now() - RESUMED_AFTER
    waiting = Draw.objects.filter(stage=Stage.REVEALED, valued_at__lte=since).exclude(value="")
    pks = list(waiting.values_list("pk", flat=True))
    return jobs.each_alone(pks, lambda pk: draw_run(draw_id=pk), what="draw")


def draw_run(*, draw_id: uuid.UUID) -> Draw:
    """Draw: seed, order, places; then, in one transaction, the result. Publishes DrawMoved; again changes nothing.

    The order follows from what is fixed, so whoever is cut off while places are written down comes to
    the same.
    """
    draw = Draw.objects.select_related("pool").get(pk=draw_id)
    if draw.standing is not Stage.REVEALED or not draw.value:
        return draw
    rows = draw.rows
    seed = seed_now(draw)
    order = order_of(seed, rows, frozenset(draw.withdrawn))
    won = winners_of(order, rows, draw.rule["places"])
    everybody = Claim.objects.filter(pool_id=draw.pool_id).values_list("pk", flat=True)
    claims = lines_of_claims(draw, everybody.iterator(chunk_size=5000))
    draw_settle(
        pool_id=draw.pool_id,
        order=[claims[rows[place].line] for place in order],
        won={claims[rows[place].line] for place in won},
    )
    with atomic():
        pool = draw_close(draw.pool_id)
        draw = draw_locked(draw_id)
        if draw.standing is not Stage.REVEALED:
            return draw
        draw.pool = pool
        draw.seed, draw.won, draw.drawn_at = seed, len(won), second(clock.now())
        DrawList.objects.filter(draw=draw).update(order=order_packed(order))
        step_take(draw, Step.DRAW, Actor.system(), seed=seed, won=len(won))
        statement_make(draw, Stage.DRAWN, draw.drawn_at, _drawn(draw))
    return draw


def seed_now(draw: Draw) -> str:
    """Return the seed that follows from what is published and the value."""
    return seed_of(draw.seal, _opened(draw), draw.withdrawn, draw.value)


def _understood(draw: Draw, typed: str) -> tuple[str, str]:
    try:
        return value_of(draw.rule["public"], typed)
    except SourceError as error:
        raise RefusedError(str(_value_words()[error.code]), field="value") from None


def _agree(draw: Draw) -> None:
    """Fix the value once two readings of it are the same, and have the draw run."""
    readings = list(DrawValue.objects.filter(draw=draw).order_by("pk"))
    for one in readings:
        same = [other for other in readings if other.value == one.value]
        if len(same) >= LEAST_READINGS:
            draw.value, draw.proof = one.value, one.proof
            draw.valued_at = second(clock.now())
            draw.save(update_fields=["value", "proof", "valued_at"])
            jobs.enqueue(RUN_JOB, payload={"draw_id": str(draw.pk)}, key=f"{RUN_JOB}:{draw.pk}")
            return


def _reading_before(draw: Draw, actor: Actor) -> DrawValue:
    own = DrawValue.objects.filter(draw=draw, read_by_id=actor.account_id).first()
    if own is None:
        raise RefusedError(_("Two people have read the value already, and they agree."))
    return own


def _opened(draw: Draw) -> list[str]:
    told = []
    for party in draw.parties.order_by("number"):
        if not party.lock:
            told.append(ABSENT)
        else:
            told.append(said(party.secret) if party.secret else SILENT)
    return told


def _drawn(draw: Draw) -> dict[str, object]:
    readings = DrawValue.objects.filter(draw=draw, value=draw.value).order_by("pk")
    return {
        "at": stamp(draw.drawn_at) if draw.drawn_at else "",
        "proof": draw.proof,
        "read": [
            {"at": stamp(one.read_at), "by": MACHINE if one.is_fetched else "person", "from": one.reader}
            for one in readings
        ],
        "seed": draw.seed,
        "value": draw.value,
        "won": draw.won,
    }  # fmt: skip


def _value_words() -> dict[str, str]:
    return {
        "value": _("This is too long to be the value."),
        "drand": _("Please copy the signature of this round as the relay shows it: 96 digits and letters."),
        "count": _("There are more or fewer numbers here than the source publishes."),
        "range": _("One of these numbers cannot come from this source, or stands there twice."),
        "decimals": _("Each figure with two decimals, as the source prints it."),
    }  # fmt: skip
