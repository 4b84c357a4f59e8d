"""Hides numbers small enough to point at somebody, and those from which they could be reckoned back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

SPLIT = ("yes", "no", "unknown")  # together they are all that were looked at: `people`
Row = Mapping[str, int]
Cell = tuple[str, str]
NAMING = ("yes", "gains", "loses")  # of these, all of a group names everybody in it
TOTAL = ""


def suppressed(
    parts: Mapping[str, Row], total: Row, least: int
) -> dict[str, dict[str, int | None]]:
    """Return the table with its total under "", numbers that must not be said replaced by None.

    A number below `least` but not nothing is hidden, and every number of a part with fewer people. So
    is one that leaves fewer than `least` out: where thirty of thirty fit, everybody is known to. That
    nobody fits, or that nothing is known of anybody, names nobody. Where a line of numbers that add up
    hides only one, the smallest other one goes as well.
    """
    table = {**parts, TOTAL: total}
    cells = {(name, column): value for name, row in table.items() for column, value in row.items()}
    hidden = {cell for cell, value in cells.items() if 0 < value < least}
    hidden |= {(name, column) for name, row in table.items() if 0 < row["people"] < least for column in row}  # fmt: skip
    hidden |= {(name, column) for name, row in table.items() for column, value in row.items() if _names_rest(column, value, row["people"], least)}  # fmt: skip
    lines = list(_lines(table))
    changed = True
    while changed:
        changed = False
        for line in lines:
            if sum(cell in hidden for cell in line) != 1:
                continue
            open_cells = [cell for cell in line if cell not in hidden]
            if not open_cells:
                continue
            hidden.add(min(open_cells, key=lambda cell: (cells[cell] == 0, cells[cell], cell)))
            changed = True
    return {
        name: {column: None if (name, column) in hidden else row[column] for column in row}
        for name, row in table.items()
    }


def _names_rest(column: str, value: int, people: int, least: int) -> bool:
    """Say whether those a number leaves out are so few that it tells of everybody."""
    others = people - value
    return column != "people" and value > 0 and others < least and (others > 0 or column in NAMING)


def _lines(table: Mapping[str, Row]) -> Iterator[list[Cell]]:
    """Yield the groups of cells of which one follows from the others."""
    for column in table[TOTAL]:
        yield [(name, column) for name in table]
    for name in table:
        yield [(name, column) for column in ("people", *SPLIT)]
