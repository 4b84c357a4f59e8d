"""Which changes of the tree make sense. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from lianxin.orgs.rules.levels import Level, may_stand_below


@dataclass(frozen=True, slots=True)
class Spot:
    """A union as the rules of change see it."""

    path: str
    level: Level
    is_in_force: bool = True
    has_children: bool = False

    @property
    def is_root(self) -> bool:
        return len(self.path) <= 4

    @property
    def parent_path(self) -> str:
        return self.path[:-4]


def move_problem(moved: Spot, towards: Spot) -> str:
    """Return why a union cannot move below another, as a code; "" when it can."""
    if moved.is_root:
        return "root"
    if not moved.is_in_force or not towards.is_in_force:
        return "not_in_force"
    if towards.path.startswith(moved.path):
        return "below_itself"
    if moved.parent_path == towards.path:
        return "there_already"
    if not may_stand_below(moved.level, towards.level):
        return "level"
    return ""


def merge_problem(merged: Spot, survivor: Spot) -> str:
    """Return why a union cannot be merged into another, as a code; "" when it can."""
    if merged.is_root:
        return "root"
    if not merged.is_in_force or not survivor.is_in_force:
        return "not_in_force"
    if survivor.path == merged.path:
        return "itself"
    return "children" if merged.has_children else ""


def close_problem(closed: Spot) -> str:
    """Return why a union cannot be closed, as a code; "" when it can."""
    if closed.is_root:
        return "root"
    if not closed.is_in_force:
        return "not_in_force"
    return "children" if closed.has_children else ""


def lines_apart(before: list[str], after: list[str]) -> list[str]:
    """Return the paths that stand in one of two lines only: those who lose a subtree or win it."""
    return sorted(set(before) ^ set(after))
