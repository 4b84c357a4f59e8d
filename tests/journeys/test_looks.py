"""The main pages in every look: phone and wide, light and dark, large type, both languages."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from lianxin.catalogue.models import Draft
from lianxin.catalogue.testing import applied, begun
from lianxin.procedures.api import Dossier
from lianxin.procedures.testing import step_walk
from lianxin.ui.testing import Look, overflow, too_small
from tests.journeys.deeds import ask

# Each pair of choices stands together in at least one of these.
LOOKS = (
    Look(360),
    Look(360, "dark", "large"),
    Look(360, "light", "large", "en"),
    Look(1280, "light", "large"),
    Look(1280, "dark"),
    Look(1280, "light", "normal", "en"),
)
# These are seen on a phone only, plain and then dark and large.
SIDE = {"sign-in", "search", "notices", "help", "facts", "team"}
# Latin words that stand in Chinese text by right.
LATIN = set("gb pdf csv utf ups mb lianxin apache totp ics icp sms english cookie".split())


@dataclass(frozen=True)
class Case:
    """What lies on the desks while one looks around."""

    running: Dossier
    asked: Dossier
    draft: Draft


def test_every_main_page_looks_right_in_every_look(stage):
    case = _set_the_stage(stage)
    faults: list[str] = []
    for look in LOOKS:
        for key, paths in _pages(case).items():
            page = stage.person(key, look) if key else stage.visitor(look)
            for name, path in paths.items():
                if name in SIDE and look not in LOOKS[:2]:
                    continue
                page.goto(path)
                faults += _faults(stage, page, look, name)
            page.context.close()
    assert not faults, "\n".join(faults)


def _set_the_stage(stage) -> Case:
    lin = stage.town.actor("lin")
    running = applied(lin, "hardship-file", typed={"story": "丈夫生病，家里只有我一份工资。"})
    while running.step.code != "payment":
        stage.clock.move(minutes=1)
        running = step_walk(running)
    other = applied(lin, "school-aid")
    ask(stage, "wang", other, "学生证照片看不清，请再拍一张。", "admission")
    applied(lin, "temporary-relief")
    stage.work()
    return Case(running, other, begun(lin, "education-subsidy"))


def _pages(case: Case) -> dict[str, dict[str, str]]:
    draft = f"/services/drafts/{case.draft.pk}"
    return {
        "": {
            "sign-in": "/sign-in/", "services": "/services/", "search": "/services/search/?q=没钱看病",
            "service": "/services/hardship-file/", "notices": "/notices/", "help": "/help/",
        },
        "lin": {
            "home": "/", "apply-start": "/services/medical-aid/apply/", "apply-known": f"{draft}/known/",
            "apply-missing": f"{draft}/missing/", "cases": "/cases/",
            "case": f"/cases/{case.running.pk}/", "case-asked": f"/cases/{case.asked.pk}/",
            "inbox": "/inbox/", "me": "/me/", "facts": "/me/facts/",
        },
        "wang": {"queue": "/desk/", "dossier": f"/desk/dossiers/{case.asked.pk}/"},
        "zhou": {"dossier-sums": f"/desk/dossiers/{case.running.pk}/", "team": "/desk/team/"},
        "qian": {"payments": "/desk/payments/"},
    }  # fmt: skip


def _faults(stage, page: Page, look: Look, name: str) -> list[str]:
    at = f"{name} {look}"
    found = []
    try:
        stage.show(page, f"look-{name}-{look}")
    except AssertionError as fault:
        found.append(f"{at}: {fault}")
    if overflow(page):
        found.append(f"{at}: {overflow(page)} px too wide")
    sizes = (60, 18) if look.size == "large" else (44, 12)
    found += [f"{at}: {small}" for small in too_small(page, *sizes)]
    if look.language != "en":
        found += [f"{at}: English left: {word}" for word in english_in(page)]
    return found


def english_in(page: Page) -> set[str]:
    """Return the English words a Chinese page still shows."""
    shown = page.evaluate("[document.title, document.body.innerText].join('\\n')")
    return {word for word in re.findall(r"[A-Za-z]{3,}", shown) if word.lower() not in LATIN}


@pytest.mark.parametrize("path", ["/nowhere/", "/offline", "/install", "/privacy/"])
def test_the_odd_pages_speak_chinese_too(stage, path):
    page = stage.visitor()
    page.goto(path)
    stage.show(page, f"odd-{path.strip('/')}")
    assert not english_in(page)
    assert not overflow(page)
