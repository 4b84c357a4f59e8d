"""Stations over the demo city: squares, markets, petrol stations; some in trouble, one being mended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from lianxin.kit import clock
from lianxin.orgs.api import Level, Organisation
from lianxin.stations.api import Entry, Station, station_found, station_shut, trouble_answer
from lianxin.stations.testing import HERE, Point, Week, days_set, hours_of, told_by
from tools.demo.people import World
from tools.demo.words import DISTRICTS

# What every station has that is run as one, and what most have beside.
RUN = "sign fixed equipped rules staff mapped"
BASIC = f"{RUN} room table microwave water climate charging wifi"
FULL = f"{BASIC} fridge medicine toilet books umbrella pressure"


@dataclass(frozen=True)
class Site:
    """What is alike at all stations of a sort: `name` takes the street's."""

    name: str
    kind: str
    attended: str
    unattended: str = ""
    days: dict[str, str] = field(default_factory=dict)
    has: str = BASIC
    door: str = ""

    def week(self) -> Week:
        return hours_of(self.attended, self.unattended, **self.days)


SITES = (
    Site("{}人民广场驿站", "station", "8:00-21:00", has=f"{FULL} step_free mother"),
    Site("{}汽车站智慧驿站", "smart", "8:00-18:00", "18:00-8:00", has=f"{FULL} ebike kiosk aed", door="有人值守时直接进；晚上按门边的绿色按钮，门自己开，不用下载任何东西。"),
    Site("{}加油站驿站", "shared", "24h", has="sign table water climate charging toilet parking umbrella", door="便利店里面右手边，跟店员说一声就行。"),
    Site("{}农贸市场驿站", "station", "5:00-11:00, 15:00-20:00", has=f"{BASIC} toilet parking"),
    Site("{}商圈骑手驿站", "station", "10:00-2:00", has=f"{FULL} ebike parking tools"),
    Site("{}银行网点驿站", "shared", "9:00-17:00", days={"d6": "9:30-16:00", "d7": "", "holiday": ""}, has="sign table water climate charging wifi medicine umbrella step_free", door="大厅左侧玻璃门，跟大堂经理说来歇脚。"),
    Site("{}环卫工人驿站", "station", "4:30-20:30", has=f"{FULL} tools"),
    Site("{}公园南门驿站", "station", "8:00-20:00", has=f"{BASIC} toilet medicine umbrella aed"),
    Site("{}职工书屋", "reading", "9:00-12:00, 14:00-20:30", days={"d1": ""}, has="sign fixed room table water climate charging wifi books toilet step_free"),
    Site("{}社区职工之家", "home", "9:00-17:30", days={"d6": "9:00-12:00", "d7": "", "holiday": ""}, has=f"{FULL} print legal step_free tv", door="社区服务中心二楼，有电梯。"),
    Site("{}快递园区驿站", "station", "7:00-23:00", has=f"{FULL} shower ebike parking"),
    Site("{}流动服务车", "mobile", "11:00-14:30, 17:00-20:00", has="sign staff water climate charging medicine umbrella", door="车停在路口公交站旁，车门开着就能上。"),
)  # fmt: skip
# At the gates of Lin's and Zhao's workplaces: whose, in which street.
GATES = (
    ("yangtze", "beicang", Site("扬子机械厂东门驿站", "station", "7:00-22:00", "22:00-7:00", has=f"{FULL} ebike parking", door="东门岗亭旁，外来骑手、环卫工人都可以进。")),
    ("riverside", "jiangwan", Site("江畔酒店后门驿站", "station", "7:00-23:00", has=f"{FULL} ebike parking", door="员工通道左边第一间。")),
)  # fmt: skip
FEW, MANY = 2, 6  # stations of a district; the two that have people in the demo have more
LOCKED, NO_WATER, SHUT = "柳荫汽车站智慧驿站", "清溪农贸市场驿站", "新民公园南门驿站"
UNKNOWN = (18, 1)  # of one in a far county nobody has written the hours down


def load(world: World) -> int:
    """Write them down as the city's officer does; then let things happen at some."""
    made = {}
    for union, entry, week in _all(world):
        station = station_found(
            actor=world.actor("zhou"), organisation=union, entry=entry, week=week
        )
        made[entry.name] = station
    _happen(world, made)
    return len(made)


def _all(world: World) -> Iterator[tuple[Organisation, Entry, Week]]:
    """Yield those at the gates of Lin's and Zhao's workplaces, then those of each district."""
    for number, (key, street, site) in enumerate(GATES):
        entry = _entry(
            site, site.name, world.organisations[street], address="工人路 9 号", number=number, at=9
        )
        yield world.organisations[key], entry, site.week()
    for number, (code, _name) in enumerate(DISTRICTS):
        yield from _of_district(number, code)


def _happen(world: World, made: dict[str, Station]) -> None:
    """Let people meet a locked door and an empty water machine, one be rebuilt, one be answered."""
    for teller in ("one", "other"):
        told_by(made[LOCKED], teller)
    told_by(made[NO_WATER], "one", kind="no_water")
    told = told_by(made[GATES[0][2].name], "one", kind="dirty")
    if told.trouble:
        trouble_answer(
            actor=world.actor("wang"),
            trouble_id=told.trouble.pk,
            found="so",
            answer="垃圾桶满了，已经清走，下午再加一个桶。",
            is_open_now=True,
        )
    station_shut(
        actor=world.actor("zhou"),
        station_id=made[SHUT].pk,
        reason="refit",
        words="加装淋浴间，这些天请去柳荫环卫工人驿站。",
        ends_at=clock.now() + dt.timedelta(days=9),
    )
    first_on = clock.today() + dt.timedelta(days=6)
    days_set(
        actor=world.actor("zhou"),
        station_id=made[GATES[1][2].name].pk,
        first_on=first_on,
        last_on=first_on + dt.timedelta(days=2),
        spans=hours_of("24h")["1"],
        reason="cold",
        words="降温，整夜有人值守，有热水和姜茶。",
    )


def _of_district(number: int, code: str) -> Iterator[tuple[Organisation, Entry, Week]]:
    below = Organisation.objects.filter(code__startswith=f"JZ-{code}-", level=Level.STREET)
    streets = list(below.order_by("code"))
    for at in range(MANY if number < len(GATES) else FEW):
        street, site = streets[at % len(streets)], SITES[(number * 5 + at) % len(SITES)]
        called = street.name.removesuffix("街道总工会")
        # The same market stands in several districts; a name is there once.
        name = site.name.format(called if number < len(GATES) else DISTRICTS[number][1] + called)
        address = f"{called}街 {11 + 7 * at + 2 * number} 号"
        is_known = (number, at) != UNKNOWN
        yield (
            street,
            _entry(site, name, street, address=address, number=number, at=at),
            site.week() if is_known else {},
        )


def _entry(
    site: Site, name: str, street: Organisation, *, address: str, number: int, at: int
) -> Entry:
    spot = _spot(number, at)
    latitude, longitude = spot.e6()
    return Entry(
        name=name,
        kind=site.kind,
        division_code=f"9901{number + 1:02d}",
        district_name=DISTRICTS[number][1],
        street_name=street.name.removesuffix("总工会"),
        address=address,
        phone="12351",
        door=site.door,
        latitude_e6=latitude,
        longitude_e6=longitude,
        facilities=tuple(site.has.split()),
    )


def _spot(number: int, at: int) -> Point:
    """Scatter the stations of a district around its middle, the districts side by side."""
    row, column = divmod(number, 6)
    north = 0.11 * row + 0.004 * (at * 7 % 11) - 0.02
    east = 0.13 * column + 0.005 * (at * 5 % 13) - 0.03
    return Point(HERE.latitude + north, HERE.longitude + east)
