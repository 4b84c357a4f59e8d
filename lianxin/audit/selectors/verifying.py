"""Proving the trail whole: each shard walked from its start, against its head and all checkpoints.

The chain finds an edited, inserted or missing row. Somebody who rewrites the chain from there on,
heads included, is found by the checkpoints, which lie outside the database and are signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lianxin.audit import rules
from lianxin.audit.models import SHARDS, AuditHead, AuditRow
from lianxin.audit.rules import Mark, Tree
from lianxin.audit.selectors.checkpoints import Ledger, ledger_read
from lianxin.audit.selectors.reading import rows_after


@dataclass(frozen=True)
class Breach:
    """The first place of a shard where the trail does not hold; `last` ends a span of doubt."""

    shard: int
    position: int
    reason: str
    last: int = 0

    def __str__(self) -> str:
        span = f", or a later one up to {self.last}" if self.last > self.position else ""
        return f"shard {self.shard}, row {self.position}{span}: {self.reason}"


@dataclass
class Report:
    """What a whole verification found."""

    rows: int = 0
    checkpoints: int = 0
    breaches: list[Breach] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    agreed: dict[int, int] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Say whether nothing is wrong."""
        return not self.breaches and not self.faults


def breaches() -> list[Breach]:
    """Walk every shard; report the first edited, missing or surplus row of each."""
    return trail_verify().breaches


def trail_verify(
    *, place: Path | None = None, keys: Sequence[Ed25519PublicKey] | None = None
) -> Report:
    """Walk every shard from its start and compare it with its head and every checkpoint."""
    known = ledger_read(place, keys)
    report = Report(
        checkpoints=len(known.checkpoints), faults=list(known.faults), notes=list(known.notes)
    )
    report.notes += [
        f"checkpoint {one.number} of {one.at} follows a restore: shard {mark.shard} was known up to "
        f"a later row than {mark.agreed}"
        for one in known.checkpoints
        for mark in one.marks
        if mark.agreed is not None
    ]
    for shard in _shards(known):
        walk = _Walk(shard, rules.marks_that_hold(known.checkpoints, shard))
        breach = walk.to_the_end()
        report.rows += walk.tree.size
        report.agreed[shard] = walk.agreed
        if breach:
            report.breaches.append(breach)
    return report


def _shards(known: Ledger) -> list[int]:
    shards = {*range(SHARDS), *AuditHead.objects.values_list("shard", flat=True)}
    shards |= set(AuditRow.objects.order_by().values_list("shard", flat=True).distinct())
    return sorted(shards | {mark.shard for one in known.checkpoints for mark in one.marks})


class _Walk:
    """One shard on its way from the first row to the last."""

    def __init__(self, shard: int, marks: Iterable[tuple[int, Mark]]) -> None:
        self.shard = shard
        self.marks = [pair for pair in marks if pair[1].size]
        self.tree = Tree()
        self.previous = ""
        self.agreed = 0  # rows that a checkpoint confirms

    def to_the_end(self) -> Breach | None:
        """Return the first breach. Rows that arrive meanwhile are walked as well."""
        while True:
            before = self.tree.size
            if breach := self._rows():
                return breach
            # The head is read after the rows: it can only be further than they were.
            head = AuditHead.objects.filter(shard=self.shard).first()
            length, digest = (head.length, head.digest) if head else (0, "")
            if length > self.tree.size and self.tree.size > before:
                continue
            return self._end(length, digest)

    def _end(self, length: int, digest: str) -> Breach | None:
        here = self.tree.size + 1
        if self.marks:
            number, mark = self.marks[0]
            reason = f"missing; checkpoint {number} knows {mark.size} rows"
            return Breach(self.shard, here, reason)
        if length > self.tree.size:
            return Breach(self.shard, here, "missing at the end")
        if length < self.tree.size:
            return Breach(self.shard, length + 1, "surplus")
        if digest != self.previous:
            return Breach(self.shard, self.tree.size, "the head does not fit")
        return None

    def _rows(self) -> Breach | None:
        for covered, digest in rows_after(self.shard, self.tree.size):
            if covered[1] != self.tree.size + 1:
                return Breach(self.shard, self.tree.size + 1, "missing")
            if digest != rules.digest(self.previous, rules.content(covered)):
                return Breach(self.shard, self.tree.size + 1, "edited")
            self.tree.add(bytes.fromhex(digest))
            self.previous = digest
            if breach := self._compared():
                return breach
        return None

    def _compared(self) -> Breach | None:
        while self.marks and self.marks[0][1].size == self.tree.size:
            number, mark = self.marks.pop(0)
            if mark.digest == self.previous and mark.root == self.tree.root().hex():
                self.agreed = mark.size
                continue
            first, last = self._doubt(mark)
            reason = f"rewritten since checkpoint {number}"
            return Breach(self.shard, first, reason, last)
        return None

    def _doubt(self, mark: Mark) -> tuple[int, int]:
        """Narrow down where a rewritten chain begins to differ: below the first peak that does."""
        for (first, last), known, found in zip(
            self.tree.spans(), mark.peaks, self.tree.peaks, strict=False
        ):
            if known != found.hex():
                return max(first, self.agreed + 1), last
        return self.agreed + 1, mark.size


@dataclass(frozen=True)
class Proof:
    """That one row stands in the trail a checkpoint signed: follow `path` from leaf to root."""

    checkpoint: int
    shard: int
    position: int
    size: int
    digest: str
    root: str
    path: tuple[str, ...]

    def holds(self) -> bool:
        """Compute it; whoever trusts the checkpoint's signature needs nothing else."""
        return rules.proves(
            bytes.fromhex(self.digest),
            index=self.position - 1,
            size=self.size,
            path=[bytes.fromhex(step) for step in self.path],
            root=bytes.fromhex(self.root),
        )


def proof_of(row: AuditRow) -> Proof | None:
    """Prove that the first checkpoint after a row includes it; None if none was written yet."""
    marks = rules.marks_that_hold(ledger_read().checkpoints, row.shard)
    found = next((pair for pair in marks if pair[1].size >= row.position), None)
    if found is None:
        return None
    number, mark = found
    prover = rules.Prover(row.position - 1)
    for _covered, digest in rows_after(row.shard, 0, upto=mark.size):
        prover.add(bytes.fromhex(digest))
    prover.finish()
    path = tuple(step.hex() for step in prover.path)
    return Proof(number, row.shard, row.position, mark.size, row.digest, mark.root, path)
