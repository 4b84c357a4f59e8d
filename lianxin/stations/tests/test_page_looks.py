"""The pages in a real browser: no barrier, nothing too small, in light, dark, large, two languages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.stations.models import SpecialDays, Station
from lianxin.stations.rules.places import Datum, Point
from lianxin.stations.services import kiosk_invite, station_shut, trouble_answer
from lianxin.stations.services.importing import import_receive
from lianxin.stations.testing import HERE, station_make, told_by, week_of
from lianxin.ui.testing import Look, chromium, fit_for_everyone, visits

pytestmark = pytest.mark.looks

LOOKS = [
    Look(360, "light", "normal", "zh-hans"),
    Look(360, "dark", "large", "en"),
    Look(1280, "dark", "large", "zh-hans"),
    Look(1280, "light", "normal", "en"),
]
EVERYTHING = ["room", "table", "microwave", "water", "climate", "fridge", "medicine", "toilet", "charging", "ebike", "wifi", "aed", "mother", "parking", "sign", "fixed", "staff"]  # fmt: skip


TABLE = """编号,名称,区划代码,区县,地址,开放时间,设施
JZ-001,北苍驿站,990101,嘉岭区,人民路 1 号,9:00-21:00,饮水机
JL-201,火车站北广场驿站,990101,嘉岭区,站前路 2 号,全天,饮水机、金库
JL-202,,990101,嘉岭区,站前路 3 号,全天,
JL-203,菜市场驿站,990101,嘉岭区,和平街 9 号,早上到晚上,
"""


@pytest.fixture
def stage(town, hands):
    return town, _set_the_stage(town, hands)


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


def _set_the_stage(town, hands) -> dict[str, list[tuple[str, str]]]:
    union = town.organisation("yangtze")
    first = station_make(
        union, week=week_of("8:00-22:00", "22:00-8:00", d7="9:00-17:00", holiday=""), facilities=EVERYTHING,
        door="从银行大厅左侧的玻璃门进，晚上扫门上的码或按铃。",
    )  # fmt: skip
    for number, (name, kind) in enumerate(
        [
            ("人民路东口快递员之家暖心驿站", "station"),
            ("江湾加油站驿站", "shared"),
            ("体育馆智慧驿站", "smart"),
            ("北苍流动服务车", "mobile"),
        ]
    ):
        made = station_make(
            union, name, code=f"JZ-10{number}", kind=kind, point=Point(HERE.latitude + 0.01 * number, HERE.longitude + 0.017 * (number % 3)),
            week=week_of(["8:00-22:00", "13:00-15:00", "24h", "8:00-20:00"][number]), facilities=EVERYTHING[: 3 * number],
        )  # fmt: skip
        if number == 0:
            for teller in "ab":
                told_by(made, teller)
        if number == 3:
            until = hands.read() + dt.timedelta(days=9)
            station_shut(
                actor=town.actor("wang"),
                station_id=made.pk,
                reason="repair",
                words="换空调，去体育馆驿站。",
                ends_at=until,
            )
    answered = told_by(first, "z").trouble
    hands.move(minutes=25)
    trouble_answer(
        actor=town.actor("wang"),
        trouble_id=answered.pk,
        found="so",
        answer="值守人员换班晚到，门已开。",
        is_open_now=True,
    )
    running = told_by(first, "a", kind="no_water").trouble
    hands.move(minutes=20)
    told_by(first, "b")
    today = hands.read().date()
    SpecialDays.objects.create(
        station=first,
        first_on=today + dt.timedelta(days=3),
        last_on=today + dt.timedelta(days=5),
        reason="event",
        words="开运动会",
    )
    waiting = kiosk_invite(actor=town.actor("wang"), station_id=first.pk, label="门口", key="looks")
    sent = import_receive(
        actor=town.actor("wang"),
        organisation=union,
        upload=SimpleUploadedFile("全区驿站一览表（2026年11月）.csv", TABLE.encode()),
        datum=Datum.GCJ02,
    )
    return {
        "": [
            ("list", reverse("stations:station_list")),
            ("search", reverse("stations:station_list") + "?q=驿站"),
            ("district", reverse("stations:station_district", args=["990101"])),
            ("wishes", reverse("stations:station_district", args=["990101"]) + "?open=1&has=ebike"),
            ("page", reverse("stations:station_page", args=["JZ-001"])),
            ("locked", reverse("stations:station_page", args=["JZ-100"])),
            ("report", reverse("stations:station_report", args=["JZ-001"])),
            ("open-data", reverse("stations:open_data")),
        ],
        "wang": [
            ("desk", reverse("stations:desk_list")),
            *(
                (f"desk-{name}", reverse(f"stations:station_{name}", args=["JZ-001"]))
                for name in ("edit", "hours", "days", "keepers", "end")
            ),
            ("desk-new", reverse("stations:station_new")),
            ("import-new", reverse("stations:import_new")),
            ("import", reverse("stations:import_one", args=[sent.pk])),
            ("desk-station", reverse("stations:station_desk", args=["JZ-001"])),
            ("desk-shut", reverse("stations:station_desk", args=["JZ-103"])),
            ("trouble", reverse("stations:trouble", args=[running.pk])),
            ("desk-kiosks", reverse("stations:station_kiosks", args=["JZ-001"])),
            ("desk-kiosk-code", reverse("stations:kiosk_code", args=["JZ-001", waiting.pk])),
        ],
        "kiosk": [("kiosk-start", reverse("accounts:kiosk"))],
    }  # fmt: skip


def _kiosk_cookie(town) -> str:
    """Pair a screen with the first station, and return what it is known by."""
    station = Station.objects.get(code="JZ-001")
    code = kiosk_invite(
        actor=town.actor("wang"), station_id=station.pk, label="大厅", key="screen"
    ).code
    screen = Client()
    screen.get(reverse("accounts:kiosk_set_up"))
    screen.post(reverse("accounts:kiosk_set_up"), {"key": code})
    return screen.cookies["lx_kiosk"].value


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_is_open_to_everybody(stage, live_server, browser, client, look):
    """Slow: a browser draws a dozen pages and axe reads each."""
    town, addresses = stage
    with visits(browser, live_server.url, look) as page_of:
        for who, pages in addresses.items():
            if who == "kiosk":
                continue
            if who:
                sign_in(client, town.account(who), second_factor=True)
            page = page_of(client.cookies[settings.SESSION_COOKIE_NAME].value if who else "")
            for name, address in pages:
                page.goto(address)
                fit_for_everyone(page, look, f"stations-{name}")
        page = page_of("")
        page.goto(reverse("stations:station_report", args=["JZ-102"]))
        page.locator("main form button").first.click()
        page.wait_for_url("**/told/**")
        fit_for_everyone(page, look, "stations-told")
        if look in LOOKS[1:3]:
            page.context.add_cookies(
                [{"name": "lx_kiosk", "value": _kiosk_cookie(town), "url": live_server.url}]
            )
            for name, address in addresses["kiosk"]:
                page.goto(address)
                fit_for_everyone(page, look, f"stations-{name}")
