"""The turnstile answers who gets nothing, at once, and never somebody who may have something."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import pytest
from django.urls import reverse

from lianxin.allocation.adapters import turnstile
from lianxin.allocation.adapters.turnstile import Turnstile
from lianxin.allocation.models import Pool
from lianxin.allocation.rules.admission import Admission
from lianxin.allocation.selectors.admitting import admission_of, admission_signed
from lianxin.allocation.services import claim_cancel, claim_take
from lianxin.allocation.testing import ask_of, claim_made, pool_make
from lianxin.kit import clock
from lianxin.kit.testing import stopped_clock

pytestmark = pytest.mark.django_db
PASSED = b"to Django"
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)


def inner(_environ, start):
    start("200 OK", [])
    return [PASSED]


def made() -> Turnstile:
    # The connection of a test is not to be tidied away.
    return Turnstile(inner, tidy=lambda: None)


def asked(stile: Turnstile, pool: Pool, query: str = "", *, page="take", method="POST", **more):
    """Ask as a web server would; return status, headers and body."""
    environ = {
        "PATH_INFO": reverse(f"allocation:{'take' if page == 'take' else 'pool_state'}", args=[pool.pk]),
        "REQUEST_METHOD": method, "QUERY_STRING": query, "HTTP_ACCEPT": "application/json",
        "wsgi.input": io.BytesIO(),
    } | more  # fmt: skip
    seen: dict[str, Any] = {}

    def start(status, headers):
        seen["status"], seen["headers"] = int(status[:3]), dict(headers)

    body = b"".join(stile(environ, start))
    return seen["status"], seen["headers"], body


def carried(pool: Pool, account_id) -> str:
    admission = admission_of(pool, account_id)
    assert isinstance(admission, Admission)
    return f"a={admission_signed(admission)}"


@pytest.fixture(autouse=True)
def _always_fresh(monkeypatch) -> None:
    monkeypatch.setattr(turnstile, "FRESH_SECONDS", 0.0)


def test_while_there_are_places_everybody_passes(fed) -> None:
    pool = pool_make(fed.organisation("yangtze"), 1, waitlist=0)
    assert asked(made(), pool, carried(pool, fed.account_id("lin")))[2] == PASSED


def test_when_all_are_gone_who_has_none_is_told_and_who_has_one_passes(fed) -> None:
    stile = made()
    pool = pool_make(fed.organisation("yangtze"), 1, waitlist=1)
    claims = [claim_made(pool, fed.account_id(who)) for who in ("lin", "wang")]
    for who in ("lin", "wang"):
        assert asked(stile, pool, carried(pool, fed.account_id(who)))[2] == PASSED
    status, headers, body = asked(stile, pool, carried(pool, fed.account_id("zhao")))
    assert status == 409
    assert "都有人了" in json.loads(body)["words"]
    assert headers["Cache-Control"] == "no-store"
    english = asked(
        stile, pool, carried(pool, fed.account_id("zhao")), HTTP_ACCEPT_LANGUAGE="en-GB"
    )
    assert "taken" in json.loads(english[2])["words"]
    claim_cancel(actor=fed.actor("wang"), claim_id=claims[1].pk)
    assert asked(stile, pool, carried(pool, fed.account_id("zhao")))[2] == PASSED


def test_a_browser_without_script_is_led_to_the_page(fed) -> None:
    pool = pool_make(fed.organisation("yangtze"), 1, waitlist=0)
    claim_take(ask_of(pool, fed.account_id("lin")))
    status, headers, _ = asked(made(), pool, carried(pool, fed.account_id("zhao")), HTTP_ACCEPT="text/html")  # fmt: skip
    assert (status, headers["Location"]) == (303, reverse("allocation:pool", args=[pool.pk]))


def test_whom_it_does_not_know_it_lets_pass(fed) -> None:
    stile = made()
    pool = pool_make(fed.organisation("yangtze"), 1, waitlist=0)
    other = pool_make(fed.organisation("yangtze"), 1)
    claim_take(ask_of(pool, fed.account_id("lin")))
    zhao = fed.account_id("zhao")
    for query in ("", "a=", "a=forged", carried(other, zhao), f"b=1&{carried(pool, zhao)}"):
        assert asked(stile, pool, query)[2] == PASSED, query
    assert asked(stile, Pool(pk=zhao), carried(pool, zhao))[2] == PASSED, "no such pool"
    assert asked(stile, pool, carried(pool, zhao), method="GET")[2] == PASSED
    assert asked(stile, pool, page="state", method="POST")[2] == PASSED


def test_to_the_second_it_opens_it_lets_pass(fed) -> None:
    with stopped_clock(NOON) as moved:
        stile = made()
        pool = pool_make(fed.organisation("yangtze"), 1, opens_at=NOON + dt.timedelta(seconds=1))
        query = carried(pool, fed.account_id("lin"))
        assert asked(stile, pool, query)[0] == 409
        moved.move(seconds=1)
        assert asked(stile, pool, query)[2] == PASSED


def test_how_it_stands_is_told_by_both_doors_alike(fed, client) -> None:
    pool = pool_make(fed.organisation("yangtze"), 3)
    claim_take(ask_of(pool, fed.account_id("lin")))
    status, _, body = asked(made(), pool, page="state", method="GET")
    assert status == 200
    assert json.loads(body) == client.get(reverse("allocation:pool_state", args=[pool.pk])).json()


def test_a_rush_of_looks_asks_the_base_seldom(fed, monkeypatch, django_assert_num_queries) -> None:
    monkeypatch.setattr(turnstile, "FRESH_SECONDS", 60.0)
    stile = made()
    pool = pool_make(fed.organisation("yangtze"), 1, waitlist=0, closes_at=clock.now() + dt.timedelta(days=1))  # fmt: skip
    claim_take(ask_of(pool, fed.account_id("lin")))
    queries = [carried(pool, fed.account_id(who)) for who in ("zhao", "sun", "wang")]
    with django_assert_num_queries(2):
        for query in queries * 50:
            assert asked(stile, pool, query)[0] == 409
