"""Hours as a keeper fills them in: workdays as one, single days where they differ, the rest by rule. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lianxin.stations.rules.hours import (
    DAY,
    HOLIDAY,
    MAKE_UP,
    WEEKDAYS,
    Span,
    Spans,
    spans_checked,
    spans_read,
    spans_written,
)

WORK = "work"  # Monday to Friday as one line
SINGLE = WEEKDAYS[:5]
LINES = (WORK, "6", "7", HOLIDAY, MAKE_UP, *SINGLE)
CLOSED = "休息"


def week_of_lines(
    attended: Mapping[str, str], unattended: Mapping[str, str], *, is_always: bool = False
) -> dict[str, Spans]:
    """Read a week from its lines.

    An empty single weekday is like the workdays, an empty holiday like its weekday, an empty
    make-up day like a Monday; an empty weekend is closed. `is_always`: open without anybody there
    in all the time that is left.

    Raises:
        LineError: a line cannot be read; `line` of the error says which.
        HoursError: the two parts of a line do not go together.
    """
    read = {line: _line(line, attended, unattended) for line in LINES}
    week: dict[str, Spans] = {}
    for day in WEEKDAYS:
        spans = read[day]
        if day in SINGLE and spans is None:
            spans = read[WORK]
        week[day] = spans or ()
    for kind in (HOLIDAY, MAKE_UP):
        if (spans := read[kind]) is not None:
            week[kind] = spans
    return {kind: rest_filled(week, kind) for kind in week} if is_always else week


class LineError(ValueError):
    """A line of hours that cannot be read."""

    def __init__(self, line: str, code: str, piece: str, *, is_attended: bool) -> None:
        super().__init__(code)
        self.line = line
        self.code = code
        self.piece = piece
        self.is_attended = is_attended


def _line(line: str, attended: Mapping[str, str], unattended: Mapping[str, str]) -> Spans | None:
    typed = attended.get(line, ""), unattended.get(line, "")
    if not typed[0].strip() and not typed[1].strip():
        return None
    found: list[Span] = []
    for text, is_attended in zip(typed, (True, False), strict=True):
        try:
            found += spans_read(text, is_attended=is_attended)
        except ValueError as error:
            code, piece = getattr(error, "code", "form"), getattr(error, "piece", text)
            raise LineError(line, code, piece, is_attended=is_attended) from error
    return spans_checked(found)


def lines_of_week(week: Mapping[str, Spans]) -> tuple[dict[str, str], dict[str, str]]:
    """Write a week as lines, so that `week_of_lines` reads the same week again."""
    common = _most_common([week.get(day, ()) for day in SINGLE])
    lines: dict[str, Spans | None] = {WORK: common}
    for day in SINGLE:
        lines[day] = None if week.get(day, ()) == common else week.get(day, ())
    for kind in ("6", "7", HOLIDAY, MAKE_UP):
        lines[kind] = week.get(kind)
    return _written(lines, is_attended=True), _written(lines, is_attended=False)


def _written(lines: Mapping[str, Spans | None], *, is_attended: bool) -> dict[str, str]:
    said = {}
    for line, spans in lines.items():
        if spans is None:
            said[line] = ""
        elif not spans:
            said[line] = CLOSED if is_attended else ""
        else:
            said[line] = spans_written(spans, is_attended=is_attended)
    return said


def _most_common(found: Sequence[Spans]) -> Spans:
    return max(found, key=lambda one: (found.count(one), len(one)))


def rest_filled(week: Mapping[str, Spans], kind: str) -> Spans:
    """Return the spans of a day with the time that is left filled: open, nobody there."""
    spans = sorted(week[kind])
    before = week.get(_day_before(kind), ())
    at = max([0, *(one.closes - DAY for one in before if one.is_attended)])
    filled = [one for one in spans if one.is_attended]
    for span in list(filled):
        if span.opens > at:
            filled.append(Span(at, span.opens, is_attended=False))
        at = max(at, span.closes)
    if at < DAY:
        filled.append(Span(at, DAY, is_attended=False))
    return tuple(sorted(filled))


def _day_before(kind: str) -> str:
    return str((int(kind) - 2) % 7 + 1) if kind in WEEKDAYS else ""
