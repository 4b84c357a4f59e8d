"""A rush: many threads and several processes on one pool, one of them killed; never one place too many."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from lianxin.accounts.testing import user_of
from lianxin.allocation.models import Claim, Pool
from lianxin.allocation.rules.claims import Fault, State
from lianxin.allocation.selectors.recounting import recount_of
from lianxin.allocation.services import claim_take
from lianxin.allocation.services.counter import Counter as Desk
from lianxin.allocation.testing import ask_of, pool_make
from lianxin.kit.transactions import atomic


def test_the_counter_serves_a_line_together_and_in_order() -> None:
    lines: list[list[int]] = []

    def serve(asks):
        lines.append(list(asks))
        time.sleep(0.02)
        return [ask * 2 for ask in asks]

    desk = Desk(serve)
    with ThreadPoolExecutor(40) as pool:
        assert list(pool.map(desk.ask, range(200))) == [number * 2 for number in range(200)]
    assert sum(map(len, lines)) == 200
    assert len(lines) < 60, "who waits goes together"


def test_a_line_that_fails_fails_for_everybody_in_it_and_the_next_is_served() -> None:
    broken = threading.Event()
    broken.set()

    def serve(asks):
        time.sleep(0.01)
        if broken.is_set():
            broken.clear()
            raise ConnectionError("the base went away")
        return asks

    desk = Desk(serve)

    def ask(number):
        try:
            return desk.ask(number)
        except ConnectionError:
            return None

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(ask, range(60)))
    assert answers.count(None) >= 1
    assert answers.count(None) < 60
    assert desk.ask(7) == 7


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("waitlist", [0, None])
def test_forty_at_once_on_ten_places(fed, waitlist) -> None:
    people = [user_of(f"Worker {number}") for number in range(40)]
    pool = pool_make(fed.organisation("yangtze"), 10, waitlist=waitlist)
    start = threading.Barrier(40)

    def rush(person):
        start.wait()
        try:
            # The tired thumb: each asks three times, with one form.
            ask = ask_of(pool, person.pk)
            return [claim_take(ask) for _ in range(3)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(40) as threads:
        answers = list(threads.map(rush, people))
    assert all(len({(one.claim and one.claim.pk, one.fault) for one in three}) == 1 for three in answers)  # fmt: skip
    came = Counter(three[0].fault or three[0].claim.standing for three in answers)
    assert came == {State.CONFIRMED: 10, State.WAITING if waitlist is None else Fault.FULL: 30}
    assert Claim.objects.filter(pool=pool, state=State.CONFIRMED).count() == 10
    assert recount_of(pool.pk).faults == []


@pytest.mark.django_db(transaction=True)
def test_inside_anothers_transaction_nothing_is_promised_to_others(fed) -> None:
    pool = pool_make(fed.organisation("yangtze"), 1)

    def break_off() -> None:
        with atomic():
            claim_take(ask_of(pool, fed.account_id("lin")))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert not Claim.objects.exists()
    assert Pool.objects.get().taken == 0
    assert claim_take(ask_of(pool, fed.account_id("zhao"))).claim.standing is State.CONFIRMED


@pytest.mark.django_db
def test_the_database_itself_refuses_one_place_too_many(fed) -> None:
    pool = pool_make(fed.organisation("yangtze"), 1)
    with pytest.raises(Exception, match="allocation_never_too_many"), connection.cursor() as cursor:
        cursor.execute("UPDATE allocation_pool SET taken = 2 WHERE taken = 0")
    assert pool.capacity == 1
