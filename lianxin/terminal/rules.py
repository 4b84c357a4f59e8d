"""What part of the day it is, for a greeting. Pure."""

from __future__ import annotations


def part_of_day(hour: int) -> str:
    """Name the part of the day an hour belongs to: night, morning, noon, afternoon or evening."""
    if hour < 5:
        return "night"
    if hour < 11:
        return "morning"
    if hour < 13:
        return "noon"
    if hour < 18:
        return "afternoon"
    return "evening"
