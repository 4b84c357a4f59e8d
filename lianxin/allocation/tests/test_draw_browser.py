"""The pages of draws in a real browser: open to everybody, checked on the spot, and from a saved page."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.allocation.rules.draws import lock_of, secret_of
from lianxin.allocation.rules.draws_steps import Stage
from lianxin.allocation.selectors.draw_verifiers import page_verifier
from lianxin.allocation.selectors.draws import file_of, own_line, receipt_of
from lianxin.allocation.services import gate_open
from lianxin.allocation.services.drawing import draw_plan
from lianxin.allocation.services.drawing_steps import draw_step
from lianxin.allocation.testing.draws import draw_walk, drawn_pool, party_commits, plan_for
from lianxin.allocation.tests.test_draw_life import NOON, published, watchers
from lianxin.kit.testing import stopped_clock
from lianxin.ui.testing import Look, axe_clean, chromium, context_of, fit_for_everyone, shot, visits

pytestmark = [pytest.mark.django_db, pytest.mark.looks]
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


@pytest.fixture
def clock():
    with stopped_clock(NOON) as hands:
        yield hands


def path(name: str, *args) -> str:
    return reverse(f"allocation:{name}", args=args)


@pytest.fixture
def opened(fed, live_server, browser):
    """Pages of one look, each of somebody who signed in a moment ago; "" is a visitor."""

    @contextmanager
    def of(look=None):
        sessions = {"": ""}
        with visits(browser, live_server.url, look) as page_of:

            def page(who, address):
                if who not in sessions:
                    client = Client()
                    sign_in(client, fed.account(who))
                    sessions[who] = client.cookies[settings.SESSION_COOKIE_NAME].value
                found = page_of(sessions[who])
                found.goto(address)
                return found

            yield page

    return of


@pytest.fixture
def visit(opened):
    with opened() as page:
        yield page


def pages_of(stage, draw, claim):
    """Which pages are worth looking at in a stage, by who looks."""
    at_desk, mine, watch = path("draw_desk", draw.pk), path("draw_line", claim.pk), path("draw_party", draw.pk)  # fmt: skip
    common = [("", path("draw", draw.pk)), ("wang", at_desk)]
    return {
        Stage.COLLECTING: [*common, ("", path("draw_list")), ("lin", mine), ("lin", path("claim", claim.pk)), ("", path("pool", draw.pool_id)), ("wang", path("pool_desk", draw.pool_id)), ("qian", watch)],
        Stage.FROZEN: [*common, ("lin", mine), ("qian", watch), ("qian", "/")],
        Stage.COMMITTED: [("", path("draw", draw.pk)), ("qian", watch)],
        Stage.REVEALED: [*common, ("qian", watch)],
        Stage.DRAWN: [*common, ("", path("draw", draw.pk) + f"?line={draw.rows[0].line[:6] if draw.root else ''}"), ("", path("draw_lines", draw.pk)), ("", path("draw_check") + f"?draw={draw.pk}"), ("lin", mine), ("wang", path("draw_desk_list"))],
    }[stage]  # fmt: skip


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_of_every_stage_is_open_to_everybody(fed, opened, clock, look):
    """Slow: a browser draws up to thirty pages and axe reads each; on a wide screen the main ones."""
    strata = [{"words": {"en": "First time here", "zh_Hans": "第一次报名的"}, "days": 365}]
    plan_pool = drawn_pool(fed.organisation("yangtze"), title="托管班")
    planned = draw_plan(actor=fed.actor("wang"), pool_id=plan_pool.pk, plan=plan_for(plan_pool, watchers(fed)))  # fmt: skip
    draw, claims = published(fed, 2, strata=strata, most=2, series="夜跑", weight_most=3)
    gate_open(actor=fed.actor("wang"), pool_id=draw.pool_id, name="北门")
    seen = [("planned", "wang", path("draw_desk", planned.pk)), ("plan", "wang", path("draw_plan", plan_pool.pk)), ("unruled", "lin", path("pool", plan_pool.pk)), ("pools", "wang", path("pool_list"))]  # fmt: skip
    for stage in (Stage.COLLECTING, Stage.FROZEN, Stage.COMMITTED, Stage.REVEALED, Stage.DRAWN):
        draw = draw_walk(draw, clock, stage)
        if stage is Stage.REVEALED:
            clock.set(draw.known_at)
        stops = pages_of(stage, draw, claims[0])
        seen += [
            (stage.value, who, address) for who, address in stops[: 2 if look.width > 360 else None]
        ]
        with opened(look) as page_at:
            for number, (name, who, address) in enumerate(seen):
                page = page_at(who, address)
                assert page.locator("h1").count() == 1, (name, address)
                fit_for_everyone(page, look, f"draw-{name}-{number}-{who or 'visitor'}")
        seen = []


def test_a_worker_checks_the_draw_and_her_line_on_the_page_itself(fed, visit, clock, tmp_path):
    draw, claims = published(fed)
    draw = draw_walk(draw, clock, Stage.DRAWN)
    own = own_line(claims[0], draw)
    assert own is not None
    page = visit("", path("draw_check") + f"?draw={draw.pk}")
    page.click("[data-draw-fetch]")
    page.wait_for_selector(".verdict.yes")
    assert "全部相符。" in page.inner_text("[data-draw-report]")
    receipt = tmp_path / "mine.json"
    receipt.write_text(receipt_of(claims[0], own), encoding="utf-8")
    page.set_input_files("[data-draw-receipt]", receipt)
    page.wait_for_selector(".verdict.yes >> nth=1")
    told = page.inner_text("[data-draw-report]")
    assert own.line in told
    assert ("您抽中了。" in told) == own.is_won
    shot(page, "draw-check-mine")
    axe_clean(page)
    changed = tmp_path / "draw.json"
    changed.write_text(file_of(draw).replace('"won":[', '"won":[2,', 1), encoding="utf-8")
    page.set_input_files("[data-draw-file]", changed)
    page.wait_for_selector(".verdict:not(.yes)")
    assert "不相符。" in page.inner_text("[data-draw-report]")
    shot(page, "draw-check-misfit")
    axe_clean(page)


def test_the_saved_page_works_from_a_folder_without_a_network(fed, browser, clock, tmp_path):
    draw, claims = published(fed)
    draw = draw_walk(draw, clock, Stage.DRAWN)
    own = own_line(claims[0], draw)
    assert own is not None
    for name, text in (
        ("verify_draw.html", page_verifier("zh-hans")),
        ("draw.json", file_of(draw)),
        ("mine.json", receipt_of(claims[0], own)),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    context = context_of(browser, "http://localhost")
    context.set_offline(True)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("request", lambda asked: wrong.append(asked.url) if not asked.url.startswith("file:") else None)  # fmt: skip
    page.goto((tmp_path / "verify_draw.html").as_uri())
    page.set_input_files("[data-draw-receipt]", tmp_path / "mine.json")
    page.set_input_files("[data-draw-file]", tmp_path / "draw.json")
    page.wait_for_selector(".verdict.yes >> nth=1")
    assert "全部相符。" in page.inner_text("[data-draw-report]")
    page.fill("[data-secret-seal]", "ab" * 32)
    page.fill("[data-secret-number]", "2")
    page.fill("[data-secret-text]", "  信封里的一句话\u3000只有我自己知道，谁也猜不到。 ")
    said = secret_of(page.input_value("[data-secret-text]"))
    assert page.input_value("#id_lock") == lock_of("ab" * 32, 2, said)
    shot(page, "draw-offline")
    axe_clean(page)
    assert wrong == []
    context.close()


def test_a_party_locks_and_opens_with_two_taps_and_nothing_but_the_lock_is_sent(fed, visit, clock):
    draw, _ = published(fed)
    draw = draw_walk(draw, clock, Stage.FROZEN)
    page = visit("qian", path("draw_party", draw.pk))
    page.click("[data-secret-make]")
    secret = page.input_value("[data-secret-text]")
    assert len(secret.replace(" ", "")) == 28
    with page.expect_request(lambda asked: asked.method == "POST") as sent, page.expect_navigation():  # fmt: skip
        page.click("main form button.primary")
    assert secret.split()[0] not in (sent.value.post_data or "")
    party = draw.parties.get(number=1)
    assert party.lock == lock_of(draw.seal, 1, secret)
    for number in (2, 3):
        party_commits(draw, draw.parties.get(number=number))
    clock.set(draw.commit_until)
    draw_step(draw.pk)
    page.goto(page.url)
    assert page.input_value("textarea[name=secret]") == secret, "this device still had it"
    with page.expect_navigation():
        page.click("main form button.primary")
    party.refresh_from_db()
    assert party.secret == secret
