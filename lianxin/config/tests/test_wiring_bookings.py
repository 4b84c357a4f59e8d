"""What joins stations and bookings: beds stand on the page of their station, and lead back to it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.allocation.api import Bookable
from lianxin.allocation.testing import bookable_make
from lianxin.config.wiring import STATION, bookable_stations, station_page
from lianxin.kit.ids import new_id
from lianxin.members.testing import federation
from lianxin.stations.testing import station_make

pytestmark = pytest.mark.django_db


def test_beds_of_a_station_stand_on_its_page_and_lead_back_there() -> None:
    fed = federation()
    station = station_make(fed.organisation("beicang"))
    page = reverse("stations:station_page", args=[station.code])
    assert "四人间" not in Client().get(page).content.decode()
    bookable_make(fed.organisation("beicang"), kind=STATION, object_id=station.pk)
    assert "四人间" in Client().get(page).content.decode()
    assert station_page(station.pk) == page
    assert station_page(new_id()) is None


def test_an_officer_offers_rooms_in_the_stations_of_her_unions_alone() -> None:
    fed = federation()
    station = station_make(fed.organisation("beicang"))
    assert [one.object_id for one in bookable_stations(fed.actor("sun"))] == [station.pk]
    for who in ("wang", "ma", "lin"):
        assert bookable_stations(fed.actor(who)) == []
    sun = Client()
    sign_in(sun, fed.account("sun"))
    form = sun.get(reverse("allocation:bookable_new")).content.decode()
    assert str(station.pk) in form
    assert not Bookable.objects.exists()
