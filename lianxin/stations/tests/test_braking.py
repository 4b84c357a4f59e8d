"""One network cannot take a city off the list: a brake in memory, which keeps nothing of anybody."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from lianxin.jobs.testing import settle
from lianxin.notify.testing import letters_to
from lianxin.orgs.api import Actor
from lianxin.stations.models import StationReport
from lianxin.stations.rules.standing import State
from lianxin.stations.rules.truth import Met, verdict_of
from lianxin.stations.selectors.seeing import seen_one
from lianxin.stations.services import reporting
from lianxin.stations.services.braking import MOST_STATIONS, Brake, network_of, origin_of
from lianxin.stations.testing import station_make

NOON = dt.datetime(2026, 11, 24, 4, tzinfo=dt.UTC)
FACTORY, OTHER = "198.51.100.7", "192.0.2.9"


@pytest.fixture
def fresh(monkeypatch) -> Brake:
    monkeypatch.setattr(reporting, "brake", Brake())
    return reporting.brake


def city(town, count: int):
    union = town.organisation("yangtze")
    return [station_make(union, f"驿站 {n}", code=f"JZ-9{n:02}") for n in range(count)]


def tell(station, address: str, kind: str = "locked") -> None:
    """Say it as somebody who keeps no cookies, through the proxy in front."""
    page = reverse("stations:station_report", args=[station.code])
    told = Client(headers={"x-forwarded-for": address}).post(
        page, {"kind": kind, "key": str(uuid.uuid4())}
    )
    assert told.status_code == 302


def state(station) -> State:
    return seen_one(station).standing.state


@pytest.mark.django_db
def test_a_loop_without_cookies_closes_eight_stations_and_then_only_raises_doubts(town, hands, fresh):  # fmt: skip
    """Takes seconds: thirty reports, each over the page itself."""
    stations = city(town, MOST_STATIONS + 2)
    for station in stations:
        for _again in range(3):
            tell(station, FACTORY)
    assert [state(one) for one in stations] == [State.LOCKED] * MOST_STATIONS + [State.OPEN] * 2
    last = stations[-1]
    assert seen_one(last).standing.is_doubtful
    settle()
    assert any(last.name in letter.title for letter in letters_to(town.account_id("wang")))
    # Two who came by themselves are believed as ever, and so is whoever tells of something broken.
    tell(last, OTHER)
    assert state(last) is State.OPEN
    tell(last, OTHER)
    assert state(last) is State.LOCKED
    tell(stations[-2], FACTORY, "dirty")
    assert StationReport.objects.filter(is_faint=True).count() == 6


@pytest.mark.django_db
def test_with_the_hour_the_brake_forgets_and_a_keeper_never_meets_it(town, hands, fresh):
    stations = city(town, MOST_STATIONS + 1)
    for station in stations:
        tell(station, FACTORY)
    told = reporting.report_send(
        actor=town.actor("wang"), station_id=stations[-1].pk, kind="locked", teller="w",
        key=uuid.uuid4(), origin=FACTORY,
    )  # fmt: skip
    assert told.standing.state is State.LOCKED
    hands.move(hours=1)
    assert not fresh.holds(FACTORY, stations[-1].pk)


@pytest.mark.django_db
def test_no_address_is_written_down(town, station, hands, fresh):
    rows = []
    for origin in (FACTORY, ""):
        told = reporting.report_send(
            actor=Actor(), station_id=station.pk, kind="locked", teller=origin or "b",
            key=uuid.uuid4(), origin=origin,
        )  # fmt: skip
        rows.append(StationReport.objects.values().get(pk=told.report.pk))
    assert FACTORY not in str(rows)
    assert FACTORY not in str(vars(fresh))


def test_what_is_counted_under_one_salt_says_nothing_under_the_next():
    counted = []
    for _process in range(2):
        brake = Brake()
        brake.holds(FACTORY, uuid.UUID(int=1))
        counted.append(set(vars(brake)["_told"]))
    assert not counted[0] & counted[1]


@pytest.mark.parametrize(
    ("peer", "forwarded", "origin"),
    [
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("", "198.51.100.7", "198.51.100.7"),
        ("172.18.0.3", "10.0.0.1, 198.51.100.7", "198.51.100.7"),
        ("8.8.8.8", "198.51.100.7", "8.8.8.8"),  # nobody on the open network names herself
        ("127.0.0.1", "", ""),
        ("127.0.0.1", "127.0.0.1", ""),
        ("127.0.0.1", "nonsense", ""),
        ("10.1.2.3", "", "10.1.2.3"),
        ("::1", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_proxy_in_front_is_believed_and_nobody_else(peer, forwarded, origin):
    assert origin_of({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}) == origin


def test_whoever_has_a_whole_network_of_version_six_is_one():
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9")
    assert network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1")
    assert network_of("::ffff:192.0.2.9") == network_of("192.0.2.9")


def test_memory_has_an_end(monkeypatch):
    monkeypatch.setattr("lianxin.stations.services.braking.MOST_ORIGINS", 2)
    brake = Brake()
    held = [brake.holds(f"192.0.2.{n}", uuid.UUID(int=1)) for n in range(4)]
    assert held == [False, False, True, True]


AGO = st.integers(0, 6 * 60).map(lambda minutes: NOON - dt.timedelta(minutes=minutes))
MET = st.lists(st.builds(Met, AGO, st.sampled_from("abcdef"), st.booleans()), max_size=12)


@given(MET, MET, st.lists(AGO, max_size=3))
def test_faint_words_close_nothing_and_open_nothing(met, more, words):
    faint = [dataclasses.replace(one, is_keeper=False, is_faint=True) for one in more]
    alone, together = verdict_of(met, words, NOON), verdict_of([*met, *faint], words, NOON)
    assert together.is_locked is alone.is_locked
    assert together.until == alone.until
    assert together.is_doubtful >= alone.is_doubtful
