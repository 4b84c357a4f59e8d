"""What is over in the demo: an evening people said a word about, a shift somebody helped in, all of it invented."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from lianxin.activities.api import (
    Activity,
    ActivityTerms,
    SessionTerms,
    activity_draft,
    activity_publish,
)
from lianxin.activities.testing import (
    album_made,
    asked_about,
    plan_line_made,
    plan_published,
    pool_of,
)
from lianxin.allocation.testing import claim_made
from lianxin.kit import clock
from lianxin.kit.testing import stopped_clock
from lianxin.kit.workdays import SHANGHAI
from tools.demo.people import World

CAME = ("lin", "wang", "sun", "chen", "guo", "zhou", "ma")
# Lin has not answered: her letter waits in the inbox.
SAID = {
    "wang": ("good", "伴奏好，座位再多摆十把"),
    "sun": ("good", ""),
    "chen": ("good", "下次能不能早半小时，赶得上末班车"),
    "guo": ("fair", "话筒有点响"),
    "zhou": ("good", ""),
    "ma": ("poor", "找了二十分钟才找到门"),
}
# month, what, kind, for how many, for how many yuan, whether the evening is what came of it
YEAR = (
    (3, "女职工健康讲座", "health", 80, 2000, False),
    (4, "春季健步走", "sport", 200, 3000, False),
    (6, "包粽子、编香囊", "culture", 60, 1800, False),
    (7, "高温天送清凉", "theme", 300, 12000, False),
    (9, "新员工师徒结对", "friends", 40, 800, False),
    (10, "厂区运动会", "sport", 400, 15000, False),
    (11, "秋夜读诗会", "culture", 30, 600, True),
    (12, "年终联欢", "culture", 350, 20000, False),
)
BEFORE, AGO = 6, 3  # days before today: signed up, took place


def evenings(world: World) -> None:
    """Walk an evening from its publication to what was said of it, and a shift to its end."""
    today = clock.today()
    with stopped_clock(_at(today, -BEFORE, 9)) as hands:
        evening = _arranged(
            world,
            {
                "kind": "culture",
                "title": "秋夜读诗会",
                "words": "一人一首，读自己喜欢的。不会读的来听。",
            },
            _time(_at(today, -AGO, 19), 90, 30),
        )
        helped = _arranged(
            world,
            {"kind": "volunteer", "title": "周末驿站值守", "words": "给进站歇脚的师傅添水、指路。"},
            _time(_at(today, -AGO, 9), 180, 2),
        )
        for key in CAME:
            claim_made(pool_of(evening), world.accounts[key].pk)
        claim_made(pool_of(helped), world.accounts["lin"].pk)
        _planned(world, today.year, evening)
        hands.set(_at(today, 1 - AGO, 10))
        album_made(
            evening,
            [_lanterns(number) for number in range(3)],
            actor=world.actor("wang"),
            alt="灯笼下，大家围坐着读诗",
        )
        asked_about(evening, {world.accounts[key].pk: said for key, said in SAID.items()})  # fmt: skip


def _arranged(world: World, said: dict[str, Any], time: SessionTerms) -> Activity:
    actor = world.actor("wang")
    made = activity_draft(
        actor=actor,
        organisation_id=world.organisations["yangtze"].pk,
        terms=ActivityTerms(
            place="扬子机械厂职工之家", district_code="JZ-JL", contact_name="王建国",
            contact_phone="023-1235-1001", audience="everybody", **said,
        ),
        times=[time],
        key=f"demo-over-{said['kind']}",
    )  # fmt: skip
    return activity_publish(actor=actor, activity_id=made.pk)


def _planned(world: World, year: int, evening: Activity) -> None:
    """Write the year of Lin's union, published, and the year before it."""
    for month, title, kind, people, yuan, came_of in YEAR:
        activity = evening if came_of else None
        for one in (year - 1, year):
            plan_line_made(
                world.organisations["yangtze"], actor=world.actor("wang"), year=one, month=month, title=title, kind=kind,
                people=people, budget_fen=yuan * 100, activity=activity if one == year else None,
            )  # fmt: skip
    plan_published(world.organisations["yangtze"], actor=world.actor("wang"), year=year)


def _lanterns(number: int) -> SimpleUploadedFile:
    """Paint a row of lanterns in the evening: nobody is to be seen in a picture nobody took."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (960, 640), ("#1d2433", "#2b2230", "#20302c")[number % 3])
    brush = ImageDraw.Draw(picture)
    brush.rectangle((0, 470, 960, 640), fill="#4a3526")
    for at in range(5):
        left, top = 60 + at * 180, 90 + (at * 53 + number * 37) % 120
        brush.line((left + 50, 0, left + 50, top), fill="#8a7a5a", width=3)
        brush.ellipse((left, top, left + 100, top + 130), fill="#e0792f" if at % 2 else "#d8452f")
        brush.ellipse((left + 28, top + 32, left + 72, top + 98), fill="#f7c66b")
    held = io.BytesIO()
    picture.save(held, "PNG")
    return SimpleUploadedFile(f"lanterns-{number}.png", held.getvalue(), "image/png")


def _time(starts_at: dt.datetime, minutes: int, capacity: int) -> SessionTerms:
    ends_at = starts_at + dt.timedelta(minutes=minutes)
    return SessionTerms(starts_at=starts_at, ends_at=ends_at, capacity=capacity)


def _at(today: dt.date, days: int, hour: int) -> dt.datetime:
    on = today + dt.timedelta(days=days)
    return dt.datetime.combine(on, dt.time(hour), tzinfo=SHANGHAI).astimezone(dt.UTC)
