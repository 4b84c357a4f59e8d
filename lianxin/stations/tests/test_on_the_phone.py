"""What happens on the phone alone: sorting by distance, and a district in the pocket."""

from __future__ import annotations

import gzip
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from lianxin.kit.testing import StoppedClock
from lianxin.stations.rules.places import Point, metres_between
from lianxin.stations.testing import HERE, photo_of, station_make, told_by, week_of
from lianxin.ui.testing import Look, axe_clean, chromium, context_of, shot

pytestmark = pytest.mark.looks

BINHE = ("990102", "滨河区")
LIST, DISTRICT = (
    reverse("stations:station_list"),
    reverse("stations:station_district", args=["990101"]),
)
ME = Point(29.571234, 106.561234)
DIGITS = ("29.57", "106.56", "29571234", "106561234", "2957123", "10656123")


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture
def stations(town, hands: StoppedClock, live_server):
    union = town.organisation("yangtze")
    for number, (north, east) in enumerate(
        [(0.05, 0.05), (0.001, 0.001), (0.02, 0.0), (0.009, 0.012)]
    ):
        station_make(
            union,
            f"{'甲乙丙丁'[number]}驿站",
            code=f"JZ-00{number}",
            point=Point(HERE.latitude + north, HERE.longitude + east),
            week=week_of("0:00-24:00"),
        )
    station_make(union, "没测过的驿站", code="JZ-009", point=None)
    station_make(
        town.organisation("riverside"),
        "江边驿站",
        code="JZ-100",
        district=BINHE,
        point=Point(ME.latitude + 0.0005, ME.longitude),
    )
    return live_server.url


def _phone(browser, url: str, *, allows: bool = True, **given):
    where = {"latitude": ME.latitude, "longitude": ME.longitude}
    rights = {"geolocation": where, "permissions": ["geolocation"] if allows else []}
    return context_of(browser, url, Look(360), **rights, **given)


def _heard(page) -> list[str]:
    """Write down all that leaves the phone: address, headers, body."""
    heard: list[str] = []
    page.context.on(
        "request",
        lambda sent: heard.append(f"{sent.method} {sent.url} {sent.headers} {sent.post_data}"),
    )
    return heard


def test_the_nearest_come_first_and_no_position_leaves_the_phone(browser, stations):
    context = _phone(browser, stations)
    page = context.new_page()
    heard = _heard(page)
    page.goto(DISTRICT)
    page.get_by_role("button", name="按距离排").click()
    expect(page.locator("[data-near] [data-said]")).to_contain_text("没有发给任何人")
    names = page.locator("[data-list] li strong").all_inner_texts()
    assert names == ["丁驿站", "丙驿站", "乙驿站", "甲驿站"]
    shown = page.locator("[data-list] .far").all_inner_texts()
    nearest = metres_between(ME, Point(HERE.latitude + 0.009, HERE.longitude + 0.012))
    farthest = metres_between(ME, Point(HERE.latitude + 0.05, HERE.longitude + 0.05))
    assert shown[0] == f"{round(nearest / 10) * 10} 米"
    assert shown[-1] == f"{farthest / 1000:.1f} 公里"
    # Over the border there is one still nearer: it is named, and led to only by a tap.
    expect(page.locator("[data-districts] a")).to_contain_text("滨河区")
    shot(page, "stations-near")
    axe_clean(page)
    before = len(heard)
    page.wait_for_timeout(500)
    assert len(heard) == before
    page.locator("[data-districts] a").click()
    page.wait_for_url("**/in/990102/")
    expect(page.locator("[data-list] li strong")).to_have_text(["江边驿站"])
    expect(page.locator("[data-list] .far")).to_have_text(["60 米"])
    page.locator("[data-list] li a").click()
    page.wait_for_url("**/stations/JZ-100/")
    assert len(heard) > 8
    assert not [line for line in heard for digits in DIGITS if digits in line]
    kept = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    )
    assert not [digits for digits in DIGITS if digits in kept]
    context.close()


def test_after_the_position_is_known_nothing_is_asked_of_the_server(browser, stations):
    context = _phone(browser, stations)
    context.add_init_script(
        "const real = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);"
        "navigator.geolocation.getCurrentPosition = (found, ...rest) => real((at) => { window.known = performance.now(); found(at); }, ...rest);"
    )
    page = context.new_page()
    page.goto(LIST)
    page.get_by_role("button", name="按距离排").click()
    expect(page.locator("[data-districts] a")).to_have_count(2)
    assert page.locator("[data-districts] a").first.inner_text().startswith("滨河区")
    late = page.evaluate(
        "performance.getEntriesByType('resource').filter((one) => one.startTime > window.known).map((one) => one.name)"
    )
    assert late == []
    context.close()


def test_whoever_says_no_keeps_the_list_as_it_is(browser, stations):
    context = _phone(browser, stations, allows=False)
    page = context.new_page()
    page.goto(DISTRICT)
    before = page.locator("[data-list] li strong").all_inner_texts()
    page.get_by_role("button", name="按距离排").click()
    expect(page.locator("[data-near] [data-said]")).to_contain_text("没关系")
    assert page.locator("[data-list] li strong").all_inner_texts() == before
    context.close()


def test_without_script_there_is_no_button_that_does_nothing(browser, stations):
    context = _phone(browser, stations, java_script_enabled=False)
    page = context.new_page()
    page.goto(DISTRICT)
    assert not page.locator("[data-near]").is_visible()
    assert not page.locator("[data-pocket]").is_visible()
    assert page.locator("[data-list] li").count() == 5
    page.locator("summary").first.click()
    page.get_by_role("link", name="北苍街道", exact=True).click()
    assert page.locator("[data-list] li").count() == 5
    context.close()


def test_a_dot_of_the_map_leads_to_its_station(browser, stations):
    page = _phone(browser, stations).new_page()
    page.goto(DISTRICT)
    page.locator("[data-map] [data-code='JZ-002']").click()
    page.wait_for_url("**/stations/JZ-002/")
    page.context.close()


def test_a_district_in_the_pocket_reads_without_a_network(browser, stations):
    """Slow: a service worker has to be ready before the network goes."""
    context = _phone(browser, stations)
    page = context.new_page()
    page.goto(DISTRICT)
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.locator("[data-pocket] button").click()
    expect(page.locator("[data-pocket] [data-said]")).to_contain_text("已存在这部手机里")
    shot(page, "stations-pocket")
    context.set_offline(True)
    for address in (DISTRICT, LIST, reverse("stations:station_page", args=["JZ-001"])):
        page.goto(address)
        expect(page.locator("main")).to_contain_text("存在手机里的列表，截至")
        assert page.locator("[data-list] li").count() == 5
        assert page.locator("a[href^='geo:']").count() == 4
    shot(page, "stations-kept")
    axe_clean(page)
    page.get_by_role("button", name="按距离排").click()
    expect(page.locator("[data-list] li strong").first).to_have_text("丁驿站")
    page.goto("/services/")
    expect(page.locator("main")).not_to_contain_text("驿站")
    context.set_offline(False)
    page.goto(DISTRICT)
    page.locator("[data-pocket] button").click()
    expect(page.locator("[data-pocket] [data-said]")).to_contain_text("没有网络也能看")
    context.set_offline(True)
    page.goto(DISTRICT)
    expect(page.locator("main")).not_to_contain_text("甲驿站")
    context.close()


def test_a_kept_list_says_later_what_the_hours_say_then(browser, stations, town):
    station_make(
        town.organisation("yangtze"), "白天驿站", code="JZ-020", week=week_of("8:00-22:00")
    )
    told_by(
        station_make(
            town.organisation("yangtze"), "夜里驿站", code="JZ-021", week=week_of("20:00-6:00")
        ),
        "a",
        kind="dirty",
    )
    context = _phone(browser, stations)
    page = context.new_page()
    rows = _said_at(page, "2026-11-24T23:30:00+08:00")
    assert re.match(r"按时间不开放\s+08:00 开门", rows["白天驿站"])
    assert re.match(r"按时间应开放\s+到 06:00", rows["夜里驿站"])
    assert rows["甲驿站"].endswith("24 小时")
    assert "存得太久了" in _said_at(page, "2026-12-09T23:30:00+08:00")["白天驿站"]
    context.close()


def _said_at(page, moment: str) -> dict[str, str]:
    page.clock.set_fixed_time(moment)
    page.goto(reverse("stations:station_kept", args=["990101"]))
    return {
        row.locator("strong").inner_text(): row.locator(".say").inner_text()
        for row in page.locator("[data-list] li").all()
    }


def test_the_first_view_is_light(browser, stations):
    weight: dict[str, int] = {}
    context = _phone(browser, stations)
    page = context.new_page()
    page.on(
        "response", lambda answer: weight.__setitem__(answer.url, len(gzip.compress(answer.body())))
    )
    page.goto(DISTRICT, wait_until="networkidle")
    assert sum(size for url, size in weight.items() if "sw.js" not in url) < 60_000
    assert sum(size for url, size in weight.items() if url.endswith(".js")) < 30_000 + 3_000
    context.close()


def test_a_picture_is_sent_from_the_phone(browser, stations):
    context = _phone(browser, stations)
    page = context.new_page()
    heard = _heard(page)
    page.goto(reverse("stations:station_report", args=["JZ-001"]))
    page.locator("main form button").first.click()
    page.wait_for_url("**/told/**")
    photo = photo_of()
    page.set_input_files(
        "input[type=file]", {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": photo.read()}
    )
    page.locator("main form button").click()
    expect(page.locator("main")).to_contain_text("已补充")
    assert not [line for line in heard for digits in DIGITS if digits in line]
    context.close()
