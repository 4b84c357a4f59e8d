"""Telling people where their claims went, but for what they did themselves a moment ago and saw.

A draw or a calling off moves fifty thousand at once. They are told a few at a time, each few in a
transaction of its own which also puts the rest back into the queue: behind whatever came meanwhile,
so that a place that came free elsewhere is told in its seconds.
"""

from __future__ import annotations

import uuid

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.allocation.models import Claim, LedgerLine
from lianxin.allocation.rules.claims import HOLDING, State, Verb
from lianxin.allocation.rules.opening import pool_off_words
from lianxin.allocation.selectors.showing import places_in_line
from lianxin.jobs import api as jobs
from lianxin.notify.api import notify, words_for
from lianxin.ui.templatetags.ui import daytime

TELL_MOVES = "allocation.tell_moves"
AT_ONCE = 200  # lines of a ledger in one transaction

TITLES = {
    Verb.DREW: gettext_lazy("The draw gave you a place: %(what)s"),
    Verb.MISSED: gettext_lazy("The draw put you on the waiting list: %(what)s"),
    Verb.OFFERED: gettext_lazy("A place came free for you: %(what)s"),
    Verb.MOVED_UP: gettext_lazy("You have a place: %(what)s"),
    Verb.LAPSED: gettext_lazy("The place went on to the next in line: %(what)s"),
    Verb.DROPPED: gettext_lazy("Called off: %(what)s"),
}
# A verb is told only while the claim still stands where it led.
_LED_TO = {
    Verb.DREW: HOLDING,
    Verb.MOVED_UP: HOLDING,
    Verb.MISSED: {State.WAITING},
    Verb.OFFERED: {State.OFFERED},
    Verb.LAPSED: {State.LAPSED},
    Verb.DROPPED: {State.DROPPED},
}


def is_told(verb: str) -> bool:
    """Say whether a line of the ledger is news to the person."""
    return verb in TITLES


def tell_later(pool_id: uuid.UUID, from_seq: int, to_seq: int, *, key: str | None = None) -> None:
    """Have people told what these lines of a ledger say; inside the transaction that wrote them."""
    told = {"pool_id": str(pool_id), "from_seq": from_seq, "to_seq": to_seq}
    jobs.enqueue(TELL_MOVES, payload=told, key=key)


def moves_tell(*, pool_id: uuid.UUID, from_seq: int, to_seq: int) -> int:
    """Tell those whose claims moved in the first of these lines of a ledger, and have the rest told.

    Again tells nothing twice.
    """
    lines = LedgerLine.objects.filter(
        pool_id=pool_id, seq__gte=from_seq, seq__lte=to_seq, verb__in=list(TITLES)
    )
    found = list(lines.select_related("claim", "pool").order_by("seq")[: AT_ONCE + 1])
    if len(found) > AT_ONCE:
        rest = found.pop().seq
        tell_later(pool_id, rest, to_seq, key=f"{TELL_MOVES}:{pool_id}:{rest}:{to_seq}")
    moved = [(line, line.claim) for line in found if line.claim is not None]
    # What she did not keep meanwhile, or what moved on, is no news any more.
    news = [(line, claim) for line, claim in moved if claim.standing in _LED_TO[Verb(line.verb)]]
    for line, claim in news:
        claim.pool = line.pool
    numbers = places_in_line([claim for _, claim in news if claim.standing is State.WAITING])
    told = 0
    for line, claim in news:
        if claim.account_id is not None:
            _told(line, claim, claim.account_id, numbers.get(claim.pk, 0))
            told += 1
    return told


def _told(line: LedgerLine, claim: Claim, account_id: uuid.UUID, number: int) -> None:
    verb = Verb(line.verb)
    with words_for(account_id):
        title, body = str(TITLES[verb] % {"what": line.pool.title}), _body(claim, number)
    notify(
        account_id=account_id,
        kind=f"allocation.{verb}",
        title=title,
        body=body,
        url=reverse("allocation:claim", args=[claim.pk]),
        urgent=verb in {Verb.OFFERED, Verb.DROPPED},
        key=f"allocation:{line.pk}",
    )


def _body(claim: Claim, number: int) -> str:
    """Say what she does now; `number`: hers in line, if she waits."""
    pool = claim.pool
    match claim.standing:
        case State.CONFIRMED:
            when = daytime(pool.starts_at)
            where = " · ".join(part for part in (when, pool.place) if part)
            return _("Your ticket is under My places. %(where)s") % {"where": where}
        case State.OFFERED:
            return _("Please say yes or no by %(until)s; then it goes to the next in line.") % {
                "until": daytime(claim.offered_until)
            }
        case State.WAITING:
            return _("You are number %(number)d in line. We tell you at once when a place comes free; you need do nothing.") % {
                "number": number
            }  # fmt: skip
        case State.LAPSED:
            return _(
                "We heard nothing from you in time. If places are still open, you can ask again."
            )
    said = pool_off_words.get(pool.kind)
    if why := said(pool.object_id) if said else "":
        return _("It does not take place: %(why)s We are sorry.") % {
            "why": f"{why.rstrip('.。')}。"
        }
    return _("It does not take place. We are sorry; the one who arranged it can tell you more.")
