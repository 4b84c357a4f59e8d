"""The pages of cases and dossiers in a real Chromium: fit for old eyes, big thumbs and every light.

Over five seconds: a browser starts, and each page is drawn in several looks.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from lianxin.members.testing import Federation, federation
from lianxin.procedures.models import Dossier
from lianxin.procedures.rules.definition import FieldKind, StepKind
from lianxin.procedures.testing import (
    definition_of,
    dossier_at_step,
    evidence_of,
    field_of,
    income_terms,
    step_of,
    submitted,
)
from lianxin.procedures.tests.pages import client_of
from lianxin.ui.testing import Look, axe_clean, chromium, context_of, fit_for_everyone, visits

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.looks]

LOOKS = [
    Look(360, "light", "normal", "zh-hans"),
    Look(360, "dark", "large", "zh-hans"),
    Look(360, "light", "largest", "zh-hans"),
    Look(768, "dark", "normal", "en"),
    Look(1280, "light", "normal", "zh-hans"),
    Look(1280, "dark", "large", "en"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def opened(browser: Browser, base: str, client: Client, path: str, look: Look) -> Page:
    context = context_of(browser, base, look)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base}])
    page = context.new_page()
    page.goto(base + path)
    return page


def everything() -> tuple[Federation, Dossier]:
    """One dossier with sums, rows, papers, findings and a sealed story; another one to pay."""
    made = federation()
    fields, terms = income_terms()
    story = field_of("story", FieldKind.PARAGRAPH, is_sensitive=True)
    visit = step_of("visit", StepKind.VISIT, fields=[field_of("seen", FieldKind.YES_NO)])
    definition = definition_of(
        visit,
        step_of("decide", StepKind.DECISION, level="district"),
        fields=[*fields, story],
        income=terms,
        evidence=[evidence_of("bill", is_required=False)],
    )
    dossier_at_step(made, "pay")
    return made, submitted(made, definition=definition)


PAGES = {
    "lin": {
        "cases": "/cases/",
        "case": "/cases/{}/",
        "amend": "/cases/{}/amend/",
        "withdraw": "/cases/{}/withdraw/",
    },
    "wang": {"queue": "/desk/", "several": "/desk/?several=1", "dossier": "/desk/dossiers/{}/"},
    "qian": {"payments": "/desk/payments/"},
}


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_is_fit_for_everyone(browser, live_server, look) -> None:
    people, dossier = everything()
    with visits(browser, live_server.url, look) as page_of:
        for who, pages in PAGES.items():
            client = client_of(people, who)
            page = page_of(client.cookies[settings.SESSION_COOKIE_NAME].value)
            for name, path in pages.items():
                page.goto(path.format(dossier.pk))
                fit_for_everyone(page, look, name)


def test_opening_sealed_parts_keeps_what_is_typed(browser, live_server) -> None:
    people, dossier = everything()
    wang = client_of(people, "wang")
    page = opened(browser, live_server.url, wang, f"/desk/dossiers/{dossier.pk}/", LOOKS[4])
    page.fill("textarea[name=opinion]", "刚从她家回来。")
    page.click("button[value='dossier.visit']")
    page.wait_for_selector("text=情况如下。")
    assert page.input_value("textarea[name=opinion]") == "刚从她家回来。"
    axe_clean(page)
    page.context.close()


def test_j_and_k_walk_the_queue(browser, live_server) -> None:
    people = federation()
    for _ in range(3):
        submitted(people)
    page = opened(browser, live_server.url, client_of(people, "wang"), "/desk/", LOOKS[4])
    links = page.locator("[data-queue] a")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert links.nth(1).evaluate("link => link === document.activeElement")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/dossiers/**")
    page.context.close()
