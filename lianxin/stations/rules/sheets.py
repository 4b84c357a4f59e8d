"""Tables of stations as offices keep them: titles under many names, rows that say a station or why not. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lianxin.kit.text import clean
from lianxin.stations.rules.codes import code_is_valid
from lianxin.stations.rules.filling import WORK, LineError, week_of_lines
from lianxin.stations.rules.hours import HOLIDAY, MAKE_UP, WEEKDAYS, HoursError, Spans
from lianxin.stations.rules.places import Datum, Point, to_wgs84

Row = Sequence[Any]
HEAD_ROWS = 10
LONGEST = 400
# Field to the titles it stands under; compared without blanks, marks and case.
TITLES: dict[str, tuple[str, ...]] = {
    "code": ("code", "编号", "驿站编号", "站点编号", "站点代码"),
    "name": ("name", "名称", "驿站名称", "站点名称", "驿站"),
    "union": ("union_code", "工会编码", "管理工会编码", "所属工会编码", "工会代码"),
    "kind": ("kind", "类型", "站点类型", "类别"),
    "division_code": ("division_code", "district_code", "行政区划代码", "区划代码"),
    "district_name": ("district", "district_name", "区县", "所在区县", "区"),
    "street_name": ("street", "street_name", "街道", "乡镇", "街道乡镇", "街镇"),
    "address": ("address", "地址", "详细地址", "站点地址"),
    "door": ("door", "入口", "入口说明", "进门方式"),
    "phone": ("phone", "电话", "联系电话", "站点电话"),
    "latitude": ("latitude", "lat", "纬度"),
    "longitude": ("longitude", "lng", "lon", "经度"),
    "facilities": ("facilities", "设施", "服务设施", "配备设施", "服务项目"),
    "always": ("always_open", "24小时", "是否24小时", "24小时开放"),
}
_HOURS = {
    WORK: ("hours", "开放时间", "工作日开放时间", "工作日", "周一至周五"),
    "6": ("hours_6", "周六", "周六开放时间"),
    "7": ("hours_7", "周日", "周日开放时间"),
    HOLIDAY: ("hours_holiday", "节假日", "节假日开放时间", "法定节假日"),
    MAKE_UP: ("hours_make_up", "调休", "调休工作日"),
    **{day: (f"hours_{day}",) for day in WEEKDAYS[:5]},
}
_YES = {"1", "是", "yes", "true", "√", "y"}


def _plain(text: object) -> str:
    return re.sub(r"[\s（）()：:*＊/_—-]+", "", str(text)).casefold()


_FIELD_OF = {_plain(title): name for name, titles in TITLES.items() for title in titles}
for _line, _titles in _HOURS.items():
    for _title in _titles:
        _FIELD_OF[_plain(_title)] = f"a:{_line}"
        _FIELD_OF[_plain(f"{_title}_unattended")] = f"u:{_line}"
        _FIELD_OF[_plain(f"{_title}（无人值守）")] = f"u:{_line}"
_FIELD_OF[_plain("无人值守时间")] = f"u:{WORK}"


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the titles stand, and which column holds what."""

    at: int
    places: Mapping[str, int]


class RowError(ValueError):
    """A row that cannot be taken; `code` says why, `piece` what exactly."""

    def __init__(self, code: str, piece: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.piece = piece[:60]


@dataclass(frozen=True, slots=True)
class Draft:
    """A station as a row tells it: only what the table has columns for."""

    values: Mapping[str, Any]
    week: Mapping[str, Spans] | None = None
    unknown: tuple[str, ...] = field(default_factory=tuple)

    @property
    def code(self) -> str:
        return str(self.values.get("code", ""))

    @property
    def union(self) -> str:
        return str(self.values.get("union", ""))


def columns_of(rows: Sequence[Row]) -> Columns | None:
    """Find the titles: the first row that names a station's name and at least one thing more."""
    for at, row in enumerate(rows[:HEAD_ROWS]):
        places: dict[str, int] = {}
        for place, cell in enumerate(row):
            name = _FIELD_OF.get(_plain(cell))
            if name is not None:
                places.setdefault(name, place)
        if "name" in places and len(places) >= 2:
            return Columns(at, places)
    return None


def is_empty(row: Row) -> bool:
    return not any(str(cell).strip() for cell in row)


def draft_of(row: Row, columns: Columns, *, datum: Datum, words: Mapping[str, str]) -> Draft:
    """Understand a row; `words` turns the names of facilities and kinds into their codes.

    Raises:
        RowError: something in it cannot be right.
    """
    said = {name: _text(row, place) for name, place in columns.places.items()}
    if not said["name"]:
        raise RowError("name")
    code = said.get("code", "")
    if code and not code_is_valid(code):
        raise RowError("code", code)
    values: dict[str, Any] = {
        name: said[name]
        for name in (
            "code", "name", "union", "division_code", "district_name", "street_name", "address",
            "door", "phone",
        )
        if name in said
    }  # fmt: skip
    if said.get("kind"):
        kind = words.get(f"kind:{said['kind'].casefold()}", "")
        if not kind:
            raise RowError("kind", said["kind"])
        values["kind"] = kind
    values |= _position(said, datum)
    unknown: list[str] = []
    if "facilities" in said:
        values["facilities"] = _facilities(said["facilities"], words, unknown)
    return Draft(values, _week(said), tuple(unknown))


def _text(row: Row, place: int) -> str:
    cell = row[place] if place < len(row) else ""
    if isinstance(cell, float) and math.isfinite(cell) and cell == int(cell) and abs(cell) < 1e15:
        cell = int(cell)
    return clean(str(cell))[:LONGEST]


def _position(said: Mapping[str, str], datum: Datum) -> dict[str, int]:
    latitude, longitude = said.get("latitude", ""), said.get("longitude", "")
    if not latitude and not longitude:
        return {}
    try:
        point = Point(float(latitude), float(longitude))
    except ValueError:
        raise RowError("position", f"{latitude} {longitude}") from None
    if not (abs(point.latitude) <= 90 and abs(point.longitude) <= 180):
        raise RowError("position", f"{latitude} {longitude}")
    north, east = to_wgs84(point, datum).e6()
    return {"latitude_e6": north, "longitude_e6": east}


def _facilities(said: str, words: Mapping[str, str], unknown: list[str]) -> tuple[str, ...]:
    found = []
    for word in re.split(r"[\s、，,;；|]+", said):
        code = words.get(f"facility:{word.casefold()}", "")
        if code:
            found.append(code)
        elif word:
            unknown.append(word)
    return tuple(dict.fromkeys(found))


def _week(said: Mapping[str, str]) -> dict[str, Spans] | None:
    """Read the hours; None where the table has no column for them, or leaves them all empty."""
    attended = {name[2:]: text for name, text in said.items() if name.startswith("a:")}
    unattended = {name[2:]: text for name, text in said.items() if name.startswith("u:")}
    is_always = said.get("always", "").casefold() in _YES
    if not is_always and not any([*attended.values(), *unattended.values()]):
        return None
    if WORK in attended or WORK in unattended:
        # One column for the whole week is the common case: a weekend without one of its own follows.
        for day in ("6", "7"):
            if day not in attended and day not in unattended:
                attended[day] = attended.get(WORK, "")
                unattended[day] = unattended.get(WORK, "")
    try:
        return week_of_lines(attended, unattended, is_always=is_always)
    except LineError as error:
        raise RowError("hours", error.piece) from None
    except HoursError as error:
        raise RowError("hours", error.piece) from None
