"""Files of draws made up from a seed, whole and signed, without a database: for tests and benches.

They vary what may vary: the source of the value, groups, strata, tickets, missing locks and secrets,
lines given back, how far the draw is, void ones.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import uuid
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lianxin.allocation.rules.draws import (
    ABSENT,
    FORMAT,
    SILENT,
    Row,
    Tree,
    canonical,
    digest,
    lock_of,
    order_of,
    said,
    seal_of,
    seed_of,
    winners_of,
)
from lianxin.allocation.rules.draws_rule import PartyTerms, RuleTerms, stamp
from lianxin.allocation.rules.draws_sources import PRESETS, source_of, value_of
from lianxin.allocation.rules.draws_steps import LEAST_LOCKS, LEAST_PARTIES, Moments
from lianxin.kit import tokens

SECTIONS = {
    "collecting": "rule",
    "frozen": "frozen",
    "committed": "committed",
    "revealed": "revealed",
    "drawn": "drawn",
    "void": "void",
}
NOON = dt.datetime(2026, 12, 1, 4, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@dataclass
class TrialKey:
    """A key to sign with, from a seed."""

    private: Ed25519PrivateKey
    name: str = "a1b2c3"

    @classmethod
    def of(cls, chance: random.Random) -> TrialKey:
        return cls(Ed25519PrivateKey.from_private_bytes(chance.randbytes(32)))

    @property
    def x(self) -> str:
        return tokens.encode(self.private.public_key().public_bytes_raw())


@dataclass
class Trial:
    """What a made-up draw is to be like."""

    rows: int = 20
    places: int = 5
    most: int = 1
    strata: int = 1
    weight_most: int = 1
    parties: int = 4
    least_locks: int = LEAST_LOCKS
    source: str = "drand"
    stage: str = "drawn"
    is_void: bool = False
    has_gaps: bool = False  # locks that were never made, secrets that stayed shut, lines given back
    extra: dict[str, Any] = field(default_factory=dict)


def trial_of(chance: random.Random, rows: int) -> Trial:
    """Choose what a draw is like, all of it by chance."""
    stage = chance.choice(["drawn"] * 5 + list(SECTIONS)[:4])
    parties = chance.randint(3, 9)
    return Trial(
        rows=rows,
        places=chance.randint(1, max(1, 2 * rows)),
        most=chance.choice([1, 1, 3]),
        strata=chance.choice([1, 1, 2, 4]),
        weight_most=chance.choice([1, 1, 2, 5]),
        parties=parties,
        least_locks=2 if parties < LEAST_PARTIES else LEAST_LOCKS,  # as rules said at first
        source=chance.choice(list(PRESETS)),
        stage=stage,
        is_void=stage != "drawn" and chance.random() < 0.3,
        has_gaps=chance.random() < 0.5,
    )


def file_made(chance: random.Random, trial: Trial, key: TrialKey) -> dict[str, Any]:
    """Make a file as it would be published."""
    known_at = _known_at(trial.source)
    moments = Moments(known_at - 9 * HOUR, known_at - 6 * HOUR, known_at - 3 * HOUR, known_at)
    rule = RuleTerms(
        draw_id=uuid.UUID(bytes=chance.randbytes(16)),
        pool_id=uuid.UUID(bytes=chance.randbytes(16)),
        organisation="嘉州市总工会",
        title="暑假托管班 “第一期”",
        places=trial.places,
        most=trial.most,
        strata=[{"en": f"First {n}", "zh_Hans": f"优先{n}"} for n in range(1, trial.strata)],
        weight_most=trial.weight_most,
        moments=moments,
        parties=[PartyTerms(f"见证人{n}", "职工代表") for n in range(trial.parties)],
        public=source_of(trial.source, known_at=known_at, issue="2026135"),
    ).as_plain() | {"least_locks": trial.least_locks}
    file: dict[str, Any] = dict.fromkeys(
        ["committed", "drawn", "frozen", "result", "revealed", "rows", "void"]
    )
    file |= {"format": FORMAT, "rule": rule, "keys": {key.name: key.x}}
    stages = list(SECTIONS)[: list(SECTIONS).index(trial.stage) + 1]
    if "frozen" in stages:
        _freeze(file, chance, trial, moments)
    if "committed" in stages:
        secrets = _commit(file, chance, trial, moments)
    if "revealed" in stages:
        _reveal(file, chance, trial, moments, secrets)
    if "drawn" in stages:
        _draw(file, chance, moments)
    if trial.is_void:
        at = stamp(moments.reveal_until - dt.timedelta(minutes=1))
        reason = "declared" if trial.stage != "revealed" else "called_off"
        file["void"] = {"at": at if trial.stage != "revealed" else stamp(known_at), "reason": reason, "words": "场地换了"}  # fmt: skip
    file_signed(file, key)
    return file


def file_signed(file: dict[str, Any], key: TrialKey) -> None:
    """Sign what a file says, stage by stage: as its maker does, or whoever forges one with a key of his own."""
    signed: list[str] = []
    for stage, part in SECTIONS.items():
        section = file[part]
        if section is None:
            continue
        closes = file["rule"]["moments"]["closes_at"]
        published = f"{int(closes[:4]) - 1}{closes[4:]}"
        payload = {
            "at": published if stage == "collecting" else section["at"],
            "before": digest("token", signed[-1]) if signed else "",
            "draw": file["rule"]["draw"],
            "hash": digest("section", stage, canonical(section)),
            "key": key.name,
            "stage": stage,
            "t": "draw",
        }
        signed.append(tokens.signed(canonical(payload).encode(), key.private.sign))
    file["statements"] = signed


def file_result(file: dict[str, Any]) -> None:
    """Compute again what follows from a file's rule, list, locks, secrets and value, as a forger would."""
    rows = [Row(*row) for row in file["rows"]]
    opened = [
        said(told["secret"]) if told else (SILENT if lock else ABSENT)
        for lock, told in zip(file["committed"]["locks"], file["revealed"]["opened"], strict=True)
    ]
    gone = file["revealed"]["withdrawn"]
    value = file["drawn"]["value"]
    seal = seal_of(canonical(file["rule"]), file["frozen"]["root"])
    seed = seed_of(seal, opened, gone, value)
    order = order_of(seed, rows, frozenset(gone))
    won = winners_of(order, rows, file["rule"]["places"])
    file["drawn"] |= {"seed": seed, "won": len(won)}
    file["result"] = {"order": order, "won": won}


def _known_at(source: str) -> dt.datetime:
    preset = PRESETS[source]
    at = NOON.replace(hour=preset.at.hour - 8, minute=preset.at.minute)
    while (at + 8 * HOUR).weekday() not in preset.weekdays:
        at += 24 * HOUR
    return at


def _freeze(file: dict[str, Any], chance: random.Random, trial: Trial, moments: Moments) -> None:
    rows = sorted(
        Row(
            chance.randbytes(32).hex(),
            chance.randrange(trial.strata),
            chance.randint(1, trial.weight_most),
            chance.randint(1, trial.most),
        )
        for _ in range(trial.rows)
    )
    file["rows"] = [list(row) for row in rows]
    root = Tree(rows).root
    file["frozen"] = {
        "at": stamp(moments.closes_at),
        "count": len(rows),
        "root": root,
        "seal": seal_of(canonical(file["rule"]), root),
    }


def _commit(
    file: dict[str, Any], chance: random.Random, trial: Trial, moments: Moments
) -> list[str]:
    seal = file["frozen"]["seal"]
    secrets = [f"只有我知道的一句话 {chance.randrange(10**12):012d}" for _ in range(trial.parties)]
    locks: list[Any] = [
        {"at": stamp(moments.closes_at + HOUR), "hash": lock_of(seal, number, secret)}
        for number, secret in enumerate(secrets, 1)
    ]
    if trial.has_gaps:
        locks[chance.randrange(trial.parties)] = None
    file["committed"] = {"at": stamp(moments.commit_until), "locks": locks}
    return secrets


def _reveal(
    file: dict[str, Any],
    chance: random.Random,
    trial: Trial,
    moments: Moments,
    secrets: list[str],
) -> None:
    at = stamp(moments.commit_until + HOUR)
    opened = [
        {"at": at, "secret": secret} if lock else None
        for lock, secret in zip(file["committed"]["locks"], secrets, strict=True)
    ]
    gone: list[str] = []
    if trial.has_gaps:
        opened[chance.randrange(trial.parties)] = None
        gone = sorted(row[0] for row in file["rows"] if chance.random() < 0.1)
    file["revealed"] = {"at": stamp(moments.reveal_until), "opened": opened, "withdrawn": gone}


def _draw(file: dict[str, Any], chance: random.Random, moments: Moments) -> None:
    public = file["rule"]["public"]
    value, proof = value_of(public, _typed(public, chance))
    at = stamp(moments.known_at + HOUR)
    file["drawn"] = {
        "at": at,
        "proof": proof,
        "read": [{"at": at, "by": by, "from": "嘉州市总工会"} for by in ("machine", "person")],
        "seed": "",
        "value": value,
        "won": 0,
    }
    file_result(file)


def _typed(public: dict[str, Any], chance: random.Random) -> str:
    if public["kind"] == "drand":
        return hashlib.sha384(chance.randbytes(16)).hexdigest()
    if public["kind"] == "figures":
        return " ".join(f"{chance.uniform(1000, 20000):.2f}" for _ in public["figures"])
    drawn: list[int] = []
    for one in public["balls"]:
        drawn += chance.sample(range(one["least"], one["most"] + 1), one["count"])
    return " ".join(map(str, drawn))
