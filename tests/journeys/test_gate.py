"""The door: tickets checked in a cellar without a network, reconciled when it is back."""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path

import segno
from PIL import Image
from playwright.sync_api import Page, expect

from lianxin.allocation.models import Claim, Scan
from lianxin.allocation.rules.tickets import code_of
from lianxin.allocation.services import gate_disown, gate_open, ticket_of
from lianxin.allocation.testing import claim_made, pool_make
from lianxin.ui.testing import FLAGS, context_of


def tickets(stage, pool, *people: str) -> dict[str, str]:
    claims = {key: claim_made(pool, stage.town.account_id(key)) for key in people}
    return {key: ticket_of(claim) for key, claim in claims.items()}


def type_in(page: Page, read: str, verdict: str) -> None:
    page.locator("#id_read").fill(read)
    page.locator("#id_read").press("Enter")
    expect(page.locator("[data-verdict-words]")).to_have_text(verdict)


def door_opened(stage, wang: Page, pool, name: str) -> Page:
    """Open a door at the desk, and on the phone of a helper, where the network goes away."""
    wang.goto(f"/desk/places/{pool.pk}/")
    wang.locator("#id_name").fill(name)
    wang.get_by_role("button", name="新开检票口").click()
    door: Page = stage.visitor()
    stage.tell_time(door)  # a door shuts by its own clock
    door.goto(wang.locator("main a.link").first.get_attribute("href") or "")
    expect(door.locator("[data-stands]")).to_contain_text("准备好了")
    door.context.set_offline(True)
    return door


def test_four_doors_without_a_network_let_everybody_in_once(stage) -> None:
    pool = pool_make(stage.town.organisation("yangtze"), 10)
    held = tickets(stage, pool, "lin", "zhao", "sun", "chen")
    wang = stage.person("wang")
    doors = [door_opened(stage, wang, pool, name) for name in ("北门", "南门", "东门", "西门")]
    stage.show(wang, "gate-opened")
    north, south, east, west = doors
    north.reload()
    expect(north.locator("[data-stands]")).to_contain_text("没有网络")
    type_in(north, held["lin"], "请进")
    type_in(north, held["lin"], "已经入场过")
    type_in(north, held["zhao"], "请进")
    type_in(south, held["sun"], "请进")
    type_in(east, held["chen"], "请进")
    for door in (south, east, west):
        type_in(door, held["lin"], "请进")  # it cannot know yet
    type_in(south, held["lin"][:-3] + "AAA", "票是假的")
    type_in(south, "今天天气好", "这不是票")
    stage.show(north, "gate-offline")
    stage.clock.move(minutes=1)
    wang.goto(f"/desk/places/{pool.pk}/")
    # The west door, whose phone is still in the cellar.
    wang.locator("main li", has_text="西门").get_by_role("button", name="关闭此口").click()
    for door in reversed(doors):
        door.context.set_offline(False)
        expect(door.locator("[data-queued]")).to_have_text("0")
    expect(west.locator("[data-stands]")).to_contain_text("已关闭")
    type_in(west, held["sun"], "这个检票口已关闭，请问给您链接的人。")
    verdicts = sorted(Scan.objects.values_list("verdict", flat=True))
    assert verdicts == ["duplicate"] * 4 + ["entry"] * 4
    wang.goto(f"/desk/places/{pool.pk}/")
    expect(wang.locator("main")).to_contain_text("重复出示")
    stage.show(wang, "gate-desk")


def test_who_got_her_place_after_the_list_is_let_in_by_who_stands_at_the_door(stage) -> None:
    pool = pool_make(stage.town.organisation("yangtze"), 10)
    door = door_opened(stage, stage.person("wang"), pool, "北门")
    stage.clock.move(minutes=5)
    token = tickets(stage, pool, "lin")["lin"]
    type_in(door, token, "签名是真的，比这部手机上的名单新。放行吗？联网后会再核对。")
    assert door.locator("[data-queued]").inner_text() == "0"
    stage.show(door, "gate-newer")
    door.get_by_role("button", name="放行").click()
    expect(door.locator("[data-verdict-words]")).to_have_text("请进")
    type_in(door, token, "已经入场过")
    door.context.set_offline(False)
    expect(door.locator("[data-queued]")).to_have_text("0")
    assert sorted(Scan.objects.values_list("verdict", flat=True)) == ["duplicate", "entry"]


def test_what_is_typed_before_the_list_is_there_waits_for_it(stage) -> None:
    pool = pool_make(stage.town.organisation("yangtze"), 10)
    token = tickets(stage, pool, "lin")["lin"]
    gate, secret = gate_open(actor=stage.town.actor("wang"), pool_id=pool.pk, name="北门")
    door = stage.visitor()
    stage.tell_time(door)
    late = []
    door.route(f"**/gates/{gate.pk}/list/", lambda route: late.append(route))  # noqa: PLW0108  (Playwright counts the parameters of a handler; a method of a list shows none)
    with door.expect_request(f"**/gates/{gate.pk}/list/"):
        door.goto(f"/gates/{gate.pk}/#{secret}")
    door.locator("#id_read").fill(token)
    door.locator("#id_read").press("Enter")
    expect(door.locator("#id_read")).to_have_value("")
    for route in late:
        route.continue_()
    expect(door.locator("[data-verdict-words]")).to_have_text("请进")


def test_a_door_that_is_believed_no_more_says_so_to_whoever_holds_it(stage) -> None:
    pool = pool_make(stage.town.organisation("yangtze"), 10)
    token = tickets(stage, pool, "lin")["lin"]
    gate, secret = gate_open(actor=stage.town.actor("wang"), pool_id=pool.pk, name="北门")
    door = stage.visitor()
    stage.tell_time(door)
    door.goto(f"/gates/{gate.pk}/#{secret}")
    expect(door.locator("[data-stands]")).to_contain_text("准备好了")
    door.context.set_offline(True)
    type_in(door, token, "请进")
    gate_disown(actor=stage.town.actor("wang"), gate_id=gate.pk)
    door.context.set_offline(False)
    expect(door.locator("[data-stands]")).to_contain_text("已不再采信这个检票口")
    expect(door.locator("[data-latest]")).to_contain_text("不算")
    expect(door.locator("dd[data-in]")).to_have_text("0")
    assert not Scan.objects.exists()


def film_of(token: str, path: Path) -> None:
    """Make a short film of somebody holding a ticket before the camera."""
    code = io.BytesIO()
    segno.make(token, error="l").save(code, kind="png", scale=6, border=6)
    frame = Image.new("RGB", (1280, 720), "#777")
    picture = Image.open(code).convert("RGB")
    frame.paste(picture, ((1280 - picture.width) // 2, (720 - picture.height) // 2))
    shot = io.BytesIO()
    frame.save(shot, "JPEG", quality=90)
    path.write_bytes(shot.getvalue() * 10)


def test_the_camera_reads_a_ticket_without_a_network(stage, tmp_path) -> None:
    pool = pool_make(stage.town.organisation("yangtze"), 10)
    token = tickets(stage, pool, "lin")["lin"]
    film_of(token, tmp_path / "ticket.mjpeg")
    gate, secret = gate_open(actor=stage.town.actor("wang"), pool_id=pool.pk, name="北门")
    camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={tmp_path / 'ticket.mjpeg'}"]  # fmt: skip
    context = stage.browser.browser_type.launch(
        executable_path=os.environ.get("LIANXIN_CHROMIUM") or shutil.which("chromium"),
        args=[*FLAGS, *camera],
    )
    page = context_of(context, stage.url, permissions=["camera"]).new_page()
    stage.tell_time(page)
    page.goto(f"/gates/{gate.pk}/#{secret}")
    expect(page.locator("[data-stands]")).to_contain_text("准备好了")
    page.context.set_offline(True)
    # The reader of pictures is asked for only now, and was kept before.
    page.locator("[data-start]").click()
    expect(page.locator("[data-verdict-words]")).to_have_text("请进")
    page.context.set_offline(False)
    expect(page.locator("[data-queued]")).to_have_text("0")
    expect(page.locator("[data-latest]")).to_contain_text(code_of(Claim.objects.get().pk))
    context.close()
