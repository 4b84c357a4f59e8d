"""What an activity may ask of those who sign up: few, typed, and nothing that is nobody's business. Pure.

The red lines stand here as code: no question about looks, belief, politics, health, money or
papers, whatever the kind of activity. A question whose answer the union knows names the fact, and
the form shows the answer instead of asking again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec

MOST_QUESTIONS = 8
MOST_OPTIONS = 12
LONGEST_LABEL = 60
LONGEST_ANSWER = 300
_CODE = re.compile(r"[a-z][a-z0-9_]{0,23}")
# What no activity asks. Looks, belief, politics, health, means, papers: of her and of her family.
FORBIDDEN = re.compile(
    r"身高|体重|三围|颜值|长相|外貌|相貌|肤色|照片|自拍|五官"
    r"|信仰|宗教|信教|教徒|政治面貌|党员|团员|政见|民族|籍贯|血型|星座|生辰|八字"
    r"|病史|疾病|怀孕|孕期|残疾|心理|体检结果|生育"
    r"|收入|工资|年薪|存款|房产|有房|有车|车产|负债|银行卡|卡号|账号"
    r"|身份证|证件号|护照号|户口"
    r"|\b(?:height|weight|looks?|appearance|photo|selfie|religio\w*|belief|faith|party member\w*|politic\w*"
    r"|ethnic\w*|illness\w*|disease\w*|pregnan\w*|disabilit\w*|income|salary|savings|bank card|id number"
    r"|identity number|passport)\b",
    re.IGNORECASE,
)
# Facts a form of an activity may show as known; none of them is sensitive.
FACTS = ("employer", "occupation", "skill_level")


class Ask(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes_no"


class Question(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """One question of a sign-up form (报名表问题)."""

    code: str
    label: str
    ask: Ask = Ask.TEXT
    hint: str = ""
    is_required: bool = True
    options: tuple[str, ...] = ()
    least: int = 0
    most: int = 999
    fact: str = ""


class QuestionError(ValueError):
    """An answer that does not fit; `what` says how."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def questions_of(plain: Sequence[Mapping[str, Any]]) -> list[Question]:
    """Read stored questions.

    Raises:
        msgspec.ValidationError: they are none.
    """
    return msgspec.convert(list(plain), list[Question])


def plain_of(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """Write questions for storing."""
    return [msgspec.to_builtins(one) for one in questions]


def faults(questions: Sequence[Question]) -> list[tuple[str, str]]:
    """List what is wrong: the code of the question ("" for all), and a code of the fault."""
    found = [("", "many")] if len(questions) > MOST_QUESTIONS else []
    seen: set[str] = set()
    for one in questions:
        found += [(one.code, fault) for fault in _faults_of(one)]
        if one.code in seen:
            found.append((one.code, "twice"))
        seen.add(one.code)
    return found


def is_forbidden(text: str) -> bool:
    """Say whether a text asks for what no activity asks."""
    return bool(FORBIDDEN.search(text))


def answer_of(question: Question, typed: str) -> str | int | bool | None:
    """Read an answer; None where nothing was said.

    Raises:
        QuestionError: `required`, `long`, `number`, `range` or `option`.
    """
    said = typed.strip()
    if not said:
        if question.is_required and question.ask is not Ask.YES_NO:
            raise QuestionError("required")
        return False if question.ask is Ask.YES_NO else None
    match question.ask:
        case Ask.YES_NO:
            return said in {"on", "yes", "true", "1"}
        case Ask.NUMBER:
            return _number(question, said)
        case Ask.CHOICE:
            if said not in question.options:
                raise QuestionError("option")
            return said
    if len(said) > LONGEST_ANSWER:
        raise QuestionError("long")
    return said


def _number(question: Question, said: str) -> int:
    if not (said.isascii() and said.isdigit() and len(said) < 9):
        raise QuestionError("number")
    number = int(said)
    if not question.least <= number <= question.most:
        raise QuestionError("range")
    return number


def _faults_of(one: Question) -> list[str]:
    checked = (
        (bool(_CODE.fullmatch(one.code)), "code"),
        (bool(one.label.strip()) and len(one.label) <= LONGEST_LABEL, "label"),
        (not is_forbidden(f"{one.label} {one.hint} {' '.join(one.options)}"), "forbidden"),
        (one.ask is not Ask.CHOICE or 2 <= len(set(one.options)) == len(one.options) <= MOST_OPTIONS, "options"),
        (one.least <= one.most, "range"),
        (not one.fact or one.fact in FACTS, "fact"),
    )  # fmt: skip
    return [fault for holds, fault in checked if not holds]
