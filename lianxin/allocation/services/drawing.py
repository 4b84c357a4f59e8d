"""Planning a draw, publishing its rule, declaring it void with a reason."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lianxin.allocation import policies
from lianxin.allocation.models import Claim, Draw, DrawParty, Pool
from lianxin.allocation.rules.claims import LIVE
from lianxin.allocation.rules.draws import LARGEST_WEIGHT
from lianxin.allocation.rules.draws_rule import NEVER_BEFORE, PartyTerms, RuleTerms
from lianxin.allocation.rules.draws_sources import PRESETS, SourceError, SourceKind, source_of
from lianxin.allocation.rules.draws_steps import (
    LEAST_LOCKS,
    LEAST_PARTIES,
    MOST_PARTIES,
    Stage,
    Step,
    Who,
    moments_faults,
)
from lianxin.allocation.services.drawing_moves import (
    allow,
    arranger,
    draw_locked,
    note,
    second,
    statement_make,
    step_take,
)
from lianxin.allocation.services.drawing_telling import applicants_tell, parties_tell
from lianxin.allocation.services.drawing_void import void_write
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.kit.workdays import SHANGHAI
from lianxin.members.api import name_on_card
from lianxin.orgs.api import Actor, actor_of
from lianxin.ui.templatetags.ui import daytime

LATE_NOTICE = dt.timedelta(days=1)  # a rule published after people applied leaves them so long
LONGEST_NAME, LONGEST_CAPACITY, LONGEST_REASON = 64, 80, 400


@dataclass(frozen=True, slots=True)
class PartyPlan:
    """Who locks a secret away, under which name and in which capacity."""

    account_id: uuid.UUID
    name: str
    capacity: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawPlan:
    """What an arranger says of a draw; the rest follows from its pool. `closes_at`: of a second draw."""

    commit_until: dt.datetime
    reveal_until: dt.datetime
    known_at: dt.datetime
    source: str
    parties: Sequence[PartyPlan]
    issue: str = ""
    weight_most: int = 1
    closes_at: dt.datetime | None = None


def draw_plan(*, actor: Actor, pool_id: uuid.UUID, plan: DrawPlan) -> Draw:
    """Write down how a pool will be drawn, or change it while it is not published.

    Raises:
        ForbiddenError: the actor does not arrange this pool.
        RefusedError: the pool is not drawn, was drawn, or the plan cannot be; at its field.
    """
    with atomic():
        pool = Pool.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=pool_id)  # fmt: skip
        if not policies.may_manage(actor, pool):
            raise ForbiddenError(_("You do not arrange places for this organisation."))
        _drawable(pool)
        draw = _planned(pool)
        if draw.standing is not Stage.PLANNED:
            raise RefusedError(_("The rule of this draw is published and stays as it is."))
        _write(draw, plan)
        _check(draw, plan)
        draw.save()
        DrawParty.objects.filter(draw=draw).delete()
        DrawParty.objects.bulk_create(
            DrawParty(
                draw=draw,
                number=number,
                account_id=one.account_id,
                name=clean(one.name)[:LONGEST_NAME],
                capacity=clean(one.capacity)[:LONGEST_CAPACITY],
            )
            for number, one in enumerate(plan.parties, start=1)
        )
        note(draw, "planned", actor, number=draw.number)
    return draw


def draw_publish(*, actor: Actor, draw_id: uuid.UUID) -> Draw:
    """Publish the rule: from now on nobody changes it, and people apply. Publishes DrawMoved; again changes nothing.

    Raises:
        ForbiddenError: the actor does not arrange this pool.
        RefusedError: the plan does not hold (any more), or people have applied who would not be told in time.
    """
    with atomic():
        pool = Pool.objects.select_for_update(of=("self",)).filter(draws=draw_id).first()
        draw = draw_locked(draw_id)
        who = arranger(actor, draw)
        if who is Who.ARRANGER and draw.rule_text:
            return draw
        allow(draw, Step.PUBLISH, who)
        parties = list(draw.parties.order_by("number"))
        if draw.number == 1:  # the pool's own moment may have been changed since the plan
            draw.closes_at = draw.pool.closes_at
        _check(draw, plan_of(draw, parties))
        applied = Claim.objects.filter(pool=pool, state__in=LIVE)
        has_applied = applied.exists()
        if has_applied and draw.closes_at - clock.now() < LATE_NOTICE:
            raise RefusedError(
                _("People have applied already; they must have a day to read the rule. Close later."),
                field="closes_at",
            )  # fmt: skip
        draw.published_at = second(clock.now())
        draw.salts = secrets.token_hex(32)
        draw.rule_text = _terms(draw, parties).text()
        # From now on people may apply; where a draw was void before they could already.
        Pool.objects.filter(pk=draw.pool_id, ruled_at=None).update(ruled_at=draw.published_at)
        step_take(draw, Step.PUBLISH, actor, parties=len(parties))
        statement_make(draw, Stage.COLLECTING, draw.published_at, draw.rule)
        parties_tell(draw, parties, "named")
        if has_applied:
            applicants_tell(draw, "rule")
    return draw


def draw_void(*, actor: Actor, draw_id: uuid.UUID, words: str) -> Draw:
    """Declare a draw void, with the reason everybody reads. A new one may be planned; again changes nothing.

    Possible while nobody can know the result; afterwards only if the public value never came.

    Raises:
        ForbiddenError: the actor does not arrange this pool.
        RefusedError: no reason, or it is too late to stop it.
    """
    with atomic():
        draw = draw_locked(draw_id)
        who = arranger(actor, draw)
        if who is Who.ARRANGER and draw.standing is Stage.VOID:
            return draw
        allow(draw, Step.VOID, who)
        words = clean(words)[:LONGEST_REASON]
        if not words:
            raise RefusedError(_("Please say why; everybody who applied will read it."), field="words")  # fmt: skip
        void_write(draw, actor, "declared", words)
    return draw


def terms_are_fixed(
    pool: Pool, *, capacity: int, opens_at: dt.datetime, closes_at: dt.datetime
) -> bool:
    """Say whether a published rule forbids these terms of its pool until the draw is over."""
    changes = (capacity, opens_at, closes_at) != (pool.capacity, pool.opens_at, pool.closes_at)
    running = Draw.objects.filter(pool=pool).exclude(stage__in=[Stage.VOID, Stage.PLANNED, Stage.DRAWN])  # fmt: skip
    return changes and running.exists()


def plan_of(draw: Draw, parties: Sequence[DrawParty]) -> DrawPlan:
    """Read a plan back from where it is kept."""
    kept = [PartyPlan(one.account_id, one.name, one.capacity) for one in parties if one.account_id]
    return DrawPlan(
        commit_until=draw.commit_until,
        reveal_until=draw.reveal_until,
        known_at=draw.known_at,
        source=draw.source,
        parties=kept,
        issue=draw.issue,
        weight_most=draw.weight_most,
        closes_at=draw.closes_at,
    )


def _drawable(pool: Pool) -> None:
    if pool.method != Pool.Method.DRAW:
        raise RefusedError(_("Places here go to whoever comes first, not by a draw."))
    if pool.off_at is not None:
        raise RefusedError(_("This was called off and stays so."))
    if pool.drawn_at is not None:
        raise RefusedError(_("This was drawn already."))


def _planned(pool: Pool) -> Draw:
    living = Draw.objects.filter(pool=pool).exclude(stage=Stage.VOID).first()
    if living is not None:
        living.pool = pool
        return living
    before = Draw.objects.filter(pool=pool).count()
    return Draw(pool=pool, number=before + 1)


def _write(draw: Draw, plan: DrawPlan) -> None:
    # A second draw of the same list closes when its rule says so; the first with its pool.
    pool_closes = draw.pool.closes_at
    closes_at = plan.closes_at if draw.number > 1 and plan.closes_at else pool_closes
    # Whoever types the minute of the pool means the pool's own moment, to the second.
    is_same = _minute(closes_at) == _minute(pool_closes)
    draw.closes_at = pool_closes if is_same else _minute(closes_at)
    draw.commit_until, draw.reveal_until = _minute(plan.commit_until), _minute(plan.reveal_until)
    draw.known_at = _minute(plan.known_at)
    draw.source, draw.issue = plan.source, clean(plan.issue)
    draw.weight_most = plan.weight_most


def _check(draw: Draw, plan: DrawPlan) -> None:
    if draw.closes_at < draw.pool.closes_at:
        raise RefusedError(_("People can apply here for longer than that. Close later."), field="closes_at")  # fmt: skip
    faults = moments_faults(draw.moments, clock.now())
    if faults:
        field, code = next(iter(faults.items()))
        is_shut = (
            draw.number == 1 and field == "closes_at"
        )  # its pool's moment, not one of the form
        raise RefusedError(_shut_words(draw) if is_shut else _moment_words()[code], field=field)
    _check_value(draw)
    if not 1 <= draw.weight_most <= LARGEST_WEIGHT:
        raise RefusedError(_("Between 1 and 100 tickets."), field="weight_most")
    if draw.weight_most > 1 and not draw.pool.series:
        raise RefusedError(
            _("More tickets for who lost before: only where the pool belongs to a series."),
            field="weight_most",
        )
    _check_parties(draw, plan.parties)


def _check_value(draw: Draw) -> None:
    # Where it has begun already a second draw still settles who had the places.
    if draw.pool.starts_at and clock.now() < draw.pool.starts_at <= draw.known_at:
        raise RefusedError(_("By then it has begun. Let the result be known before that."), field="known_at")  # fmt: skip
    if draw.pool.valid_until and draw.known_at >= draw.pool.valid_until:
        raise RefusedError(_("By then the vouchers are over. Let the result be known before that."), field="known_at")  # fmt: skip
    try:
        source_of(draw.source, known_at=draw.known_at, issue=draw.issue)
    except SourceError as error:
        raise RefusedError(_source_words()[error.code], field=error.code) from None
    preset = PRESETS[draw.source]
    if draw.known_at.astimezone(SHANGHAI).weekday() not in preset.weekdays:
        raise RefusedError(_("This source does not speak on that day of the week."), field="known_at")  # fmt: skip
    if (
        preset.kind is not SourceKind.DRAND
        and draw.known_at.astimezone(SHANGHAI).time() < preset.at
    ):
        raise RefusedError(
            _("This source speaks at %(time)s at the earliest.") % {"time": f"{preset.at:%H:%M}"},
            field="known_at",
        )


def _check_parties(draw: Draw, parties: Sequence[PartyPlan]) -> None:
    if not LEAST_PARTIES <= len(parties) <= MOST_PARTIES:
        raise RefusedError(_("Name at least %(least)d people, at most %(most)d: %(locks)d must lock a secret away, and one may be missing.") % {"least": LEAST_PARTIES, "most": MOST_PARTIES, "locks": LEAST_LOCKS}, field="parties")  # fmt: skip
    accounts = {one.account_id for one in parties}
    if len(accounts) != len(parties):
        raise RefusedError(_("Each of them must be another person."), field="parties")
    for one in parties:
        if not clean(one.name) or not clean(one.capacity):
            raise RefusedError(_("Say of each who it is, and in which capacity."), field="parties")
        if not policies.may_be_party(actor_of(one.account_id), draw.pool):
            raise RefusedError(
                _("%(name)s arranges places here and cannot watch over the draw too.")
                % {"name": name_on_card(one.name)},
                field="parties",
            )
    if Claim.objects.filter(pool=draw.pool, account_id__in=accounts, state__in=LIVE).exists():
        raise RefusedError(_("One of them has applied here; please ask somebody else."), field="parties")  # fmt: skip


def _terms(draw: Draw, parties: Sequence[DrawParty]) -> RuleTerms:
    pool = draw.pool
    before = Draw.objects.filter(pool=pool, number=draw.number - 1).first()
    return RuleTerms(
        draw_id=draw.pk,
        pool_id=pool.pk,
        organisation=pool.organisation.name,
        title=pool.title,
        places=pool.capacity,
        most=pool.most,
        strata=[_stratum_words(one) for one in pool.strata],
        weight_most=draw.weight_most,
        moments=draw.moments,
        parties=[PartyTerms(one.name, one.capacity) for one in parties],
        public=source_of(draw.source, known_at=draw.known_at, issue=draw.issue),
        instead_of=before.pk if before else None,
    )


def _stratum_words(stratum: Mapping[str, Any]) -> dict[str, str]:
    words = stratum.get("words") or {}
    rule = stratum.get("rule")
    plain = {"en": rule, "zh_Hans": rule} if rule else NEVER_BEFORE
    return {tag: str(words.get(tag) or plain[tag]) for tag in ("en", "zh_Hans")}


def _minute(at: dt.datetime) -> dt.datetime:
    return at.replace(second=0, microsecond=0)


def _moment_words() -> dict[str, str]:
    return {
        "past": _("This moment is over already."),
        "order": _("At least ten minutes after the moment before."),
    }


def _shut_words(draw: Draw) -> str:
    """Say where to go on when sign-up ended before anybody could read a rule."""
    said = _("Sign-up ended on %(when)s, before a rule was published, so nobody could apply. Set a later end of sign-up where these places are arranged, or call them off and open them anew; then plan the draw.")  # fmt: skip
    return said % {"when": daytime(draw.closes_at)}


def _source_words() -> dict[str, str]:
    return {
        "source": _("Please choose where the public value comes from."),
        "issue": _("The number of the issue, as the lottery prints it: digits only."),
    }
