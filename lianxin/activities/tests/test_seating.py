"""Numbered seats: written as rows, given side by side within a row, standing on the ticket."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from lianxin.activities.models import Session
from lianxin.activities.rules.seating import SeatingError, count_of, seats_of
from lianxin.activities.testing import activity_made, draft_made, pool_of, session_of, time_made
from lianxin.allocation.api import claim_take, recount_of
from lianxin.allocation.testing import ask_of
from lianxin.kit.errors import RefusedError

pytestmark = pytest.mark.django_db


def test_rows_times_seats_and_a_line_a_row_are_read() -> None:
    assert seats_of("2×2") == ("1排1座", "1排2座", "", "2排1座", "2排2座")
    assert seats_of(" 2 x 1\n\n楼上左 2 ") == ("1排1座", "", "2排1座", "", "楼上左1座", "楼上左2座")
    assert seats_of("") == ()


def test_a_row_named_by_a_number_runs_into_no_seat() -> None:
    assert seats_of("A1 2\n12 1") == ("A1排1座", "A1排2座", "", "12排1座")
    for text in ("\n".join(f"{row} 18" for row in range(1, 13)), "A 20\nA1 5"):
        labels = [one for one in seats_of(text) if one]
        assert len(set(labels)) == len(labels) == count_of(seats_of(text))
    assert max(map(len, seats_of("二楼看台左侧第三区 1 100"))) <= 16


@pytest.mark.parametrize(
    ("text", "what"),
    [("十二排", "line"), ("0×5", "line"), ("3×0", "line"), ("包厢 0", "line"), ("2×2\n2×3", "twice"),
     ("A1 3\nA1 2", "twice"), ("2×2\n1排 3", "twice"), ("2×2\n1 3", "twice"),
     ("二楼看台左侧第三区靠过道 5", "row"), ("100×100", "many")],
)  # fmt: skip
def test_what_names_no_seats_is_refused(text, what) -> None:
    with pytest.raises(SeatingError) as error:
        seats_of(text)
    assert error.value.what == what


@given(st.integers(1, 40), st.integers(1, 60))
def test_each_seat_has_a_label_of_its_own_that_fits_a_ticket(rows, seats) -> None:
    labels = seats_of(f"{rows}*{seats}")
    assert count_of(labels) == rows * seats == len({one for one in labels if one})
    assert max(map(len, labels)) <= 16


def test_an_organiser_writes_rows_and_the_places_are_counted(fed, as_person) -> None:
    draft = draft_made(fed.organisation("yangtze"), times=[])
    wang = as_person("wang")
    address = reverse("activities:desk_times", args=[draft.pk])
    typed = {"on": "2026-11-28", "begins": "19:00", "ends": "21:00", "seats": "2×3", "key": "k"}
    wrong = wang.post(address, typed | {"seats": "两排"})
    assert "两排" in wrong.content.decode()
    assert wrong.status_code == 200
    assert wang.post(address, typed | {"capacity": "7"}).status_code == 200
    assert not Session.objects.exists()
    assert wang.post(address, typed).status_code == 302
    session = Session.objects.get()
    assert (session.capacity, session.seats) == (6, "2×3")
    assert 'id_seats' in wang.get(reverse("activities:desk_change", args=[session.pk])).content.decode()  # fmt: skip


def test_who_comes_together_sits_in_one_row_and_reads_it_on_the_ticket(fed, as_person) -> None:
    activity = activity_made(fed.organisation("yangtze"), group="family", most=2, times=[time_made(seats="2×3", capacity=6)])  # fmt: skip
    pool = pool_of(activity)
    couples = [claim_take(ask_of(pool, fed.account_id(who), size=2)).claim for who in ("lin", "zhao")]  # fmt: skip
    alone = claim_take(ask_of(pool, fed.account_id("tang"))).claim
    told = [[seat.label for seat in claim.seats.order_by("number")] for claim in (*couples, alone)]
    assert told == [["1排1座", "1排2座"], ["2排1座", "2排2座"], ["1排3座"]]
    assert "2排1座" in as_person("zhao").get(reverse("allocation:claim", args=[couples[1].pk])).content.decode()  # fmt: skip
    page = as_person("lin").get(reverse("activities:session", args=[activity.pk, session_of(activity).pk]))  # fmt: skip
    assert "对号入座" in page.content.decode()
    assert recount_of(pool.pk).faults == []


def sent_as_it_stands(officer, address: str) -> dict[str, Any]:
    """Return what a browser sends of a form in which nobody typed, from six to nine."""
    form = officer.get(address).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    typed |= {"begins": "18:00", "ends": "21:00", "on": form["on"].value().isoformat()}
    return {name: value for name, value in typed.items() if value not in {None, ""}}


def test_seats_people_signed_up_for_stay(fed, as_person) -> None:
    activity = activity_made(fed.organisation("yangtze"), times=[time_made(seats="2×3", capacity=6)])  # fmt: skip
    session = session_of(activity)
    wang = as_person("wang")
    address = reverse("activities:desk_change", args=[session.pk])
    typed = sent_as_it_stands(wang, address)
    refused = wang.post(address, typed | {"seats": "3×3", "capacity": "9"})
    assert refused.status_code == 200
    assert "这些座位已经开放报名" in refused.content.decode()
    assert wang.post(address, typed).status_code == 302


def test_seats_on_several_lines_stand_in_the_way_of_no_other_change(fed, as_person) -> None:
    activity = activity_made(fed.organisation("yangtze"), times=[time_made(seats="2×3\n楼上 2", capacity=8)])  # fmt: skip
    session = session_of(activity)
    wang = as_person("wang")
    address = reverse("activities:desk_change", args=[session.pk])
    typed = sent_as_it_stands(wang, address)
    # As browsers send what stands in a field of several lines.
    assert wang.post(address, typed | {"seats": "2×3\r\n楼上 2\r\n"}).status_code == 302
    session.refresh_from_db()
    assert session.seats == "2×3\n楼上 2"
    assert session.starts_at.hour == 10


def test_more_or_fewer_places_than_seats_there_cannot_be(fed) -> None:
    with pytest.raises(RefusedError) as refused:
        activity_made(fed.organisation("yangtze"), times=[time_made(seats="2×3", capacity=10)])
    assert refused.value.field == "capacity"
