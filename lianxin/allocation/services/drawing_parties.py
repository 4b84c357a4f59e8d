"""What the parties of a draw do: lock a secret away, and open it."""

from __future__ import annotations

import re
import uuid

from django.utils.translation import gettext as _

from lianxin.allocation import policies
from lianxin.allocation.models import Claim, Draw, DrawParty
from lianxin.allocation.rules.claims import LIVE
from lianxin.allocation.rules.draws import lock_of, secret_of
from lianxin.allocation.rules.draws_steps import Step, Who
from lianxin.allocation.services.drawing_moves import allow, draw_locked, note, party_of, second
from lianxin.allocation.services.drawing_steps import draw_step
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor

LEAST_SECRET, LONGEST_SECRET = 20, 200
_LOCK = re.compile(r"[0-9a-f]{64}")


def draw_commit(*, actor: Actor, draw_id: uuid.UUID, lock: str) -> DrawParty:
    """Lock a party's secret away: what is published at once is its hash, bound to this list.

    Locked once it stays; the same again changes nothing.

    Raises:
        ForbiddenError: not a party, or one who arranges places or applied meanwhile.
        RefusedError: too early, too late, no such hash, or another one is locked already.
    """
    draw_step(draw_id)
    typed = "".join(lock.split()).lower()
    with atomic():
        draw = draw_locked(draw_id)
        party = _party(actor, draw, Step.COMMIT)
        if party.lock and party.lock == typed:
            return party
        if party.lock:
            raise RefusedError(_("Your secret is locked already and stays the one it is."))
        if not _LOCK.fullmatch(typed):
            raise RefusedError(
                _("This is not a lock: 64 digits and letters from a to f."), field="lock"
            )
        if draw.parties.filter(lock=typed).exists():
            raise RefusedError(_("Somebody else has this one already."), field="lock")
        party.lock, party.locked_at = typed, second(clock.now())
        party.save(update_fields=["lock", "locked_at"])
        note(draw, "committed", actor, party=party.number)
    return party


def draw_reveal(*, actor: Actor, draw_id: uuid.UUID, secret: str) -> DrawParty:
    """Open a party's secret; it must be the one that was locked. The same again changes nothing.

    Raises:
        ForbiddenError: not a party.
        RefusedError: too early, too late, or not the secret that was locked.
    """
    draw_step(draw_id)
    said = secret_of(secret)
    with atomic():
        draw = draw_locked(draw_id)
        party = _party(actor, draw, Step.REVEAL)
        if party.secret and party.secret == said:
            return party
        if not party.lock:
            raise RefusedError(_("You locked no secret away in time, so there is none to open."))
        if not LEAST_SECRET <= len(said) <= LONGEST_SECRET or not _fits(draw, party, said):
            raise RefusedError(
                _("This is not what you locked away. Please compare it letter by letter."),
                field="secret",
            )
        party.secret, party.opened_at = said, second(clock.now())
        party.save(update_fields=["secret", "opened_at"])
        note(draw, "opened", actor, party=party.number)
    return party


def _party(actor: Actor, draw: Draw, step: Step) -> DrawParty:
    party = party_of(actor, draw)
    allow(draw, step, Who.PARTY if party else Who.STRANGER)
    if party is None:  # the judge has refused already; this is for the reader and the type
        raise ForbiddenError(_("This step of the draw is not yours to take."))
    if step is Step.REVEAL:
        return party
    if not policies.may_be_party(actor, draw.pool):
        raise ForbiddenError(_("You arrange places here by now, so somebody else must watch over the draw."))  # fmt: skip
    if Claim.objects.filter(pool=draw.pool, account_id=actor.account_id, state__in=LIVE).exists():
        raise ForbiddenError(_("You stand in this list yourself, so somebody else must watch over the draw."))  # fmt: skip
    return party


def _fits(draw: Draw, party: DrawParty, said: str) -> bool:
    return lock_of(draw.seal, party.number, said) == party.lock
