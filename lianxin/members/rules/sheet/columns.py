"""Which column is what: headers under the many names offices give them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lianxin.members.rules.sheet.cells import Row, text_of

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
    "industry": frozenset("行业 所属行业 行业类别 行业类型 行业门类 国民经济行业 industry sector".split()),
    "joined_on": frozenset("入会时间 入会日期 入会年月 加入工会时间 加入工会日期 joined joinedon".split()),
}  # fmt: skip
_MEANING = {word: field for field, words in HEADERS.items() for word in words}
_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands, and which column holds what."""

    at: int
    columns: Mapping[str, int]


def header_of(rows: Iterable[Row], *, look_at: int = 30) -> Header | None:
    """Find the row that names the most columns, a name and an identity number among them."""
    best: Header | None = None
    for at, row in enumerate(rows):
        if at >= look_at:
            break
        columns = _columns(row)
        if {"name", "id_number"} <= set(columns) and (not best or len(columns) > len(best.columns)):
            best = Header(at, columns)
    return best


def likely_header_of(rows: Iterable[Row], *, look_at: int = 30) -> Header | None:
    """Find the row most like a header where none names both: a person will say what is what."""
    best: tuple[int, int, Header] | None = None
    for at, row in enumerate(rows):
        if at >= look_at:
            break
        words = [text_of(cell) for cell in row]
        filled = sum(1 for word in words if word and not word.isdigit())
        columns = _columns(row)
        if filled >= 2 and (best is None or (len(columns), filled) > best[:2]):
            best = (len(columns), filled, Header(at, columns))
    return best[2] if best else None


def word_of(header: str) -> str:
    """Strip a header to its word: no blanks, stars, brackets and what stands in them."""
    folded = unicodedata.normalize("NFKC", header)
    return _NOT_WORD.sub("", _BRACKETS.sub("", folded)).lower()


def _columns(row: Row) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, cell in enumerate(row):
        if isinstance(cell, str) and (field := _MEANING.get(word_of(cell))):
            columns.setdefault(field, index)
    return columns
