"""The public pages: nobody signs in, a list and a page per station, a report in two taps."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.files.api import files_of
from lianxin.kit import clock
from lianxin.stations.models import SpecialDays, StationReport, Trouble
from lianxin.stations.rules.places import Point
from lianxin.stations.rules.tally import DAILY_PER_DEVICE
from lianxin.stations.services import trouble_answer
from lianxin.stations.services.reporting import PHOTO
from lianxin.stations.testing import HERE, photo_of, station_make, told_by, week_of

pytestmark = pytest.mark.django_db
LIST = reverse("stations:station_list")
DISTRICT = reverse("stations:station_district", args=["990101"])
PAGE = reverse("stations:station_page", args=["JZ-001"])
REPORT = reverse("stations:station_report", args=["JZ-001"])


def _report(client: Client, kind: str = "locked", **other):
    page = client.get(REPORT)
    return client.post(
        REPORT, {"kind": kind, "key": str(page.context["key"]), **other}, follow=True
    )


def test_everybody_finds_a_station_signed_in_or_not(town, station, client):
    for who in (None, "lin", "wang", "zhao"):
        if who:
            sign_in(client, town.account(who))
        assert "嘉岭区" in client.get(LIST).content.decode()
        assert "北苍驿站" in client.get(DISTRICT).content.decode()
        page = client.get(PAGE).content.decode()
        assert "开放中" in page
        assert "人民路 1 号" in page


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("北苍", True),
        ("beicang", True),
        ("人民路", True),
        ("嘉岭区 人民", True),
        ("jz-001", True),
        ("滨河", False),
        ("%", False),
        ("' OR 1=1", False),
    ],
)
def test_a_station_is_found_by_name_sound_street_or_code(station, client, typed, found):
    rows = client.get(LIST, {"q": typed}).context["rows"]
    assert bool(rows) is found


def test_the_list_narrows_by_what_one_needs(town, station, client):
    union = town.organisation("yangtze")
    station_make(
        union, "夜间驿站", code="JZ-002", week=week_of("20:00-6:00"), facilities=["water", "toilet"]
    )
    station_make(
        union,
        "全天驿站",
        code="JZ-003",
        week=week_of("24h"),
        facilities=["water"],
        street_name="江湾街道",
    )
    station_make(union, "旧驿站", code="JZ-004", ended_on=clock.today())

    def names(**asked):
        return [row.station.name for row in client.get(DISTRICT, asked).context["rows"]]

    assert names() == ["北苍驿站", "夜间驿站", "全天驿站"]
    assert names(open="1") == ["北苍驿站", "全天驿站"]
    assert names(always="1") == ["全天驿站"]
    assert names(has=["water", "toilet"]) == ["夜间驿站"]
    assert names(street="江湾街道") == ["全天驿站"]
    assert names(has="?", open="yes", always="") == names()


def test_chips_turn_a_wish_on_and_off_again(station, client):
    page = client.get(DISTRICT, {"open": "1", "has": ["water"], "after": "JZ-000"})
    chips = {str(chip.label): chip for chip in page.context["chips"]}
    assert chips["现在开放"].is_on
    assert chips["现在开放"].query == "?has=water"
    assert chips["卫生间"].query == "?open=1&has=water&has=toilet"
    assert 'content="noindex"' in page.content.decode()


def test_a_long_list_goes_on(town, station, client):
    for number in range(60):
        station_make(town.organisation("yangtze"), f"驿站 {number:02}", code=f"JZ-1{number:02}")
    first = client.get(DISTRICT)
    second = client.get(DISTRICT, {"after": first.context["found"].next_token})
    shown = [row.station.code for page in (first, second) for row in page.context["rows"]]
    assert len(set(shown)) == len(shown) == 61
    assert second.context["found"].next_token == ""
    assert client.get(DISTRICT, {"after": "nonsense"}).context["rows"]


def test_a_district_costs_the_same_few_queries_however_many_stations(
    town, station, client, django_assert_max_num_queries
):
    for number in range(120):
        made = station_make(
            town.organisation("yangtze"), f"驿站 {number:03}", code=f"JZ-{number:03}x"
        )
        if number % 9 == 0:
            told_by(made, "a")
            told_by(made, "b")
    with django_assert_max_num_queries(6):
        client.get(DISTRICT)
    with django_assert_max_num_queries(6):
        client.get(reverse("stations:station_rows", args=["990101"]))
    with django_assert_max_num_queries(2):
        client.get(LIST)
    with django_assert_max_num_queries(9):
        client.get(PAGE)


def test_rows_for_the_phone_hold_positions_and_words(town, station, client):
    station_make(town.organisation("yangtze"), "没测过的驿站", code="JZ-002", point=None)
    told_by(station, "a")
    packed = client.get(reverse("stations:station_rows", args=["990101"])).json()
    (row,) = packed["rows"]
    assert row[:2] == ["JZ-001", "北苍驿站"]
    assert Point.of_e6(row[3], row[4]) == HERE
    assert packed["chips"][row[5]] == ["可能锁着", "soon", "lock"]
    assert "锁" in row[7]


def test_the_map_shows_what_the_list_shows(town, station, client):
    union = town.organisation("yangtze")
    station_make(union, "东驿站", code="JZ-002", point=Point(29.56, 106.60))
    station_make(union, "没测过的驿站", code="JZ-003", point=None)
    page = client.get(DISTRICT)
    assert len(page.context["rows"]) == 3
    picture = page.context["picture"]
    east = {dot.code: dot.x for dot in picture.dots}
    assert set(east) == {"JZ-001", "JZ-002"}
    assert east["JZ-001"] < east["JZ-002"]


def test_two_taps_tell_that_it_is_locked_and_a_second_phone_closes_it(station):
    for at in range(2):
        phone = Client()
        sent = _report(phone)
        assert sent.redirect_chain[0][0].startswith("/stations/JZ-001/told/")
        assert sent.context["standing"].verdict.is_locked is bool(at)
    page = Client().get(PAGE).content.decode()
    assert "有人反映门锁着" in page
    assert "门锁着" in Client().get(DISTRICT).content.decode()
    assert StationReport.objects.count() == 2


def test_the_tired_phone_that_sends_twice_tells_once(station, client):
    key = str(client.get(REPORT).context["key"])
    for _tap in range(2):
        client.post(REPORT, {"kind": "locked", "key": key})
    assert StationReport.objects.count() == 1
    _report(client)
    assert StationReport.objects.count() == 1, "the same browser about the same thing"
    assert Trouble.objects.get().reports == 1


def test_one_browser_cannot_flood(town, client):
    for number in range(DAILY_PER_DEVICE + 3):
        made = station_make(town.organisation("yangtze"), f"驿站 {number}", code=f"JZ-{number:03}")
        address = reverse("stations:station_report", args=[made.code])
        answer = client.post(address, {"kind": "dirty", "key": ""})
    assert StationReport.objects.count() == DAILY_PER_DEVICE
    assert "12351" in answer.content.decode()


def test_the_mark_of_a_browser_is_thrown_away_at_midnight(station, client, hands):
    _report(client)
    first = client.cookies["stations_tally"].value
    hands.move(days=1)
    _report(client, "dirty")
    second = client.cookies["stations_tally"].value
    assert first.split(":")[2] != second.split(":")[2]
    assert second.startswith("2026-11-25:1:")


def test_words_and_a_picture_may_follow_and_only_keepers_see_them(town, station, client):
    sent = _report(client)
    way = sent.redirect_chain[0][0]
    photo = photo_of()
    more = client.post(way, {"words": "东门也锁着", "photo": photo})
    assert more.context["form"] is None
    report = StationReport.objects.get()
    assert files_of(PHOTO, report.pk).count() == 1
    for who, sees in (
        (None, False),
        ("lin", False),
        ("zhao", False),
        ("ma", False),
        ("wang", True),
    ):
        phone = Client()
        if who:
            sign_in(phone, town.account(who))
        assert "东门也锁着" not in phone.get(PAGE).content.decode()
        desk = phone.get(reverse("stations:trouble", args=[report.trouble_id]))
        assert ("东门也锁着" in desk.content.decode()) is sees


@pytest.mark.parametrize("what", [{"words": "长" * 301}, {"photo": b"no picture"}])
def test_what_cannot_be_taken_gets_a_sentence_and_the_report_stays(station, client, what):
    way = _report(client).redirect_chain[0][0]
    if "photo" in what:
        what = {"words": "东门", "photo": photo_of(what["photo"])}
    answer = client.post(way, what)
    assert answer.context["form"].errors
    assert StationReport.objects.count() == 1


def test_a_ticket_lives_half_an_hour_and_is_not_made_up(station, client, hands):
    way = _report(client).redirect_chain[0][0]
    assert client.get(way).context["form"] is not None
    hands.move(minutes=31)
    assert client.get(way).context["form"] is None
    forged = reverse("stations:station_told", args=["JZ-001", "x:y:z"])
    assert client.post(forged, {"words": "?"}).context["form"] is None


def test_at_night_one_learns_when_it_opens_and_can_say_that_the_hours_are_wrong(
    station, client, hands
):
    hands.move(hours=12)
    answer = client.post(REPORT, {"kind": "locked", "key": ""})
    assert "明天 08:00" in answer.content.decode() or "08:00" in answer.content.decode()
    assert not Trouble.objects.exists()
    client.post(REPORT, {"kind": "wrong_hours", "key": ""})
    assert Trouble.objects.get().kind == "wrong_hours"


def test_the_page_says_what_was_told_and_done_with_times_never_who(town, station, client, hands):
    trouble = told_by(station, "a", actor=town.actor("lin")).trouble
    hands.move(minutes=30)
    trouble_answer(
        actor=town.actor("wang"),
        trouble_id=trouble.pk,
        found="so",
        answer="换了锁芯。",
        is_open_now=True,
    )
    page = client.get(PAGE).content.decode()
    assert "换了锁芯。" in page
    assert "12:30" in page
    for name in ("林晓梅", "王建国"):
        assert name not in page


def test_days_with_other_hours_are_announced(station, client):
    SpecialDays.objects.create(
        station=station,
        first_on=clock.today(),
        last_on=clock.today(),
        spans=[],
        reason="event",
        words="开运动会",
    )
    page = client.get(PAGE).content.decode()
    assert "有活动" in page
    assert "开运动会" in page
    assert client.get(DISTRICT, {"open": "1"}).context["rows"] == []


def test_what_was_given_up_says_so_and_takes_no_reports(station, client):
    station.ended_on = clock.today()
    station.save()
    assert "已于" in client.get(PAGE).content.decode()
    assert client.get(DISTRICT).status_code == 404
    assert "已撤销" in client.post(REPORT, {"kind": "locked", "key": ""}).content.decode()


def test_wrong_verbs_and_places(station, client):
    assert client.post(PAGE).status_code == client.post(LIST).status_code == 405
    for wrong in ("/stations/nowhere-1/", "/stations/in/123456/", "/stations/nowhere-1/report/"):
        assert client.get(wrong).status_code == 404
    assert client.post(REPORT, {"kind": "?", "key": "?"}).status_code == 200


def test_a_hostile_name_stays_text(town, client):
    station_make(town.organisation("yangtze"), "<script>alert(1)</script>", code="JZ-001")
    for address in (DISTRICT, PAGE, REPORT):
        assert "<script>alert" not in client.get(address).content.decode()


def test_search_engines_find_every_station_and_none_given_up(town, station, client):
    station_make(town.organisation("yangtze"), "旧驿站", code="JZ-002", ended_on=clock.today())
    found = client.get("/sitemap.xml").content.decode()
    for path in (LIST, DISTRICT, PAGE):
        assert f"http://testserver{path}</loc>" in found
    assert "JZ-002" not in found
    assert "<lastmod>2026-11-24</lastmod>" in found
