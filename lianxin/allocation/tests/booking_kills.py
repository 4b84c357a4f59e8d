"""Books the same few beds from several processes and kills them with SIGKILL again and again.

Runs as a program of its own, with the database's address, how many processes and how many kills.
Each process holds, asks, gives back, is moved on the grid; some die at a commit point, the others
wherever they are. What it was told it has, it writes to a pipe. Prints what was found as JSON.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import signal
import sys
import threading
import time
import uuid
from collections import Counter
from contextlib import suppress

import django

os.environ["LIANXIN_DATABASE_URL"] = sys.argv[1]
os.environ["DJANGO_SETTINGS_MODULE"] = "lianxin.config.settings.test"
django.setup()

from django.core.management import call_command  # noqa: E402  (settings come first)
from django.db import OperationalError, connection  # noqa: E402

from lianxin.accounts.testing import user_of  # noqa: E402
from lianxin.allocation.models import Bookable, BookedCell, Booking  # noqa: E402
from lianxin.allocation.rules.bookings import TAKING  # noqa: E402
from lianxin.allocation.services import booking_ask, booking_cancel, booking_hold  # noqa: E402
from lianxin.allocation.testing import bookable_make, wish_of  # noqa: E402
from lianxin.jobs.testing import crash_at  # noqa: E402
from lianxin.kit import clock  # noqa: E402
from lianxin.members.testing import federation  # noqa: E402
from lianxin.orgs.api import Actor  # noqa: E402

UNITS, NIGHTS, PEOPLE = 4, 8, 24


def book(seed: int, people: list[uuid.UUID], bookable_id: uuid.UUID, told: int) -> None:
    """Book and give back at random, telling each booking that is certain."""
    chance = random.Random(seed)  # noqa: S311  (a run that can be repeated)
    beds = Bookable.objects.get(pk=bookable_id)
    while True:
        actor = Actor(account_id=chance.choice(people))
        day = clock.today() + dt.timedelta(days=3 + chance.randrange(NIGHTS))
        point = chance.choice([0] * 12 + [1, 2, 3, 4])
        with suppress(OperationalError), crash_at(point, kill=True):
            found = booking_hold(actor=actor, wish=wish_of(beds, day, chance.choice([1, 1, 2, 3]), key=f"{seed}-{chance.random()}"))  # fmt: skip
            if found.booking is None:
                continue
            if chance.random() < 0.8:
                booking = booking_ask(actor=actor, booking_id=found.booking.pk, details={"name": "林"})  # fmt: skip
                os.write(told, f"+{booking.pk}\n".encode())
                if chance.random() < 0.7:
                    os.write(told, f"-{booking.pk}\n".encode())
                    booking_cancel(actor=actor, booking_id=booking.pk)


def forked(*args: object) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        connection.close()
        book(*args)  # type: ignore[arg-type]  # given by main
    finally:
        os._exit(1)


def main(processes: int, kills: int) -> dict[str, object]:
    call_command("migrate", verbosity=0)
    fed = federation()
    people = [user_of(f"Guest {number}").pk for number in range(PEOPLE)]
    beds = bookable_make(fed.organisation("jiangwan"), UNITS, most=3)
    connection.close()
    reading, writing = os.pipe()
    said: list[bytes] = []
    listener = threading.Thread(target=lambda: said.extend(open(reading, "rb")))  # noqa: PTH123, SIM115
    running = [forked(number, people, beds.pk, writing) for number in range(processes)]
    listener.start()
    for number in range(kills):
        seen, patience = len(said), time.monotonic() + 5
        while len(said) == seen and time.monotonic() < patience:
            time.sleep(0.01)
        time.sleep(random.random() * 0.05)  # noqa: S311  (somewhere in the middle of something)
        victim = number % processes
        with suppress(ProcessLookupError):
            os.kill(running[victim], signal.SIGKILL)
        os.waitpid(running[victim], 0)
        running[victim] = forked(processes + number, people, beds.pk, writing)
    for pid in running:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    os.close(writing)
    listener.join()
    return {"kills": kills, **found([line.decode().strip() for line in said])}


def found(told: list[str]) -> dict[str, object]:
    """Compare what people were told, what the bookings say, and what lies on the grid."""
    confirmed = {line[1:] for line in told if line.startswith("+")}
    maybe_back = {line[1:] for line in told if line.startswith("-")}
    grid = Counter(BookedCell.objects.values_list("unit", "cell"))
    said = Counter(
        (unit, cell)
        for booking in Booking.objects.filter(state__in=sorted(TAKING))
        for unit in booking.units
        for cell in booking.run
    )
    lost = [
        pk
        for pk in confirmed - maybe_back
        if not Booking.objects.filter(pk=pk, state="confirmed").exists()
    ]
    return {
        "bookings": Booking.objects.count(),
        "certain": len(confirmed),
        "lost": len(lost),
        "twice": sum(count > 1 for count in [*grid.values(), *said.values()]),
        "astray": sum(((grid - said) + (said - grid)).values()),
    }


print(json.dumps(main(int(sys.argv[2]), int(sys.argv[3]))))  # noqa: T201  (the test reads it)
