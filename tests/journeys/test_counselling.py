"""A counselling booking: between Lin and her counsellor, and nobody else's line on any screen."""

from __future__ import annotations

from playwright.sync_api import expect

from lianxin.jobs.testing import run_periodic
from lianxin.procedures.models import Appointment
from lianxin.ui.testing import Look
from tests.journeys.deeds import LISTS, apply, open_desk, pass_step, sees_nothing, sight

LINE = ("wang", "sun", "chen", "guo", "zhou", "xu", "he")
TALK = {"call_name": "小梅", "about": "夜里睡不着。"}
MEETING = {"meeting_on": "2026-11-25", "meeting_at": "15:00", "place": "职工服务中心 3 楼"}


def test_counselling_is_booked_on_a_phone_and_found_by_nobody_of_her_line(stage):
    officers = {key: stage.person(key) for key in LINE}
    lists = [*LISTS, f"/desk/members/{stage.town.member_id('lin')}/"]
    before = {(key, path): sight(page, path) for key, page in officers.items() for path in lists}
    lin = stage.person("lin", Look(width=360, size="large"))
    dossier = apply(stage, lin, "counselling", TALK)
    stage.show(lin, "counselling-sent-large")
    for key, page in officers.items():
        sees_nothing(page, dossier, "小梅", "睡不着")
        for path in lists:  # not a word, not a count has changed
            assert sight(page, path) == before[key, path], (key, path)
    _appointment(stage, dossier)
    lin.goto(f"/cases/{dossier.pk}/")
    expect(lin.locator("main")).to_contain_text("15:00")
    expect(lin.locator("main")).to_contain_text("职工服务中心 3 楼")
    stage.show(lin, "counselling-case-large")
    for key, page in officers.items():
        sees_nothing(page, dossier, "小梅", "职工服务中心 3 楼")
        assert sight(page, LISTS[0]) == before[key, LISTS[0]], key
    _messages_are_discreet(stage, lin)


def test_two_of_one_union_never_meet_at_the_counsellors_door(stage):
    mine = apply(stage, stage.person("lin"), "counselling", TALK)
    theirs = apply(stage, stage.person("wang"), "counselling", {**TALK, "call_name": "老王"})
    _appointment(stage, mine)
    fang = open_desk(stage, "fang", theirs)
    pass_step(fang, {**MEETING, "meeting_at": "15:30"})
    expect(fang.locator("main .error").first).to_contain_text("请换一个至少隔一小时的时间")
    expect(fang.locator("main")).not_to_contain_text("小梅")
    expect(fang.locator("[name=place]")).to_have_value(MEETING["place"])
    stage.show(fang, "counselling-not-free")
    assert Appointment.objects.count() == 1
    pass_step(fang, {**MEETING, "meeting_at": "16:00"})
    assert Appointment.objects.filter(is_cancelled=False).count() == 2


def _appointment(stage, dossier) -> None:
    fang = open_desk(stage, "fang", dossier)
    stage.show(fang, "counselling-desk")
    pass_step(fang, MEETING)
    stage.work()


def _messages_are_discreet(stage, lin) -> None:
    stage.wait(hours=2)
    run_periodic("notify.send_digest")
    stage.work()
    for path, there in (("/outbox/", "article"), ("/inbox/", "ul.list a")):
        lin.goto(path)
        expect(lin.locator(f"main {there}").first).to_be_visible()
        for word in ("心理", "咨询", "睡不着", "小梅"):
            expect(lin.locator("main")).not_to_contain_text(word)
    stage.show(lin, "inbox-discreet-large")
