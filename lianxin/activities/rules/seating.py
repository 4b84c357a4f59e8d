"""Numbered seats as an organiser writes them: rows times seats, or a line a row. Pure."""

from __future__ import annotations

import re

MOST_SEATS = 5000
LONGEST_ROW = 11  # of the name of a row; with its seat it stands on a ticket
ROW_ENDS = ""  # in the list of labels: who sits on either side of it are no neighbours
_BLOCK = re.compile(r"(\d{1,3})\s*[x×*]\s*(\d{1,3})")
_ROW = re.compile(r"(.*\S)\s+(\d{1,3})")


class SeatingError(ValueError):
    """Lines that name no seats; `what` is `line`, `row`, `twice` or `many`, `line` the one it is in."""

    def __init__(self, what: str, line: str = "") -> None:
        super().__init__(what)
        self.what, self.line = what, line


def seats_of(text: str) -> tuple[str, ...]:
    """Return the labels of seats in their order, rows apart; "12×20" is twelve rows of twenty.

    Raises:
        SeatingError: a line that says neither, a row twice, or too many.
    """
    labels: list[str] = []
    names: set[str] = set()
    for line in filter(None, (one.strip() for one in text.splitlines())):
        for row, length in _rows(line):
            if row in names:
                raise SeatingError("twice")
            names.add(row)
            if labels:
                labels.append(ROW_ENDS)
            labels += [f"{row}{seat}座" for seat in range(1, length + 1)]
            if len(labels) > 2 * MOST_SEATS:
                raise SeatingError("many")
    named = [label for label in labels if label]
    if len(named) > MOST_SEATS:
        raise SeatingError("many")
    if len(set(named)) != len(named):
        raise SeatingError("twice")
    return tuple(labels)


def count_of(labels: tuple[str, ...]) -> int:
    return sum(label != ROW_ENDS for label in labels)


def _rows(line: str) -> list[tuple[str, int]]:
    if block := _BLOCK.fullmatch(line):
        rows, seats = int(block[1]), int(block[2])
        found = [(f"{row}排", seats) for row in range(1, rows + 1)]
    elif named := _ROW.fullmatch(line):
        if len(named[1]) > LONGEST_ROW:
            raise SeatingError("row", line)
        # A number runs into that of the seat: "1" and "12" would share "118座".
        found = [(named[1] + "排" * named[1][-1].isdigit(), int(named[2]))]
    else:
        raise SeatingError("line", line)
    if not found or any(seats == 0 for _row, seats in found):
        raise SeatingError("line", line)
    return found
