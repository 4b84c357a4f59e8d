"""Fills in whatever form a page shows, as a person who answers every question once."""

from __future__ import annotations

import io
from collections.abc import Mapping

from PIL import Image
from playwright.sync_api import Locator, Page

WORDS = {
    "phone": "19900001234", "since_on": "2026-05-08", "happened_on": "2026-11-02", "graduated_on": "2026-07-01", "birth_on": "2009-03-08",
    "household_size": "4", "years": "6", "insured_months": "40", "people": "2", "bank_account": "6222990000000000017",
}  # fmt: skip


def photo(size: tuple[int, int] = (640, 480)) -> bytes:
    """A small picture, as a phone would take one of a paper."""
    held = io.BytesIO()
    Image.new("RGB", size, "#e8e0d6").save(held, "JPEG")
    return held.getvalue()


def fill(page: Page, words: Mapping[str, str] | None = None) -> int:
    """Answer every question of the page's form that is still open; return how many were answered."""
    wanted = {**WORDS, **(words or {})}
    answered = 0
    for control in page.locator("main form :is(input, select, textarea):visible").all():
        answered += _answer(control, wanted)
    for upload in page.locator("main input[type=file]").all():
        upload.set_input_files({"name": "proof.jpg", "mimeType": "image/jpeg", "buffer": photo()})
        answered += 1
    return answered


def _answer(control: Locator, wanted: Mapping[str, str]) -> int:
    name = control.get_attribute("name") or ""
    kind = control.get_attribute("type") or control.evaluate("e => e.tagName.toLowerCase()")
    short = name.rsplit(".", 1)[-1]
    given = wanted.get(name, wanted.get(short))
    if kind in {"radio", "checkbox"}:
        return _tick(control, name, kind, given)
    if kind in {"hidden", "submit", "button", "file", "search"}:
        return 0
    if name not in wanted and (control.input_value() or name.endswith("-find")):
        return 0  # known already; or a union to look up, picked or free
    if kind == "select":
        options = control.locator("option").evaluate_all("all => all.map(o => o.value)")
        control.select_option(given if given in options else next(o for o in options if o))
    else:
        control.fill(given or _fitting(control, kind))
    return 1


def _tick(control: Locator, name: str, kind: str, given: str | None) -> int:
    if given is not None:
        if control.get_attribute("value") == given:
            control.check()
            return 1
        return 0
    others = control.page.locator(f"main form input[name='{name}']:checked").count()
    if others or (
        kind == "checkbox" and control.page.locator(f"main form input[name='{name}']").count() == 1
    ):
        return 0
    control.check()
    return 1


def _fitting(control: Locator, kind: str) -> str:
    if kind == "date":
        return "2026-03-08"
    if kind == "number" or control.get_attribute("inputmode") in {"numeric", "decimal"}:
        return "600"
    return "情况如下，请核实。" if kind == "textarea" else "北苍路"
