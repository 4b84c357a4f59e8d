"""Nights in a youth station: held, applied for, decided within a working day, followed to the bed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.allocation.api import (
    Booking,
    BookingState,
    booking_ask,
    booking_cancel,
    booking_confirm,
    booking_drop,
)
from lianxin.allocation.testing import bookable_make, held
from lianxin.catalogue import services
from lianxin.catalogue.constants import NIGHTS
from lianxin.catalogue.testing import filled, offer_of
from lianxin.jobs.testing import crash_everywhere, run_periodic, settle
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError, StaleError
from lianxin.notify.testing import letters_to
from lianxin.procedures.api import Dossier, Outcome, State, dossier_withdraw
from lianxin.procedures.testing import approve, objected, refuse

pytestmark = pytest.mark.django_db


def beds_of(town, units: int = 2, **more):
    terms = {
        "answer": "service",
        "service": NIGHTS,
        "per_life": 7,
        "most": 7,
        "series": "youth-station",
    }
    return bookable_make(town.organisation("beicang"), units, **(terms | more))


def soon(days: int = 4) -> dt.date:
    return clock.today() + dt.timedelta(days=days)


def sent(town, who: str = "tang", beds=None, days: int = 4) -> tuple[Dossier, Booking]:
    """Hold two nights and send the application in."""
    beds = beds or beds_of(town)
    actor = town.actor(who)
    booking = held(beds, actor, soon(days), 2).booking
    assert booking is not None
    draft = filled(actor, services.stay_begin(actor=actor, booking_id=booking.pk))
    dossier_id = services.draft_send(actor=actor, draft_id=draft.pk, version_id=offer_of(NIGHTS).version_id)  # fmt: skip
    settle()
    booking.refresh_from_db()
    return Dossier.objects.get(pk=dossier_id), booking


def test_the_bed_is_kept_while_the_case_is_decided_and_confirmed_by_a_yes(town) -> None:
    dossier, booking = sent(town)
    assert (booking.state, booking.case_id) == (BookingState.ASKED, dossier.pk)
    assert dossier.organisation == town.organisation("beicang")
    approve(dossier, town.actor("sun"))
    settle()
    services.stay_follow(dossier_id=dossier.pk)
    booking.refresh_from_db()
    assert booking.state == BookingState.CONFIRMED
    kinds = [letter.kind for letter in letters_to(town.account_id("tang"))]
    assert kinds.count("allocation.booking_confirmed") == 1


@pytest.mark.parametrize("is_taken", [False, True])
def test_a_no_frees_the_bed_and_a_yes_at_second_sight_takes_it_again_if_it_can(town, is_taken) -> None:  # fmt: skip
    dossier, booking = sent(town)
    refuse(dossier, town.actor("sun"))
    settle()
    booking.refresh_from_db()
    assert booking.state == BookingState.REFUSED
    assert not booking.cells.exists()
    if is_taken:
        for who in ("lin", "zhao"):
            assert sent(town, who, beds=booking.bookable)[1].state == BookingState.ASKED
    dossier = objected(Dossier.objects.get(pk=dossier.pk), town.actor("tang"))
    approve(dossier, town.actor("chen"))
    settle()
    services.stay_follow(dossier_id=dossier.pk)
    settle()
    states = list(Booking.objects.filter(case_id=dossier.pk).order_by("made_at").values_list("state", flat=True))  # fmt: skip
    assert states == (["refused"] if is_taken else ["refused", "confirmed"])
    told = [letter.kind for letter in letters_to(town.account_id("tang"))]
    assert told.count("nights") == is_taken


def test_who_takes_the_application_back_gives_the_bed_back_and_the_other_way_round(town) -> None:
    beds = beds_of(town)
    dossier, booking = sent(town, beds=beds)
    dossier_withdraw(actor=town.actor("tang"), dossier_id=dossier.pk, key="k", seen=None)
    settle()
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED

    dossier, booking = sent(town, beds=beds)
    booking_cancel(actor=town.actor("tang"), booking_id=booking.pk)
    settle()
    dossier.refresh_from_db()
    assert (dossier.state, dossier.outcome) == (State.CLOSED, Outcome.WITHDRAWN)


def test_a_bed_the_house_takes_back_closes_the_case_and_a_decided_one_stays_decided(town) -> None:
    dossier, booking = sent(town)
    booking_drop(actor=town.actor("sun"), booking_id=booking.pk, reason="水管爆裂")
    settle()
    dossier.refresh_from_db()
    assert dossier.outcome == Outcome.WITHDRAWN
    assert any("水管爆裂" in letter.body for letter in letters_to(town.account_id("tang")))

    dossier, booking = sent(town, who="lin", days=9)
    approve(dossier, town.actor("sun"))
    settle()
    booking_cancel(actor=town.actor("lin"), booking_id=booking.pk)
    settle()
    dossier.refresh_from_db()
    assert dossier.outcome == Outcome.GRANTED


def test_nobody_answers_a_case_by_the_booking_nor_asks_past_the_case(town) -> None:
    dossier, booking = sent(town)
    with pytest.raises(RefusedError):
        booking_confirm(actor=town.actor("sun"), booking_id=booking.pk)
    other = held(booking.bookable, town.actor("lin"), soon(20), 1).booking
    with pytest.raises(RefusedError):
        booking_ask(actor=town.actor("lin"), booking_id=other.pk, details={"name": "林"})
    assert dossier.state == State.OPEN


def test_nights_that_were_let_go_send_nothing_and_lose_nothing(town) -> None:
    actor = town.actor("tang")
    beds = beds_of(town, 1)
    booking = held(beds, actor, soon(), 2).booking
    draft = filled(actor, services.stay_begin(actor=actor, booking_id=booking.pk))
    Booking.objects.filter(pk=booking.pk).update(held_until=clock.now())
    run_periodic("allocation.tend_bookings")
    with pytest.raises(StaleError):
        services.draft_send(actor=actor, draft_id=draft.pk, version_id=offer_of(NIGHTS).version_id)
    assert not Dossier.objects.exists()
    again = held(beds, actor, soon(6), 3).booking
    same = services.stay_begin(actor=actor, booking_id=again.pk)
    assert same.pk == draft.pk, "what was typed is kept"
    dossier_id = services.draft_send(actor=actor, draft_id=draft.pk, version_id=offer_of(NIGHTS).version_id)  # fmt: skip
    again.refresh_from_db()
    assert again.case_id == dossier_id


def test_seven_nights_are_all_one_may_have(town) -> None:
    beds = beds_of(town, 4)
    _dossier, booking = sent(town, beds=beds)
    assert booking.run.length == 2
    assert held(beds, town.actor("tang"), soon(20), 6).left == 5


@pytest.mark.django_db(transaction=True)
def test_a_crash_at_any_commit_leaves_bed_and_case_together(town) -> None:
    beds = beds_of(town, 6)
    actor = town.actor("tang")

    booking = held(beds, actor, soon(), 2).booking
    draft = filled(actor, services.stay_begin(actor=actor, booking_id=booking.pk))

    def send() -> None:
        services.draft_send(actor=actor, draft_id=draft.pk, version_id=offer_of(NIGHTS).version_id)
        settle()

    def check(_number: int) -> None:
        dossiers = set(Dossier.objects.values_list("pk", flat=True))
        carried = set(Booking.objects.filter(state="asked").values_list("case_id", flat=True))
        assert dossiers == carried

    assert crash_everywhere(send, after=check) > 1
    check(0)
    dossier = Dossier.objects.get()
    approve(dossier, town.actor("sun"))
    assert crash_everywhere(settle) > 0
    assert Booking.objects.get().state == BookingState.CONFIRMED


def test_from_the_calendar_to_the_queue_in_a_browsers_steps(town, client) -> None:
    beds = beds_of(town)
    here = client.get(reverse("catalogue:stay_here"), follow=True)
    assert beds.title in here.content.decode()
    assert client.get("/services/youth-station-nights/").status_code == 200
    sign_in(client, town.account("tang"), second_factor=False)
    first = soon().toordinal()
    answer = client.post(
        reverse("allocation:booking_hold", args=[beds.pk]), {"first": first, "last": first + 1, "key": "k"}
    )  # fmt: skip
    booking = Booking.objects.get()
    assert answer.url == reverse("catalogue:stay_apply", args=[booking.pk])
    page = client.get(answer.url, follow=True).content.decode()
    assert "2 晚" in page, "she sees which nights it is about"
    assert 'name="union"' not in page
    assert 'name="nights"' not in page
    sign_in(client, town.account("zhao"), second_factor=False)
    assert client.get(answer.url).status_code == 404
