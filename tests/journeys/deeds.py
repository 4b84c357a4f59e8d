"""What people of the stories do again and again: apply, decide, refuse, ask, pay, look around."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playwright.sync_api import Locator, Page, expect

from lianxin.catalogue.testing import applied
from lianxin.procedures.api import Dossier
from lianxin.procedures.models import Payment
from lianxin.procedures.testing import step_walk
from tests.journeys.filling import fill

Words = Mapping[str, str] | None


def apply(stage, page: Page, code: str, words: Words = None) -> Dossier:
    """Walk through the three screens of a service and send it in."""
    stage.clock.move(minutes=1)
    fill_screens(page, code, words)
    press(page, "main form button.primary")
    expect(page).to_have_url(re.compile("/sent/"))
    stage.work()
    way = page.locator("main a[href^='/cases/']").first.get_attribute("href") or ""
    return Dossier.objects.get(pk=way.split("/")[2])


def sent(stage, code: str, *, step: str = "", by: str = "lin") -> Dossier:
    """Send an application in without a browser and walk it to a step: where a story begins later."""
    dossier = applied(stage.town.actor(by), code)
    while step and dossier.state != "closed" and dossier.step.code != step:
        stage.clock.move(minutes=1)
        dossier = step_walk(dossier)
    stage.clock.move(minutes=1)
    stage.work()
    return dossier


def fill_screens(page: Page, code: str, words: Words = None) -> None:
    """Go through the screens up to the last tap, which is not made."""
    page.goto(f"/services/{code}/apply/")
    for box in page.locator("main form input[type=checkbox]").all():
        box.check()
    press(page, "main form button.primary")
    if "/known/" in page.url:
        fill(page, words)
        press(page, "main form button.primary")
    expect(page).to_have_url(re.compile("/missing/"))
    fill(page, words)


def press(page: Page, selector: str) -> None:
    """Press a button that sends a form, and wait for the page that answers."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def open_desk(stage, key: str, dossier: Dossier, *, script: bool = True) -> Page:
    """Sign an officer in and open a dossier."""
    stage.clock.move(minutes=1)
    page: Page = stage.person(key, script=script)
    page.goto(f"/desk/dossiers/{dossier.pk}/")
    return page


def decide(stage, key: str, dossier: Dossier, words: Words = None) -> Page:
    """Open a dossier at somebody's desk and pass its running step."""
    page = open_desk(stage, key, dossier)
    pass_step(page, words)
    stage.work()
    dossier.refresh_from_db()
    return page


def pass_step(page: Page, words: Words = None) -> None:
    """Answer what the step asks of its officer, and press its button."""
    panel = page.locator("main form:has(> button.primary)")
    for control in panel.locator(":is(input, select, textarea):visible").all():
        _answer(panel, control, words or {})
    press(page, "main form > button.primary")


def refuse(stage, key: str, dossier: Dossier, why: str) -> Page:
    """Refuse a dossier with a reason."""
    return _unfold(stage, key, dossier, slug="refuse", words=why)


def ask(stage, key: str, dossier: Dossier, what: str, *codes: str) -> Page:
    """Ask for one more thing: a sentence, and the answers or papers to look at again."""
    return _unfold(stage, key, dossier, slug="ask", words=what, codes=codes)


def pay(stage, answer: str = "成功", reason: str = "") -> Payment:
    """Make a batch, take the bank's file, and read the bank's answer in."""
    page = stage.person("qian")
    page.goto("/desk/payments/")
    press(page, "form[action$='/batches/'] button")
    with page.expect_download() as waiting:
        page.locator("form[action*='/file/'] button").first.click()
    exported = waiting.value.path().read_bytes().decode("gb18030")
    (payment,) = Payment.objects.filter(state="batched")
    assert exported.count(payment.number) == 1
    read_return(page, f"付款编号,结果,原因\n{payment.number},{answer},{reason}\n".encode("gb18030"))
    stage.work()
    payment.refresh_from_db()
    return payment


def read_return(page: Page, answer: bytes) -> None:
    """Hand the bank's file in at the till."""
    page.goto("/desk/payments/")
    page.locator("input[type=file]").set_input_files(
        {"name": "return.csv", "mimeType": "text/csv", "buffer": answer}
    )
    press(page, "form[action$='/return/'] button")


def sees_nothing(page: Page, dossier: Dossier, *secrets: str) -> None:
    """Try each address of a case, and each list where it might stand; nothing of it is there."""
    ask_for = page.context.request
    for path in (f"/cases/{dossier.pk}/", f"/desk/dossiers/{dossier.pk}/", f"/desk/dossiers/{dossier.pk}/ask/"):  # fmt: skip
        answer = ask_for.get(path)
        assert answer.status in {403, 404}, path
    for path in LISTS:
        answer = ask_for.get(path)
        assert answer.status in {200, 403, 404}, path
        for secret in (str(dossier.pk), dossier.number, *secrets):
            assert secret not in answer.text(), (path, secret)


LISTS = (
    *(f"/desk/?chip={chip}" for chip in ("mine", "late", "today", "waiting", "team", "below")),
    "/desk/team/", "/desk/payments/", "/desk/repairs/", "/desk/objections/", "/desk/help/?q=林晓梅",
    "/desk/members/?q=林晓梅", "/inbox/", "/", "/notices/", "/cases/",
)  # fmt: skip


def sight(page: Page, path: str) -> str:
    """Return what a page says, without what differs at each reading (keys, tokens, nonces)."""
    answer = page.context.request.get(path)
    calm = re.sub(r'(value|nonce|content|hx-headers)="[^"]{30,}"|/file/[^"]+', "", answer.text())
    return f"{answer.status}\n{calm}"


def _unfold(
    stage, key: str, dossier: Dossier, *, slug: str, words: str, codes: tuple[str, ...] = ()
) -> Page:
    page = open_desk(stage, key, dossier)
    link = page.locator(f"main a.button[href$='/{slug}/']")
    if link.count():
        press(page, f"main a.button[href$='/{slug}/']")
    else:
        page.locator(f"main details:has(form[action$='/{slug}/']) > summary").click()
    form = page.locator(f"main form[action$='/{slug}/']")
    form.locator("textarea[name=words]").fill(words)
    for code in codes:
        form.locator(f"input[value='{code}']").check()
    press(page, f"main form[action$='/{slug}/'] button")
    stage.work()
    dossier.refresh_from_db()
    return page


def _answer(panel: Locator, control: Locator, words: Mapping[str, str]) -> None:
    name = control.get_attribute("name") or ""
    kind = control.get_attribute("type") or control.evaluate("e => e.tagName.toLowerCase()")
    if kind == "radio":
        wanted = words.get(name, "")
        if control.get_attribute("value") == wanted or not (
            wanted or panel.locator(f"input[name='{name}']:checked").count()
        ):
            control.check()
    elif kind == "select":
        options = control.locator("option").evaluate_all("all => all.map(o => o.value)")
        control.select_option(words.get(name) or next(one for one in options if one))
    elif kind not in {"checkbox", "file", "hidden"} and (
        name in words or not control.input_value()
    ):
        numeric = control.get_attribute("inputmode") in {"numeric", "decimal"}
        plain = {"date": "2026-11-30", "time": "15:00"}.get(
            kind, "600" if numeric else "情况属实，同意。"
        )
        control.fill(words.get(name, plain))
