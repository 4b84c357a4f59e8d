"""Four doors without a network, 5,000 tickets, overlapping scans; 10,000 forgeries and edits.

Each door scans its share and some of the others', keeps what it scanned, and sends it at last in
parts, in any order, some parts twice. Then: every ticket that was shown came in once, each further
scan of it is reported once, nothing is lost. And of 10,000 tickets forged or edited in a dozen ways
none is let in, neither by the base nor by the script of a door, in Chromium: once with the browser's
own Ed25519, and 2,000 of them with ours, which browsers without it use. BENCH_TICKETS and
BENCH_FORGERIES make it shorter. On both databases.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import time
import uuid
from typing import Any

TICKETS = int(os.environ.get("BENCH_TICKETS", "5000"))
FORGERIES = int(os.environ.get("BENCH_FORGERIES", "10000"))
DOORS = 4
PART = 200


def main() -> None:
    """Measure on SQLite and on PostgreSQL."""
    from bench import _crowd

    _crowd.on_both_databases("bench.allocation_gates")


def measure() -> None:
    """Scan, send, compare."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench import _rush
    from lianxin.allocation.models import Claim, Scan
    from lianxin.allocation.services import gate_open, take_many, ticket_of
    from lianxin.allocation.testing import ask_of, pool_make
    from lianxin.orgs.api import Actor

    call_command("migrate", verbosity=0)
    chance = random.Random(20261128)
    pool = pool_make(_rush.union(), TICKETS)
    people = [one.account_id for one in _rush.people(TICKETS)]
    for start in range(0, TICKETS, 250):
        take_many(pool.pk, [ask_of(pool, one) for one in people[start : start + 250]])
    tickets = [ticket_of(one) for one in Claim.objects.filter(pool=pool).select_related("account", "pool")]  # fmt: skip
    gates = [gate_open(actor=Actor.system(), pool_id=pool.pk, name=str(n))[0] for n in range(DOORS)]
    scans = _scans(tickets, chance)
    begun = time.monotonic()
    _send(gates, scans, chance)
    seconds = time.monotonic() - begun
    shown = {read for door in scans for read, *_rest in door}
    made = sum(len(door) for door in scans)
    assert Scan.objects.count() == made, "a scan is lost or doubled"
    assert Scan.objects.filter(verdict="entry").count() == len(shown)
    assert Scan.objects.filter(verdict="duplicate").count() == made - len(shown)
    assert Claim.objects.filter(pool=pool, used=1).count() == len(shown)
    print(f"  {connection.vendor}: {made} scans of {len(shown)} tickets at {DOORS} doors: {len(shown)} came in, {made - len(shown)} shown again, none lost ({made / seconds:.0f} scans/s)")  # fmt: skip
    _forge(tickets, gates[0], chance)


def _scans(
    tickets: list[str], chance: random.Random
) -> list[list[tuple[str, uuid.UUID, dt.datetime]]]:
    """Let each door scan its share, and one ticket in five at another door again."""
    from lianxin.kit import clock

    now = clock.now()
    doors: list[list[tuple[str, uuid.UUID, dt.datetime]]] = [[] for _ in range(DOORS)]
    for read in tickets:
        for door in chance.sample(range(DOORS), 2 if chance.random() < 0.2 else 1):
            at = now - dt.timedelta(seconds=chance.uniform(1, 7200))
            doors[door].append((read, uuid.uuid4(), at))
    return doors


def _send(gates: list[Any], scans: list[Any], chance: random.Random) -> None:
    from lianxin.allocation.services import Sent, scans_store

    parts = []
    for gate, door in zip(gates, scans, strict=True):
        sent = [Sent(scan_id, at, read) for read, scan_id, at in door]
        parts += [(gate, sent[start : start + PART]) for start in range(0, len(sent), PART)]
    parts += chance.sample(parts, len(parts) // 4)  # answers that got lost
    chance.shuffle(parts)
    for gate, part in parts:
        scans_store(gate=gate, sent=part)


def _forge(tickets: list[str], gate: Any, chance: random.Random) -> None:
    """Show every forgery to the base, and to doors in a browser, among tickets that are true."""
    from lianxin.allocation.rules.tickets import TicketError, ticket_read
    from lianxin.allocation.services import gate_list, ticket_keys
    from lianxin.allocation.testing.tickets import doors_in_a_browser, forgery

    keys = {key.key_id: key.fits for key in ticket_keys()}
    forged = [forgery(chance.choice(tickets), chance, chance.sample(tickets, 2)) for _ in range(FORGERIES)]  # fmt: skip
    let_in = 0
    for read in forged:
        try:
            ticket_read(read, keys, pool_id=gate.pool_id)
            let_in += 1
        except TicketError:
            pass
    assert not let_in, f"{let_in} forgeries were let in by the base"
    listed = gate_list(gate)
    told = [f"{len(forged)} by the base"]
    with doors_in_a_browser() as ask:
        for way, share in (("own", 1), ("ours", 5)):
            shown, true = forged[::share], tickets[:20]
            begun = time.monotonic()
            verdicts, is_unchecked = ask(listed, true + shown, way)
            assert not is_unchecked, way
            assert not any(fault for fault, *_rest in verdicts[:20]), "a true ticket was refused"
            let_in = sum(not fault for fault, *_rest in verdicts[20:])
            assert not let_in, f"{let_in} forgeries were let in at a door ({way})"
            told.append(f"{len(shown)} at a door ({_WORDS[way]}, {time.monotonic() - begun:.0f} s)")
    print(f"  forgeries and edits, none let in: {', '.join(told)}")


_WORDS = {"own": "the browser's Ed25519", "ours": "our own"}


if __name__ == "__main__":
    measure()
