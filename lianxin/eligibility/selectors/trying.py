"""What would come out if something were otherwise, laid beside what comes out as things are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.selectors import showing
from lianxin.eligibility.selectors.answers import Explained
from lianxin.eligibility.selectors.showing import Card

NEARLY = 4  # shown of those one answer away


def compared(found: Sequence[Explained], before: Sequence[Explained], *, is_own: bool = False) -> dict[str, object]:  # fmt: skip
    """Sort all policies: what newly fits, what fits anyway, what falls away, what misses one thing.

    `before` are the same policies as things are; empty where nothing is changed. A member is not
    asked out of the blue who died: what misses something sealed is left to her.
    """
    fitted = {each.ready.id for each in before if each.answer.outcome == "yes"}
    fits = [each for each in found if each.answer.outcome == "yes"]
    lost = [each for each in found if each.ready.id in fitted and each.answer.outcome != "yes"]
    held = {each.ready.id: each for each in before}
    nearly = [each for each in found if len(each.answer.missing) == 1 and not (is_own and _is_sealed(each))]  # fmt: skip
    return {
        "newly": _cards(each for each in fits if before and each.ready.id not in fitted),
        "fits": _cards(each for each in fits if not before or each.ready.id in fitted),
        "lost": _cards(held[each.ready.id] for each in lost),
        "nearly": _cards(nearly)[:NEARLY],
        "open": sum(each.answer.outcome == "unknown" for each in found),
        "total": len(found),
    }


def _is_sealed(each: Explained) -> bool:
    name = each.answer.missing[0]
    return name in yaml_files.facts() and showing.told_at(name)[1]


def _cards(found: Iterable[Explained]) -> list[Card]:
    return [showing.card_of_answer(each) for each in found]
