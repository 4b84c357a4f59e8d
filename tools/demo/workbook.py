"""The workbook of members, as offices really send it: four sheets, four headers, and mistakes."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter

from lianxin.members.testing import birth_of, id_number_of, invented_id_number
from lianxin.orgs.testing import PEOPLE, TREE, WOMEN, invented_phone
from tools.demo.tree import Union
from tools.demo.words import (
    FORMS,
    GIVEN_1,
    GIVEN_2,
    JOBS,
    LEVELS,
    MINORITY,
    SURNAMES,
)

TODAY = dt.date(2026, 11, 22)
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
EPOCH = dt.date(1899, 12, 30)
# Of people who sign in, by key: their serial, so that numbers agree with the tests' federation.
SERIALS = {key: serial for serial, (key, *_rest) in enumerate(PEOPLE, start=1)}


@dataclass(slots=True)
class Person:
    """One invented worker, before the office's mistakes."""

    name: str
    id_number: str
    phone: str
    birth_on: dt.date
    is_woman: bool
    union: Union
    form: str
    job: str
    level: str
    joined_on: dt.date


@dataclass
class Mess:
    """How often, in ten thousand rows, an office gets something wrong; and how often it did."""

    chance: random.Random
    counts: dict[str, int] = field(default_factory=dict)

    def happens(self, what: str, of_10000: int) -> bool:
        """Decide and count."""
        if self.chance.randrange(10_000) >= of_10000:
            return False
        self.counts[what] = self.counts.get(what, 0) + 1
        return True


SHEETS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "区属单位",
        "嘉州市总工会会员实名制信息采集表（2026年）",
        ("序号", "姓名", "身份证号码", "手机号", "性别", "出生日期", "所属工会", "工作单位", "用工形式", "工种", "技能等级", "入会时间"),
    ),
    (
        "产业工会",
        "产业系统职工花名册",
        ("编号", "工会编码", "职工姓名", "证件类型", "证件号码（18位）", "联系电话", "岗位", "职业技能等级", "入会日期", "备注"),
    ),
    (
        "新就业形态",
        "新就业形态劳动者入会登记",
        ("*名 字", "身 份 证 号", "联系方式", "所在工会", "就业形态", "职业", "入会年月", "出生年月"),
    ),
    (
        "补报",
        "（补报）会员信息",
        ("会员姓名", "性别", "公民身份号码", "移动电话", "基层工会名称", "单位名称", "技术等级", "加入工会时间"),
    ),
)  # fmt: skip


def people(chance: random.Random, unions: list[Union], count: int) -> Iterator[Person]:
    """Yield the members: the named ones of the small federation first, then invented ones."""
    named = list(_named())
    yield from named
    weights = [chance.lognormvariate(3.4, 0.8) for _union in unions]
    taken: set[str] = set()
    for number, union in enumerate(chance.choices(unions, weights, k=count - len(named))):
        birth_on = dt.date(1964, 1, 1) + dt.timedelta(days=chance.randrange(15_300))
        is_woman = chance.random() < 0.46
        id_number = ""
        while not id_number or id_number in taken:
            serial = 2 * chance.randrange(50, 500) + (not is_woman)
            id_number = invented_id_number(birth_on, serial)
        taken.add(id_number)
        begun = max(birth_on + dt.timedelta(days=18 * 366), dt.date(1998, 1, 1))
        days = max((TODAY - begun).days, 1)
        yield Person(
            name=_name(chance),
            id_number=id_number,
            phone=f"1690{number:07d}",
            birth_on=birth_on,
            is_woman=is_woman,
            union=union,
            form=chance.choice(FORMS),
            job=chance.choice(JOBS),
            level=chance.choice(LEVELS),
            joined_on=begun + dt.timedelta(days=chance.randrange(days)),
        )


def write(path: Path, chance: random.Random, unions: list[Union], count: int) -> dict[str, int]:
    """Write the workbook; return how often each mistake was made."""
    mess = Mess(chance)
    sheets: list[list[Person]] = [[], [], [], []]
    for person in people(chance, unions, count):
        sheets[_sheet_of(person, chance)].append(person)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy/m/d"})
        bold = book.add_format({"bold": True, "align": "center"})
        for (name, title, headers), rows in zip(SHEETS, sheets, strict=True):
            page = book.add_worksheet(name)
            page.merge_range(0, 0, 0, len(headers) - 1, title, bold)
            page.write_row(1, 0, ["填报单位：嘉州市总工会", "", "", "填报时间：2026年11月"])
            page.write_row(3, 0, headers, bold)
            _fill(page, headers, _with_repeats(rows, mess), mess, day)
    return mess.counts


def _fill(page: Any, headers: tuple[str, ...], rows: list[Person], mess: Mess, day: Any) -> None:
    at = 4
    for number, person in enumerate(rows, start=1):
        for column, cell in enumerate(_cells(headers, number, person, mess)):
            if isinstance(cell, dt.date):
                page.write_datetime(at, column, dt.datetime.combine(cell, dt.time()), day)
            elif cell != "":
                page.write(at, column, cell)
        at += 1
        if mess.happens("blank_line", 8):
            at += 1
    page.write_row(at + 1, 0, [f"合计：{len(rows)}人", "", "填表人：张三", "审核人：李四"])


def _with_repeats(rows: list[Person], mess: Mess) -> list[Person]:
    out = []
    for person in rows:
        out.append(person)
        if person.phone.startswith("1690") and mess.happens("duplicate", 120):
            out.append(person)
    return out


def _cells(headers: tuple[str, ...], number: int, person: Person, mess: Mess) -> list[Any]:
    is_named = not person.phone.startswith("1690")
    values = {
        "number": number,
        "name": person.name if is_named else _messy_name(person.name, mess),
        "id": person.id_number if is_named else _messy_id(person, mess),
        "phone": person.phone if is_named else _messy_phone(person.phone, mess),
        "sex": "女" if person.is_woman else "男",
        "birth": _messy_birth(person.birth_on, mess, is_named=is_named),
        "code": person.union.code,
        # A code where streets of several districts share a name; the column takes either.
        "union": person.union.code if is_named else _messy_union(person.union.name, mess),
        "employer": person.union.employer,
        "form": person.form,
        "job": person.job,
        "level": person.level,
        "joined": _messy_date(person.joined_on, mess),
        "kind": "居民身份证",
        "note": "",
    }
    return [values[_MEANS[header]] for header in headers]


_MEANS = {
    "序号": "number", "编号": "number", "姓名": "name", "职工姓名": "name", "*名 字": "name",
    "会员姓名": "name", "身份证号码": "id", "证件号码（18位）": "id", "身 份 证 号": "id",
    "公民身份号码": "id", "手机号": "phone", "联系电话": "phone", "联系方式": "phone", "移动电话": "phone",
    "性别": "sex", "出生日期": "birth", "出生年月": "birth", "所属工会": "union", "所在工会": "union",
    "基层工会名称": "union", "工会编码": "code", "工作单位": "employer", "单位名称": "employer",
    "用工形式": "form", "就业形态": "form", "工种": "job", "岗位": "job", "职业": "job",
    "技能等级": "level", "职业技能等级": "level", "技术等级": "level", "入会时间": "joined",
    "入会日期": "joined", "入会年月": "joined", "加入工会时间": "joined", "证件类型": "kind", "备注": "note",
}  # fmt: skip


def _sheet_of(person: Person, chance: random.Random) -> int:
    if person.union.is_industry:
        return 1
    if person.form in {"灵活就业", "新就业形态"}:
        return 2
    return 3 if chance.random() < 0.06 else 0


def _named() -> Iterator[Person]:
    """Yield the people of the small federation who belong to a union; Tang, a courier, does not."""
    unions = {
        key: Union(code, name, name.removesuffix("工会"), is_industry=False)
        for key, _parent, code, _level, name in TREE
    }
    for key, name, place, _role, _reach in PEOPLE:
        if place:
            yield Person(
                name=name,
                id_number=id_number_of(key),
                phone=invented_phone(SERIALS[key]).removeprefix("+86"),
                birth_on=birth_of(key),
                is_woman=key in WOMEN,
                union=unions[place],
                form="劳动合同",
                job="车工" if key == "lin" else "服务员" if key == "zhao" else "工会干事",
                level="中级工" if key == "lin" else "",
                joined_on=dt.date(2015, 3, 1),
            )


def _name(chance: random.Random) -> str:
    if chance.random() < 0.004:
        return chance.choice(MINORITY)
    second = chance.choice(GIVEN_2) if chance.random() < 0.8 else ""
    return chance.choice(SURNAMES) + chance.choice(GIVEN_1) + second


def _messy_name(name: str, mess: Mess) -> str:
    if mess.happens("name_missing", 10):
        return ""
    if len(name) == 2 and mess.happens("name_spaced", 2500):
        return f"{name[0]}　{name[1]}"
    return f" {name} " if mess.happens("name_padded", 200) else name


def _messy_id(person: Person, mess: Mess) -> str | int:
    number = person.id_number
    mistakes: tuple[tuple[str, int, str | int], ...] = (
        ("id_missing", 12, ""),
        ("id_check_digit", 60, number[:17] + ("1" if number[17] != "1" else "2")),
        ("id_date", 10, f"{number[:10]}1332{number[14:]}"),
        ("id_length", 15, number[:17]),
        ("id_cut_off", 10, int(number[:15]) * 1000),
        ("id_full_width", 250, number.translate(FULL_WIDTH)),
        ("id_spaced", 200, f"{number[:6]} {number[6:14]} {number[14:]}"),
    )
    for what, of_10000, written in mistakes:
        if mess.happens(what, of_10000):
            return written
    return number.lower()


def _messy_phone(phone: str, mess: Mess) -> str | int:
    if mess.happens("phone_missing", 250):
        return ""
    if mess.happens("phone_form", 30):
        return phone[:-1]
    if mess.happens("phone_spaced", 400):
        return f"{phone[:3]} {phone[3:7]} {phone[7:]}"
    if mess.happens("phone_plus", 200):
        return f"+86-{phone}"
    if mess.happens("phone_full_width", 150):
        return phone.translate(FULL_WIDTH)
    return int(phone) if mess.happens("phone_number", 3000) else phone


def _messy_union(name: str, mess: Mess) -> str:
    if mess.happens("union_unknown", 15):
        return f"{name[:-2]}分会"
    return "" if mess.happens("union_missing", 5) else name


def _messy_birth(birth_on: dt.date, mess: Mess, *, is_named: bool) -> Any:
    if not is_named and mess.happens("birth_differs", 20):
        birth_on += dt.timedelta(days=31)
    return _messy_date(birth_on, mess)


def _messy_date(day: dt.date, mess: Mess) -> Any:
    form = mess.chance.randrange(10)
    if form < 4:
        return day
    if form < 6:
        return f"{day.year}-{day.month:02d}-{day.day:02d}"
    if form < 7:
        return f"{day.year}年{day.month}月{day.day}日"
    if form < 8:
        return f"{day.year}.{day.month}.{day.day}"
    return (day - EPOCH).days if form < 9 else f"{day:%Y%m%d}"
