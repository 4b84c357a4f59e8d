"""Stops of a route: at places partners lent, told when they change, their organiser told when a place falls."""

from __future__ import annotations

import datetime as dt
import threading
import time
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from lianxin.activities.models import Session, Stop
from lianxin.activities.services import (
    activity_call_off,
    activity_copy,
    activity_publish,
    stops_set,
)
from lianxin.activities.services.borrowing import lenders_of
from lianxin.activities.services.terms import StopTerms
from lianxin.activities.testing import activity_made, draft_made, pool_of, session_of, time_made
from lianxin.allocation.api import (
    BookableTerms,
    Booking,
    Guests,
    Owners,
    Unions,
    bookable_open,
    booking_confirm,
    booking_drop,
    booking_owners,
    claim_take,
)
from lianxin.allocation.testing import ask_of, booked
from lianxin.jobs.testing import settle
from lianxin.kit import clock as now
from lianxin.kit.errors import RefusedError
from lianxin.kit.ids import new_id
from lianxin.kit.transactions import atomic
from lianxin.notify.testing import letters_to
from lianxin.orgs.api import Actor

pytestmark = pytest.mark.django_db
LENT = "trial.lent"


@pytest.fixture
def lender(fed):
    """A school that lends a workshop; Tang answers for it."""
    tang = frozenset({fed.account_id("tang")})
    booking_owners.fill(
        LENT, Owners(accounts=lambda _thing: tang, page=lambda _booking: "/own/", name=lambda _thing: "嘉岭夜校")
    )  # fmt: skip
    yield
    booking_owners.fill(
        LENT, Owners(accounts=lambda _thing: frozenset(), page=lambda _booking: "/own/")
    )


@pytest.fixture
def workshop(fed, lender):
    return bookable_open(
        actor=Actor.system(), organisation_id=fed.organisation("jialing").pk, kind=LENT, object_id=new_id(),
        terms=BookableTerms(
            title="实训车间", place="工业大道 88 号", grain="half_hour", unit="hall", most=8,
            guests=Guests.NOBODY, unions=Unions.ALL, answer="asked",
        ),
    )  # fmt: skip


def lent(fed, workshop) -> Booking:
    """The workshop, booked for Wang's union and confirmed by the school."""
    day = now.today() + dt.timedelta(days=3)
    booking = booked(workshop, fed.actor("wang"), day, 4, half=20, union_id=fed.organisation("yangtze").pk)  # fmt: skip
    booking_confirm(actor=fed.actor("tang"), booking_id=booking.pk)
    booking.refresh_from_db()
    return booking


def letters(fed, who: str, kind: str) -> list[Any]:
    return [one for one in letters_to(fed.account_id(who)) if one.kind == kind]


def typed(*stops: dict[str, str]) -> dict[str, str]:
    sent = {"s-TOTAL_FORMS": str(len(stops)), "s-INITIAL_FORMS": "0"}
    return sent | {f"s-{n}-{name}": value for n, one in enumerate(stops) for name, value in one.items()}  # fmt: skip


def test_a_stop_is_chosen_from_what_partners_lent_and_its_partner_stands_on_the_page(
    fed, as_person, workshop
) -> None:
    booking = lent(fed, workshop)
    route = activity_made(fed.organisation("yangtze"), actor=fed.actor("wang"))
    wang, page = as_person("wang"), reverse("activities:desk_stops", args=[route.pk])
    assert "实训车间" in wang.get(page).content.decode()
    for _tap in range(2):
        wang.post(page, typed({"booking": str(booking.pk)}, {"title": "展馆", "at": "16:00"}))
    stop = route.stops.get(booking=booking)
    assert (stop.title, stop.address, stop.partner) == ("实训车间", "工业大道 88 号", "嘉岭夜校")
    shown = Client().get(reverse("activities:activity", args=[route.pk])).content.decode()
    assert "嘉岭夜校" in shown
    # Written once more, it stays chosen, also when it is used and no longer to be had.
    Booking.objects.filter(pk=booking.pk).update(state="used")
    assert f'value="{booking.pk}" selected' in wang.get(page).content.decode()
    wang.post(page, typed({"booking": str(booking.pk), "title": "车间", "at": "10:00"}))
    assert route.stops.get().partner == "嘉岭夜校"


def test_what_is_lent_to_another_union_or_not_yet_certain_is_not_chosen(fed, as_person, workshop) -> None:  # fmt: skip
    day = now.today() + dt.timedelta(days=3)
    asked = booked(workshop, fed.actor("wang"), day, 2, half=30, union_id=fed.organisation("yangtze").pk)  # fmt: skip
    route = draft_made(fed.organisation("yangtze"), actor=fed.actor("wang"))
    page = reverse("activities:desk_stops", args=[route.pk])
    assert "实训车间" not in as_person("wang").get(page).content.decode()
    with pytest.raises(RefusedError):
        stops_set(actor=fed.actor("wang"), activity_id=route.pk, stops=[StopTerms(title="x", after_minutes=0, booking_id=asked.pk)])  # fmt: skip
    assert not Stop.objects.exists()


def test_when_the_booking_falls_the_organiser_is_told_once_and_the_partner_is_named_no_more(
    fed, workshop
) -> None:
    booking = lent(fed, workshop)
    route = activity_made(fed.organisation("yangtze"), actor=fed.actor("wang"))
    stops_set(actor=fed.actor("wang"), activity_id=route.pk, stops=[StopTerms(title="车间", after_minutes=0, booking_id=booking.pk)])  # fmt: skip
    settle()
    booking_drop(actor=fed.actor("tang"), booking_id=booking.pk, reason="设备检修")
    for _again in range(2):
        settle()
    told = letters(fed, "wang", "activity.stop_moved")
    assert len(told) == 1
    assert "车间" in told[0].title
    assert told[0].url == reverse("activities:desk_stops", args=[route.pk])
    stop = route.stops.get()
    assert (stop.title, stop.partner, stop.booking_id) == ("车间", "", None)
    assert letters(fed, "zhao", "activity.stop_moved") == []


def waits(other: threading.Thread) -> None:
    """Return once the other waits for a lock, or is done; SQLite has one lock for all."""
    for _ in range(200 if connection.vendor == "postgresql" else 0):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0] or not other.is_alive():
                return
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_a_booking_that_falls_while_the_stops_are_written_falls_from_them_too(fed, workshop) -> None:  # fmt: skip
    booking = lent(fed, workshop)
    route = activity_made(fed.organisation("yangtze"), actor=fed.actor("wang"))
    settle()

    def fall() -> None:
        try:
            booking_drop(actor=fed.actor("tang"), booking_id=booking.pk, reason="设备检修")
            settle()
        finally:
            connections.close_all()

    other = threading.Thread(target=fall)
    with atomic():
        [partner] = lenders_of(route, [booking.pk]).values()
        other.start()
        waits(other)
        Stop.objects.create(activity=route, number=1, title="车间", after_minutes=0, booking_id=booking.pk, partner=partner)  # fmt: skip
    other.join()
    stop = route.stops.get()
    assert (stop.partner, stop.booking_id) == ("", None)


def test_what_fell_a_moment_ago_is_not_written_once_more(fed, workshop) -> None:
    """The route has it still: nobody has told it yet."""
    booking = lent(fed, workshop)
    route = activity_made(fed.organisation("yangtze"), actor=fed.actor("wang"))
    stops = [StopTerms(title="车间", after_minutes=0, booking_id=booking.pk)]
    stops_set(actor=fed.actor("wang"), activity_id=route.pk, stops=stops)
    settle()
    booking_drop(actor=fed.actor("tang"), booking_id=booking.pk, reason="设备检修")
    with pytest.raises(RefusedError):
        stops_set(actor=fed.actor("wang"), activity_id=route.pk, stops=stops)
    settle()
    assert route.stops.get().booking_id is None


def test_of_a_route_that_is_called_off_nobody_is_told(fed, workshop) -> None:
    booking = lent(fed, workshop)
    route = activity_made(fed.organisation("yangtze"), actor=fed.actor("wang"))
    stops_set(actor=fed.actor("wang"), activity_id=route.pk, stops=[StopTerms(title="车间", after_minutes=0, booking_id=booking.pk)])  # fmt: skip
    activity_call_off(actor=fed.actor("wang"), activity_id=route.pk, words="下雨")
    booking_drop(actor=fed.actor("tang"), booking_id=booking.pk, reason="设备检修")
    settle()
    assert letters(fed, "wang", "activity.stop_moved") == []


def test_a_copy_for_another_day_is_lent_nothing_yet(fed, workshop) -> None:
    booking = lent(fed, workshop)
    route = activity_made(fed.organisation("yangtze"), actor=fed.actor("wang"))
    stops_set(actor=fed.actor("wang"), activity_id=route.pk, stops=[StopTerms(title="车间", after_minutes=0, booking_id=booking.pk)])  # fmt: skip
    copy = activity_copy(actor=fed.actor("wang"), activity_id=route.pk, starts_on=now.today() + dt.timedelta(days=30), key="c")  # fmt: skip
    assert [(one.title, one.partner, one.booking_id) for one in copy.stops.all()] == [("车间", "", None)]  # fmt: skip


@pytest.fixture
def route(fed):
    """A published route of three stops; Lin has a place, Zhao waits."""
    made = draft_made(fed.organisation("yangtze"), times=[time_made(3, capacity=1)])
    stops = [StopTerms(title="老厂门", after_minutes=0), StopTerms(title="夜校旧址", after_minutes=60), StopTerms(title="展馆", after_minutes=120)]  # fmt: skip
    stops_set(actor=Actor.system(), activity_id=made.pk, stops=stops)
    activity_publish(actor=Actor.system(), activity_id=made.pk)
    for who in ("lin", "zhao"):
        claim_take(ask_of(pool_of(made), fed.account_id(who)))
    settle()
    return made


def test_changed_stops_are_told_once_to_those_who_signed_up(fed, route) -> None:
    stops = [StopTerms(title="老厂门", after_minutes=0), StopTerms(title="码头", after_minutes=60), StopTerms(title="展馆", after_minutes=150)]  # fmt: skip
    before = session_of(route).revision
    for _tap in range(2):
        stops_set(actor=fed.actor("wang"), activity_id=route.pk, stops=stops)
        settle()
    for who in ("lin", "zhao"):
        told = letters(fed, who, "activity.changed")
        assert len(told) == 1
        for word in ("码头", "夜校旧址", "展馆"):
            assert word in told[0].body
        assert "老厂门" not in told[0].body, "it is where and when it was"
    assert letters(fed, "wang", "activity.changed") == []
    assert session_of(route).revision == before + 1
    shown = Client().get(reverse("activities:activity", args=[route.pk])).content.decode()
    assert "码头" in shown.split('id="changed"')[1]


def test_what_is_learnt_there_wakes_nobody_and_a_stop_left_out_is_told(fed, route) -> None:
    same = [StopTerms(title="老厂门", after_minutes=0, learnt="护厂的故事"), StopTerms(title="夜校旧址", after_minutes=60), StopTerms(title="展馆", after_minutes=120)]  # fmt: skip
    stops_set(actor=fed.actor("wang"), activity_id=route.pk, stops=same)
    settle()
    assert letters(fed, "lin", "activity.changed") == []
    stops_set(actor=fed.actor("wang"), activity_id=route.pk, stops=same[:2])
    settle()
    assert ["展馆" in one.body for one in letters(fed, "lin", "activity.changed")] == [True]


def test_of_a_draft_nobody_is_told(fed) -> None:
    draft = draft_made(fed.organisation("yangtze"), actor=fed.actor("wang"))
    stops_set(actor=fed.actor("wang"), activity_id=draft.pk, stops=[StopTerms(title="一", after_minutes=0)])  # fmt: skip
    assert Session.objects.get(activity=draft).revision == 0
