"""The queue in words: what each row says, which chips stand above it, what the day looks like."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lianxin.procedures.api import Queue, QueueRow

CHIPS: dict[str, tuple[str | Promise, str]] = {
    "mine": (gettext_lazy("Mine"), ""),
    "late": (gettext_lazy("Late"), "late"),
    "today": (gettext_lazy("Today"), "soon"),
    "waiting": (gettext_lazy("Waiting for an answer"), ""),
    "team": (gettext_lazy("My desk"), ""),
    "below": (gettext_lazy("Below"), ""),
}


@dataclass(frozen=True)
class Chip:
    """One way to narrow the queue, with how many lie under it."""

    key: str
    label: str
    tone: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class Row:
    """One row as the queue draws it."""

    dossier_id: uuid.UUID
    seq: int
    title: str
    note: str
    left: int | None
    total: int
    label: str
    state: str


def chips_of(queue: Queue, current: str) -> list[Chip]:
    """List the chips that have something under them, and the current one."""
    return [
        Chip(
            key,
            str(label),
            tone if queue.counts.get(key) else "",
            queue.counts.get(key, 0),
            key == current,
        )
        for key, (label, tone) in CHIPS.items()
        if key in {"mine", current} or _tells(queue, key)
    ]


def _tells(queue: Queue, key: str) -> bool:
    """Leave out what is empty, and a desk on which only one's own cases lie."""
    count = queue.counts.get(key, 0)
    return bool(count) and not (key == "team" and count == queue.counts.get("mine"))


def row_of(row: QueueRow) -> Row:
    """Say one row: what and which step, whose and where, what the clock says."""
    holder = row.task.assignee
    parts = [row.name, row.organisation, holder.display_name if holder else ""]
    return Row(
        dossier_id=row.dossier_id,
        seq=row.task.dossier.seq,
        title=f"{row.service} · {row.step}",
        note=" · ".join(part for part in parts if part),
        left=None if row.is_stopped else row.days_left,
        total=row.total_days,
        label=_label(row),
        state="late" if row.is_late else "",
    )


def headline(queue: Queue) -> str:
    """Say what the day looks like."""
    late, today = queue.counts.get("late", 0), queue.counts.get("today", 0)
    if late:
        said = ngettext("%(n)d case is late", "%(n)d cases are late", late)
        return said % {"n": late}
    if today:
        said = ngettext("%(n)d case is due today", "%(n)d cases are due today", today)
        return said % {"n": today}
    if queue.counts.get("mine"):
        return _("Nothing is pressing today")
    return _("All done")


def _label(row: QueueRow) -> str:
    if row.is_stopped:
        return _("waits")
    if row.is_late:
        return _("late")
    if row.days_left == 0:
        return _("today")
    return ngettext("%(n)d d", "%(n)d d", row.days_left) % {"n": row.days_left}
