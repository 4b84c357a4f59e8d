"""A draw anyone can verify: what is hashed, in which words, and what comes out. Pure.

Chance decides, and nobody has to believe whoever runs the machine. The list of those who applied is
fixed and its fingerprint (a Merkle root) published while nobody can know the seed. Then people who do
not arrange the draw each lock away a secret, open it, and last of all a value becomes known that is
made in public elsewhere: a lottery, a beacon, closing figures. From all of it follows one seed, from
the seed one order. Whoever holds the published file computes the same.

Every hash but those of the tree is SHA-256 over lines of text: the name of the format, one word saying
what is hashed, then the parts, each on a line of its own. The tree is that of RFC 6962. Only whole
numbers and text are used, so that every language comes to the same. docs/guide/draws.md is the
description for others; the two verifiers are written after it and not after this file.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
import uuid
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

FORMAT = "lianxin-draw-1"
RECEIPT = "lianxin-receipt-1"
ABSENT = "absent"  # a party that locked nothing away in time
SILENT = "silent"  # a party that did, and did not open it in time
LARGEST_WEIGHT = 100


class Row(NamedTuple):
    """One application as it is published: whose it is only its own receipt tells."""

    line: str  # 64 hexadecimal digits
    stratum: int
    weight: int
    size: int

    def text(self) -> str:
        return f"{self.line} {self.stratum} {self.weight} {self.size}"


def canonical(value: Any) -> str:
    """Write JSON the one way a signature or a hash is made over (the whole-number part of RFC 8785)."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def digest(word: str, *parts: str) -> str:
    """Hash lines of text: the format, a word, the parts. No part may hold a line break."""
    return hashlib.sha256("\n".join((FORMAT, word, *parts)).encode()).hexdigest()


def salt_of(secret: bytes, claim_id: uuid.UUID) -> str:
    """Return the salt of one application: without it nobody tells whose line is whose."""
    return hmac.digest(secret, claim_id.bytes, "sha256")[:16].hex()


def line_of(draw_id: uuid.UUID, salt: str, claim_id: uuid.UUID) -> str:
    """Return what stands in the list for an application."""
    return digest("line", str(draw_id), salt, str(claim_id))


def rule_digest(rule: str) -> str:
    """Return the fingerprint of a rule, given in its canonical form."""
    return digest("rule", rule)


def secret_of(typed: str) -> str:
    """Write a secret the one way it is hashed: NFC, one blank between words, none around."""
    return " ".join(unicodedata.normalize("NFC", typed).split())


def seal_of(rule: str, root: str) -> str:
    """Return the fingerprint of a rule and a list together: what everybody compares."""
    return digest("seal", rule_digest(rule), root)


def lock_of(seal: str, party: int, secret: str) -> str:
    """Lock a secret away for one rule and list: for any other it does not open. `party`: from 1."""
    return digest("lock", seal, str(party), secret)


def seed_of(seal: str, opened: Sequence[str], withdrawn: Sequence[str], value: str) -> str:
    """Return the seed. `opened`: a party each, ABSENT, SILENT or `said SECRET`; see `said`."""
    return digest("seed", seal, *opened, digest("withdrawn", *withdrawn), value)


def said(secret: str) -> str:
    """Mark what a party opened, so that no secret passes for a missing one."""
    return f"said {secret}"


class Tree:
    """The Merkle tree of RFC 6962 over all rows of a list, kept whole so that each finds her way."""

    def __init__(self, rows: Iterable[Row]) -> None:
        sha = hashlib.sha256
        level = [sha(b"\x00" + row.text().encode()).digest() for row in rows]
        self.levels = [level]
        while len(level) > 1:
            pairs = range(0, len(level) - 1, 2)
            above = [sha(b"\x01" + level[at] + level[at + 1]).digest() for at in pairs]
            if len(level) % 2:
                above.append(level[-1])
            self.levels.append(above)
            level = above

    @property
    def root(self) -> str:
        top = self.levels[-1]
        return top[0].hex() if top else hashlib.sha256(b"").hexdigest()

    def path(self, index: int) -> list[str]:
        """Return the neighbours from a row (counted from 0) up to the root."""
        found = []
        for level in self.levels[:-1]:
            beside = index ^ 1
            if beside < len(level):
                found.append(level[beside].hex())
            index >>= 1
        return found


def order_of(seed: str, rows: Sequence[Row], without: Collection[str] = ()) -> list[int]:
    """Return the places of the rows in the order of the draw.

    Each row has as many tickets as its weight; its smallest counts. That is the same as drawing from
    an urn that holds all tickets of all rows. A lower stratum comes first.
    """
    head = hashlib.sha256(f"{FORMAT}\nticket\n{seed}\n".encode())
    drawn = []
    for place, row in enumerate(rows):
        if row.line in without:
            continue
        begun = head.copy()
        begun.update(f"{row.line}\n".encode())
        drawn.append((row.stratum, _least(begun, row.weight), row.line, place))
    drawn.sort()
    return [place for *_rest, place in drawn]


def winners_of(order: Iterable[int], rows: Sequence[Row], capacity: int) -> list[int]:
    """Return who gets places: each in turn whose whole group still fits; the others wait in order."""
    won = []
    for place in order:
        if rows[place].size <= capacity:
            capacity -= rows[place].size
            won.append(place)
        if not capacity:
            break
    return won


def _least(begun: Any, weight: int) -> bytes:
    """Return the smallest of the tickets 1 to `weight` of a row whose hash was begun."""
    least = b"\xff" * 33
    for number in range(1, weight + 1):
        ticket = begun.copy()
        ticket.update(b"%d" % number)
        least = min(least, ticket.digest())
    return least
