"""The shell in a real Chromium: every look, no axe fault, nothing too small, the worker that keeps it."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from lianxin.ui.testing import (
    Look,
    axe_clean,
    chromium,
    context_of,
    looks,
    open_page,
    overflow,
    shot,
    too_small,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.looks]

PIECES = {
    "gallery": "/ui/gallery",
    "desk": "/ui/gallery?shell=desk",
    "print": "/ui/gallery?shell=print",
}
# Every piece at both ends of what people hold; the whole product is drawn when pictures are kept.
SOME = [
    Look(360, "light", "normal", "zh-hans"),
    Look(360, "dark", "large", "en"),
    Look(360, "light", "largest", "zh-hans"),
    Look(768, "light", "large", "zh-hans"),
    Look(768, "dark", "normal", "en"),
    Look(1280, "dark", "normal", "zh-hans"),
    Look(1280, "light", "large", "en"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.mark.parametrize("look", SOME, ids=str)
@pytest.mark.parametrize("name", ["gallery", "desk"])
def test_every_piece_is_fit_for_everyone(browser, live_server, name, look):
    page = open_page(browser, live_server.url + PIECES[name], look)
    shot(page, f"{name}-{look}")
    axe_clean(page)
    is_big = look.size != "normal"
    assert too_small(page, 60 if is_big else 44, 18 if is_big else 12) == []
    assert overflow(page) == 0
    page.context.close()


@pytest.mark.parametrize(
    "path", ["/help", "/install", "/offline", "/no-such-page", PIECES["print"]]
)
@pytest.mark.parametrize("look", [SOME[0], SOME[1], SOME[5]], ids=str)
def test_the_pages_of_the_shell_are_fit_for_everyone(browser, live_server, path, look):
    page = open_page(browser, live_server.url + path, look)
    shot(page, f"{path.strip('/').replace('/', '-').replace('?', '-')}-{look}")
    axe_clean(page)
    assert overflow(page) == 0
    page.context.close()


def test_doubled_text_still_fits(browser, live_server):
    page = open_page(browser, live_server.url + PIECES["gallery"])
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert overflow(page) == 0
    page.context.close()


def test_the_console_stays_silent(browser, live_server):
    said: list[str] = []
    page = context_of(browser, live_server.url).new_page()
    page.on("console", lambda line: said.append(line.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/ui/gallery", wait_until="networkidle")
    assert said == []
    page.context.close()


def test_a_first_view_is_light(browser, live_server):
    page = context_of(browser, live_server.url).new_page()
    weight: dict[str, int] = {}
    page.on("response", lambda r: weight.__setitem__(r.url.rsplit("/", 1)[-1], _zipped(r)))
    page.goto("/help", wait_until="networkidle")
    styles = sum(size for name, size in weight.items() if name.endswith(".css"))
    scripts = sum(size for name, size in weight.items() if name.endswith(".js") and name != "sw.js")
    assert styles <= 14 * 1024
    assert scripts <= 30 * 1024
    assert weight["app.js"] <= 6 * 1024
    page.context.close()


def test_a_switch_works_without_script(browser, live_server):
    context = browser.new_context(
        java_script_enabled=False, base_url=live_server.url, locale="zh-CN"
    )
    page = context.new_page()
    page.goto("/help")
    page.locator(".large-switch button").click()
    assert page.locator("html").get_attribute("data-size") == "large"
    assert page.url.endswith("/help")
    context.close()


def test_the_skip_link_comes_first_and_leads_to_the_content(browser, live_server):
    page = open_page(browser, live_server.url + "/help")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.context.close()


def test_the_summary_of_faults_has_the_focus_and_leads_to_the_field(browser, live_server):
    page = open_page(browser, live_server.url + PIECES["gallery"])
    assert "summary" in page.evaluate("document.activeElement.className")
    page.locator(".summary a").first.click()
    assert page.evaluate("document.activeElement.id || location.hash").endswith("again_name")
    page.context.close()


def test_two_taps_send_once(browser, live_server):
    page = open_page(browser, live_server.url + "/help")
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url) if r.method == "POST" else None)
    with page.expect_navigation():
        page.evaluate(
            "const b = document.querySelector('.large-switch button'); b.click(); b.click();"
        )
    page.wait_for_load_state("networkidle")
    assert len(sent) == 1
    page.context.close()


def test_typed_text_comes_back_until_it_is_sent(browser, live_server):
    page = open_page(browser, live_server.url + PIECES["gallery"])
    _write(page, "看病花了很多钱")
    page.reload(wait_until="networkidle")
    assert page.locator("#id_story").input_value() == "看病花了很多钱"
    assert page.locator("form[data-draft] .message").count() == 1
    page.evaluate("document.querySelector('form[data-draft]').noValidate = true")
    page.locator("form[data-draft] button.primary").click()
    page.wait_for_load_state("networkidle")
    page.goto("/ui/gallery", wait_until="networkidle")
    assert page.locator("#id_story").input_value() == ""
    page.context.close()


def test_without_a_network_the_way_is_still_shown(browser, live_server):
    page = open_page(browser, live_server.url + "/help")
    page.evaluate("navigator.serviceWorker.ready")
    page.reload(wait_until="networkidle")
    page.context.set_offline(True)
    page.goto("/ui/gallery")
    assert page.locator('a[href="tel:12351"]').count() >= 1
    assert page.locator("[data-keeps-drafts]").count() == 1
    kept = page.evaluate(
        "caches.keys().then(async ns => (await Promise.all(ns.map(async n => (await (await caches.open(n)).keys()).map(r => new URL(r.url).pathname)))).flat())"
    )
    assert "/offline" in kept
    assert not [path for path in kept if path in {"/", "/help", "/ui/gallery"}]
    page.context.close()


def _write(page: Page, text: str) -> None:
    page.locator("#id_story").fill(text)


def _zipped(response) -> int:
    try:
        return len(gzip.compress(response.body()))
    except Exception:  # noqa: BLE001  (a redirect or a cached answer has no body to weigh)
        return 0


def test_all_looks_are_drawn_when_pictures_are_kept(browser, live_server, request):
    """Takes a minute: only with LIANXIN_SHOTS set, for whoever looks at the pictures."""
    if not os.environ.get("LIANXIN_SHOTS"):
        return
    for name, path in PIECES.items():
        for look in looks():
            page = open_page(browser, live_server.url + path, look)
            shot(page, f"{name}-{look}")
            axe_clean(page)
            page.context.close()
