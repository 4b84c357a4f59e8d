"""A policy still being written: what is missing, what is wrong, and which text was counted.

A draft is the policy file as far as it is written, kept as plain values. What cannot be read yet
stays as it was typed, and is named by the key it stands under.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from lianxin.eligibility.rules.checking import Known, check, check_amount
from lianxin.eligibility.rules.policy import Parameter, Policy, Problem, problems, strangers
from lianxin.eligibility.rules.policy import digest_of as text_digest
from lianxin.eligibility.rules.reading import read
from lianxin.eligibility.rules.tree import Node, RuleError

Typed = Mapping[str, Any]
MISSING = "Not written yet."
# What a policy cannot do without, in the order in which a file says it.
_TEXTS = ("title.en", "title.zh_Hans", "helps.en", "helps.zh_Hans", "gives.what.en", "gives.what.zh_Hans")  # fmt: skip
_SENTENCES = tuple(f"{said}.{tag}" for said in ("met", "failed", "unknown") for tag in ("en", "zh_Hans"))  # fmt: skip
_UNKNOWN_DAY = dt.date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as it reads: the policy once all of it can be read, and what is still to mend."""

    policy: Policy | None
    problems: list[Problem]

    @property
    def is_right(self) -> bool:
        """Say whether it could be submitted as it stands."""
        return self.policy is not None and not self.problems

    @property
    def asked(self) -> Policy | None:
        """The policy, if people can be asked already: its rule, amount and conditions are right."""
        stuck = any(each.path in {"rule", "gives.amount", "conditions"} for each in self.problems)
        return None if stuck else self.policy


def drafted(typed: Typed, *, version: int, known: Mapping[str, Known], parameters: Mapping[str, Parameter], codes: Collection[str]) -> Drafted:  # fmt: skip
    """Read a draft whole; `codes` are the policies it may exclude.

    Never raises: whatever is wrong becomes a problem with its place.
    """
    missing = list(_missing(typed))
    rule = rule_problem(str(typed.get("rule") or ""), known)
    if missing:
        return Drafted(None, [*missing, *([rule] if rule else [])])
    try:
        policy = msgspec.convert({**_filled(typed), "version": version}, Policy)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$")
        wrong = Problem(place.rstrip("`").lstrip("."), f"{message}.")
        return Drafted(None, [wrong, *([rule] if rule else [])])
    return Drafted(policy, [*problems(policy, known, parameters), *strangers(policy, codes)])


def rule_problem(text: str, known: Mapping[str, Known], *, is_amount: bool = False) -> Problem | None:  # fmt: skip
    """Check one expression: None if it is right, else what to mend with the place pointed at."""
    found = rule_read(text, known, is_amount=is_amount)
    return found if isinstance(found, Problem) else None


def rule_read(text: str, known: Mapping[str, Known], *, is_amount: bool = False) -> Node | Problem:
    """Read one expression, or say what is wrong with it and where."""
    try:
        node = read(text)
        (check_amount if is_amount else check)(node, known)
    except RuleError as error:
        path = "gives.amount" if is_amount else "rule"
        return Problem(path, error.message, error.place[0], error.pointed(text))
    return node


def digest_of(policy: Policy) -> str:
    """Name a text by its content; number and first day, chosen when it is published, left out."""
    return text_digest(msgspec.structs.replace(policy, version=0, valid_from=_UNKNOWN_DAY))


def plain_of(policy: Policy) -> dict[str, Any]:
    """Write a policy as its file says it: without what is left at its default."""
    plain: dict[str, Any] = _without_defaults(policy)
    return plain


def file_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """Write what a version holds as its file says it."""
    return plain_of(msgspec.convert(dict(content), Policy))


def at(typed: Typed, path: str) -> str:
    """Return the text under a dotted key, "" where there is none."""
    found: Any = typed
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return "" if found is None else str(found)


def _missing(typed: Typed) -> Iterator[Problem]:
    for path in (*_TEXTS, "valid_from", "rule"):
        if not at(typed, path).strip():
            yield Problem(path, MISSING)
    for path in ("basis", "conditions", "examples"):
        if not typed.get(path):
            yield Problem(path, MISSING)
    for number, each in enumerate(typed.get("conditions") or []):
        for path in _SENTENCES:
            if not at(each, path).strip():
                yield Problem(f"conditions[{number}].{path}", MISSING)


def _filled(typed: Typed) -> dict[str, Any]:
    """Leave out what is empty, so that it takes its default."""
    return {key: value for key, value in typed.items() if value not in ("", None)}


def _without_defaults(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return {
            each.encode_name: _without_defaults(getattr(value, each.name))
            for each in msgspec.structs.fields(value)
            if getattr(value, each.name) != _default(each)
        }
    if isinstance(value, list):
        return [_without_defaults(each) for each in value]
    return msgspec.to_builtins(value)


def _default(field: Any) -> Any:
    made = field.default_factory
    return field.default if made is msgspec.NODEFAULT else made()
