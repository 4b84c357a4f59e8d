"""The rule of a draw, and the value it names."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from lianxin.allocation.data.verifier.reading import (
    UUID,
    fields,
    moment,
    need,
    whole,
    words,
)

APART = timedelta(minutes=10)
DRAND_BEGAN, DRAND_EVERY = 1692803367, 3
MOMENTS = ("closes_at", "commit_until", "reveal_until", "known_at")
NUMBERS = re.compile(r"(0|[1-9]\d{0,14})( (0|[1-9]\d{0,14}))*\Z", re.ASCII)
RULE = (
    "draw instead_of least_locks moments most organisation parties places pool public "
    "strata title weights"
)


def check_words(told: Any, where: str) -> None:
    """Demand a text in both languages."""
    fields(told, "en zh_Hans", where)
    words(told["en"], where)
    words(told["zh_Hans"], where)


def listed(told: Any, least: int, most: int, where: str) -> list[Any]:
    """Demand a list of a length."""
    need(isinstance(told, list) and least <= len(told) <= most, where)
    return list(told)


def check_rule(told: Any) -> dict[str, datetime]:
    """Check the rule; return its moments."""
    rule = fields(told, RULE, "rule")
    for name in ("draw", "pool"):
        words(rule[name], "rule: " + name, UUID)
    for name in ("title", "organisation", "instead_of"):
        words(rule[name], "rule: " + name)
    need(rule["instead_of"] == "" or UUID.match(rule["instead_of"]), "rule: instead_of")
    whole(rule["places"], 1, 10**7, "rule: places")
    whole(rule["most"], 1, 65535, "rule: most")
    for one in listed(rule["strata"], 1, 1000, "rule: strata"):
        check_words(one, "rule: strata")
    weights = fields(rule["weights"], "most words", "rule: weights")
    whole(weights["most"], 1, 100, "rule: weights")
    check_words(weights["words"], "rule: weights")
    for one in listed(rule["parties"], 3, 9, "rule: parties"):
        party = fields(one, "as name", "rule: parties")
        need(words(party["as"], "rule: parties"), "rule: parties")
        need(words(party["name"], "rule: parties"), "rule: parties")
    whole(rule["least_locks"], 2, len(rule["parties"]), "rule: least_locks")
    moments = fields(rule["moments"], " ".join(MOMENTS), "rule: moments")
    times = {name: moment(moments[name], "rule: moments") for name in MOMENTS}
    pairs = zip(MOMENTS, MOMENTS[1:])  # noqa: RUF007  (handed out for Python 3.8, which has no pairwise)
    near = [times[b] - times[a] < APART for a, b in pairs]
    need(not any(near), "rule: moments too near each other")
    _check_public(rule["public"], times["known_at"])
    return times


def check_value(public: dict[str, Any], value: str, proof: str) -> None:
    """Check that a value can be the one the rule names, written its one way."""
    if public["kind"] == "drand":
        need(re.match(r"[0-9a-f]{96}\Z", proof), "proof: not a signature of the beacon")
        return
    need(proof == "" and NUMBERS.match(value), "value: not numbers in their one form")
    numbers = [int(one) for one in value.split(" ")]
    if public["kind"] == "figures":
        need(len(numbers) == len(public["figures"]), "value: more or fewer figures")
        return
    for one in public["balls"]:
        balls, numbers = numbers[: one["count"]], numbers[one["count"] :]
        need(len(set(balls)) == one["count"], "value: a ball is missing, or there twice")
        need(all(one["least"] <= ball <= one["most"] for ball in balls), "value: no such ball")
        need(not one["rising"] or balls == sorted(balls), "value: balls out of order")
    need(not numbers, "value: too many balls")


def _check_public(told: Any, known_at: datetime) -> None:
    where = "rule: public value"
    kind = told.get("kind") if isinstance(told, dict) else None
    more = {"drand": "round", "numbers": "issue balls", "figures": "figures decimals"}
    need(isinstance(kind, str) and kind in more, where)
    public = fields(told, "kind link name " + more[str(kind)], where)
    check_words(public["name"], where)
    words(public["link"], where)
    if kind == "drand":
        seconds = int(known_at.timestamp()) - DRAND_BEGAN
        right = -(-seconds // DRAND_EVERY) + 1
        need(whole(public["round"], 1, 10**12, where) == right, where + ": another round")
    elif kind == "numbers":
        words(public["issue"], where)
        for one in listed(public["balls"], 1, 20, where):
            _check_balls(one, where)
    else:
        whole(public["decimals"], 0, 6, where)
        for one in listed(public["figures"], 1, 20, where):
            check_words(one, where)


def _check_balls(told: Any, where: str) -> None:
    balls = fields(told, "count least most rising", where)
    need(isinstance(balls["rising"], bool), where)
    whole(balls["count"], 1, 100, where)
    whole(balls["most"], whole(balls["least"], 0, 10**6, where), 10**6, where)
