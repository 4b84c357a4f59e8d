"""Reading draws: whose line is whose, the published file, a person's own receipt."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from lianxin.allocation.models import Claim, Draw, DrawStatement, Pool
from lianxin.allocation.models.pool import unruled
from lianxin.allocation.rules.claims import State
from lianxin.allocation.rules.draws import (
    FORMAT,
    RECEIPT,
    Row,
    Tree,
    canonical,
    line_of,
    salt_of,
    winners_of,
)
from lianxin.allocation.rules.draws_rule import stamp
from lianxin.allocation.rules.draws_steps import Stage
from lianxin.kit import clock, tokens
from lianxin.kit.paging import Page
from lianxin.vault import api as vault

PURPOSE = "draw"
FOR_EVER = dt.timedelta(days=36_500)  # a draw is checked again whenever somebody doubts it
PAGE = 200
UNRULED_KEPT = dt.timedelta(days=7)
SECTIONS = {
    Stage.COLLECTING: "rule",
    Stage.FROZEN: "frozen",
    Stage.COMMITTED: "committed",
    Stage.REVEALED: "revealed",
    Stage.DRAWN: "drawn",
    Stage.VOID: "void",
}


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A person's own line of a draw. `index` and `rank` count from 0; None: not (yet) there."""

    draw: Draw
    line: str
    salt: str
    row: Row | None = None
    index: int | None = None
    rank: int | None = None
    is_won: bool = False
    is_withdrawn: bool = False
    ahead: int = 0  # how many wait before her
    ended: State | None = None  # how her application ended before the list was fixed

    @property
    def short(self) -> str:
        """The line as one reads it out: its first twelve digits."""
        return " ".join(self.line[at : at + 4] for at in (0, 4, 8))


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list unpacked: its tree, where each line stands, where in the order, who won."""

    rows: list[Row]
    tree: Tree
    places: dict[str, int]
    ranks: dict[int, int]
    won: frozenset[int]


def salts_of(draw: Draw) -> bytes:
    """Open what the salts of a draw are made from, for the machine alone."""
    return bytes.fromhex(vault.reveal(draw, "salts"))


def lines_of_claims(draw: Draw, claim_ids: Iterable[uuid.UUID]) -> dict[str, uuid.UUID]:
    """Return the claims by their line in a draw."""
    salts = salts_of(draw)
    return {line_of(draw.pk, salt_of(salts, pk), pk): pk for pk in claim_ids}


def draw_of_pool(pool_id: uuid.UUID) -> Draw | None:
    """Return the draw of a pool that counts: the newest that was published. One query."""
    rows = Draw.objects.filter(pool_id=pool_id).exclude(stage=Stage.PLANNED)
    return rows.select_related("pool__organisation").order_by("-number").first()


def pools_unruled() -> QuerySet[Pool]:
    """Return the pools that are to be drawn and take nobody, since their rule is not published.

    One that closed so stays among them for a week: somebody sets a later end, or calls it off.
    """
    return Pool.objects.filter(unruled(), off_at=None, closes_at__gt=clock.now() - UNRULED_KEPT)


def draws_of_pools(pool_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Draw]:
    """Return the newest draw of each pool, also one that is only planned. One query, none for none."""
    ids = list(pool_ids)
    rows = Draw.objects.filter(pool_id__in=ids).order_by("number") if ids else ()
    return {draw.pool_id: draw for draw in rows}


def own_line(claim: Claim, draw: Draw | None = None) -> OwnLine | None:
    """Return a person's own line in the draw of her pool; None where nothing is drawn."""
    draw = draw or draw_of_pool(claim.pool_id)
    if draw is None or not draw.rule_text:
        return None
    salt = salt_of(salts_of(draw), claim.pk)
    line = line_of(draw.pk, salt, claim.pk)
    listed = listed_of(draw)
    index = listed.places.get(line) if listed else None
    if listed is None or index is None:
        return OwnLine(draw, line, salt, ended=_ended_before(claim, draw))
    rank = listed.ranks.get(index)
    won = index in listed.won
    before = (
        0
        if rank is None or won
        else rank - sum(1 for one in listed.won if listed.ranks[one] < rank)
    )
    return OwnLine(
        draw,
        line,
        salt,
        row=listed.rows[index],
        index=index,
        rank=rank,
        is_won=won,
        is_withdrawn=line in draw.withdrawn,
        ahead=before,
    )  # fmt: skip


def _ended_before(claim: Claim, draw: Draw) -> State | None:
    """Say how an application ended before the list was fixed; None if it should stand in the list.

    Who is missing and gives back only afterwards was missing all the same.
    """
    if claim.lives:
        return None
    fixed = draw.frozen_at  # kept to the second
    is_before = fixed is None or claim.settled_at < fixed + dt.timedelta(seconds=1)
    return claim.standing if is_before else None


def listed_of(draw: Draw) -> _Listed | None:
    """Return the list of a draw, kept in this process for a while: a list never changes, nor its order."""
    if not draw.root:
        return None
    return _listed(draw.pk, draw.seed)


def receipt_of(claim: Claim, own: OwnLine) -> str:
    """Write the receipt by which a person finds and proves her line anywhere, without us.

    Signed: an application that was taken in and is missing in the list can be shown to anybody.
    """
    listed = listed_of(own.draw) if own.index is not None else None
    path = listed.tree.path(own.index) if listed and own.index is not None else None
    signer = vault.signer_of(PURPOSE)
    promise = {
        "applied_at": stamp(claim.made_at),
        "draw": str(own.draw.pk),
        "key": signer.key_id,
        "line": own.line,
        "size": claim.size,
        "t": "application",
    }
    return canonical(
        {
            "claim": str(claim.pk),
            "count": own.draw.count if listed else None,
            "draw": str(own.draw.pk),
            "format": RECEIPT,
            "index": own.index,
            "keys": {one.key_id: one.x for one in draw_keys() if one.key_id == signer.key_id},
            "line": own.line,
            "path": path,
            "promise": tokens.signed(canonical(promise).encode(), signer.sign),
            "root": own.draw.root if listed else None,
            "row": list(own.row) if own.row else None,
            "salt": own.salt,
            "title": own.draw.pool.title,
        }
    )


def file_of(draw: Draw) -> str:
    """Write the one file of a draw, as far as it is: everything anybody needs to check it."""
    return _file(draw.pk, draw.standing)


@lru_cache(maxsize=4)
def _file(draw_id: uuid.UUID, stage: Stage) -> str:
    """Write the file as of a stage: the same for everybody and for good, so it is kept for a while."""
    statements: list[DrawStatement] = []
    for one in DrawStatement.objects.filter(draw_id=draw_id).order_by("pk"):
        statements.append(one)
        if one.stage == stage:  # what follows belongs to the next stage's file
            break
    sections: dict[str, Any] = dict.fromkeys(SECTIONS.values())
    for one in statements:
        sections[SECTIONS[Stage(one.stage)]] = json.loads(one.section)
    listed = listed_of(Draw.objects.get(pk=draw_id)) if sections["frozen"] else None
    result = None
    if listed and sections["drawn"]:
        order = sorted(listed.ranks, key=listed.ranks.__getitem__)
        result = {"order": order, "won": [place for place in order if place in listed.won]}
    return canonical(
        {
            **sections,
            "format": FORMAT,
            "keys": {one.key_id: one.x for one in keys_of(one.token for one in statements)},
            "result": result,
            "rows": [list(row) for row in listed.rows] if listed else None,
            "statements": [one.token for one in statements],
        }
    )


def keys_of(signed: Iterable[str]) -> list[vault.PublishedKey]:
    """Return the public keys that some statements were signed with."""
    named = {tokens.opened(token)[0]["key"] for token in signed}
    return [one for one in draw_keys() if one.key_id in named]


def draw_keys() -> list[vault.PublishedKey]:
    """Return all keys draws were ever signed with: what they signed holds for good."""
    return vault.signing_keys(PURPOSE, life=FOR_EVER)


@lru_cache(maxsize=4)
def _listed(draw_id: uuid.UUID, seed: str) -> _Listed:  # noqa: ARG001  (the seed makes it another list once it is drawn)
    draw = Draw.objects.get(pk=draw_id)
    rows, order = draw.rows, draw.order
    places = draw.rule["places"]
    return _Listed(
        rows=rows,
        tree=Tree(rows),
        places={row.line: place for place, row in enumerate(rows)},
        ranks={place: rank for rank, place in enumerate(order)},
        won=frozenset(winners_of(order, rows, places)),
    )


def draws_public() -> QuerySet[Draw]:
    """Return the draws whose rule is published: anybody may look at them."""
    return Draw.objects.exclude(stage=Stage.PLANNED).select_related("pool__organisation")


def draws_asking(account_id: uuid.UUID) -> QuerySet[Draw]:
    """List the draws in which somebody has a secret to lock or to open now."""
    mine = Q(parties__account_id=account_id)
    to_lock = Q(stage=Stage.FROZEN, parties__lock="")
    to_open = Q(stage=Stage.COMMITTED, parties__secret="") & ~Q(parties__lock="")
    rows = Draw.objects.filter(mine & (to_lock | to_open)).select_related("pool")
    return rows.order_by("due_at")


def winning_lines(draw: Draw, after: str) -> Page[Any]:
    """Return a page of the lines that got places, in the order of the draw; `after`: how many were shown."""
    listed = listed_of(draw)
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 9 else 0
    if listed is None or not draw.seed:
        return Page([], "")
    won = [place for place in listed.ranks if place in listed.won]
    part = won[start : start + PAGE]
    rows = [(listed.ranks[place] + 1, listed.rows[place]) for place in part]
    return Page(rows, str(start + PAGE) if start + PAGE < len(won) else "")
