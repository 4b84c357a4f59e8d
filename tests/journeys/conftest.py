"""The stage of the journeys: a small federation, a live server, a browser, a clock one can move."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lianxin.accounts.testing import sign_in
from lianxin.jobs import api as jobs
from lianxin.kit.testing import StoppedClock, stopped_clock
from lianxin.members.testing import Federation, federation
from lianxin.ui.testing import Look, axe_clean, chromium, context_of

MONDAY = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)  # half past nine in Shanghai
# Where LIANXIN_PICTURES names a folder, every page a journey shows is kept there to be looked at.
PICTURES = os.environ.get("LIANXIN_PICTURES", "")

PATIENCE = 30_000  # of a machine that does other things too; a quiet one never needs it
expect.set_options(timeout=PATIENCE)


@dataclass
class Stage:
    """What a story plays on."""

    browser: Browser
    url: str
    town: Federation
    clock: StoppedClock
    contexts: list[BrowserContext] = field(default_factory=list)

    def visitor(self, look: Look | None = None, *, script: bool = True) -> Page:
        """A fresh phone that nobody has signed in on."""
        context = context_of(self.browser, self.url, look, java_script_enabled=script)
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        return context.new_page()

    def person(self, key: str, look: Look | None = None, *, script: bool = True) -> Page:
        """A phone on which this person signed in a moment ago; officers with their second factor."""
        client = Client()
        sign_in(client, self.town.account(key))
        page = self.visitor(look, script=script)
        page.context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": self.url,
                }
            ]
        )
        return page

    def tell_time(self, page: Page) -> None:
        """Let a phone believe that it is now by the clock of the stage, whenever its page is drawn.

        Playwright's own clock also takes away what a page uses to see which files it was drawn with.
        """
        page.add_init_script(f"Date.now = () => {self.clock.read().timestamp() * 1000:.0f}")

    def wait(self, **ahead: float) -> None:
        """Let time pass, and the job worker do what fell due."""
        self.clock.move(**ahead)
        self.work()

    def work(self) -> None:
        jobs.run_due()

    def show(self, page: Page, name: str) -> None:
        """Look at a page as axe does, and keep a picture where one is wanted."""
        page.wait_for_load_state("networkidle")
        axe_clean(page)
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)

    def sent_code(self) -> str:
        """Read the last code that went out, on the demo's outbox page."""
        self.work()
        page = self.visitor()
        page.goto("/outbox/")
        code = re.sub(r"\D", "", page.locator("[data-code]").first.inner_text())
        page.close()
        return code


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def stage(live_server, browser: Browser) -> Iterator[Stage]:
    with stopped_clock(MONDAY) as clock:
        made = Stage(browser, live_server.url, federation(), clock)
        call_command("catalogue_load", verbosity=0)
        yield made
        for context in made.contexts:
            context.close()
