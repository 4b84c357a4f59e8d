"""The pages in a real browser: no barrier, nothing too small, in light, dark, large, two languages."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.urls import reverse

from lianxin.catalogue.testing import applied, begun, paper_of, told
from lianxin.catalogue.tests.test_drawn import at_draw, opened
from lianxin.members.api import Member
from lianxin.members.testing import member_make
from lianxin.procedures.api import dossier_confirm_paper
from lianxin.ui.testing import Look, chromium, context_of, fit_for_everyone, shot

pytestmark = pytest.mark.looks

LOOKS = [
    Look(360, "light", "normal", "zh-hans"),
    Look(360, "dark", "large", "en"),
    Look(1280, "dark", "large", "zh-hans"),
    Look(1280, "light", "normal", "en"),
]


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


def _drawn(town):
    """A case that stands at the draw of its route, with the rule of the draw published."""
    pool = opened(town, days=3)
    dossier = at_draw(town, "lin")
    return pool, dossier


def _case_pages(town):
    pool, dossier = _drawn(town)
    return {
        "lin": [("case-drawn", reverse("procedures:case", args=[dossier.pk]))],
        "he": [
            ("case-drawn-desk", reverse("procedures:dossier", args=[dossier.pk])),
            ("round-desk", reverse("allocation:pool_desk", args=[pool.pk])),
        ],
    }


def _addresses(town):
    lin, wang = town.actor("lin"), town.actor("wang")
    told(lin, "household_size", 3)
    own = begun(lin, "hardship-file")
    complaint = begun(lin, "rights-complaint")
    helped = begun(wang, "medical-aid", person_id=town.member_id("lin"), is_helped=True)
    return {
        "": [
            ("list", reverse("catalogue:service_list")),
            ("search", reverse("catalogue:service_search") + "?q=体检"),
            ("nothing", reverse("catalogue:service_search") + "?q=zzzz"),
            ("guide", reverse("catalogue:service_page", args=["hardship-file"])),
        ],
        "lin": [
            ("home", "/"),
            ("mine", reverse("catalogue:service_page", args=["hardship-file"])),
            ("start", reverse("catalogue:apply_start", args=["school-aid"])),
            ("known", reverse("catalogue:apply_known", args=[own.pk])),
            ("union", reverse("catalogue:apply_known", args=[complaint.pk])),
            ("missing", reverse("catalogue:apply_missing", args=[own.pk])),
        ],
        "wang": [
            ("people", reverse("catalogue:help_list") + "?q=林"),
            ("person", reverse("catalogue:help_person", args=[town.member_id("lin")])),
            ("together", reverse("catalogue:help_start", args=[town.member_id("lin"), "medical-aid"])),
            ("helped", reverse("catalogue:apply_known", args=[helped.pk])),
        ],
    }  # fmt: skip


def _on_paper(town):
    """What a yes on paper adds, looked at twice: before it, the sheet, and her own page after it."""
    wang, gu = town.actor("wang"), member_make("顾阿妹", town.organisation("yangtze"), serial=88)
    Member.objects.filter(pk=gu.pk).update(phone=None, phone_index="", tail_index="")
    waits = applied(wang, "medical-aid", person_id=gu.pk, is_helped=True)
    signed = applied(wang, "hardship-file", person_id=town.member_id("lin"), is_helped=True)
    paper = paper_of(wang)
    dossier_confirm_paper(actor=wang, dossier_id=signed.pk, file_ids=[paper], key="s")
    return {
        "wang": [
            ("never", reverse("catalogue:help_person", args=[gu.pk])),
            ("sign", reverse("procedures:dossier_signed", args=[waits.pk])),
            ("sheet", reverse("procedures:dossier_paper", args=[waits.pk])),
        ],
        "lin": [("hands", reverse("procedures:case", args=[signed.pk]))],
    }


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_is_open_to_everybody(town, live_server, browser, client, look):
    """Slow: a browser draws fourteen pages, in two looks some twenty, and axe reads each."""
    addresses = _addresses(town)
    if look in LOOKS[1:3]:
        for pages in (_on_paper(town), _case_pages(town)):
            for who, more in pages.items():
                addresses[who] = addresses.get(who, []) + more
    for who, pages in addresses.items():
        context = context_of(browser, live_server.url, look)
        if who:
            _sign_in(context, live_server.url, client, town, who)
        page = context.new_page()
        for name, address in pages:
            page.goto(live_server.url + address)
            assert page.locator("h1").count() == 1, name
            fit_for_everyone(page, look, name)
        context.close()


def test_an_application_is_sent_in_a_browser_without_script(town, live_server, browser, client):
    context = context_of(browser, live_server.url, java_script_enabled=False)
    _sign_in(context, live_server.url, client, town, "lin")
    page = context.new_page()
    page.goto(f"{live_server.url}{reverse('catalogue:service_list')}")
    page.fill("#need", "体检")
    page.press("#need", "Enter")
    page.click("main >> text=职工体检")
    page.click("text=我要申请")
    page.click("main form >> text=开始")
    page.click("text=没错，下一步")
    page.check("input[name=place][value=hospital]")
    page.check("input[name=month][value=soon]")
    page.click("text=交上去")
    assert "我们收到了" in page.inner_text("h1")
    assert "扬子机械厂工会" in page.inner_text("main")
    shot(page, "sent")
    context.close()


def _sign_in(context, url, client, town, who):
    from lianxin.accounts.testing import sign_in  # noqa: PLC0415

    sign_in(client, town.account(who))
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])
