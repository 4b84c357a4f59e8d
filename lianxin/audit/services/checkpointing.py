"""Writing checkpoints: what the trail is now, signed, outside the database."""

from __future__ import annotations

from dataclasses import replace

from lianxin.audit import rules
from lianxin.audit.adapters import ledger, signing
from lianxin.audit.models import AuditHead
from lianxin.audit.rules import Checkpoint, Mark, Tree
from lianxin.audit.selectors import ledger_read, rows_after, trail_verify
from lianxin.kit import clock


class CheckpointError(Exception):
    """The trail does not go on from the last checkpoint: run audit_verify."""


def checkpoint_write() -> Checkpoint | None:
    """Write a checkpoint if there are new rows; only rows since the last one are read.

    Raises:
        CheckpointError: the trail or the files were changed since the last one.
    """
    with ledger.alone():
        known = ledger_read()
        if known.faults:
            raise CheckpointError(known.faults[0])
        last = known.checkpoints[-1] if known.checkpoints else None
        marks = [
            _grown(shard, length, digest, last.mark_of(shard) if last else None)
            for shard, length, digest in _heads()
        ]
        gone = (
            {mark.shard for mark in last.marks} - {mark.shard for mark in marks} if last else set()
        )
        if gone:
            raise CheckpointError(f"shard {min(gone)} has no head any more")
        if last and [mark.size for mark in marks] == [mark.size for mark in last.marks]:
            return None
        return _append(marks, last, known.last_line)


def checkpoint_restore() -> Checkpoint | None:
    """After a restore: say in the open that rows later than the backup are gone.

    Where the trail is what the checkpoints know, this is an ordinary checkpoint.

    Raises:
        CheckpointError: the files were changed, or the restored trail is broken in itself.
    """
    with ledger.alone():
        known = ledger_read()
        if known.faults:
            raise CheckpointError(known.faults[0])
        agreed = trail_verify().agreed
        heads = list(_heads())
        marks = [_grown(*head, None) for head in heads]
        last = known.checkpoints[-1] if known.checkpoints else None
        marks = [
            replace(mark, agreed=agreed.get(mark.shard, 0))
            if any(
                one.size > agreed.get(mark.shard, 0)
                for _number, one in rules.marks_that_hold(known.checkpoints, mark.shard)
            )
            else mark
            for mark in marks
        ]
        return _append(marks, last, known.last_line)


def _heads() -> list[tuple[int, int, str]]:
    return list(AuditHead.objects.order_by("shard").values_list("shard", "length", "digest"))


def _grown(shard: int, length: int, digest: str, last: Mark | None) -> Mark:
    """Read the rows since the last mark, chain and count them, and let the tree grow."""
    size = last.size if last else 0
    tree = Tree(size, [bytes.fromhex(peak) for peak in last.peaks] if last else [])
    previous = last.digest if last else ""
    for covered, row_digest in rows_after(shard, size, upto=length):
        fits = row_digest == rules.digest(previous, rules.content(covered))
        if covered[1] != tree.size + 1 or not fits:
            raise CheckpointError(f"shard {shard} breaks at row {tree.size + 1}")
        tree.add(bytes.fromhex(row_digest))
        previous = row_digest
    if tree.size != length or previous != digest:
        raise CheckpointError(f"shard {shard} does not go on from row {tree.size}")
    peaks = tuple(peak.hex() for peak in tree.peaks)
    return Mark(shard, tree.size, previous, tree.root().hex(), peaks)


def _append(marks: list[Mark], last: Checkpoint | None, last_line: str) -> Checkpoint:
    key = signing.own_key()
    now = clock.now()
    draft = Checkpoint(
        number=last.number + 1 if last else 1,
        at=rules.moment(now),
        previous=rules.line_hash(last_line) if last_line else "",
        key=signing.fingerprint(key.public_key()),
        marks=tuple(marks),
    )
    signed = draft.with_signature(signing.sign(key, draft.signed_part()))
    ledger.append(signed.line(), month=f"{now:%Y-%m}")
    return signed
