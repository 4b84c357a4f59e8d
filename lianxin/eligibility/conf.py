"""The settings of finding people, with their defaults."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def small_group() -> int:
    """The fewest people a count may tell of, in ELIGIBILITY_SMALL_GROUP."""
    return int(getattr(settings, "ELIGIBILITY_SMALL_GROUP", 5))


def folder() -> Path | None:
    """The folder of an operator's own policies and parameters, in ELIGIBILITY_FOLDER."""
    named = getattr(settings, "ELIGIBILITY_FOLDER", "")
    return Path(named) if named else None


def workspace() -> Path:
    """Where a pass over everybody keeps its sealed files while it runs, in ELIGIBILITY_WORKSPACE."""
    return Path(settings.ELIGIBILITY_WORKSPACE)


def is_apart() -> bool:
    """Whether the nightly pass runs in a process of its own, in ELIGIBILITY_MATCH_APART."""
    return bool(getattr(settings, "ELIGIBILITY_MATCH_APART", True))


def notice_workdays() -> int:
    """Working days a person has to say no before a proposal on sealed facts is shown to her union, in ELIGIBILITY_NOTICE_WORKDAYS."""
    return int(getattr(settings, "ELIGIBILITY_NOTICE_WORKDAYS", 2))
