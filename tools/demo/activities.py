"""Activities of the demo: what a city's unions arrange in the coming weeks, all of it invented."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lianxin.activities.api import (
    Activity,
    ActivityTerms,
    SessionTerms,
    StopTerms,
    activity_draft,
    activity_publish,
    stops_set,
)
from lianxin.activities.testing import pool_of
from lianxin.allocation.api import Admission, Pool, admission_of
from lianxin.allocation.testing import claim_made
from lianxin.kit import clock
from lianxin.kit.workdays import SHANGHAI
from tools.demo import draws
from tools.demo.people import World

CONTACT = {"wang": "王建国", "sun": "孙丽华", "chen": "陈志强", "zhou": "周文博", "ma": "马超群"}
UNION = {"wang": "yangtze", "sun": "beicang", "chen": "jialing", "zhou": "city", "ma": "riverside"}
DISTRICT = {"wang": "JZ-JL", "sun": "JZ-JL", "chen": "JZ-JL", "zhou": "", "ma": "JZ-BH"}


@dataclass(frozen=True)
class Plan:
    """One activity: who arranges it, what, where, in how many days, when, for how many."""

    who: str
    kind: str
    title: str
    words: str
    place: str
    days: int
    hour: int
    minutes: int
    capacity: int | None
    repeats: int = 1
    labels: tuple[str, ...] = ("",)  # of shifts on one day
    opens: tuple[int, int] | None = None  # sign-up: in so many days, at this hour
    closes: int | None = None  # sign-up ends in so many days
    more: dict[str, Any] = field(default_factory=dict)


FAMILY = {"group": "family", "most": 4, "asks_ages": True}
OPEN = {"audience": "everybody"}
PLANS = (
    Plan("wang", "sport", "职工羽毛球友谊赛", "不比输赢，活动筋骨。\n\n- 签到热身\n- 双打轮换", "扬子机械厂体育馆", 4, 19, 120, 24, more={"bring": "运动鞋、水杯"}),
    Plan("wang", "sport", "晚饭后健步走", "沿江走四公里，说说话。不用报名。", "北苍滨江步道东门", 2, 19, 70, None, repeats=6, more=OPEN),
    Plan("wang", "culture", "厂区老照片展", "六十年的厂，三百张照片。认出自己师傅的，欢迎留话。", "扬子机械厂展览廊", 1, 9, 480, None, more=OPEN),
    Plan("wang", "lecture", "加班费怎么算", "带上工资条，一条一条算给您看。", "扬子机械厂培训室", 6, 12, 60, 40),
    Plan("wang", "family", "铁皮小火车亲子手作", "一张铁皮，一把剪刀，一下午。", "扬子机械厂工匠工作室", 9, 14, 150, 32, more=FAMILY),
    Plan("wang", "health", "颈肩舒缓课", "坐着站着都能做，下班前半小时。", "扬子机械厂二楼活动室", 3, 17, 40, 20, repeats=4, more={"audience": "union"}),
    Plan("sun", "volunteer", "驿站志愿值守", "两个人一班，给进站歇脚的师傅添水、指路、登记报修。", "北苍街道劳动者驿站", 5, 9, 180, 2, repeats=3, labels=("上午班", "下午班", "晚班"), more={"bring": "穿舒服的鞋"}),
    Plan("sun", "theme", "骑手安全日", "免费检车、换头盔、练急救。路过就来。", "北苍街道总工会院内", 8, 13, 240, None, more=OPEN),
    Plan("sun", "lecture", "工伤认定，从受伤那天说起", "律师讲，现场问。", "北苍街道总工会会议室", 11, 19, 90, 60, more=OPEN),
    Plan("sun", "culture", "街坊歌咏会", "会不会唱都来，伴奏现成的。", "北苍街道文化站", 13, 19, 120, 50),
    Plan("sun", "family", "周末草地运动会", "跳绳、拔河、两人三足。", "北苍公园大草坪", 6, 9, 180, 80, more=FAMILY | OPEN),
    Plan("chen", "sport", "嘉岭区职工篮球联赛", "以队报名，每队五到八人。", "嘉岭区职工体育中心", 20, 9, 480, 64, more={"group": "team", "least": 5, "most": 8}),
    Plan("chen", "culture", "职工电影夜", "下班看场电影。看不了请早点退，让给别人。", "嘉岭区工人文化宫", 5, 19, 130, 180, more={"access": "有轮椅座，请在报名时告诉联系人。"}),
    Plan("chen", "friends", "青年职工周末联谊", "一起做一顿饭，认识新朋友。不配对、不打分，来去自由。", "嘉岭区工人文化宫厨房教室", 12, 10, 180, 24),
    Plan("chen", "visit", "走进新能源实训基地", "看产线、摸设备、问师傅。", "嘉岭区产教融合实训基地", 10, 9, 180, 30, more={"group": "union", "least": 5, "most": 15}),
    Plan("chen", "health", "女职工健康讲座", "两癌筛查怎么约、报告怎么看。", "嘉岭区总工会礼堂", 7, 15, 90, 120),
    Plan("chen", "sport", "太极晨练", "老师带，初学也跟得上。", "嘉岭公园东门", 1, 7, 50, None, repeats=8, more=OPEN),
    Plan("chen", "theme", "劳模开讲：一颗螺丝的二十年", "讲完现场拆装一台老机床。", "嘉岭区工人文化宫小剧场", 15, 19, 100, 150, more=OPEN),
    Plan("zhou", "family", "职工亲子家庭日", "上午手作坊，下午草地运动会。", "嘉州市职工文化公园", 16, 9, 420, 240, more=FAMILY | {"access": "场地平整，婴儿车、轮椅都能走。"}),
    Plan("zhou", "sport", "嘉州职工马拉松接力", "五人一队，每人八公里。", "嘉州江心岛环道", 30, 7, 300, 200, more={"group": "team", "least": 5, "most": 5}),
    Plan("zhou", "culture", "新年音乐会", "市交响乐团演出。名额用抽签，人人机会一样。", "嘉州大剧院", 28, 19, 120, 300, closes=14, more={"method": "draw", "is_first_timers_first": True, "has_waitlist": True}),
    Plan("zhou", "family", "极地海洋馆亲子专场", "闭馆后只为职工家庭开放。十点开抢，满了可以候补。", "嘉州极地海洋馆", 18, 18, 150, 60, opens=(1, 10), more=FAMILY),
    Plan("zhou", "study_tour", "工运研学：从老厂门到新车间", "跟着一条路线走，看前辈做工、护厂、办学的地方。", "扬子机械厂老厂门", 14, 9, 420, 40, repeats=2, more={"bring": "好走的鞋、水", "access": "第二站有二十级台阶，可以在车上等。", "cost_fen": 3000, "cost_words": "午餐，现场交给餐厅"}),
    Plan("zhou", "lecture", "新就业形态劳动者权益公开课", "平台接单的事，一次讲清楚。", "嘉州市工人文化宫报告厅", 9, 19, 90, 300, more=OPEN),
    Plan("zhou", "volunteer", "返乡列车服务队", "帮带孩子的、拎重物的工友一把。", "嘉州西站", 25, 8, 240, 12, labels=("早班", "午班")),
    Plan("zhou", "culture", "职工摄影外拍", "手机也行，老师改片。", "嘉州老码头", 11, 15, 150, 30),
    Plan("ma", "sport", "酒店职工乒乓球夜", "下了晚班也能打两局。", "江畔酒店员工活动室", 3, 21, 90, 16, repeats=3),
    Plan("ma", "culture", "香囊手作", "艾草、薄荷、陈皮，做一个带回家。", "江畔酒店培训室", 7, 15, 90, 20),
    Plan("ma", "lecture", "酒店英语一小时", "前台、客房、餐厅，常用一百句。", "江畔酒店培训室", 4, 15, 60, 25, repeats=4),
)  # fmt: skip
STOPS = (
    StopTerms(title="老厂门", after_minutes=0, stay_minutes=40, address="柳荫路 88 号", learnt="护厂的故事：机器是怎么保下来的", latitude=Decimal("29.5631"), longitude=Decimal("106.5512")),
    StopTerms(title="工人夜校旧址", after_minutes=70, stay_minutes=50, address="夜校巷 3 号", learnt="白天做工，晚上识字", latitude=Decimal("29.5664"), longitude=Decimal("106.5547")),
    StopTerms(title="劳模技师工作室", after_minutes=150, stay_minutes=70, address="扬子机械厂二车间", learnt="一把锉刀能有多准", latitude=Decimal("29.5622"), longitude=Decimal("106.5498")),
    StopTerms(title="智能装配线", after_minutes=270, stay_minutes=80, address="扬子机械厂新区", learnt="从图纸到机械臂", latitude=Decimal("29.5590"), longitude=Decimal("106.5601")),
)  # fmt: skip
COME = {"职工羽毛球友谊赛": ("lin", "wang"), "颈肩舒缓课": ("lin",), "香囊手作": ("zhao", "ma")}


def activities(world: World) -> None:
    """Arrange them through the doors an officer uses; some people have signed up."""
    for number, plan in enumerate(PLANS):
        made = _arranged(world, plan, number)
        for key in COME.get(plan.title, ()):
            pool = pool_of(made)
            if isinstance(admission_of(pool, world.accounts[key].pk), Admission):
                claim_made(pool, world.accounts[key].pk)


def _arranged(world: World, plan: Plan, number: int) -> Activity:
    actor, union = world.actor(plan.who), world.organisations[UNION[plan.who]]
    terms = ActivityTerms(
        kind=plan.kind, title=plan.title, words=plan.words, place=plan.place,
        contact_name=CONTACT[plan.who], contact_phone=f"023-1235-10{number:02d}", district_code=DISTRICT[plan.who], **plan.more,
    )  # fmt: skip
    made = activity_draft(
        actor=actor,
        organisation_id=union.pk,
        terms=terms,
        times=list(_times(plan)),
        key=f"demo-{number}",
    )
    if plan.kind == "study_tour":
        stops_set(actor=actor, activity_id=made.pk, stops=list(STOPS))
    published = activity_publish(actor=actor, activity_id=made.pk)
    if published.method == Pool.Method.DRAW:
        draws.announce(world, pool_of(published), arranger=plan.who)
    return published


def _times(plan: Plan) -> list[SessionTerms]:
    found = []
    for week in range(plan.repeats):
        for shift, label in enumerate(plan.labels):
            starts_at = _at(plan.days + 7 * week, plan.hour) + dt.timedelta(
                minutes=plan.minutes * shift
            )
            found.append(
                SessionTerms(
                    starts_at=starts_at,
                    ends_at=starts_at + dt.timedelta(minutes=plan.minutes),
                    label=label,
                    capacity=plan.capacity,
                    opens_at=_at(*plan.opens) if plan.opens else None,
                    closes_at=_at(plan.closes, 18) if plan.closes else None,
                )
            )
    return found


def _at(days: int, hour: int) -> dt.datetime:
    on = clock.today() + dt.timedelta(days=days)
    return dt.datetime.combine(on, dt.time(hour), tzinfo=SHANGHAI).astimezone(dt.UTC)
