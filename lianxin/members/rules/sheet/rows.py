"""What a row says: one person, understood, or the reason why not."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from lianxin.members.rules.identity import (
    SHORT_NAMES,
    Identity,
    IdentityError,
    IdKind,
    IdProblem,
    identity_of,
)
from lianxin.members.rules.industries import industry_of
from lianxin.members.rules.people import is_name, mobile_of, name_of
from lianxin.members.rules.sheet.cells import Cell, DateError, Row, date_of, text_of
from lianxin.members.rules.sheet.columns import HEADERS, Header, word_of

_FOOTERS = ("合计", "总计", "小计", "填表", "制表", "审核", "备注", "说明", "注:", "total")
_SEVERAL = re.compile(r"[/、,;，；]")

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
# What offices call a paper, folded to small letters without blanks; the first that is found counts.
ID_KINDS = (
    (IdKind.PASSPORT, ("护照", "passport")),
    (IdKind.FOREIGN_RESIDENT, ("永久居留", "五星卡", "permanentresiden")),
    (
        IdKind.TAIWAN_PERMIT,
        ("台湾居民来往", "台湾居民往来", "台湾同胞来往", "台湾通行证", "台湾居民通行证", "台胞", "台湾来往",
         "来往大陆", "往来大陆", "taiwanresident", "taiwancompatriot"),
    ),
    (
        IdKind.HKMO_PERMIT,
        ("港澳居民来往", "港澳居民往来", "港澳同胞回乡", "港澳居民通行证", "来往内地", "往来内地", "回乡证",
         "回乡卡", "港澳通行证", "港澳来往", "homereturn", "homevisit", "macaoresident", "macauresident"),
    ),
)  # fmt: skip
_TRADITIONAL = str.maketrans("臺灣證護來內鄉", "台湾证护来内乡")
# Papers of the mainland's residents: so many digits below one are too few, not another paper.
_RESIDENTS = ("身份证", "居民身份证", "二代身份证", "第二代身份证", "第二代居民身份证")


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
    industry: str = ""
    warning: str = ""  # a code of what was left out; the person is taken all the same


class RowError(ValueError):
    """The row cannot be taken; `reason` is a code with a sentence in `services.importing`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


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
    if not is_name(name, shortest=1):
        raise RowError("name_form")
    identity = _identity(row, header, today)
    if len(name) == 1 and identity.kind not in SHORT_NAMES:
        raise RowError("name_form")
    draft = Draft(name=name, identity=identity, sex=identity.sex, birth_on=identity.birth_on)
    draft.phone = _phone(_text(row, header, "phone"))
    if not draft.phone and _text(row, header, "phone"):
        draft.warning = "phone_left_out"
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
    draft.industry = industry_of(_text(row, header, "industry"))
    return draft


def _identity(row: Row, header: Header, today: dt.date) -> Identity:
    cell = _at(row, header, "id_number")
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= 1e15:
        raise RowError(IdProblem.CUT_OFF)  # Excel keeps 15 digits of a number: the rest is gone
    said = _text(row, header, "id_kind")
    try:
        identity = identity_of(text_of(cell), _id_kind(said), today=today)
    except IdentityError as error:
        raise RowError(error.problem) from None
    if said in _RESIDENTS and identity.number.isdigit() and len(identity.number) < 18:
        raise RowError(IdProblem.LENGTH)
    return identity


@lru_cache(256)
def _id_kind(said: str) -> IdKind | None:
    folded = "".join(said.casefold().translate(_TRADITIONAL).split())
    if "港澳台" in folded:  # one line for several papers: the form of the number tells
        return None
    return next((kind for kind, words in ID_KINDS if any(word in folded for word in words)), None)


def _phone(text: str) -> str:
    if not text:
        return ""
    # Some cells hold two numbers: the first mobile counts. Without one the person is taken all the same.
    found = (mobile_of(one) for one in (text, *_SEVERAL.split(text)))
    return next((one for one in found if one), "")


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
