"""The green channel of skill certification: an exam with a date, then a certificate with a number."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.deeds import apply, decide

WISH = {"wanted_level": "4", "years": "6"}


def test_the_green_channel_ends_with_an_exam_and_a_certificate(stage):
    lin = stage.person("lin")
    dossier = apply(stage, lin, "certification-channel", WISH)
    for key, words, step in (
        ("wang", {}, "decision"),
        ("guo", {"opinion": "年限够了，开通。"}, "exam"),
        ("chen", {"exam_on": "2026-12-12", "result": "passed"}, "registration"),
        ("chen", {"certificate_number": "JZ20260001"}, ""),
    ):
        stage.wait(hours=1)
        page = decide(stage, key, dossier, words)
        assert not step or dossier.step.code == step, page.locator("main").inner_text()
    assert (dossier.state, dossier.outcome) == ("closed", "granted")
    lin.goto(f"/cases/{dossier.pk}/")
    stage.show(lin, "certification-done")
    for known in ("JZ20260001", "2026"):
        expect(lin.locator("main")).to_contain_text(known)
