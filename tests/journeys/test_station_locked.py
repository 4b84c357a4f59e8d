"""A rider stands before a locked station, says so in two taps, and nobody else comes for nothing."""

from __future__ import annotations

import re

from playwright.sync_api import Geolocation, Page, expect

from lianxin.stations.testing import HERE, JIALING, Point, StationReport, station_make
from lianxin.ui.testing import Look
from tests.journeys.deeds import press

LIST = f"/stations/in/{JIALING[0]}/"
ME: Geolocation = {"latitude": 29.571234, "longitude": 106.561234}
DONE = "值守人员换班晚到，门已开。"
DIGITS = ("29.57", "106.56", "29571234", "106561234")


def phone_of_a_rider(stage, heard: list[str]) -> Page:
    """A phone that knows exactly where it is, would say so if asked, and is listened to."""
    page: Page = stage.visitor(Look(360))
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(ME)
    page.context.on(
        "request",
        lambda sent: heard.append(f"{sent.method} {sent.url} {sent.headers} {sent.post_data}"),
    )
    return page


def tell_it_is_locked(stage, page: Page, name: str, *, stands: str) -> None:
    """Find the station, nearest first, and say that its door is locked: two taps on its page."""
    page.goto(LIST)
    page.get_by_role("button", name="按距离排").click()
    expect(page.locator("[data-list] .far").first).not_to_be_empty()
    stage.show(page, f"station-{name}-list")
    page.locator("[data-list] a", has_text="北苍驿站").click()
    expect(page.locator(".now .chip")).to_have_text(stands)
    stage.show(page, f"station-{name}-page")
    press(page, "main a.button[href$='/report/']")
    stage.show(page, f"station-{name}-report")
    press(page, "main button[value='locked']")
    expect(page).to_have_url(re.compile("/told/"))
    stage.show(page, f"station-{name}-told")


def said_on_the_list(page: Page, name: str) -> str:
    page.goto(LIST)
    return page.locator("[data-list] li", has_text=name).locator(".chip").inner_text()


def keeper_opens_it(stage, keeper: Page) -> None:
    """The keeper reads what was told, goes, opens, and says what she found: all with one thumb."""
    keeper.goto("/inbox/")
    expect(keeper.locator("main")).to_contain_text("北苍驿站 已显示为“门锁着”")
    stage.show(keeper, "station-keeper-inbox")
    press(keeper, "main a:has-text('已显示为')")
    press(keeper, "main a[href='/desk/stations/JZ-001/']")
    stage.show(keeper, "station-keeper-station")
    keeper.goto("/desk/stations/")
    stage.show(keeper, "station-keeper-desk")
    press(keeper, "main a[href^='/desk/troubles/']")
    stage.show(keeper, "station-keeper-trouble")
    keeper.locator("input[name=found][value=so]").check()
    keeper.locator("[name=answer]").fill(DONE)
    expect(keeper.locator("input[name=is_open_now]")).to_be_checked()
    press(keeper, "main form button.primary")
    stage.show(keeper, "station-keeper-answered")


def test_a_locked_door_leaves_the_list_until_its_keeper_opens_it(stage) -> None:
    """Slow: two riders, a keeper and somebody who only looks, each with a phone of their own."""
    yangtze = stage.town.organisation("yangtze")
    station_make(yangtze)
    elsewhere = Point(HERE.latitude + 0.004, HERE.longitude + 0.003)
    station_make(yangtze, "柳荫驿站", code="JZ-002", address="柳荫路 2 号", point=elsewhere)
    heard: list[str] = []
    rider, other = (phone_of_a_rider(stage, heard) for _twice in range(2))
    looks_on, keeper = stage.visitor(Look(1280)), stage.person("wang")

    # One word makes it doubtful, not closed; it goes to the keeper at once.
    assert said_on_the_list(looks_on, "北苍驿站") == "开放中"
    tell_it_is_locked(stage, rider, "first", stands="开放中")
    expect(rider.locator("main .button.primary")).to_contain_text("附近还有哪里开着")
    assert said_on_the_list(looks_on, "北苍驿站") == "可能锁着"
    stage.work()
    keeper.goto("/inbox/")
    expect(keeper.locator("main")).to_contain_text("北苍驿站：门锁着")

    # Somebody else meets the same door: it is off the list of open ones.
    stage.wait(minutes=10)
    tell_it_is_locked(stage, other, "second", stands="可能锁着")
    expect(other.locator(".now")).to_contain_text("反映门锁着")
    assert "反映门锁着" in said_on_the_list(looks_on, "北苍驿站")
    stage.show(looks_on, "station-locked-list-wide")
    looks_on.goto(f"{LIST}?open=1")
    expect(looks_on.locator("[data-list] li strong")).to_have_text(["柳荫驿站"])
    rider.goto("/stations/JZ-001/")
    stage.show(rider, "station-locked-page")

    # Open again at once, for everybody, with what was done and no word of who told it.
    stage.work()
    keeper_opens_it(stage, keeper)
    assert said_on_the_list(looks_on, "北苍驿站") == "开放中"
    looks_on.locator("[data-list] a", has_text="北苍驿站").click()
    expect(looks_on.locator("main")).to_contain_text(DONE)
    stage.show(looks_on, "station-open-again-wide")
    rider.goto("/stations/JZ-001/")
    stage.show(rider, "station-open-again")

    assert StationReport.objects.filter(is_keeper=False).count() == 2
    assert any("POST" in line for line in heard)
    assert not [line for line in heard for digits in DIGITS if digits in line]
