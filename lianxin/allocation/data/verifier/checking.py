"""Each part of the file compared with the others."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from lianxin.allocation.data.verifier.reading import (
    FORMAT,
    HEX64,
    MisfitError,
    canonical,
    fields,
    keys_read,
    lines_hash,
    moment,
    need,
    plain,
    read_json,
    token_read,
    whole,
    words,
)
from lianxin.allocation.data.verifier.rule import check_rule, check_value, listed

STAGES = ("collecting", "frozen", "committed", "revealed", "drawn", "void")
PARTS = ("rule", "frozen", "committed", "revealed", "drawn", "void")
FILE = "committed drawn format frozen keys result revealed rows rule statements void"
REASONS = ("declared", "late", "few", "empty", "called_off")
GONE = timedelta(days=14)


def verify(data: bytes, key: str | None = None) -> dict[str, Any]:
    """Check all that is published of a draw; return the file as it was read.

    Raises:
        MisfitError: something does not fit.
    """
    file = fields(read_json(data, "the file"), FILE, "the file")
    need(file["format"] == FORMAT, "another format")
    keys = keys_read(file["keys"], "keys")
    need(key is None or all(one == key for one in keys.values()), "signed with another key")
    moments = check_rule(file["rule"])
    _check_statements(file, keys)
    need((file["frozen"] is None) == (file["rows"] is None), "rows")
    need((file["drawn"] is None) == (file["result"] is None), "result")
    if file["frozen"] is not None:
        frozen_at = _check_list(file, moments)
        if file["committed"] is not None:
            _check_locks(file, moments, frozen_at)
    if file["revealed"] is not None:
        entries = _check_secrets(file, moments)
        if file["drawn"] is not None:
            _check_result(file, entries, _check_drawn(file, moments))
    if file["void"] is not None:
        _check_void(file, moments)
    return file


def _check_statements(file: dict[str, Any], keys: dict[str, str]) -> None:
    """Follow the signed statements: each over the one before, each about what the file says."""
    present = [(stage, file[part]) for stage, part in zip(STAGES, PARTS) if file[part] is not None]
    running = [stage for stage, _ in present if stage != "void"]
    need(running and running == list(STAGES[: len(running)]), "a stage is missing")
    need(file["void"] is None or file["drawn"] is None, "drawn and void at once")
    tokens = listed(file["statements"], len(present), len(present), "statements: their number")
    before, last = "", None
    used: set[str] = set()
    for (stage, section), token in zip(present, tokens):
        where = "statement " + stage
        told = token_read(token, keys, "at before draw hash key stage t", where)
        need((told["t"], told["stage"]) == ("draw", stage), where + ": of another stage")
        need(told["draw"] == file["rule"]["draw"], where + ": of another draw")
        need(told["before"] == before, where + ": does not follow the one before")
        about = lines_hash("section", stage, canonical(section))
        need(told["hash"] == about, where + ": is about something else")
        own = told["at"] if stage == "collecting" else section.get("at")
        need(told["at"] == own, where + ": of another time")
        at = moment(told["at"], where)
        need(last is None or at >= last, where + ": older than the one before")
        if stage == "collecting":
            closes = moment(file["rule"]["moments"]["closes_at"], where)
            need(at < closes, "the rule was published too late")
        before, last = lines_hash("token", str(token)), at
        used.add(told["key"])
    need(used == set(keys), "keys: others than the statements name")


def _check_list(file: dict[str, Any], moments: dict[str, datetime]) -> datetime:
    rule, frozen = file["rule"], fields(file["frozen"], "at count root seal", "frozen")
    at = moment(frozen["at"], "frozen: at")
    fits = moments["closes_at"] <= at < moments["commit_until"]
    need(fits, "the list was fixed at another time")
    strata, weight, most = len(rule["strata"]), rule["weights"]["most"], rule["most"]
    level, before = [], ""
    for number, row in enumerate(listed(file["rows"], 1, 10**7, "rows")):
        where = f"row {number}"
        line, stratum, tickets, size = listed(row, 4, 4, where)
        need(words(line, where, HEX64) > before, where + ": out of order, or there twice")
        before = line
        whole(stratum, 0, strata - 1, where + ": stratum")
        whole(tickets, 1, weight, where + ": weight")
        whole(size, 1, most, where + ": size")
        leaf = f"{line} {stratum} {tickets} {size}"
        level.append(hashlib.sha256(b"\0" + leaf.encode()).digest())
    need(type(frozen["count"]) is int and frozen["count"] == len(level), "frozen: count")
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\1" + a + b).digest() for a, b in zip(level[::2], level[1::2])]
        level = pairs + level[-1:] if len(level) % 2 else pairs
    need(level[0].hex() == frozen["root"], "the list does not come to its root")
    seal = lines_hash("seal", lines_hash("rule", canonical(rule)), frozen["root"])
    need(seal == frozen["seal"], "rule and list do not come to their seal")
    return at


def _check_locks(file: dict[str, Any], moments: dict[str, datetime], frozen_at: datetime) -> None:
    told, count = (
        fields(file["committed"], "at locks", "committed"),
        len(file["rule"]["parties"]),
    )
    until = moments["commit_until"]
    need(moment(told["at"], "committed: at") >= until, "the locks were closed too early")
    locks = listed(told["locks"], count, count, "committed: their number")
    made = [fields(lock, "at hash", "a lock") for lock in locks if lock is not None]
    for lock in made:
        words(lock["hash"], "a lock", HEX64)
        need(frozen_at <= moment(lock["at"], "a lock") < until, "a lock of another time")
    need(len({lock["hash"] for lock in made}) == len(made), "two locks are the same")
    need(len(made) >= file["rule"]["least_locks"], "too few locks")


def _check_secrets(file: dict[str, Any], moments: dict[str, datetime]) -> list[str]:
    """Compare each opened secret with its lock; return what the parties add to the seed."""
    told, locks = (
        fields(file["revealed"], "at opened withdrawn", "revealed"),
        file["committed"]["locks"],
    )
    at = moment(told["at"], "revealed: at")
    need(at >= moments["reveal_until"], "the secrets were closed too early")
    opened = listed(told["opened"], len(locks), len(locks), "revealed: their number")
    entries = []
    for number, (lock, said) in enumerate(zip(locks, opened), 1):
        if said is None:
            entries.append("silent" if lock else "absent")
            continue
        where = f"secret {number}"
        need(lock is not None, where + ": was never locked")
        secret = words(fields(said, "at secret", where)["secret"], where)
        need(20 <= len(secret) <= 200 and plain(secret) == secret, where + ": written oddly")
        in_time = moments["commit_until"] <= moment(said["at"], where) < moments["reveal_until"]
        need(in_time, where + ": of another time")
        right = lines_hash("lock", file["frozen"]["seal"], str(number), secret)
        need(right == lock["hash"], where + ": does not open its lock")
        entries.append("said " + secret)
    gone = [words(one, "withdrawn") for one in listed(told["withdrawn"], 0, 10**7, "withdrawn")]
    need(gone == sorted(set(gone)), "withdrawn: out of order")
    need(set(gone) <= {row[0] for row in file["rows"]}, "withdrawn: a line that is not in the list")
    need(not gone or at < moments["known_at"], "withdrawn: fixed when the value could be known")
    return entries


def _check_drawn(file: dict[str, Any], moments: dict[str, datetime]) -> str:
    told = fields(file["drawn"], "at proof read seed value won", "drawn")
    at, public = moment(told["at"], "drawn: at"), file["rule"]["public"]
    value, proof = words(told["value"], "value"), words(told["proof"], "proof")
    check_value(public, value, proof)
    if public["kind"] == "drand":
        randomness = hashlib.sha256(bytes.fromhex(proof)).hexdigest()
        need(randomness == value, "value: not the hash of its signature")
    for one in listed(told["read"], 2, 100, "the value was not read twice"):
        reading = fields(one, "at by from", "a reading")
        need(reading["by"] in ("person", "machine"), "a reading")
        words(reading["from"], "a reading")
        in_time = moments["known_at"] <= moment(reading["at"], "a reading") <= at
        need(in_time, "a reading of another time")
    return value


def _check_result(file: dict[str, Any], entries: list[str], value: str) -> None:
    rule, rows, told = file["rule"], file["rows"], file["drawn"]
    gone = file["revealed"]["withdrawn"]
    last = (lines_hash("withdrawn", *gone), value)
    seed = lines_hash("seed", file["frozen"]["seal"], *entries, *last)
    need(seed == told["seed"], "the seed is another")
    left_out, urn = set(gone), []
    for number, (line, stratum, weight, _) in enumerate(rows):
        if line not in left_out:
            tickets = [lines_hash("ticket", seed, line, str(j)) for j in range(1, weight + 1)]
            urn.append((stratum, min(tickets), line, number))
    order = [number for _, _, _, number in sorted(urn)]
    won, left = [], rule["places"]
    for number in order:
        if rows[number][3] <= left:
            left -= rows[number][3]
            won.append(number)
    result = fields(file["result"], "order won", "result")
    need(canonical(result["order"]) == canonical(order), "the order is another")
    need(canonical(result["won"]) == canonical(won), "others have won")
    need(type(told["won"]) is int and told["won"] == len(won), "drawn: how many won")


def _check_void(file: dict[str, Any], moments: dict[str, datetime]) -> None:
    told = fields(file["void"], "at reason words", "void")
    at = moment(told["at"], "void: at")
    words(told["words"], "void: words")
    need(told["reason"] in REASONS, "void: reason")
    in_time = at < moments["reveal_until"] or at >= moments["known_at"] + GONE
    if told["reason"] == "declared" and not in_time:
        raise MisfitError("declared void when the result was certain already")
