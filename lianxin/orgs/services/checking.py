"""Prove that the tree is sound and its counts are true; put right what is not, and say so."""

from __future__ import annotations

import logging
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lianxin.audit import api as audit
from lianxin.kit.transactions import atomic
from lianxin.orgs.models import Organisation, OrganisationChange
from lianxin.orgs.rules import organisation_carriers, paths_above
from lianxin.orgs.services.carrying import codes_of, lines_right
from lianxin.orgs.services.tree import tree_lock

log = logging.getLogger(__name__)
_AT_ONCE = 500
_ROW = ("pk", "path", "depth", "numchild", "member_count", "code")


@dataclass
class TreeReport:
    """What was looked at, and what was found wrong: codes of the unions concerned."""

    unions: int = 0
    members: int = 0
    orphans: list[str] = field(default_factory=list)
    depths: list[str] = field(default_factory=list)
    children: list[str] = field(default_factory=list)
    counts: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    lines: int = 0
    is_repaired: bool = False

    @property
    def is_sound(self) -> bool:
        """Say whether nothing was found wrong."""
        return not (
            self.orphans or self.depths or self.children or self.counts or self.marks or self.lines
        )


def tree_check(*, repair: bool = False, lines: bool = False) -> TreeReport:
    """Compare tree and counts with what they are made of, in one transaction that holds the tree.

    With `repair` depth, children, counts and forgotten marks are put right (an orphan, whose parent
    is missing, is only told) and the audit trail says so. With `lines` the codes copied into members
    are put right as well, in batches: that reads every member.
    """
    report = TreeReport(is_repaired=repair)
    with atomic():
        tree_lock()
        _compare(report, repair=repair)
        if repair and not report.is_sound:
            audit.record(
                actor_id=None,
                action="orgs.tree_repaired",
                kind="orgs.Organisation",
                object_id="tree",
                detail={"counts": len(report.counts), "children": len(report.children)},
            )
    if lines:
        for unions in _all_unions():
            report.lines += lines_right(codes=codes_of(unions))
    if not report.is_sound:
        log.error(
            "tree_check: %d orphans, %d depths, %d children, %d counts, %d marks, %d lines",
            len(report.orphans), len(report.depths), len(report.children), len(report.counts),
            len(report.marks), report.lines,
        )  # fmt: skip
    return report


def _compare(report: TreeReport, *, repair: bool) -> None:
    own: Counter[uuid.UUID] = Counter()
    for carrier in organisation_carriers:
        own.update(carrier.count())
    rows = list(Organisation.objects.order_by("path").values_list(*_ROW))
    path_of = {path: code for _, path, _, _, _, code in rows}
    below: Counter[str] = Counter()
    children: Counter[str] = Counter()
    for pk, path, *_ in rows:
        line = paths_above(path)
        children.update(line[-2:-1])
        if own[pk]:
            below.update(dict.fromkeys(line, own[pk]))
    for pk, path, depth, numchild, count, code in rows:
        line = paths_above(path)
        truth = {"depth": len(line), "numchild": children[path], "member_count": below[path]}
        if len(line) > 1 and line[-2] not in path_of:
            report.orphans.append(code)
        if (depth, numchild, count) == tuple(truth.values()):
            continue
        report.depths += [code] if depth != truth["depth"] else []
        report.children += [code] if numchild != truth["numchild"] else []
        report.counts += [code] if count != truth["member_count"] else []
        if repair:
            Organisation.objects.filter(pk=pk).update(**truth)
    report.unions, report.members = len(rows), sum(own.values())
    _marks(report, repair=repair)


def _marks(report: TreeReport, *, repair: bool) -> None:
    moving = OrganisationChange.objects.filter(
        kind=OrganisationChange.Kind.MOVE, state=OrganisationChange.State.CARRYING
    )
    forgotten = Organisation.objects.filter(is_in_motion=True)
    if moving.exists() or not forgotten.exists():
        return
    report.marks = list(forgotten.values_list("code", flat=True))
    if repair:
        forgotten.update(is_in_motion=False)


def _all_unions() -> Iterator[list[Organisation]]:
    after = ""
    while True:
        unions = list(Organisation.objects.filter(path__gt=after).order_by("path")[:_AT_ONCE])
        if not unions:
            return
        yield unions
        after = unions[-1].path
