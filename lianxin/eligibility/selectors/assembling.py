"""A rule put together from conditions: each keeps its words when others come, go or change places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lianxin.eligibility.rules import tree, writing
from lianxin.eligibility.rules.explaining import conditions_of
from lianxin.eligibility.rules.reading import read
from lianxin.eligibility.rules.tree import RuleError
from lianxin.eligibility.selectors import sentences
from lianxin.eligibility.selectors.expressions import both_of
from lianxin.kit.errors import RefusedError

Typed = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One condition of a draft: as an expression, as a sentence, with the words a person is told."""

    number: int
    text: str
    sentence: str
    met: str
    failed: str
    unknown: str


def rows_of(typed: Typed) -> list[Row]:
    """List the conditions of a draft; none while its rule cannot be read."""
    words = list(typed.get("conditions") or [])
    found = []
    for number, each in enumerate(_nodes(typed)):
        own = words[number] if number < len(words) else {}
        found.append(Row(number, writing.write(each), sentences.said(each), *(both_of(own, key) for key in ("met", "failed", "unknown"))))  # fmt: skip
    return found


def with_rule(typed: Typed, rule: str) -> dict[str, Any]:
    """Return the rule and its conditions: those that stay keep their words, new ones get plain ones."""
    try:
        nodes = conditions_of(read(rule))
    except RuleError:
        return {"rule": rule}
    held = _held(typed)
    taken: set[int] = set()
    words, codes = [], [str(each.get("code")) for _text, _names, each in held]
    for node in nodes:
        at = _match(node, held, taken)
        if at is not None:
            taken.add(at)
            words.append(dict(held[at][2]))
            continue
        code = _code(node, codes)
        codes.append(code)
        words.append({"code": code, **sentences.proposed(node)})
    return {"rule": rule, "conditions": words, "papers": _papers(typed, words)}


def added(typed: Typed, text: str, beside: int | None) -> dict[str, Any]:
    """Add a condition: to be met as well, or as another way to meet the one `beside`."""
    texts = _texts(typed)
    if beside is None or beside >= len(texts):
        return with_rule(typed, writing.join([*texts, text]))
    texts[beside] = writing.any_of(texts[beside], text)
    return _in_place(typed, writing.join(texts), beside)


def removed(typed: Typed, number: int) -> dict[str, Any]:
    """Take a condition away with its words and papers; the last one stays."""
    texts = _texts(typed)
    if len(texts) < 2 or number >= len(texts):
        return {}
    return with_rule(typed, writing.join([*texts[:number], *texts[number + 1 :]]))


def turned(typed: Typed, number: int) -> dict[str, Any]:
    """Turn a condition round: what was needed now rules out."""
    texts = _texts(typed)
    if number >= len(texts):
        return {}
    texts[number] = writing.turned(texts[number])
    return _in_place(typed, writing.join(texts), number)


def _in_place(typed: Typed, rule: str, number: int) -> dict[str, Any]:
    """Change one condition where it stands: what it says is proposed anew, its code and papers stay."""
    found = with_rule(typed, rule)
    nodes = conditions_of(read(rule))
    old = list(typed.get("conditions") or [])
    if len(nodes) == len(old):
        words = [dict(each) for each in old]
        words[number] = {"code": old[number].get("code"), **sentences.proposed(nodes[number])}
        found |= {"conditions": words, "papers": list(typed.get("papers") or [])}
    return found


def _texts(typed: Typed) -> list[str]:
    """Split the rule as far as it is written; refuses one that cannot be read."""
    try:
        return writing.split(str(typed.get("rule") or ""))
    except RuleError:
        raise RefusedError(
            _("Mend the expression first; then its conditions stand here.")
        ) from None


def _nodes(typed: Typed) -> tuple[tree.Node, ...]:
    try:
        return conditions_of(read(str(typed.get("rule") or "")))
    except RuleError:
        return ()


_Held = tuple[str, tuple[str, ...], Mapping[str, Any]]


def _held(typed: Typed) -> list[_Held]:
    words = list(typed.get("conditions") or [])
    return [
        (writing.write(node), tree.names(node), each)
        for node, each in zip(_nodes(typed), words, strict=False)
    ]


def _match(node: tree.Node, held: Sequence[_Held], taken: set[int]) -> int | None:
    """Find the words of a condition: of the same text first, then of the same facts."""
    text, names = writing.write(node), tree.names(node)
    free = [at for at in range(len(held)) if at not in taken]
    same = [at for at in free if held[at][0] == text] or [at for at in free if held[at][1] == names]
    return same[0] if same else None


def _code(node: tree.Node, taken: Sequence[str]) -> str:
    name = next(iter(tree.names(node)), "condition").removesuffix("_fen").replace("_", "-")[:40]
    return next(
        each for each in (name, *(f"{name}-{n}" for n in range(2, 400))) if each not in taken
    )


def _papers(typed: Typed, words: Sequence[Mapping[str, Any]]) -> list[Any]:
    codes = {each.get("code") for each in words}
    return [each for each in typed.get("papers") or [] if each.get("condition") in codes]
