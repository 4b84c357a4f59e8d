"""The activities of the demo: every one stands as an officer would have arranged it, whatever the day."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.activities.api import Activity, Session
from lianxin.activities.models import PlanLine
from lianxin.kit.testing import stopped_clock
from lianxin.kit.workdays import SHANGHAI
from lianxin.members.testing import federation
from lianxin.notify.testing import letters_to
from tools.demo.activities import PLANS, activities
from tools.demo.evenings import evenings
from tools.demo.people import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", [dt.datetime(2026, 11, 28, 15, 59, tzinfo=dt.UTC), dt.datetime(2027, 2, 28, 0, 1, tzinfo=dt.UTC)])  # fmt: skip
def test_a_city_is_busy_from_the_first_look(day):
    with stopped_clock(day):
        fed = federation()
        activities(World(organisations=fed.organisations, accounts=fed.accounts))
        assert Activity.objects.filter(state="published").count() == len(PLANS) >= 25
        assert {"sport", "family", "study_tour", "volunteer", "lecture"} <= set(Activity.objects.values_list("kind", flat=True))  # fmt: skip
        assert Activity.objects.filter(method="draw").exists()
        assert Session.objects.filter(pool__opens_at__gt=day).exists(), "a rush to come"
        assert Session.objects.filter(label="晚班").count() == 3
        assert Activity.objects.get(kind="study_tour").stops.count() == 4
        assert Session.objects.filter(pool__taken__gt=0).count() == 3


@pytest.mark.parametrize("day", [dt.datetime(2026, 11, 28, 15, 59, tzinfo=dt.UTC), dt.datetime(2027, 2, 28, 0, 1, tzinfo=dt.UTC)])  # fmt: skip
def test_what_is_over_has_been_spoken_of_and_lin_is_still_asked(day):
    with stopped_clock(day):
        fed = federation()
        evenings(World(organisations=fed.organisations, accounts=fed.accounts))
        evening = Session.objects.get(activity__title="秋夜读诗会")
        assert evening.is_over
        assert evening.opinions.count() == 6
        assert evening.album.count() == 3
        assert PlanLine.objects.filter(plan__year=day.astimezone(SHANGHAI).year, plan__published_at__isnull=False).count() == 8  # fmt: skip
        assert [one.kind for one in letters_to(fed.account_id("lin")) if one.kind == "activity.how"] == ["activity.how"]  # fmt: skip
        assert Session.objects.get(activity__title="周末驿站值守").pool.taken == 1
