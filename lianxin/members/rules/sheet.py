"""Reading rolls as people really write them: which column is what, and what a cell means.

Offices send workbooks with merged titles, headers of their own, full-width digits, dates in four
forms, numbers typed as numbers. Nothing here touches a file or a database: rows of cells go in,
drafts or a reason to reject come out.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lianxin.members.rules.identity import (
    Identity,
    IdentityError,
    IdKind,
    IdProblem,
    identity_of,
)
from lianxin.members.rules.people import is_name, mobile_of, name_of

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None
Row = Sequence[Cell]

HEADERS: dict[str, frozenset[str]] = {
    "name": frozenset(
        "姓名 职工姓名 会员姓名 员工姓名 本人姓名 名字 职工 会员 name fullname membername".split()
    ),
    "id_number": frozenset(
        "身份证 身份证号 身份证号码 居民身份证号 居民身份证号码 公民身份号码 证件号 证件号码 身份证件号码 "
        "有效证件号码 idnumber idno id identitynumber idcard".split()
    ),
    "id_kind": frozenset("证件类型 证件种类 身份证件类型 idtype idkind".split()),
    "phone": frozenset(
        "手机 手机号 手机号码 手机电话 联系电话 联系方式 电话 电话号码 移动电话 本人手机 phone mobile tel "
        "phonenumber mobilephone".split()
    ),
    "sex": frozenset("性别 sex gender".split()),
    "birth_on": frozenset("出生日期 出生年月 出生年月日 出生时间 生日 birthday birthdate dateofbirth".split()),
    "union_code": frozenset(
        "工会编码 工会代码 工会编号 组织编码 组织代码 所属工会编码 所属工会代码 unioncode orgcode".split()
    ),
    "union": frozenset(
        "工会 所属工会 所在工会 工会名称 基层工会 基层工会名称 工会组织 所属工会名称 工会组织名称 所属基层工会 "
        "union unionname organisation organization".split()
    ),
    "employer": frozenset(
        "单位 工作单位 单位名称 所在单位 用人单位 工作单位名称 企业名称 employer company".split()
    ),
    "employment_form": frozenset("用工形式 用工性质 用工方式 就业形态 就业形式 employmentform".split()),
    "occupation": frozenset("岗位 工种 职业 岗位工种 职务 工作岗位 从事工种 job position occupation".split()),
    "skill_level": frozenset(
        "技能等级 职业技能等级 技术等级 职业资格等级 技能水平 skill skilllevel".split()
    ),
    "joined_on": frozenset("入会时间 入会日期 入会年月 加入工会时间 加入工会日期 joined joinedon".split()),
}  # fmt: skip
_MEANING = {word: field for field, words in HEADERS.items() for word in words}
_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
_NOT_WORD = re.compile(r"[\W_]+")
_FOOTERS = ("合计", "总计", "小计", "填表", "制表", "审核", "备注", "说明", "注:", "total")
_INVISIBLE = {ord(c): None for c in "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202c\u00ad"}

EMPLOYMENT_FORMS = {
    "contract": ("合同", "正式", "在编", "全日制", "contract"),
    "dispatched": ("派遣", "外包", "dispatch"),
    "part_time": ("非全日制", "兼职", "小时工", "part"),
    "flexible": ("灵活", "新就业", "平台", "flexible", "platform"),
    "public": ("机关", "事业", "公务员", "public"),
    "unemployed": ("失业", "待岗", "下岗", "unemployed"),
    "retired": ("退休", "retired"),
}
SKILL_LEVELS = (
    ("chief", ("首席", "chief")),
    ("special", ("特级", "special")),
    ("1", ("高级技师", "一级", "seniortechnician")),
    ("2", ("技师", "二级", "technician")),
    ("3", ("高级工", "高级", "三级", "senior")),
    ("4", ("中级", "四级", "intermediate")),
    ("5", ("初级", "五级", "junior")),
    ("apprentice", ("学徒", "apprentice")),
)
ID_KINDS = (
    (IdKind.PASSPORT, ("护照", "passport")),
    (IdKind.HKMO_PERMIT, ("港澳居民来往", "回乡证", "港澳通行证")),
    (IdKind.TAIWAN_PERMIT, ("台湾居民来往", "台胞证")),
    (IdKind.FOREIGN_RESIDENT, ("外国人永久",)),
)


class DateError(ValueError):
    """The cell holds no date one can be sure of."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands, and which column holds what."""

    at: int
    columns: Mapping[str, int]


@dataclass(slots=True)
class Draft:
    """One person of a sheet, understood."""

    name: str
    identity: Identity
    phone: str = ""
    sex: str = "0"
    birth_on: dt.date | None = None
    union_words: tuple[str, ...] = ()
    employer_name: str = ""
    employment_form: str = ""
    occupation: str = ""
    skill_level: str = ""
    joined_on: dt.date | None = None


class RowError(ValueError):
    """The row cannot be taken; `reason` is a code with a sentence in `services.importing`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def header_of(rows: Iterable[Row], *, look_at: int = 30) -> Header | None:
    """Find the row that names the most columns, a name and an identity number among them."""
    best: Header | None = None
    for at, row in enumerate(rows):
        if at >= look_at:
            break
        columns: dict[str, int] = {}
        for index, cell in enumerate(row):
            if isinstance(cell, str) and (field := _MEANING.get(word_of(cell))):
                columns.setdefault(field, index)
        if {"name", "id_number"} <= set(columns) and (not best or len(columns) > len(best.columns)):
            best = Header(at, columns)
    return best


def word_of(header: str) -> str:
    """Strip a header to its word: no blanks, stars, brackets and what stands in them."""
    folded = unicodedata.normalize("NFKC", header)
    return _NOT_WORD.sub("", _BRACKETS.sub("", folded)).lower()


def is_data(row: Row, header: Header) -> bool:
    """Say whether a row holds a person: not blank, not a repeated header, not a line of totals."""
    if not any(cell not in {None, ""} and not _is_blank(cell) for cell in row):
        return False
    name, number = _at(row, header, "name"), _at(row, header, "id_number")
    if isinstance(name, str) and word_of(name) in HEADERS["name"]:
        return False
    if sum(c.isdigit() for c in text_of(number)) >= 6:
        return True
    # A line of totals or signatures; its words may stand in any column.
    first = next((text_of(cell) for cell in row if text_of(cell)), "")
    return not first.lower().startswith(_FOOTERS)


def draft_of(row: Row, header: Header, *, today: dt.date) -> Draft:
    """Understand one row.

    Raises:
        RowError: it cannot be taken; `reason` says why.
    """
    name = name_of(_text(row, header, "name"))
    if not name:
        raise RowError("name_missing")
    if not is_name(name):
        raise RowError("name_form")
    identity = _identity(row, header, today)
    draft = Draft(name=name, identity=identity, sex=identity.sex, birth_on=identity.birth_on)
    draft.phone = _phone(_text(row, header, "phone"))
    _birth(draft, _at(row, header, "birth_on"))
    if draft.sex == "0":
        draft.sex = _sex(_text(row, header, "sex"))
    draft.joined_on = _joined(_at(row, header, "joined_on"), today)
    words = (_text(row, header, "union_code"), _text(row, header, "union"))
    draft.union_words = tuple(word for word in words if word)
    draft.employer_name = _text(row, header, "employer")[:120]
    draft.occupation = _text(row, header, "occupation")[:64]
    draft.employment_form = _employment_form(_text(row, header, "employment_form"))
    draft.skill_level = _skill_level(_text(row, header, "skill_level"))
    return draft


def text_of(cell: Cell) -> str:
    """Write a cell as clean text: half-width, trimmed, whole numbers without a decimal point."""
    if isinstance(cell, str):
        if cell.isascii():
            return " ".join(cell.split())
        folded = unicodedata.normalize("NFKC", cell).translate(_INVISIBLE)
        return " ".join(folded.split())
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if math.isfinite(cell) and cell == int(cell) else str(cell)
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)


_YMD = re.compile(r"(\d{4})[-/.年 ]+(\d{1,2})(?:[-/.月 ]+(\d{1,2}))?日?月?(?:[ T].*)?")
_SEVERAL = re.compile(r"[/、,;，；]")
_EPOCH = dt.date(1899, 12, 30)


def date_of(cell: Cell) -> tuple[dt.date, bool] | None:
    """Read a date in any of the usual forms; the flag tells whether the day is known.

    1990-05-17, 1990/5/17, 1990.5.17, 1990年5月17日, 19900517, a real date cell, an Excel serial;
    without the day 1990年5月, 1990-05, 199005. None for an empty cell.

    Raises:
        DateError: anything else.
    """
    if isinstance(cell, dt.datetime):
        return cell.date(), True
    if isinstance(cell, dt.date):
        return cell, True
    text = text_of(cell)
    if not text:
        return None
    if text.isdigit():
        return _date_of_digits(text)
    found = _YMD.fullmatch(text)
    if not found:
        raise DateError(text)
    return _date(found[1], found[2], found[3])


def _date_of_digits(text: str) -> tuple[dt.date, bool]:
    if len(text) == 8:
        return _date(text[:4], text[4:6], text[6:])
    if len(text) == 6:
        return _date(text[:4], text[4:], None)
    if len(text) == 5 and "05000" <= text <= "60000":  # 1913 to 2064
        return _EPOCH + dt.timedelta(days=int(text)), True
    raise DateError(text)


def _date(year: str, month: str, day: str | None) -> tuple[dt.date, bool]:
    try:
        return dt.date(int(year), int(month), int(day or 1)), day is not None
    except ValueError:
        raise DateError(year) from None


def _identity(row: Row, header: Header, today: dt.date) -> Identity:
    cell = _at(row, header, "id_number")
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= 1e15:
        raise RowError(IdProblem.CUT_OFF)  # Excel keeps 15 digits of a number: the rest is gone
    try:
        return identity_of(text_of(cell), _id_kind(_text(row, header, "id_kind")), today=today)
    except IdentityError as error:
        raise RowError(error.problem) from None


@lru_cache(256)
def _id_kind(said: str) -> IdKind | None:
    return next((kind for kind, words in ID_KINDS if any(word in said for word in words)), None)


def _phone(text: str) -> str:
    if not text:
        return ""
    # Some cells hold two numbers: the first one counts.
    found = mobile_of(text) or mobile_of(_SEVERAL.split(text, maxsplit=1)[0])
    if not found:
        raise RowError("phone_form")
    return found


def _birth(draft: Draft, cell: Cell) -> None:
    try:
        read = date_of(cell)
    except DateError:
        if draft.birth_on is None:
            raise RowError("birth_unreadable") from None
        return  # the identity number tells it anyway
    if read is None:
        return
    said, day_known = read
    if draft.birth_on is None:
        draft.birth_on = said if day_known else None
    elif _month(said) != _month(draft.birth_on) or (day_known and said != draft.birth_on):
        raise RowError("birth_differs")


def _month(day: dt.date) -> tuple[int, int]:
    return day.year, day.month


def _joined(cell: Cell, today: dt.date) -> dt.date | None:
    try:
        read = date_of(cell)
    except DateError:
        raise RowError("joined_unreadable") from None
    if read is None:
        return None
    if not dt.date(1921, 1, 1) <= read[0] <= today:
        raise RowError("joined_unreadable")
    return read[0]


def _sex(text: str) -> str:
    return "1" if text[:1] in {"男", "M", "m"} else "2" if text[:1] in {"女", "F", "f"} else "0"


@lru_cache(4096)
def _employment_form(text: str) -> str:
    folded = text.lower().replace("非全日", "part")
    for code, words in EMPLOYMENT_FORMS.items():
        if any(word in folded for word in words):
            return code
    return "other" if text else ""


@lru_cache(4096)
def _skill_level(text: str) -> str:
    folded = text.lower().replace(" ", "")
    for code, words in SKILL_LEVELS:
        if any(word in folded for word in words):
            return code
    return folded if folded in {"1", "2", "3", "4", "5"} else ""


def _at(row: Row, header: Header, field: str) -> Cell:
    index = header.columns.get(field)
    return row[index] if index is not None and index < len(row) else None


def _text(row: Row, header: Header, field: str) -> str:
    return text_of(_at(row, header, field))


def _is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()
