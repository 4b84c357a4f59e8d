"""Gates: opened for a day, fed with what they need to work without a network, and their scans reconciled.

A scan carries an id its gate made, so that sending it again changes nothing, and the whole ticket,
which is judged again here: a gate is a phone in somebody's hand. The claim's row is locked while
its scans are put in order; whichever was first by the gates' clocks lets people in, whenever it
arrives. A gate that is shut is given no list any more, and what it scanned before is still taken
for a month: its phone may have stood in a cellar all day. What was shown while the ticket was good counts
though it was given back since: she is inside. When a scan was made only its gate says, so where the
address fell into wrong hands that month is theirs too: such a gate is disowned, and of what had not
arrived nothing counts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from lianxin.allocation import policies
from lianxin.allocation.models import Claim, Gate, Pool, Scan
from lianxin.allocation.models.scan import TAKEN
from lianxin.allocation.rules.claims import State
from lianxin.allocation.rules.tickets import (
    Fault,
    Seen,
    Ticket,
    TicketError,
    code_of,
    entries_of,
    ticket_read,
)
from lianxin.allocation.selectors.entering import Span, lets_in, spans_held
from lianxin.allocation.services.ticketing import ticket_key_make, ticket_keys
from lianxin.audit import api as audit
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.text import clean
from lianxin.kit.tokens import short_id
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor

LATEST = dt.timedelta(hours=12)  # after the end; and how long one lasts where no end is known
MOST_SCANS = 500
_MOST_PLACES = 32_767  # of what a column holds
_SCANNED_EARLY = dt.timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Sent:
    """A scan as a gate sends it: its id, its moment, the token or the code that was read."""

    scan_id: uuid.UUID
    at: dt.datetime
    read: str
    places: int = 1


@dataclass(slots=True)
class Stored:
    """What became of the scans a gate sent: those kept, and what each lets in by now."""

    entries: dict[uuid.UUID, int] = field(default_factory=dict)
    refused: dict[uuid.UUID, Fault] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Known:
    """The claims that were shown, and from when to when those held their places that are over."""

    claims: Mapping[uuid.UUID, Claim]
    spans: Mapping[uuid.UUID, Span]


def gate_open(*, actor: Actor, pool_id: uuid.UUID, name: str) -> tuple[Gate, str]:
    """Open a gate; return it with the secret its address carries.

    Raises:
        ForbiddenError: the actor does not arrange this pool.
        RefusedError: it has no name.
    """
    pool = Pool.objects.select_related("organisation").get(pk=pool_id)
    if not policies.may_open_gate(actor, pool):
        raise ForbiddenError(_("You do not arrange places for this organisation."))
    name = clean(name)[:40]
    if not name:
        raise RefusedError(
            _("Give the door a name, so that you can tell them apart."), field="name"
        )
    secret = secrets.token_urlsafe(24)
    ticket_key_make()
    with atomic():
        gate = Gate.objects.create(
            pool=pool,
            name=name,
            opened_by_id=actor.account_id,
            secret_digest=_digest(secret),
            ends_at=_last_moment(pool),
        )
        _noted(actor, gate, "opened")
    return gate, secret


def gate_close(*, actor: Actor, gate_id: uuid.UUID) -> None:
    """Close a gate: what it scans from now on is not believed. Again changes nothing."""
    gate = Gate.objects.select_related("pool__organisation").get(pk=gate_id)
    if not policies.may_scan(actor, gate):
        raise ForbiddenError(_("You do not arrange places for this organisation."))
    with atomic():
        if Gate.objects.filter(pk=gate_id, closed_at=None).update(closed_at=clock.now()):
            _noted(actor, gate, "closed")


def gates_follow(pool: Pool) -> None:
    """Move the last moment of a pool's doors along with its end; inside the transaction that moved it.

    A door that had shut by itself meanwhile opens again with its old address, one shut by hand stays shut.
    """
    if pool.ends_at is not None:
        Gate.objects.filter(pool=pool).update(ends_at=_last_moment(pool))


def gate_disown(*, actor: Actor, gate_id: uuid.UUID) -> None:
    """Believe a gate nothing more: it is shut, and what has not arrived by now is refused. Again changes nothing.

    What has arrived stands. A gate that was shut before may be disowned too, while it is heard.

    Raises:
        ForbiddenError: the actor does not arrange its pool.
    """
    with atomic():
        rows = Gate.objects.select_for_update(of=("self",)).select_related("pool__organisation")
        gate = rows.get(pk=gate_id)
        if not policies.may_open_gate(actor, gate.pool):
            raise ForbiddenError(_("You do not arrange places for this organisation."))
        if gate.disowned_at is None:
            gate.disowned_at = clock.now()
            gate.closed_at = gate.closed_at or gate.disowned_at
            gate.save(update_fields=["disowned_at", "closed_at"])
            _noted(actor, gate, "disowned")


def gate_shown(gate_id: uuid.UUID, secret: str) -> Gate | None:
    """Return the gate a device opened with its secret; None if it is none, or shut."""
    gate = gate_known(gate_id, secret)
    return None if gate is None or gate.shut_at <= clock.now() else gate


def gate_known(gate_id: uuid.UUID, secret: str) -> Gate | None:
    """Return the gate of a device that may bring what it scanned; None if it is none, or too late."""
    gate = Gate.objects.select_related("pool").filter(pk=gate_id).first()
    if gate is None or not hmac.compare_digest(gate.secret_digest, _digest(secret)):
        return None
    return None if gate.shut_at + TAKEN < clock.now() else gate


def gate_list(gate: Gate) -> dict[str, Any]:
    """Return what a gate needs without a network: the keys, and every claim that holds places.

    Of a claim: its id as tickets write it, its code, places, and how many have come in.
    """
    holding = Claim.objects.filter(pool=gate.pool, state=State.CONFIRMED)
    if gate.pool.off_at is not None:  # being called off, piece by piece
        holding = holding.filter(used__gt=0)
    return {
        "pool": short_id(gate.pool_id),
        "title": gate.pool.title,
        "gate": gate.name,
        "at": clock.now().isoformat(),
        "ends": gate.shut_at.isoformat(),
        # What is only valid until a day is a counter, where something is given, and no door.
        "until": gate.pool.valid_until.isoformat() if gate.pool.valid_until else None,
        "keys": [key.as_jwk() for key in ticket_keys()],
        "claims": [
            [short_id(pk), code_of(pk), size, used]
            for pk, size, used in holding.values_list("pk", "size", "used").order_by("pk")
        ],
    }


def scans_store(*, gate: Gate, sent: Sequence[Sent]) -> Stored:
    """Keep what a gate scanned, each scan once, and put the scans of each ticket in order.

    Of a gate that was disowned what had come before stands, and nothing else is kept.

    Raises:
        RefusedError: too many at once.
    """
    if len(sent) > MOST_SCANS:
        raise RefusedError(_("Too many scans at once."))
    told = Stored()
    # What stands was judged when it first came, and is not judged again by what is known since.
    stood = gate.scans.filter(pk__in=[one.scan_id for one in sent])
    standing = {scan.pk: scan for scan in stood}
    fresh = [one for one in sent if one.scan_id not in standing]
    tickets = _tickets(gate.pool, fresh, told)
    claim_ids = {ticket.claim_id for ticket in tickets.values()}
    claim_ids |= {scan.claim_id for scan in standing.values() if scan.claim_id}
    with atomic():
        # Held, so that the desk believes it no more before this or after it, never meanwhile.
        row = Gate.objects.select_for_update(no_key=True).values_list("disowned_at").get(pk=gate.pk)
        if row[0] is not None:
            told.refused = {one.scan_id: Fault.DISOWNED for one in fresh}
            fresh = []
        # In the order of their ids: two gates that send at once never wait in a circle.
        rows = Claim.objects.select_for_update(of=("self",)).filter(pk__in=claim_ids)
        claims = {claim.pk: claim for claim in rows.order_by("pk")}
        known = _Known(claims, spans_held(gate.pool_id, claims.values()))
        made = [_scan(gate, one, tickets.get(one.scan_id), known, told) for one in fresh]
        Scan.objects.bulk_create(made, ignore_conflicts=True)
        for claim in claims.values():
            told.entries |= _settled(claim)
    told.refused |= {pk: Fault(scan.fault) for pk, scan in standing.items() if scan.fault}
    asked = {one.scan_id for one in sent}
    told.entries = {pk: places for pk, places in told.entries.items() if pk in asked}
    return told


def _tickets(pool: Pool, sent: Sequence[Sent], told: Stored) -> dict[uuid.UUID, Ticket]:
    keys = {key.key_id: key.fits for key in ticket_keys()}
    codes = _codes(pool, sent)
    found: dict[uuid.UUID, Ticket] = {}
    for one in sent:
        try:
            found[one.scan_id] = codes.get(one.read) or ticket_read(one.read, keys, pool_id=pool.pk)
        except TicketError as error:
            told.refused[one.scan_id] = error.fault
    return found


def _codes(pool: Pool, sent: Sequence[Sent]) -> Mapping[str, Ticket]:
    """Find the tickets that were read aloud; only looked for where a code was sent at all."""
    wanted = {one.read for one in sent if "." not in one.read}
    if not wanted:
        return {}
    rows = Claim.objects.filter(pool=pool).values_list("pk", "size")
    return {
        code: Ticket("", pk, pool.pk, "", size) for pk, size in rows if (code := code_of(pk)) in wanted
    }  # fmt: skip


def _scan(gate: Gate, one: Sent, ticket: Ticket | None, known: _Known, told: Stored) -> Scan:
    claim = known.claims.get(ticket.claim_id) if ticket else None
    at = min(max(one.at, gate.opened_at - _SCANNED_EARLY), clock.now())
    held = claim is not None and lets_in(claim, at, known.spans)
    if ticket and (fault := _fault(gate, one, claim if held else None)):
        told.refused[one.scan_id] = fault
    fault = told.refused.get(one.scan_id)
    return Scan(
        id=one.scan_id,
        gate=gate,
        claim=None if fault else claim,
        places=max(one.places, 1),
        most=min(ticket.size, _MOST_PLACES) if ticket else 0,
        verdict=Scan.Verdict.REFUSED if fault else Scan.Verdict.ENTRY,
        fault=fault or "",
        scanned_at=at,
    )


def _fault(gate: Gate, one: Sent, claim: Claim | None) -> Fault | None:
    """Say why a ticket that is genuine lets nobody in here, or not at that moment."""
    if gate.shut_at <= min(one.at, clock.now()):
        return Fault.LATE
    if claim is None or claim.pool_id != gate.pool_id:
        return Fault.GONE
    if gate.pool.valid_until and one.at >= gate.pool.valid_until:
        return Fault.EXPIRED
    return None


def _settled(claim: Claim) -> dict[uuid.UUID, int]:
    """Put all scans of one claim in order; return what each of them lets in."""
    scans = list(Scan.objects.filter(claim=claim))
    seen = [Seen(one.pk, one.scanned_at.timestamp(), one.places, one.most) for one in scans]
    entries = entries_of(claim.size, seen)
    changed = []
    for scan in scans:
        verdict = Scan.Verdict.ENTRY if entries[scan.pk] else Scan.Verdict.DUPLICATE
        if scan.verdict != verdict:
            scan.verdict = verdict
            changed.append(scan)
    Scan.objects.bulk_update(changed, ["verdict"])
    used = sum(entries.values())
    if used != claim.used:
        claim.used = used
        claim.save(update_fields=["used"])
    return entries


def _last_moment(pool: Pool) -> dt.datetime:
    return (pool.ends_at or clock.now()) + LATEST


def _digest(secret: str) -> str:
    # 192 random bits need no slow hash.
    return hashlib.sha256(secret.encode()).hexdigest()


def _noted(actor: Actor, gate: Gate, deed: str) -> None:
    audit.record(
        actor_id=actor.account_id,
        action=f"allocation.gate_{deed}",
        kind="allocation.Gate",
        object_id=gate.pk,
        detail={"pool": str(gate.pool_id)},
    )
