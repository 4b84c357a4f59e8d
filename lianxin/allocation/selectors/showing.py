"""A pool as one person sees it: what she has, what she may do, and the one thing to say about it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.allocation.models import Claim, Draw, Pool
from lianxin.allocation.rules.admission import Admission
from lianxin.allocation.rules.claims import LIVE, State, is_full
from lianxin.allocation.rules.opening import pool_desks, pool_pages, pool_questions
from lianxin.allocation.selectors.admitting import Hindrance, admission_of, admission_signed
from lianxin.allocation.selectors.draws import draw_of_pool
from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.ui.templatetags.ui import daytime


class Phase(StrEnum):
    """Where a pool is on its way."""

    EARLY = "early"
    OPEN = "open"
    WAITLIST = "waitlist"  # open, but only for those who would wait
    FULL = "full"
    SHUT = "shut"
    OFF = "off"


@dataclass(frozen=True, kw_only=True)
class PoolView:
    """What `allocation/_pool_part.html` draws."""

    pool: Pool
    phase: Phase
    sentence: str
    own: Claim | None = None
    hindrance: Hindrance | None = None
    admission: str = ""
    key: str = ""
    is_signed_in: bool = False
    questions: str = ""  # a template of the app that opened the pool
    asked: Mapping[str, Any] = field(default_factory=dict)
    size: int = 1
    whose: str = ""  # a mark of the account, by which a browser keeps what was typed for her alone

    @property
    def draw(self) -> Draw | None:
        """The draw of the pool that counts, once its rule is published."""
        return draw_of_pool(self.pool.pk) if self.pool.method == Pool.Method.DRAW else None

    @property
    def now(self) -> dt.datetime:
        """The moment of the server, by which a phone sets its countdown."""
        return clock.now()

    @property
    def may_ask(self) -> bool:
        """Say whether the form is drawn: also before it opens, so that she is ready."""
        phases = {Phase.EARLY, Phase.OPEN, Phase.WAITLIST}
        return bool(self.admission) and self.phase in phases and not self.pool.is_unruled


def amend_page(claim: Claim) -> str | None:
    """Return where what was told for a claim is changed; None where there is nothing to change."""
    begins = claim.pool.starts_at
    if not claim.lives or (begins is not None and begins <= clock.now()):
        return None
    asks = pool_questions.get(claim.pool.kind)
    return asks.amend(claim.pool.object_id, claim.pk) if asks and asks.amend else None


def pool_view(
    pool: Pool, account_id: uuid.UUID | None, *, sent: Mapping[str, Any] | None = None
) -> PoolView:
    """Look at a pool as somebody, or as a visitor; six queries at most. `sent`: a form to draw again."""
    phase = phase_of(pool)
    own = own_claim(pool, account_id)
    admission = None
    if account_id and own is None and phase not in {Phase.FULL, Phase.SHUT, Phase.OFF}:
        admission = admission_of(pool, account_id)
        if isinstance(admission, Admission) and _family_has_one(pool, admission):
            admission = Hindrance(_("Your family has a place already."))
    asks = pool_questions.get(pool.kind) if isinstance(admission, Admission) else None
    return PoolView(
        pool=pool,
        phase=phase,
        sentence=sentence_of(pool, phase),
        own=own,
        hindrance=admission if isinstance(admission, Hindrance) else None,
        admission=admission_signed(admission) if isinstance(admission, Admission) else "",
        key=str((sent or {}).get("key") or new_id()),
        is_signed_in=account_id is not None,
        questions=asks.template if asks else "",
        asked=asks.context(pool, account_id, sent) if asks and account_id else {},
        size=_size(sent),
        whose=_mark_of(account_id) if account_id else "",
    )


def _mark_of(account_id: uuid.UUID) -> str:
    """Name an account to a browser so that it tells nobody whose it is."""
    return salted_hmac("lianxin.allocation.typed", str(account_id), algorithm="sha256").hexdigest()[
        :32
    ]


def phase_of(pool: Pool) -> Phase:
    """Say where a pool is on its way."""
    now = clock.now()
    if pool.off_at is not None:
        return Phase.OFF
    if now < pool.opens_at:
        return Phase.EARLY
    if now >= pool.closes_at:
        return Phase.SHUT
    if pool.is_unruled:
        return Phase.EARLY
    if is_full(pool.terms, pool.standing):
        return Phase.FULL
    return Phase.WAITLIST if not pool.terms.is_drawn and pool.free <= 0 else Phase.OPEN


def sentence_of(pool: Pool, phase: Phase) -> str:
    """Say the one thing that matters about a pool now."""
    words = {
        Phase.OFF: _("It was called off."),
        Phase.EARLY: _("Opens on %(opens)s."),
        Phase.SHUT: _("Closed since %(closes)s."),
        Phase.FULL: _("All %(count)d places are taken, and the waiting list is full."),
        Phase.WAITLIST: _("All %(count)d places are taken. Who waits is asked in order as soon as one comes free."),
        Phase.OPEN: ngettext("%(free)d place is free.", "%(free)d places are free.", pool.free),
    }[phase]  # fmt: skip
    if phase is Phase.EARLY and pool.is_unruled and pool.opens_at <= clock.now():
        words = _("Not open yet: the rule of the draw is not published. First the rule, then one applies, until %(closes)s.")  # fmt: skip
    if phase is Phase.OPEN and pool.terms.is_drawn:
        words = ngettext(
            "%(count)d place is drawn among all who apply by %(closes)s. Being early makes no difference.",
            "%(count)d places are drawn among all who apply by %(closes)s. Being early makes no difference.",
            pool.capacity,
        )
    return words % {
        "count": pool.capacity,
        "free": pool.free,
        "opens": daytime(pool.opens_at),
        "closes": daytime(pool.closes_at),
    }


def pool_line(pool: Pool) -> str:
    """Say of a pool, in a list, what matters now. No query."""
    return sentence_of(pool, phase_of(pool))


def claim_sentence(claim: Claim) -> str:
    """Say where a claim stands and what comes next, with a date."""
    until = claim.pool.valid_until
    if claim.pool.off_at is not None and claim.lives and not claim.used:
        return _("It was called off. We are sorry.")  # its row follows, piece by piece
    if until and claim.lives and (claim.standing is State.CONFIRMED or until <= clock.now()):
        return _voucher_sentence(claim, until)
    words = {
        State.CONFIRMED: ngettext("You have %(count)d place.", "You have %(count)d places.", claim.size),
        State.APPLIED: _("You are in the draw. It closes on %(closes)s; we tell you how it came out."),
        State.WAITING: _("You are on the waiting list, number %(number)d in line. We tell you at once when it is your turn."),
        State.OFFERED: _("A place came free for you. It is kept until %(until)s."),
        State.CANCELLED: _("You gave it back."),
        State.LAPSED: _("The offer ended without an answer, and the place went on to the next in line."),
        State.DROPPED: _("It was called off. We are sorry."),
    }[claim.standing]  # fmt: skip
    return words % {
        "count": claim.size,
        "closes": daytime(claim.pool.closes_at),
        "number": place_in_line(claim) if claim.standing is State.WAITING else 0,
        "until": daytime(claim.offered_until),
    }


def is_spent(claim: Claim) -> bool:
    """Say whether what is shown once was used, or is over: there is nothing to show any more."""
    until = claim.pool.valid_until
    return until is not None and (claim.used >= claim.size or until <= clock.now())


def _voucher_sentence(claim: Claim, until: dt.datetime) -> str:
    """Say of what is shown once, some time until a day, whether it is still good."""
    if claim.used:
        return _("It was used.")
    if until <= clock.now():
        return _("It was good until %(until)s and is over now.") % {"until": daytime(until)}
    return _("It is yours. Show it by %(until)s.") % {"until": daytime(until)}


def place_in_line(claim: Claim) -> int:
    """Count how many are asked before her, and herself."""
    waiting = Claim.objects.filter(pool_id=claim.pool_id, state=State.WAITING)
    earlier = waiting.filter(stratum__lt=claim.stratum)
    same = waiting.filter(stratum=claim.stratum, position__lt=claim.position)
    return earlier.count() + same.count() + 1


def places_in_line(claims: Collection[Claim]) -> dict[uuid.UUID, int]:
    """Return the places in line of some of a pool's waiting claims: counted once, then walked. Three queries."""
    ordered = sorted(claims, key=lambda one: (one.stratum, one.position))
    if not ordered:
        return {}
    first, last = ordered[0], ordered[-1]
    begins = Q(stratum__gt=first.stratum) | Q(stratum=first.stratum, position__gte=first.position)
    ends = Q(stratum__lt=last.stratum) | Q(stratum=last.stratum, position__lte=last.position)
    waiting = Claim.objects.filter(begins, ends, pool_id=first.pool_id, state=State.WAITING)
    walked = waiting.order_by("stratum", "position").values_list("pk", flat=True)
    wanted = {one.pk for one in ordered}
    numbered = enumerate(walked.iterator(), start=place_in_line(first))
    return {pk: number for number, pk in numbered if pk in wanted}


def own_claim(pool: Pool, account_id: uuid.UUID | None) -> Claim | None:
    """Return the living claim of somebody, else the newest she had; None if there is none."""
    if account_id is None:
        return None
    rows = list(Claim.objects.filter(pool=pool, account_id=account_id).order_by("-made_at")[:20])
    for row in rows:
        row.pool = pool
    return next((row for row in rows if row.standing in LIVE), None)


def page_of_thing(pool: Pool) -> str:
    """Return the address that tells more of what the pool is of, "" if no app says."""
    tells = pool_pages.get(pool.kind)
    return (tells(pool.object_id) if tells else None) or ""


def desk_of(pool: Pool) -> str:
    """Return where an officer looks after a pool: its own page at the desk, or that of its thing."""
    tells = pool_desks.get(pool.kind)
    return tells(pool.object_id) if tells else reverse("allocation:pool_desk", args=[pool.pk])


def _family_has_one(pool: Pool, admission: Admission) -> bool:
    """Say so before she fills in a form for nothing; who of them has it is not said."""
    kin = admission.kin
    return bool(kin) and pool.claims.filter(account_id__in=kin, state__in=LIVE).exists()


def _size(sent: Mapping[str, Any] | None) -> int:
    typed = str((sent or {}).get("size", "1"))
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 1
