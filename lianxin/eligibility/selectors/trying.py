"""What would come out if something were otherwise, laid beside what comes out as things are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lianxin.eligibility.selectors import showing
from lianxin.eligibility.selectors.answers import Explained
from lianxin.eligibility.selectors.showing import Card

NEARLY = 4  # shown of those one answer away


def compared(found: Sequence[Explained], before: Sequence[Explained]) -> dict[str, object]:
    """Sort all policies: what newly fits, what fits anyway, what falls away, what misses one thing.

    `before` are the same policies as things are; empty where nothing is changed.
    """
    fitted = {each.ready.id for each in before if each.answer.outcome == "yes"}
    fits = [each for each in found if each.answer.outcome == "yes"]
    lost = [each for each in found if each.ready.id in fitted and each.answer.outcome != "yes"]
    held = {each.ready.id: each for each in before}
    nearly = [each for each in found if len(each.answer.missing) == 1]
    return {
        "newly": _cards(each for each in fits if before and each.ready.id not in fitted),
        "fits": _cards(each for each in fits if not before or each.ready.id in fitted),
        "lost": _cards(held[each.ready.id] for each in lost),
        "nearly": _cards(nearly)[:NEARLY],
        "open": sum(each.answer.outcome == "unknown" for each in found),
        "total": len(found),
    }


def _cards(found: Iterable[Explained]) -> list[Card]:
    return [showing.card_of_answer(each) for each in found]
