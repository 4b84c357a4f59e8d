"""A graduate new in town finds a free bed on a phone, applies in the same breath, and has it by a yes."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from lianxin.allocation.api import Booking
from lianxin.allocation.testing import bookable_make
from lianxin.kit import clock
from lianxin.procedures.api import Dossier
from tests.journeys.deeds import decide, press
from tests.journeys.filling import fill, photo


def beds(stage):
    return bookable_make(
        stage.town.organisation("beicang"), 1, title="北苍青年驿站 · 单人间", place="嘉岭区北苍街道柳荫路 88 号",
        answer="service", service="youth-station-nights", per_life=7, most=7, series="youth-station",
    )  # fmt: skip


@pytest.mark.parametrize("script", [True, False])
def test_a_bed_is_booked_and_decided(stage, script: bool) -> None:
    thing = beds(stage)
    day = clock.today() + dt.timedelta(days=4)
    tang = stage.person("tang", script=script)
    show = stage.show if script else lambda _page, _name: None
    tang.goto("/services/youth-station-nights/")
    press(tang, "main .actions a.button.primary")
    expect(tang).to_have_url(re.compile("/bookings/"))
    show(tang, "bed-list")
    press(tang, f"main a[href='/bookings/{thing.pk}/']")
    press(tang, f"main a[href='?day={day}#choose']")
    tang.locator("select[name=last]").select_option(str(day.toordinal() + 2))
    show(tang, "bed-chosen")
    press(tang, "main form button.primary")
    expect(tang).to_have_url(re.compile("/missing/"))
    expect(tang.locator("main")).to_contain_text("3 晚")
    show(tang, "bed-apply")
    fill(tang, {})
    tang.locator("input[type=file]").set_input_files(
        {"name": "diploma.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    press(tang, "main form button.primary")
    expect(tang).to_have_url(re.compile("/sent/"))
    stage.work()

    # Nobody else gets this bed meanwhile.
    zhao = stage.person("zhao")
    zhao.goto(f"/bookings/{thing.pk}/?month={day:%Y-%m}")
    assert not zhao.locator(f"main a[href='?day={day}#choose']").count()

    dossier = Dossier.objects.get()
    assert (dossier.due_at - stage.clock.at).days <= 1
    decide(stage, "sun", dossier)
    booking = Booking.objects.get()
    assert booking.state == "confirmed"
    tang.goto(f"/bookings/mine/{booking.pk}/")
    expect(tang.locator("main .lead").first).to_contain_text("订好了")
    show(tang, "bed-yours")
    tang.goto("/")
    expect(tang.locator("main")).to_contain_text("北苍青年驿站")
    # She found a room of her own: one tap, and the nights go to others.
    tang.goto(f"/bookings/mine/{booking.pk}/")
    tang.locator("main details > summary").last.click()
    press(tang, "form[action$='/cancel/'] button")
    zhao.reload()
    expect(zhao.locator(f"main a[href='?day={day}#choose']")).to_have_count(1)
