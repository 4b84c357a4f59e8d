"""The Merkle tree of RFC 6962 over the digests of a shard, grown leaf by leaf.

Only the roots of its perfect subtrees (its peaks, at most one a bit of its size) are kept: they
are enough to add further leaves and to know the root, so ten million rows need no memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def leaf(data: bytes) -> bytes:
    """RFC 6962, 2.1: a leaf is hashed with 0x00 before it, so that it never passes for a node."""
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that can grow; `peaks` are its perfect subtrees, the largest first."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        if size.bit_count() != len(peaks):
            raise ValueError("a tree has one peak for each bit of its size")
        self.size = size
        self.peaks = list(peaks)

    def add(self, data: bytes) -> None:
        """Append a leaf."""
        top, size = leaf(data), self.size
        while size & 1:
            top = node(self.peaks.pop(), top)
            size >>= 1
        self.peaks.append(top)
        self.size += 1

    def root(self) -> bytes:
        """Return the Merkle tree hash."""
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        *others, top = self.peaks
        for peak in reversed(others):
            top = node(peak, top)
        return top

    def spans(self) -> list[tuple[int, int]]:
        """Return which leaves (first and last, counted from 1) stand below each peak."""
        found, before = [], 0
        for bit in reversed(range(self.size.bit_length())):
            if self.size >> bit & 1:
                found.append((before + 1, before + (1 << bit)))
                before += 1 << bit
        return found


class Prover:
    """Grows a tree while noting the way from one leaf (counted from 0) to its root."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.size = 0
        self.path: list[bytes] = []
        self._peaks: list[tuple[bytes, bool]] = []

    def add(self, data: bytes) -> None:
        """Append a leaf."""
        top, size = (leaf(data), self.size == self.index), self.size
        while size & 1:
            top = self._join(self._peaks.pop(), top)
            size >>= 1
        self._peaks.append(top)
        self.size += 1

    def finish(self) -> bytes:
        """Complete the path and return the root; afterwards nothing can be added."""
        while len(self._peaks) > 1:
            right, left = self._peaks.pop(), self._peaks.pop()
            self._peaks.append(self._join(left, right))
        return self._peaks[0][0]

    def _join(self, left: tuple[bytes, bool], right: tuple[bytes, bool]) -> tuple[bytes, bool]:
        if left[1]:
            self.path.append(right[0])
        elif right[1]:
            self.path.append(left[0])
        return node(left[0], right[0]), left[1] or right[1]


def proves(data: bytes, *, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Say whether a path leads from a leaf (counted from 0) to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, top = index, size - 1, leaf(data)
    for step in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            top = node(step, top)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            top = node(top, step)
        at, last = at >> 1, last >> 1
    return last == 0 and top == root
