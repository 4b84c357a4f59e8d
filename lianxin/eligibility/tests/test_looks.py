"""What a worker and a visitor see of policies, in a real browser: no barrier, nothing too small."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from django.conf import settings
from django.test import Client

from lianxin.accounts.testing import sign_in
from lianxin.eligibility import services
from lianxin.eligibility.adapters import yaml_files
from lianxin.kit import clock
from lianxin.members import api as members
from lianxin.members.testing import federation
from lianxin.orgs.api import Actor
from lianxin.ui.testing import Look, chromium, context_of, fit_for_everyone

pytestmark = [pytest.mark.looks, pytest.mark.django_db(transaction=True)]
LOOKS = [Look(360, "dark", "large", "zh-hans"), Look(1280, "light", "normal", "en")]
KNOWN = {"skill_level": "4", "insured_months": 40, "is_front_line": True}


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture
def made():
    found, _findings = yaml_files.load_folder(yaml_files.DATA / "policies")
    day = clock.today()
    over = next(each for each in found if each.code == "school-aid")
    over = msgspec.structs.replace(over, version=over.version + 1, valid_from=day - dt.timedelta(days=9), valid_until=day - dt.timedelta(days=1))  # fmt: skip
    services.policies_load(actor=Actor.system(), policies=[*found, over])
    made = federation()
    members.consent_give(actor=made.actor("lin"), purpose="matching")
    facts = KNOWN | {"certificate_on": day - dt.timedelta(days=60)}
    for name, value in facts.items():
        members.fact_save(actor=Actor.system(), member_id=made.member_id("lin"), name=name, value=value, source="dossier")  # fmt: skip
    return made


PAGES = {
    "": [("list", "/policies/"), ("over", "/policies/school-aid/"), ("check", "/check/")],
    "lin": [
        ("found", "/found/"),
        ("fits", "/policies/skill-subsidy/"),
        ("no", "/policies/model-worker-elder/"),
        ("over-own", "/policies/school-aid/"),
        ("check-own", "/check/?change=skill_subsidy_granted_for_it"),
    ],
}


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_is_open_to_everybody(made, live_server, browser, look):
    """Slow: a browser draws nine pages, and axe reads each."""
    for who, pages in PAGES.items():
        context = context_of(browser, live_server.url, look)
        if who:
            client = Client()
            sign_in(client, made.account(who), second_factor=False)
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])  # fmt: skip
        page = context.new_page()
        for name, address in pages:
            page.goto(live_server.url + address)
            assert page.locator("h1").count() == 1, name
            fit_for_everyone(page, look, name)
        if who:  # on the page of the check: it is so that nothing was granted for the certificate
            page.locator("input[name=skill_subsidy_granted_for_it][value=no]").check()
            page.locator("section.ask button.primary").click()
            fit_for_everyone(page, look, "check-changed")
        context.close()
