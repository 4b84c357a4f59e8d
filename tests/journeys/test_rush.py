"""The rush: ten o'clock on a phone with a bad network and an impatient thumb."""

from __future__ import annotations

import datetime as dt
from typing import Any

from playwright.sync_api import Page, expect

from lianxin.allocation.api import Claim, State, recount_of
from lianxin.allocation.testing import claim_made, pool_make
from tests.journeys.conftest import MONDAY

TEN = MONDAY + dt.timedelta(minutes=30)


def place(stage, capacity: int = 2, **terms):
    given: dict[str, Any] = {"opens_at": TEN, "closes_at": TEN + dt.timedelta(days=3), "starts_at": TEN + dt.timedelta(days=5), "ends_at": TEN + dt.timedelta(days=5, hours=2), "place": "江边体育公园东门"} | terms  # fmt: skip
    return pool_make(stage.town.organisation("yangtze"), capacity, **given)


def lose_the_first_answer(page: Page) -> list[str]:
    """Let the first request arrive and its answer get lost, as in a lift."""
    sent: list[str] = []

    def route(found) -> None:
        sent.append(found.request.post_data or "")
        answer = found.fetch()
        if len(sent) == 1:
            found.abort("connectionreset")
        else:
            found.fulfill(response=answer)

    page.route("**/take/**", route)
    return sent


def test_the_rush_on_a_phone_with_a_dropped_connection_and_a_double_tap(stage) -> None:
    pool = place(stage)
    stage.clock.set(TEN - dt.timedelta(seconds=3))
    lin = stage.person("lin")
    lin.goto(f"/places/{pool.pk}/")
    button = lin.locator("form[data-rush] button.primary")
    expect(lin.locator("[data-countdown]")).to_be_visible()
    expect(button).to_be_disabled()
    stage.show(lin, "rush-before")
    stage.clock.set(TEN + dt.timedelta(seconds=2))
    expect(button).to_be_enabled()
    sent = lose_the_first_answer(lin)
    button.dblclick()
    lin.wait_for_url("**/places/mine/**")
    assert len(sent) >= 2
    assert len(set(sent)) == 1, "the same form each time"
    assert Claim.objects.filter(pool=pool).count() == 1
    expect(lin.locator("main")).to_contain_text("您有1个名额")
    stage.show(lin, "rush-ticket")


def test_a_tap_without_a_network_goes_out_when_it_is_back(stage) -> None:
    pool = place(stage, opens_at=MONDAY)
    lin = stage.person("lin")
    lin.goto(f"/places/{pool.pk}/")
    lin.context.set_offline(True)
    lin.locator("form[data-rush] button.primary").click()
    expect(lin.locator("form [data-asking]")).to_contain_text("暂时没有网络")
    assert not Claim.objects.exists()
    lin.context.set_offline(False)
    lin.wait_for_url("**/places/mine/**")
    assert Claim.objects.get().state == State.CONFIRMED


def test_a_page_that_waited_too_long_says_so_and_keeps_what_was_typed(stage) -> None:
    pool = place(stage, 5, opens_at=MONDAY, most=3)
    lin = stage.person("lin")
    lin.goto(f"/places/{pool.pk}/")
    lin.fill("#id_size", "3")
    kept = [one for one in lin.context.cookies() if "csrf" not in one["name"]]
    lin.context.clear_cookies()
    lin.context.add_cookies(kept)
    lin.locator("form[data-rush] button.primary").click()
    expect(lin.locator("form [data-asking]")).to_contain_text("这个页面放得太久了")
    stage.show(lin, "rush-stale")
    lin.locator("form [data-reload]").click()
    expect(lin.locator("#id_size")).to_have_value("3")
    lin.locator("form[data-rush] button.primary").click()
    expect(lin.locator("main")).to_contain_text("您有3个名额")


def cleared(page: Page) -> None:
    """Send the form as somebody whose session just ended; what was typed waits for her."""
    page.context.clear_cookies()
    page.locator("form[data-rush] button.primary").click()
    expect(page.locator("form [data-reload]")).to_be_visible()


def kept(page: Page) -> list[str]:
    names: list[str] = page.evaluate("Object.keys(sessionStorage).filter((name) => name.startsWith('rush:'))")  # fmt: skip
    return names


def beside(page: Page, put: str) -> None:
    """Put something on each page before its scripts begin."""
    page.add_init_script(f"document.addEventListener('readystatechange', () => {{ if (document.readyState === 'interactive') {put} }})")  # fmt: skip


def test_what_was_typed_is_put_back_for_nobody_else_in_the_same_tab(stage) -> None:
    pool = place(stage, 5, opens_at=MONDAY, most=4)
    page, zhao = stage.person("lin"), stage.person("zhao")
    page.goto(f"/places/{pool.pk}/")
    page.fill("#id_size", "3")
    cleared(page)
    assert kept(page)
    page.context.add_cookies(zhao.context.cookies())
    page.reload()
    expect(page.locator("#id_size")).to_have_value("1")
    assert kept(page) == []


def test_of_several_fields_of_one_name_each_gets_its_own_back(stage) -> None:
    pool = place(stage, 5, opens_at=MONDAY, most=4)
    lin = stage.person("lin")
    beside(lin, """document.querySelector('#id_size').insertAdjacentHTML('afterend', '<input name="size" id="second">')""")  # fmt: skip
    lin.goto(f"/places/{pool.pk}/")
    lin.fill("#id_size", "3")
    lin.fill("#second", "2")
    own = lin.context.cookies()
    cleared(lin)
    lin.context.add_cookies(own)
    lin.reload()
    expect(lin.locator("#id_size")).to_have_value("3")
    expect(lin.locator("#second")).to_have_value("2")


def test_a_kiosk_keeps_nothing_that_was_typed(stage) -> None:
    pool = place(stage, 5, opens_at=MONDAY, most=4)
    lin = stage.person("lin")
    beside(lin, """document.querySelector('main').insertAdjacentHTML('afterbegin', '<div data-kiosk-idle="90"></div>')""")  # fmt: skip
    lin.goto(f"/places/{pool.pk}/")
    lin.fill("#id_size", "3")
    cleared(lin)
    assert kept(lin) == []


def test_a_browser_that_keeps_nothing_counts_down_in_ones_own_language_and_sends(stage) -> None:
    pool = place(stage, opens_at=MONDAY + dt.timedelta(days=2, hours=1))
    lin = stage.person("lin")
    lin.add_init_script("Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError'); } })")  # fmt: skip
    lin.goto(f"/places/{pool.pk}/")
    expect(lin.locator("[data-countdown]")).to_contain_text("2天 01:00:00")
    stage.clock.move(days=2, hours=1, seconds=1)
    lin.reload()
    lin.locator("form[data-rush] button.primary").click()
    expect(lin.locator("main")).to_contain_text("您有1个名额")


def test_who_comes_too_late_waits_in_line_and_is_asked_when_a_place_comes_free(stage) -> None:
    pool = place(stage, 1, opens_at=MONDAY)
    first = claim_made(pool, stage.town.account_id("wang"))
    lin = stage.person("lin")
    lin.goto(f"/places/{pool.pk}/")
    stage.show(lin, "rush-full")
    lin.locator("form[data-rush] button.primary").click()
    expect(lin.locator("main")).to_contain_text("候补第1位")
    stage.clock.move(minutes=5)
    wang = stage.person("wang")
    wang.goto(f"/places/mine/{first.pk}/")
    wang.locator("details summary").click()
    wang.locator("details button").click()
    expect(wang.locator("main")).to_contain_text("已退回")
    stage.work()
    lin.goto("/")
    stage.show(lin, "rush-offer-home")
    lin.locator("main a[href^='/places/mine/']").first.click()
    stage.show(lin, "rush-offer")
    lin.locator("main button.primary").click()
    expect(lin.locator("main")).to_contain_text("您有1个名额")
    assert recount_of(pool.pk).faults == []


def test_the_rush_needs_no_script(stage) -> None:
    pool = place(stage, opens_at=MONDAY)
    lin = stage.person("lin", script=False)
    lin.goto(f"/places/{pool.pk}/")
    lin.locator("form[data-rush] button.primary").click()
    expect(lin.locator("main")).to_contain_text("您有1个名额")
