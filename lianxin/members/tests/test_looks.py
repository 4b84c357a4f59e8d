"""The desk's pages of members in a real Chromium: fit for old eyes, big thumbs and every light.

Over five seconds: a browser starts, and each page is drawn in two looks.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from lianxin.members.api import Move, membership_change
from lianxin.members.models import ImportRun
from lianxin.members.testing import Federation, card_shown, counts_right
from lianxin.ui.testing import Look, chromium, fit_for_everyone, visits

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.looks]

LOOKS = [Look(360, "dark", "large", "zh-hans"), Look(1280, "light", "normal", "en")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def pages(fed: Federation) -> dict[str, tuple[str, str]]:
    """Lin has a card, Qian has left, a yearly check has named nobody."""
    counts_right()
    card_shown(fed.actor("lin"))
    membership_change(
        actor=fed.actor("zhou"), member=fed.member("qian"), move=Move.LEAVE, reason="own_wish"
    )
    run = ImportRun.objects.create(
        organisation=fed.organisation("jialing"), kind="yearly", state="done", file_name="年检.xlsx",
        file_digest="x", started_by=fed.account_id("chen"),
    )  # fmt: skip
    lin = f"/desk/members/{fed.member_id('lin')}/"
    return {
        "members-new": ("wang", "/desk/members/new/"),
        "members-paper": ("wang", "/desk/members/new/paper/?union=JZ-JL-BC-001"),
        "members-over": ("zhou", "/desk/members/?state=over"),
        "members-one": ("zhou", lin),
        "members-carry": ("zhou", f"{lin}carry/"),
        "members-missing": ("chen", f"/desk/rolls/{run.pk}/missing/"),
    }


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_is_fit_for_everyone(browser, live_server, pages, as_, look) -> None:
    sessions: dict[str, str] = {}
    with visits(browser, live_server.url, look) as page_of:
        for name, (who, path) in pages.items():
            if who not in sessions:
                sessions[who] = as_(who).cookies[settings.SESSION_COOKIE_NAME].value
            page = page_of(sessions[who])
            page.goto(path)
            fit_for_everyone(page, look, name)
