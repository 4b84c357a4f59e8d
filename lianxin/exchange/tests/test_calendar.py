"""Terms and calendar: days of the week, closed days, and how many at one time."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from lianxin.allocation.testing import booked, held
from lianxin.exchange import services
from lianxin.exchange.models import Resource
from lianxin.exchange.testing import hall_of, resource_make
from lianxin.kit import clock as kit_clock

NEW = reverse("exchange:resource_new")


def typed(school, **more: object) -> dict[str, object]:
    today = kit_clock.today()
    given = {
        "key": "form-a", "partner": str(school.pk), "kind": "course", "title": "焊工中级班", "price": "免费",
        "way": "booked", "audience": "both", "quantity": "10", "grain": "day", "words": "带身份证",
        "starts_on": today.isoformat(), "ends_on": (today + dt.timedelta(days=30)).isoformat(),
        "weekdays": ["1", "3"], "closed_on": "2026-12-01\n2026-12-03", "skips_holidays": "on",
    }  # fmt: skip
    return given | more


def test_ten_course_places_on_two_days_of_the_week_are_booked_as_numbers(as_, town, school) -> None:
    assert as_("tang").post(NEW, typed(school)).status_code == 302
    one = services.resource_publish(actor=town.actor("chen"), resource_id=Resource.objects.get().pk)
    thing = hall_of(one)
    hours = thing.hours
    assert [bool(spans) for spans in hours.weekly] == [
        False,
        True,
        False,
        True,
        False,
        False,
        False,
    ]
    assert hours.closed == {dt.date(2026, 12, 1), dt.date(2026, 12, 3)}
    assert hours.skips_holidays
    assert (thing.units, thing.most_units) == (10, 10)
    union, sun = town.organisation("beicang").pk, town.actor("sun")
    tuesday = dt.date(2026, 12, 8)
    booked(thing, sun, tuesday, 1, union_id=union, size=6)
    assert held(thing, town.actor("sun"), tuesday, 1, union_id=union, size=5).booking is None, "six of ten are gone"  # fmt: skip
    booked(thing, sun, tuesday, 1, union_id=union, size=4)
    for shut in (dt.date(2026, 12, 9), dt.date(2026, 12, 1)):
        assert held(thing, sun, shut, 1, union_id=union).booking is None
    shown = as_("lin").get(reverse("exchange:resource", args=[one.pk])).content.decode()
    assert "周二" in shown
    assert "2026-12-03" in shown


def test_a_day_that_cannot_be_read_and_days_that_never_come_are_told(as_, school) -> None:
    today = kit_clock.today()
    for wrong, field in (
        ({"closed_on": "Weihnachten"}, "closed_on"),
        ({"ends_on": today.isoformat()}, "weekdays"),  # a Monday, and it is to be had on others
        ({"weekdays": ["9"]}, "weekdays"),
        ({"quantity": "501"}, "quantity"),
    ):
        answer = as_("tang").post(NEW, typed(school, **wrong))
        assert field in answer.context["form"].errors, wrong
        assert "焊工中级班" in answer.content.decode()
    assert not Resource.objects.exists()


@pytest.mark.parametrize("shown", ["edit", "change"])
def test_what_stands_is_shown_as_it_was_typed(as_, town, school, shown) -> None:
    as_("tang").post(NEW, typed(school))
    one = Resource.objects.get()
    if shown == "change":
        services.resource_publish(actor=town.actor("chen"), resource_id=one.pk)
    form = as_("tang").get(reverse(f"exchange:resource_{shown}", args=[one.pk])).context["form"]
    assert form["closed_on"].value() == "2026-12-01\n2026-12-03"
    assert list(form["weekdays"].value()) == [1, 3]


def test_more_places_are_offered_by_a_change(town, school) -> None:
    one = resource_make(school, kind="apprentice", grain="day", quantity=5)
    entry = services.entry_of(one)
    more = services.Entry(**{name: getattr(entry, name) for name in entry.__dataclass_fields__} | {"quantity": 8})  # fmt: skip
    services.change_ask(actor=town.actor("tang"), resource_id=one.pk, entry=more, reason="又多三个岗位")  # fmt: skip
    assert hall_of(one).units == 5
    services.change_accept(actor=town.actor("chen"), resource_id=one.pk)
    assert (hall_of(one).units, hall_of(one).most_units) == (8, 8)
