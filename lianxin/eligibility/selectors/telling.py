"""What is wrong with a draft, said in the reader's language; the rule's own messages are English."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.eligibility.rules.policy import Problem


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to mend: where, what, and the expression with its pointer."""

    path: str
    place: str
    message: str
    line: str
    pointer: str


_PLACES: dict[str, str | Promise] = {
    "title": _("title"), "helps": _("whom it helps"), "rule": _("rule"), "conditions": _("conditions"),
    "gives": _("what it gives"), "gives.amount": _("amount"), "basis": _("legal basis"),
    "examples": _("examples"), "papers": _("papers"), "valid_from": _("valid from"),
    "valid_until": _("valid until"), "region": _("region"), "excludes": _("exclusions"),
    "once": _("how often"), "granted_on": _("day of the last grant"), "granted": _("whom it was granted"), "service": _("service item"),
}  # fmt: skip

# The rule's messages are sentences of a pure layer without languages; here they get theirs. What
# matches none is shown as it is.
_MESSAGES: tuple[tuple[re.Pattern[str], str | Promise], ...] = tuple(
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        (r"Not written yet\.", _("Not written yet.")),
        (r"There is no fact or parameter (?P<a>\S+)\. Did you mean (?P<b>\S+)\?", _("There is no fact %(a)s; the nearest is %(b)s.")),
        (r"There is no fact (?:or parameter )?(?P<a>\S+)\.", _("There is no fact %(a)s.")),
        (r"The rule is empty\.", _("The rule is empty.")),
        (r"The rule breaks off here\.", _("The rule breaks off here.")),
        (r"The rule should end here\.", _("The rule should end here.")),
        (r"A value is missing here\.", _("A value is missing here.")),
        (r"This bracket is never closed\.", _("This bracket is never closed.")),
        (r"This text has no closing quote\.", _("This text has no closing quote.")),
        (r"The character (?P<a>.+) is not part of rules\.", _("The character %(a)s is not part of rules.")),
        (r"The character (?P<a>.+) only looks like (?P<b>\S+); write \S+\.", _("The character %(a)s only looks like %(b)s; write %(b)s.")),
        (r"Write facts without quotes, and text in single quotes\.", _("Write facts without quotes, and text in single quotes.")),
        (r"A rule is one expression, without a semicolon\.", _("A rule is one expression, without a semicolon.")),
        (r"The remainder % is not part of rules: engines disagree on it\.", _("The remainder is not part of rules: engines disagree on it.")),
        (r"Whole division // is not part of rules: engines disagree on it\.", _("Whole division // is not part of rules: engines disagree on it.")),
        (r"Patterns are not part of rules; list the choices with IN\.", _("Patterns are not part of rules; list the choices with IN.")),
        (r"A list holds plain values only\.", _("A list holds plain values only.")),
        (r"An empty list fits nobody\.", _("An empty list fits nobody.")),
        (r"At most (?P<a>\d+) choices\.", _("At most %(a)s choices.")),
        (r"Put a comma between the choices\.", _("Put a comma between the choices.")),
        (r"IN is for codes, texts, whole numbers and days\.", _("IN is for codes, texts, whole numbers and days.")),
        (r"BETWEEN needs two values joined by AND\.", _("BETWEEN needs two values joined by AND.")),
        (r"Nothing lies between these; write the smaller first\.", _("Nothing lies between these; write the smaller first.")),
        (r"NULL is not part of rules; a fact that is not known is unknown by itself\.", _("NULL is not part of rules; a fact that is not known is unknown by itself.")),
        (r"A minus stands before a number only\.", _("A minus stands before a number only.")),
        (r"Compare two values at a time; join them with AND\.", _("Compare two values at a time; join them with AND.")),
        (r"Brackets nest at most (?P<a>\d+) deep\.", _("Brackets nest at most %(a)s deep.")),
        (r"A rule has at most (?P<a>[\d,]+) characters\.", _("A rule has at most %(a)s characters.")),
        (r"A rule has at most (?P<a>\d+) parts; split it into two policies\.", _("A rule has at most %(a)s parts; split it into two policies.")),
        (r"CASE needs at least one WHEN\.", _("CASE needs at least one WHEN.")),
        (r"After WHEN and its condition comes THEN\.", _("After WHEN and its condition comes THEN.")),
        (r"CASE needs an ELSE: say what happens otherwise\.", _("CASE needs an ELSE: say what happens otherwise.")),
        (r"CASE closes with END\.", _("CASE closes with END.")),
        (r"(?P<a>\S+) compares two values or more\.", _("%(a)s compares two values or more.")),
        (r"Write (?P<a>\S+)\(as_of, 60\): a day counted back from the day asked about\.", _("Write %(a)s(as_of, 60): a day counted back from the day asked about.")),
        (r"That is longer than a life\.", _("That is longer than a life.")),
        (r"This cannot stand in a rule\.", _("This cannot stand in a rule.")),
        (r"TRUE or FALSE alone is no condition\.", _("TRUE or FALSE alone is no condition.")),
        (r"A thing compared with itself is the same for everybody\.", _("A thing compared with itself is the same for everybody.")),
        (r"Fractions are never compared with = ; use <= or >= \.", _("Fractions are never compared with = ; use <= or >= .")),
        (r"Only numbers can be reckoned with\.", _("Only numbers can be reckoned with.")),
        (r"Money times money is no sum of money\.", _("Money times money is no sum of money.")),
        (r"Divide by whole numbers only; a fraction near zero has no bound\.", _("Divide by whole numbers only; a fraction near zero has no bound.")),
        (r"There is no function (?P<a>\S+); offered are (?P<b>.+)\.", _("There is no function %(a)s; offered are %(b)s.")),
        (r"Only conditions can be joined; compare this with something\.", _("Only conditions can be joined; compare this with something.")),
        (r"A rule answers yes or no; compare this with something\.", _("A rule answers yes or no; compare this with something.")),
        (r"An amount is a number of fen\.", _("An amount is a number of fen.")),
        (r"Money \(in fen\) cannot stand beside a plain number\.", _("Money (in fen) cannot stand beside a plain number.")),
        (r"(?P<a>\S+) cannot be compared with (?P<b>\S+)\.", _("%(a)s cannot be compared with %(b)s.")),
        (r"(?P<a>.+) is none of its codes; there is (?P<b>.+)\.", _("%(a)s is none of its codes; there is %(b)s.")),
        (r"There is no policy (?P<a>\S+)\. Did you mean (?P<b>\S+)\?", _("There is no policy %(a)s; the nearest is %(b)s.")),
        (r"There is no policy (?P<a>\S+)\.", _("There is no policy %(a)s.")),
        (r"A policy does not exclude itself; say how often with once\.", _("A policy does not exclude itself; how often it is given is said elsewhere.")),
        (r"(?P<a>.+) is no fact that is a day\.", _("%(a)s is no fact that is a day.")),
        (r"There is no day (?P<a>.+); write DATE '2026-08-31'\.", _("There is no day %(a)s; write DATE '2026-08-31'.")),
        (r"Codes, texts and yes-or-no have no order; use = or IN\.", _("Codes, texts and yes-or-no have no order; use = or IN.")),
        (r"This is the same for everybody\.", _("This is the same for everybody.")),
        (r"A rule may not ask whether a fact is known; unknown stays unknown\.", _("A rule may not ask whether a fact is known; unknown stays unknown.")),
        (r"Dividing by zero is unknown for everybody\.", _("Dividing by zero is unknown for everybody.")),
        (r"This number can grow too large to be exact\.", _("This number can grow too large to be exact.")),
        (r"This number is too small to be told from nothing\.", _("This number is too small to be told from nothing.")),
        (r"(?P<a>\S+) cannot stand here\.", _("%(a)s cannot stand here.")),
        (r"The rule has (?P<a>\d+) conditions joined by AND, but (?P<b>\d+) are put into words\.", _("The rule has %(a)s conditions joined by AND, but %(b)s are put into words.")),
        (r"The code (?P<a>\S+) stands twice\.", _("The code %(a)s stands twice.")),
        (r"There is no condition (?P<a>\S+)\.", _("There is no condition %(a)s.")),
        (r"The policy ends before it begins\.", _("The policy ends before it begins.")),
        (r"Show at least one person for each answer; missing: (?P<a>.+)\.", _("Show at least one person for each answer (yes, no, unknown); missing: %(a)s.")),
        (r"(?P<a>.+): the rule answers (?P<b>\S+), not (?P<c>\S+) \((?P<d>.*)\)\.", _("%(a)s: the rule answers %(b)s, not %(c)s (%(d)s).")),
        (r"(?P<a>.+): what is missing is (?P<b>.+)\.", _("%(a)s: what is missing is %(b)s.")),
        (r"(?P<a>.+): the policy gives (?P<b>\S+) fen\.", _("%(a)s: the policy gives %(b)s fen.")),
        (r"(?P<a>\S+) has no value for (?P<b>\S+) on (?P<c>\S+): the rule would be unknown for everybody there\.", _("%(a)s has no value for %(b)s on %(c)s: the rule would be unknown for everybody there.")),
        (r"Invalid RFC3339 encoded (date|datetime)\.", _("This is no day of the calendar.")),
    )
)  # fmt: skip


def told(problem: Problem) -> Told:
    """Say a problem in the reader's language; the pointer stands where `policy_check` draws it."""
    line, _newline, under = problem.pointed.partition("\n")
    pointer = under[: len(under) - len(problem.message)].rstrip() if under else ""
    return Told(problem.path, place_of(problem.path), message_of(problem.message), line, pointer)


def message_of(message: str) -> str:
    """Translate one message; a strange one stays as it is."""
    for pattern, words in _MESSAGES:
        hit = pattern.fullmatch(message)
        if hit:
            found = {key: value or "" for key, value in hit.groupdict().items()}
            return (str(words) % found).strip() if found else str(words)
    return message


def place_of(path: str) -> str:
    """Name the place in the file as the pages call it."""
    head = re.split(r"[.\[]", path, maxsplit=1)[0]
    label = str(_PLACES.get(path) or _PLACES.get(head) or path)
    number = re.search(r"\[(\d+)\]", path)
    label = f"{label} {int(number[1]) + 1}" if number else label
    if path.endswith(".en"):
        return gettext("%(text)s, in English") % {"text": label}
    if path.endswith(".zh_Hans"):
        return gettext("%(text)s, in Chinese") % {"text": label}
    return label
