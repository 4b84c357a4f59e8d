"""A real browser for tests: every look of a page, axe on each, screenshots where wanted.

with chromium() as browser:
    for look in looks():
        page = open_page(browser, f"{live_server.url}/help", look)
        axe_clean(page)
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from lianxin.ui.preferences import SIZE_COOKIE, THEME_COOKIE

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
WIDTHS = {360: 740, 768: 1024, 1280: 900}
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


@dataclass(frozen=True)
class Look:
    """One way a page is seen: width of the screen, light or dark, text size, language."""

    width: int = 360
    theme: str = "light"
    size: str = "normal"
    language: str = "zh-hans"

    def __str__(self) -> str:
        return f"{self.width}-{self.theme}-{self.size}-{self.language[:2]}"


def looks(
    widths: tuple[int, ...] = tuple(WIDTHS),
    themes: tuple[str, ...] = ("light", "dark"),
    sizes: tuple[str, ...] = ("normal", "large"),
    languages: tuple[str, ...] = ("zh-hans", "en"),
) -> list[Look]:
    """All ways to see a page, or the product of those given."""
    return [Look(*way) for way in product(widths, themes, sizes, languages)]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The Chromium of the system, or Playwright's own where there is none."""
    # Playwright keeps an event loop in this thread; Django would then refuse every query in a test.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    found = os.environ.get("LIANXIN_CHROMIUM") or shutil.which("chromium")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
            yield browser
            browser.close()
    finally:
        if before is None:
            os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


def context_of(
    browser: Browser, base_url: str, look: Look | None = None, **given: Any
) -> BrowserContext:
    """A fresh person at a fresh browser, with the cookies of the wanted look."""
    seen = look or Look()
    context = browser.new_context(
        viewport={"width": seen.width, "height": WIDTHS.get(seen.width, 900)},
        color_scheme="dark" if seen.theme == "dark" else "light",
        locale="en-GB" if seen.language == "en" else "zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        base_url=base_url,
        **given,
    )
    wanted = {
        settings.LANGUAGE_COOKIE_NAME: seen.language,
        SIZE_COOKIE: seen.size if seen.size != "normal" else "",
        THEME_COOKIE: seen.theme,
    }
    context.add_cookies(
        [{"name": name, "value": value, "url": base_url} for name, value in wanted.items() if value]
    )
    return context


@contextmanager
def visits(
    browser: Browser, base_url: str, look: Look | None = None
) -> Iterator[Callable[[str], Page]]:
    """A page a person, by the key of her session ("" is a visitor), kept open for all she looks at.

    A window of its own for every address takes longer than the pages themselves.
    """
    opened: dict[str, Page] = {}

    def page_of(session: str = "") -> Page:
        if session not in opened:
            context = context_of(browser, base_url, look)
            if session:
                name = settings.SESSION_COOKIE_NAME
                context.add_cookies([{"name": name, "value": session, "url": base_url}])
            opened[session] = context.new_page()
        return opened[session]

    yield page_of
    for page in opened.values():
        page.context.close()


def open_page(browser: Browser, url: str, look: Look | None = None) -> Page:
    """Open one address in one look, ready drawn."""
    base = "/".join(url.split("/")[:3])
    page = context_of(browser, base, look).new_page()
    page.goto(url)
    return page


def axe_violations(page: Page) -> list[str]:
    """What axe finds wrong, one line a rule and place; and text squeezed to a column, which axe passes."""
    # Seen whole: what a sticky bar covers for a moment while one scrolls is not a fault.
    whole = page.evaluate("document.documentElement.scrollHeight")
    before = page.viewport_size or {"width": 360, "height": 740}
    page.set_viewport_size({"width": before["width"], "height": max(whole, before["height"])})
    page.evaluate(Axe().axe_script)
    # Only what is wrong comes over: the thousands of places that passed took longer than the rules.
    found = page.evaluate(
        "tags => axe.run({runOnly: tags, resultTypes: ['violations']}).then(all => all.violations)",
        AXE_TAGS,
    )
    page.set_viewport_size(before)
    return [
        f"{rule['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for rule in found
        for node in rule["nodes"]
    ] + [f"squeezed: {text}" for text in squeezed(page)]


def axe_clean(page: Page) -> None:
    """Raise unless axe finds nothing at all."""
    found = axe_violations(page)
    if found:
        raise AssertionError(f"{page.url}\n" + "\n".join(found))


def fit_for_everyone(page: Page, look: Look, name: str) -> None:
    """Raise unless the page fits its window, passes axe, and is large enough to read and to tap."""
    shot(page, f"{name}-{look}")
    sizes = (44, 12) if look.size == "normal" else (60, 18)
    faults = axe_violations(page) + too_small(page, *sizes)
    if overflow(page):
        faults.append(f"{overflow(page)} px too wide")
    if faults:
        raise AssertionError(f"{name} {look} {page.url}\n" + "\n".join(faults))


def too_small(page: Page, least_target: int = 44, least_text: int = 12) -> list[str]:
    """What is too small to tap or read: controls under `least_target` px, letters under `least_text`."""
    script = """([target, text]) => {
      const small = [];
      const shown = (e) => { const b = e.getBoundingClientRect(); return b.width > 1 && b.height > 1; };
      for (const e of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
        if (!shown(e) || e.closest('p, li p, .summary, label, .skip, td') || e.matches('.skip')) continue;
        const b = e.getBoundingClientRect();
        if (b.height < target - 0.5) small.push(`${Math.round(b.height)} px high: ${e.outerHTML.slice(0, 120)}`);
      }
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) {
        const e = walk.currentNode.parentElement;
        if (!walk.currentNode.data.trim() || !e || !shown(e) || e.closest('.visually-hidden, [aria-hidden=true], script, template')) continue;
        const size = parseFloat(getComputedStyle(e).fontSize);
        if (size < text - 0.1) small.push(`${size} px letters: ${walk.currentNode.data.trim().slice(0, 60)}`);
      }
      return small;
    }"""
    return list(page.evaluate(script, [least_target, least_text]))


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window; 0 is right."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


def squeezed(page: Page) -> list[str]:
    """Texts beside so much else that fewer than five of their letters fit on a line."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("main .grow")].filter(one => {
            const box = one.getBoundingClientRect();
            const letters = (one.textContent || "").trim().length;
            return letters > 5 && box.width > 0 && box.width < 5 * parseFloat(getComputedStyle(one).fontSize);
        }).map(one => (one.textContent || "").trim().replace(/\\s+/g, " ").slice(0, 40))"""
    )
    return found


def shot(page: Page, name: str, folder: str | None = None) -> Path | None:
    """Keep a full-page picture in `folder` or $LIANXIN_SHOTS; without either, do nothing."""
    wanted = folder or os.environ.get("LIANXIN_SHOTS", "")
    if not wanted:
        return None
    path = Path(wanted) / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True)
    return path
