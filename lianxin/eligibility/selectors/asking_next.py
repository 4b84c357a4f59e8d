"""What is still open for a member, and the question that settles most of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.selectors import answers, showing
from lianxin.eligibility.selectors.answers import Explained
from lianxin.members.api import Member

OFFERED = 3  # questions at a time: the best one, and two for whoever cannot answer it


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to tell: in words, where, and for how many kinds of help it matters."""

    words: str
    link: str
    settles: int


@dataclass(frozen=True, slots=True)
class StillOpen:
    """How many policies wait for something, and what to tell first.

    `is_hers`: though nothing is asked, she may tell some of it herself, or agree that it is looked at.
    """

    count: int
    questions: list[Question]
    is_hers: bool = False


NOTHING = StillOpen(0, [])


def gently(found: Sequence[Explained]) -> list[str]:
    """Order what is to be asked of a member: the best first, what would be blunt last."""
    return sorted(answers.questions(found), key=lambda name: _is_blunt(name, found))


def settles(name: str, found: Sequence[Explained]) -> int:
    """Count the policies that wait for a fact, for their answer or for how much they give."""
    return sum(name in (*each.answer.missing, *each.amount_missing) for each in found)


def _is_blunt(name: str, found: Sequence[Explained]) -> bool:
    """Say whether asking would be out of the blue: something sealed that matters for one thing alone."""
    return showing.told_at(name)[1] and settles(name, found) < 2


def still_open(member: Member, *, actor_id: uuid.UUID, refused: Collection[str]) -> StillOpen:
    """Ask every policy about a member and say what is missing, the best question first.

    Kinds of help she said no to are not asked about. What she cannot tell herself is no question,
    and nobody is asked out of the blue who died: a sealed fact only one policy waits for is left
    out.
    """
    found, known = answers.explain_for(member, actor_id=actor_id, refused=refused)
    entries = yaml_files.facts()
    offered, asked = [], answers.questions(found)
    for name in asked:
        link = showing.told_at(name)[0]
        if link and not _is_blunt(name, found):
            words = showing.question_of(found, name) or str(entries[name].label)
            offered.append(Question(words, link, settles(name, found)))
    waiting = sum(each.answer.outcome == "unknown" for each in found)
    is_hers = not offered and showing.is_hers_to_tell(asked, known, member)
    return StillOpen(waiting, offered[:OFFERED], is_hers)
