"""A union that merges or closes leaves no station without a keeper; one that moves takes them along."""

from __future__ import annotations

import pytest

from lianxin.audit.api import AuditRow
from lianxin.jobs.testing import settle
from lianxin.orgs.api import (
    Level,
    organisation_close,
    organisation_effects,
    organisation_merge,
    organisation_move,
)
from lianxin.orgs.testing import organisation_make, small_batches
from lianxin.stations import policies
from lianxin.stations.models import Station
from lianxin.stations.testing import station_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def depot(town):
    union = organisation_make(
        "北苍货运站工会",
        code="JZ-JL-BC-009",
        level=Level.GRASSROOTS,
        parent=town.organisation("beicang"),
    )
    for number in range(5):
        station_make(union, f"货运驿站 {number}", code=f"JZ-10{number}")
    return union


def _seen_by(town, who: str) -> int:
    return policies.visible_to(town.actor(who), Station.objects.all()).count()


def test_the_survivor_of_a_merger_keeps_them_on(town, depot):
    with small_batches():
        organisation_merge(
            actor=town.actor("he"), organisation=depot, survivor=town.organisation("yangtze")
        )
        settle()
    assert set(Station.objects.values_list("organisation_id", flat=True)) == {
        town.organisation("yangtze").pk
    }
    assert _seen_by(town, "wang") == 5
    assert AuditRow.objects.filter(action="stations.carried").count() == 5


def test_of_a_union_that_closes_the_level_above_keeps_them(town, depot):
    organisation_close(actor=town.actor("he"), organisation=depot)
    settle()
    assert set(Station.objects.values_list("organisation_id", flat=True)) == {
        town.organisation("beicang").pk
    }
    assert _seen_by(town, "sun") == 5


def test_one_that_moves_takes_its_stations_along(town, depot):
    assert (_seen_by(town, "chen"), _seen_by(town, "ma")) == (5, 0)
    organisation_move(
        actor=town.actor("he"), organisation=depot, parent=town.organisation("jiangwan")
    )
    settle()
    assert (_seen_by(town, "chen"), _seen_by(town, "zhou")) == (0, 5)


def test_the_preview_of_a_change_counts_them(town, depot):
    count = organisation_effects.get("stations")
    assert count is not None
    assert count(town.organisation("beicang").path).count == 5
    assert count(town.organisation("yangtze").path).count == 0
