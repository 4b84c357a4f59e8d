"""Many threads and processes book the same beds, some are killed: nobody overlaps, nothing told is lost."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import IntegrityError, connection, connections, transaction
from psycopg import sql

from lianxin.accounts.testing import user_of
from lianxin.allocation.models import Bookable, BookedCell, Booking
from lianxin.allocation.rules.bookings import BookingFault
from lianxin.allocation.services import booking_ask, booking_cancel, booking_hold
from lianxin.allocation.services.booking_steps import bookables_lock
from lianxin.allocation.testing import bookable_make, booked, wish_of
from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor

URL = os.environ.get("LIANXIN_DATABASE_URL", "")


def soon() -> dt.date:
    return clock.today() + dt.timedelta(days=5)


@pytest.mark.django_db(transaction=True)
def test_thirty_people_at_once_on_three_beds(fed) -> None:
    people = [Actor(account_id=user_of(f"Guest {number}").pk) for number in range(30)]
    beds = bookable_make(fed.organisation("jiangwan"), 3, most=2)
    start = threading.Barrier(30)

    def rush(actor):
        start.wait()
        try:
            # The tired thumb: each sends the form twice.
            wish = wish_of(beds, soon(), 2)
            found = [booking_hold(actor=actor, wish=wish) for _ in range(2)]
            if found[0].booking:
                booking_ask(actor=actor, booking_id=found[0].booking.pk, details={"name": "林"})
            return [(one.booking and one.booking.pk, one.fault) for one in found]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(30) as threads:
        answers = list(threads.map(rush, people))
    assert all(len(set(two)) == 1 for two in answers)
    assert sum(two[0][0] is not None for two in answers) == 3
    assert {two[0][1] for two in answers} == {None, BookingFault.FULL}
    assert BookedCell.objects.count() == 6
    assert Booking.objects.filter(state="confirmed").count() == 3


@pytest.mark.django_db(transaction=True)
def test_one_person_on_two_phones_has_the_nights_of_one(fed) -> None:
    """Two things counted together, asked for in the same breath: each alone would fit, both do not."""
    terms = {"series": "stay", "per_life": 3, "most": 3}
    first, second = (bookable_make(fed.organisation("jiangwan"), 9, **terms) for _ in range(2))
    lin = fed.actor("lin")
    start = threading.Barrier(2)

    def phone(given):
        beds, day = given
        start.wait()
        try:
            held = booking_hold(actor=lin, wish=wish_of(beds, day, 2))
            if held.booking is None:
                return None
            return booking_ask(actor=lin, booking_id=held.booking.pk, details={"name": "林"}).pk
        except Exception:  # noqa: BLE001  (what she held was let go by her other phone)
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(phone, [(first, soon()), (second, soon() + dt.timedelta(days=9))]))
    nights = [one.run.length for one in Booking.objects.filter(state="confirmed")]
    assert sum(nights) <= 3


def somebody_waits() -> None:
    """Return once a transaction waits for a lock; SQLite has one for all of them."""
    for _ in range(200 if connection.vendor == "postgresql" else 0):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_who_books_and_who_gives_back_in_the_same_breath_do_not_wait_in_a_circle(fed) -> None:
    """One has the thing and writes a line that names her; the other has her row and wants the thing."""
    beds, lin = bookable_make(fed.organisation("jiangwan"), 3), fed.actor("lin")
    stay = booked(beds, lin, soon())
    found: list[Booking | None] = []

    def book():
        try:
            wish = wish_of(beds, soon() + dt.timedelta(days=3))
            found.append(booking_hold(actor=lin, wish=wish).booking)
        finally:
            connections.close_all()

    other = threading.Thread(target=book)
    with atomic():
        bookables_lock(beds.pk)
        other.start()
        somebody_waits()
        booking_cancel(actor=lin, booking_id=stay.pk)
    other.join()
    assert found
    assert found[0] is not None
    assert Booking.objects.get(pk=stay.pk).state == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_a_thing_offered_by_many_taps_at_once_is_one(fed) -> None:
    organisation, asked, start = fed.organisation("yangtze"), new_id(), threading.Barrier(8)

    def tap(_number):
        start.wait()
        try:
            return bookable_make(organisation, 1, object_id=asked).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(tap, range(8)))) == 1
    assert Bookable.objects.filter(object_id=asked).count() == 1


@pytest.mark.django_db
def test_the_database_itself_refuses_the_second_in_a_bed(fed) -> None:
    beds = bookable_make(fed.organisation("jiangwan"), 1)
    stay = booked(beds, fed.actor("lin"), soon())
    with pytest.raises(IntegrityError), transaction.atomic():
        BookedCell.objects.create(bookable=beds, unit=1, cell=stay.first, booking=stay)
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE allocation_booking SET last = first - 1")


@pytest.fixture
def own_database(tmp_path):
    """A database of its own on the server the suite runs on: SQLite here, PostgreSQL there."""
    if not URL.startswith("postgres"):
        yield f"sqlite:///{tmp_path}/killed.sqlite3"
        return
    name = f"killed_{uuid.uuid4().hex[:8]}"
    before, mark, query = URL.partition("?")
    with psycopg.connect(URL, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield f"{before.rpartition('/')[0]}/{name}{mark}{query}"
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_processes_killed_while_they_book_leave_no_bed_twice_and_lose_nobody(own_database) -> None:
    """Takes half a minute: a database is made, and a dozen processes are killed; more with a larger number."""
    ran = subprocess.run(
        [sys.executable, "-m", "lianxin.allocation.tests.booking_kills", own_database, "3", "12"],
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found["certain"] >= 8
    assert (found["lost"], found["twice"], found["astray"]) == (0, 0, 0), found
