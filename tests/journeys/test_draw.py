"""A draw nobody has to believe: from its rule to a file that two strangers' programs check."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, expect

from lianxin.allocation.models import Draw, Pool
from lianxin.allocation.rules.draws_steps import Stage
from lianxin.allocation.testing.draws import SIGNATURE, drawn_pool
from lianxin.jobs.testing import run_periodic
from lianxin.kit.workdays import SHANGHAI
from tests.journeys.deeds import press

WATCHERS = {
    "qian": "职工代表",
    "luo": "经费审查委员会",
    "ma": "兄弟单位工会",
    "fang": "女职工委员会",
}
APPLY = ("lin", "zhao", "tang")


def typed(page: Page, name: str, text: str) -> None:
    page.locator(f"main [name={name}]").fill(text)


def planned(stage, pool: Pool) -> Draw:
    """Wang writes down how it will go, looks at it, and publishes it."""
    wang = stage.person("wang")
    wang.goto(f"/desk/places/{pool.pk}/")
    wang.locator(f"main a[href='/desk/places/{pool.pk}/draw/']").click()
    day = dt.timedelta(days=1)
    ahead = {"commit_until": day, "reveal_until": 2 * day, "known_at": 2 * day + day / 24}
    for name, after in ahead.items():
        typed(wang, name, (pool.closes_at + after).astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M"))
    for number, (who, capacity) in enumerate(WATCHERS.items(), 1):
        typed(wang, f"person{number}", who)
        typed(wang, f"capacity{number}", capacity)
    stage.show(wang, "draw-plan")
    press(wang, "main form button.primary")
    expect(wang.locator("main")).to_contain_text("经费审查委员会")
    press(wang, "form[action$='/rule/'] button.primary")
    stage.show(wang, "draw-published")
    stage.work()
    return Draw.objects.get(pool=pool)


def walked(stage, draw: Draw, at: dt.datetime) -> Draw:
    """Let time come, and the job worker do what time does."""
    stage.clock.set(max(at, stage.clock.at))
    run_periodic("allocation.step_draws")
    draw.refresh_from_db()
    return draw


def watching(stage, who: str) -> Page:
    """Open the home page of somebody who watches, and go where it asks her to."""
    page: Page = stage.person(who)
    page.goto("/")
    page.locator("main a[href$='/party/']").first.click()
    return page


def checked(folder: Path, *words: str) -> str:
    """Run the program that was handed out as a stranger would: bare, away from everything of ours."""
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "verify_draw.py", "draw.json", *words],
        cwd=folder, capture_output=True, encoding="utf-8", check=False, env={"PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def kept(page: Page, selector: str, path: Path) -> Path:
    """Keep what a link hands out."""
    with page.expect_download() as waiting:
        page.locator(selector).first.click()
    waiting.value.save_as(path)
    return path


def test_a_draw_nobody_has_to_believe(stage, tmp_path) -> None:  # noqa: PLR0915  (one story)
    """Slow: some fifteen phones, each looked at by axe, from the rule to both verifiers."""
    pool = drawn_pool(stage.town.organisation("yangtze"), 2)
    draw = planned(stage, pool)
    phones: dict[str, Page] = {}
    for who in APPLY:
        phones[who] = stage.person(who)
        phones[who].goto(f"/places/{pool.pk}/")
        phones[who].locator("form[data-rush] button.primary").click()
        expect(phones[who]).to_have_url(re.compile("/places/mine/"))
    stage.show(phones["lin"], "draw-applied")

    draw = walked(stage, draw, draw.closes_at)
    assert draw.standing is Stage.FROZEN
    for who in WATCHERS:
        party = watching(stage, who)
        party.locator("[data-secret-make]").click()
        phones[who] = party
        if who == "ma":
            continue  # she never locks anything away; nobody waits for her
        press(party, "main form button.primary")
    stage.show(phones["qian"], "draw-locked")

    draw = walked(stage, draw, draw.commit_until)
    assert draw.standing is Stage.COMMITTED
    for who in ("qian", "luo"):
        phones[who].goto(f"/draws/{draw.pk}/party/")
        expect(phones[who].locator("[name=secret]")).not_to_have_value("")
        press(phones[who], "main form button.primary")
    stage.show(phones["luo"], "draw-opened")

    draw = walked(stage, draw, draw.reveal_until)
    assert draw.standing is Stage.REVEALED
    draw = walked(stage, draw, draw.known_at)
    for page, way in (
        (phones["qian"], f"/draws/{draw.pk}/party/"),
        (stage.person("wang"), f"/desk/draws/{draw.pk}/"),
    ):
        page.goto(way)
        typed(page, "value", SIGNATURE)
        press(page, "main form:has([name=value]) button.primary")
    draw = walked(stage, draw, stage.clock.at)
    assert draw.standing is Stage.DRAWN

    visitor = stage.visitor()
    visitor.goto(f"/draws/{draw.pk}/")
    stage.show(visitor, "draw-result")
    lin = stage.person("lin")  # her session is days old
    claim = pool.claims.get(account=stage.town.account("lin"))
    lin.goto(f"/places/mine/{claim.pk}/")
    lin.locator(f"main a[href='/places/mine/{claim.pk}/draw/']").click()
    stage.show(lin, "draw-line")
    file = kept(lin, f"main a[href='/draws/{draw.pk}/file/']", tmp_path / "draw.json")
    receipt = kept(lin, "main a[href$='/receipt/']", tmp_path / "mine.json")
    saved = kept(lin, "main a[href='/draws/verify.html']", tmp_path / "verify_draw.html")
    visitor.goto("/draws/check/")
    kept(visitor, "main a[href='/draws/verify.py']", tmp_path / "verify_draw.py")

    told = checked(tmp_path, "--receipt", "mine.json")
    got = claim.standing.value == "confirmed"
    assert ("got its places" in told) == got
    offline = stage.visitor()
    offline.context.set_offline(True)
    offline.goto(saved.as_uri())
    offline.set_input_files("[data-draw-receipt]", receipt)
    offline.set_input_files("[data-draw-file]", file)
    expect(offline.locator(".verdict.yes")).to_have_count(2)
    expect(offline.locator("[data-draw-report]")).to_contain_text("全部相符。")
    assert ("您抽中了。" in offline.locator("[data-draw-report]").inner_text()) == got
    stage.show(offline, "draw-offline")
