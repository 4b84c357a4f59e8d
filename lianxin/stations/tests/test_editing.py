"""Writing stations down and putting them right: positions of any map, hours of any kind, by those who may."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from lianxin.accounts.testing import sign_in
from lianxin.audit.api import AuditRow
from lianxin.jobs.testing import events_told
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.stations import events
from lianxin.stations.models import Keeping, SpecialDays, Station
from lianxin.stations.rules.codes import code_is_valid, next_code
from lianxin.stations.rules.hours import spans_read, week_read
from lianxin.stations.rules.places import gcj02_to_bd09, metres_between, wgs84_to_gcj02
from lianxin.stations.rules.standing import State
from lianxin.stations.selectors.seeing import seen_one, station_of, stations_of
from lianxin.stations.services import (
    Entry,
    days_remove,
    days_set,
    hours_set,
    keeper_name,
    keeper_remove,
    station_change,
    station_end,
    station_found,
    station_restore,
)
from lianxin.stations.testing import HERE, station_make, week_of

pytestmark = pytest.mark.django_db
ENTRY = Entry(name="东门驿站", division_code="990101", district_name="嘉岭区", address="东门 2 号")


def _phone(town, who: str) -> Client:
    phone = Client()
    sign_in(phone, town.account(who), second_factor=True)
    return phone


def _form(**other):
    return {
        "organisation": "JZ-JL-BC-001", "name": "东门驿站", "kind": "station", "division_code": "990101",
        "district_name": "嘉岭区", "datum": "wgs84", **other,
    }  # fmt: skip


def test_wang_writes_a_station_down_and_it_is_on_the_list(town, client):
    phone = _phone(town, "wang")
    where = reverse("stations:station_new")
    assert phone.get(where).context["form"]["organisation"].value() == "JZ-JL-BC-001"
    answer = phone.post(
        where, _form(latitude="29.56", longitude="106.55", facilities=["water", "toilet"])
    )
    made = Station.objects.get()
    assert answer.url == reverse("stations:station_hours", args=[made.code])
    assert (made.code, made.point, made.facilities) == ("990101-0001", HERE, ["water", "toilet"])
    phone.post(where, _form(latitude="29.56", longitude="106.55"))
    assert Station.objects.count() == 1, "the tired phone that sends twice"
    page = client.get(reverse("stations:station_page", args=[made.code])).content.decode()
    assert "东门驿站" in page
    assert "还没有登记开放时间" in page


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_a_position_of_any_map_becomes_the_true_one(town, datum):
    shown = wgs84_to_gcj02(HERE)
    shown = gcj02_to_bd09(shown) if datum == "bd09" else shown
    given = _form(datum=datum, latitude=f"{shown.latitude:.7f}", longitude=f"{shown.longitude:.7f}")
    _phone(town, "wang").post(reverse("stations:station_new"), given)
    point = Station.objects.get().point
    assert point is not None
    assert metres_between(point, HERE) < 0.3


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"name": " "}, "name"), ({"division_code": "12"}, "division_code"), ({"division_code": "000000"}, "division_code"),
     ({"latitude": "29.5"}, "latitude"), ({"latitude": "106.55", "longitude": "29.5"}, "latitude"), ({"kind": "?"}, "kind"),
     ({"code": "nowhere"}, "code"), ({"organisation": "JZ-BH-JW-001"}, "organisation"), ({"facilities": ["gold"]}, "facilities")],
)  # fmt: skip
def test_what_cannot_be_right_gets_a_sentence_at_its_field(town, wrong, field):
    answer = _phone(town, "wang").post(reverse("stations:station_new"), _form(**wrong))
    assert field in answer.context["form"].errors
    assert not Station.objects.exists()


def test_a_division_code_of_no_province_is_told_what_is_wrong_with_it(town):
    for code in ("000000", "160101", "990101001"):
        answer = _phone(town, "wang").post(
            reverse("stations:station_new"), _form(division_code=code)
        )
        told = "头两位是省份代码" in answer.content.decode()
        assert (told, Station.objects.exists()) == (
            (True, False) if code[:2] != "99" else (False, True)
        )


def test_a_station_is_written_down_for_ones_own_reach_only(town):
    station_found(actor=town.actor("sun"), organisation=town.organisation("yangtze"), entry=ENTRY)
    for who, place in (
        ("wang", "riverside"),
        ("ma", "yangtze"),
        ("lin", "yangtze"),
        ("qian", "city"),
    ):
        with pytest.raises(ForbiddenError):
            station_found(actor=town.actor(who), organisation=town.organisation(place), entry=ENTRY)
    answer = _phone(town, "sun").post(
        reverse("stations:station_new"), _form(organisation="JZ-JL-BC", code="JZ-BH-JW-001")
    )
    assert "不归您管理" in answer.content.decode()


def test_a_code_is_given_once_and_belongs_to_one_union(town):
    sun = town.actor("sun")
    first = station_found(
        actor=sun, organisation=town.organisation("yangtze"), entry=ENTRY, code="JL-7"
    )
    assert (
        station_found(
            actor=sun, organisation=town.organisation("yangtze"), entry=ENTRY, code="JL-7"
        )
        == first
    )
    for place, code in (
        ("beicang", "JL-7"),
        ("beicang", "in"),
        ("beicang", "../1"),
        ("beicang", "7" * 40),
    ):
        with pytest.raises(RefusedError):
            station_found(actor=sun, organisation=town.organisation(place), entry=ENTRY, code=code)


@given(st.lists(st.integers(1, 10**5), max_size=30))
def test_the_next_code_is_free_and_valid(numbers):
    taken = [f"990101-{number:04d}" for number in numbers] + ["990101-x", "990102-9999", "990101"]
    code = next_code("990101", taken)
    assert code not in taken
    assert code_is_valid(code)


def test_putting_right_writes_what_changed_once(town, station):
    phone, where = _phone(town, "wang"), reverse("stations:station_edit", args=[station.code])
    given = {
        name: value
        for name, value in phone.get(where).context["form"].initial.items()
        if value is not None
    }
    given |= {"datum": "wgs84"}
    phone.post(where, given)
    assert not AuditRow.objects.filter(action="stations.changed").exists()
    for _tap in range(2):
        assert (
            phone.post(where, given | {"door": "走东门", "facilities": ["water"]}).status_code
            == 302
        )
    station.refresh_from_db()
    assert (station.door, station.facilities, station.point) == ("走东门", ["water"], HERE)
    row = AuditRow.objects.get(action="stations.changed")
    assert row.detail["fields"] == ["door", "facilities"]


def test_hours_are_set_line_by_line_and_shown_again(town, station, hands):
    phone, where = _phone(town, "wang"), reverse("stations:station_hours", args=[station.code])
    given = {
        "work_a": "8:00-12:00、14:00-18:00",
        "6_a": "9:00-12:00",
        "holiday_a": "休息",
        "3_a": "全天",
    }
    assert phone.post(where, given).status_code == 302
    station.refresh_from_db()
    week = station.hours
    assert week["1"] == spans_read("8:00-12:00 14:00-18:00")
    assert (week["3"], week["7"], week["holiday"]) == (spans_read("24h"), (), ())
    form = phone.get(where).context["form"]
    assert form["work_a"].value() == "8:00-12:00, 14:00-18:00"
    assert (form["3_a"].value(), form["holiday_a"].value(), form["1_a"].value()) == (
        "0:00-24:00",
        "休息",
        "",
    )
    wrong = phone.post(where, {"work_a": "morning", "6_u": "8-9,8-10"})
    assert "work_a" in wrong.context["form"].errors
    assert phone.post(where, {"is_always": "on", "work_a": "8:00-22:00"}).status_code == 302
    station.refresh_from_db()
    assert station.is_always_open
    assert phone.get(where).context["form"]["is_always"].value()


def test_more_times_than_a_day_may_have_are_told_on_its_page(town, station, hands):
    """Each of the two fields is right by itself; together they are seven."""
    four, three = "1-2, 3-4, 5-6, 7-8", "9-10, 11-12, 13-14"
    hours = reverse("stations:station_hours", args=[station.code])
    days = reverse("stations:station_days", args=[station.code])
    today = hands.read().date()
    given = {"first_on": today, "last_on": today, "reason": "event"}
    phone = _phone(town, "wang")
    for page in (
        phone.post(hours, {"work_a": four, "work_u": three}),
        phone.post(days, given | {"attended": four, "unattended": three}),
    ):
        assert page.status_code == 200
        assert "最多" in str(page.context["form"].non_field_errors())
    assert not SpecialDays.objects.exists()


def test_setting_the_same_hours_changes_nothing(town, station):
    for _tap in range(2):
        hours_set(
            actor=town.actor("wang"), station_id=station.pk, week=week_read(week_of("9:00-17:00"))
        )
    assert AuditRow.objects.filter(action="stations.hours_set").count() == 1


def test_other_hours_on_some_days_close_and_open_it(town, station, hands):
    phone, where = _phone(town, "wang"), reverse("stations:station_days", args=[station.code])
    today = hands.read().date()
    given = {
        "first_on": today,
        "last_on": today + dt.timedelta(days=2),
        "reason": "event",
        "words": "开运动会",
    }
    for _tap in range(2):
        assert phone.post(where, given).status_code == 302
    days = SpecialDays.objects.get()
    assert seen_one(station).standing.state is State.CLOSED
    phone.post(where, given | {"attended": "6:00-23:00", "reason": "heat"})
    assert SpecialDays.objects.get().reason == "heat"
    assert seen_one(station).standing.state is State.OPEN
    for wrong in (
        given | {"last_on": today - dt.timedelta(days=1)}, given | {"attended": "?"},
        given | {"first_on": "2020-01-01", "last_on": "2020-01-02"}, given | {"reason": "?"},
    ):  # fmt: skip
        assert phone.post(where, wrong).context["form"].errors
    for longest, says in ((399, ""), (400, "400 天")):
        page = phone.post(where, given | {"last_on": today + dt.timedelta(days=longest)})
        said = str(page.context["form"].errors) if page.status_code == 200 else ""
        assert says in said
        assert bool(says) is bool(said)
    SpecialDays.objects.exclude(pk=days.pk).delete()
    for _tap in range(2):
        phone.post(reverse("stations:days_remove", args=[station.code, days.pk]))
    assert not SpecialDays.objects.exists()


def test_a_keeper_is_named_by_her_login_and_needs_a_post(town, station):
    phone, where = _phone(town, "wang"), reverse("stations:station_keepers", args=[station.code])
    for _tap in range(2):
        phone.post(where, {"login_name": " Sun "})
    named = Keeping.objects.get()
    assert named.account == town.account("sun")
    for nobody in ("ma", "qian", "nobody", "lin"):
        assert phone.post(where, {"login_name": nobody}).context["form"].errors
    for _tap in range(2):
        phone.post(reverse("stations:keeper_remove", args=[station.code, named.pk]))
    assert not Keeping.objects.exists()


def test_given_up_it_leaves_the_list_and_can_be_put_back(town, station):
    phone, where = _phone(town, "wang"), reverse("stations:station_end", args=[station.code])
    assert "撤销" in phone.get(where).content.decode()
    for _tap in range(2):
        phone.post(where)
    assert not stations_of(town.organisation("yangtze")).exists()
    assert station_of("JZ-001") == station
    assert events_told(events.StationClosed) == [{"station_id": str(station.pk), "by": "keeper"}]
    for _tap in range(2):
        phone.post(where, {"restore": "1"})
    assert stations_of(town.organisation("yangtze")).get() == station


def test_nobody_elses_station_is_touched(town, station):
    ma, week = town.actor("ma"), week_read(week_of("1:00-2:00"))
    today = dt.date(2026, 11, 25)
    days = SpecialDays.objects.create(
        station=station, first_on=today, last_on=today, reason="event"
    )
    named = Keeping.objects.create(station=station, account=town.account("wang"), since_on=today)
    acts = [
        lambda: station_change(actor=ma, station_id=station.pk, entry=ENTRY),
        lambda: hours_set(actor=ma, station_id=station.pk, week=week),
        lambda: days_set(
            actor=ma, station_id=station.pk, first_on=today, last_on=today, spans=(), reason="heat"
        ),
        lambda: days_remove(actor=ma, station_id=station.pk, days_id=days.pk),
        lambda: keeper_name(actor=ma, station_id=station.pk, typed="ma"),
        lambda: keeper_remove(actor=ma, station_id=station.pk, keeping_id=named.pk),
        lambda: station_end(actor=ma, station_id=station.pk),
        lambda: station_restore(actor=ma, station_id=station.pk),
    ]
    for act in acts:
        with pytest.raises(ForbiddenError):
            act()
    pages = [
        reverse(f"stations:station_{name}", args=[station.code])
        for name in ("edit", "hours", "days", "keepers", "end")
    ]
    for who, status in (("ma", 404), ("zhao", 403), ("lin", 403)):
        phone = _phone(town, who)
        assert {phone.get(page).status_code for page in pages} == {status}
        assert {phone.post(page, {}).status_code for page in pages} == {status}
    other = station_make(town.organisation("riverside"), code="JZ-009")
    wang = _phone(town, "wang")
    wang.post(reverse("stations:days_remove", args=["JZ-001", days.pk]))
    assert wang.post(reverse("stations:days_remove", args=["JZ-009", days.pk])).status_code == 404
    assert station_of("JZ-009") == other


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("code", ["", "JL-007"])
def test_two_taps_at_the_same_moment_make_one_station(town, code):
    union, wang = town.organisation("yangtze"), town.actor("wang")
    made: list[Station] = []
    both = threading.Barrier(2)

    def tap() -> None:
        try:
            both.wait(10)
            made.append(station_found(actor=wang, organisation=union, entry=ENTRY, code=code))
        finally:
            connection.close()

    taps = [threading.Thread(target=tap) for _tap in range(2)]
    for one in taps:
        one.start()
    for one in taps:
        one.join(30)
    assert made == [Station.objects.get()] * 2


@pytest.mark.django_db(transaction=True)
def test_of_two_unions_that_write_one_code_the_second_is_told(town):
    """Ma's begins while Wang's is not committed: it waits, and is told, not broken off."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time")
    told: list[str] = []
    ma, riverside = town.actor("ma"), town.organisation("riverside")

    def write() -> None:
        try:
            station_found(actor=ma, organisation=riverside, entry=ENTRY, code="JL-007")
        except RefusedError as error:
            told.append(error.field)
        finally:
            connection.close()

    thread = threading.Thread(target=write)
    with atomic():
        station_found(
            actor=town.actor("wang"), organisation=town.organisation("yangtze"), entry=ENTRY,
            code="JL-007",
        )  # fmt: skip
        thread.start()
        time.sleep(0.5)
    thread.join(30)
    assert told == ["code"]
    assert Station.objects.get().organisation == town.organisation("yangtze")


def test_hostile_words_stay_words(town):
    entry = Entry(
        name="<b>x</b>\u202e", division_code="990101", district_name="嘉岭区", door="' OR 1=1"
    )
    made = station_found(
        actor=town.actor("wang"), organisation=town.organisation("yangtze"), entry=entry
    )
    page = Client().get(reverse("stations:station_page", args=[made.code])).content.decode()
    assert "<b>x</b>" not in page
    assert "\u202e" not in page


@pytest.mark.parametrize(
    "wrong", [{"latitude_e6": 1}, {"latitude_e6": 1, "longitude_e6": 200_000_000}]
)
def test_a_point_needs_both_numbers(town, wrong):
    entry = Entry(name="x", division_code="990101", district_name="y", **wrong)
    union = town.organisation("yangtze")
    with pytest.raises(RefusedError):
        station_found(actor=town.actor("wang"), organisation=union, entry=entry)
