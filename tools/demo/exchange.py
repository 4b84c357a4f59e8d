"""What partners of the demo share: twelve resources, a batch of vouchers, a booked hall, rooms for the young."""

from __future__ import annotations

import datetime as dt
from typing import Any

from lianxin.accounts.testing import demo_account
from lianxin.allocation.api import Bookable
from lianxin.allocation.testing import bookable_make, booked, claim_made
from lianxin.exchange.testing import (
    Resource,
    batch_of,
    entry_of,
    hall_of,
    resource_make,
    resource_offer,
)
from lianxin.kit import clock
from lianxin.orgs.api import Actor
from lianxin.partners.api import Partner
from lianxin.partners.testing import partner_make
from tools.demo.people import CONTACT, World

# name, kind of partner, district that looks after it
PARTNERS = (
    ("嘉岭夜校", "school", "jialing"),
    ("嘉州第二医院体检中心", "enterprise", "jialing"),
    ("嘉州开放实训中心", "school", "city"),
    ("北苍街道文化站", "government", "jialing"),
)
# partner, kind, what, where, price, way, how many, words
Shared = tuple[int, str, str, str, str, str, int, str]
SHARED: tuple[Shared, ...] = (
    (0, "venue", "夜校报告厅", "嘉岭区柳荫路 20 号", "免费", "booked", 1, "一百二十座，有投影和音响，请保持整洁。"),
    (0, "course", "办公软件晚间班", "嘉岭区柳荫路 20 号", "免费，教材自备", "voucher", 40, "每周二、四 18:30，共八次。"),
    (0, "civics", "工匠讲堂", "嘉岭区柳荫路 20 号", "免费", "asked", 1, "每月一讲，讲身边的劳模工匠。"),
    (1, "health", "会员体检券", "嘉岭区江北路 6 号三楼", "免费，基础项目", "voucher", 60, "空腹前来，带身份证。"),
    (1, "discount", "口腔洁治会员价", "嘉岭区江北路 6 号二楼", "每次 80 元，到院付", "asked", 1, "出示会员证即可。"),
    (2, "base", "焊接实训工位", "嘉州市工业大道 88 号", "免费，焊材自备", "booked", 12, "十二个工位，有师傅看护。"),
    (2, "lecturer", "数控编程讲师", "可到单位授课", "免费", "booked", 1, "高级技师，讲过上百场。"),
    (2, "apprentice", "钳工学徒岗位", "嘉州市工业大道 88 号", "免费，有学徒补贴", "asked", 1, "招收有中级证书的青年职工。"),
    (2, "practice", "产教实践一日", "嘉州市工业大道 88 号", "免费", "asked", 1, "看车间，动手做一件。"),
    (2, "innovation", "小发明打样间", "嘉州市工业大道 90 号", "材料费每次 30 元", "booked", 1, "三维打印、激光切割，提前说明用途。"),
    (3, "tour", "北苍工运研学路线", "北苍街道文化站集合", "免费", "asked", 1, "老厂房、工人夜校旧址、展览馆，半天。"),
    (3, "childcare", "寒假托管体验日", "北苍街道文化站二楼", "免费，午餐每人 15 元", "asked", 1, "小学一到四年级。"),
)  # fmt: skip
ROOMS = (("201 单人间", 1), ("202 双人间", 2), ("203 四人间", 4))


def exchange(world: World) -> None:
    """Offer, publish, take, book; one more offer waits for the district's check."""
    contact = demo_account(CONTACT[0], phone=CONTACT[1])
    partners = [
        partner_make(name, world.organisations[union], contact=contact, kind=kind)
        for name, kind, union in PARTNERS
    ]
    made = [_shared(partners, one) for one in SHARED]
    for resource in made:
        if resource.way == "voucher":
            for key in ("lin", "wang"):
                claim_made(batch_of(resource), world.accounts[key].pk)
    _hall(world, made[0])
    resource_offer(
        actor=Actor.system(), partner=partners[0], key="demo-waits",
        entry=entry_of(title="夜校舞蹈教室", words="木地板，有把杆和镜子。"),
    )  # fmt: skip
    for title, beds in ROOMS:
        _room(world, title, beds)


def _shared(partners: list[Partner], row: Shared) -> Resource:
    number, kind, title, place, price, way, quantity, words = row
    return resource_make(
        partners[number], kind=kind, title=title, place=place, price=price, way=way, words=words,
        quantity=quantity, audience="both", ends_on=clock.today() + dt.timedelta(days=120),
    )  # fmt: skip


def _hall(world: World, resource: Resource) -> None:
    """The street's union has asked for the hall one evening; the school has not answered yet."""
    day = clock.today() + dt.timedelta(days=9)
    union = world.organisations["beicang"]
    booked(hall_of(resource), world.actor("sun"), day, 4, half=37, union_id=union.pk)


def _room(world: World, title: str, beds: int) -> Bookable:
    more: dict[str, Any] = {"per_life": 7, "most": 7, "series": "youth-station"}
    return bookable_make(
        world.organisations["beicang"], beds, title=f"北苍青年驿站 {title}",
        place="嘉岭区北苍街道柳荫路 88 号", answer="service", service="youth-station-nights",
        kind="allocation.room", **more,
    )  # fmt: skip
