"""Values that become known in public, elsewhere, at a moment named beforehand (RFC 3797). Pure.

A rule names one value exactly: the round of a beacon, the issue of a lottery, the closing figures of a
day. Each is written in one way only, so that whoever reads it at its source comes to the same text.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# The beacon `quicknet` of the League of Entropy: a threshold signature every three seconds.
DRAND_CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
DRAND_GENESIS = 1_692_803_367
DRAND_PERIOD = 3
LONGEST_TYPED = 400
_DRAND_SIGNATURE = re.compile(r"(?<![0-9a-f])[0-9a-f]{96}(?![0-9a-f])")


class SourceError(ValueError):
    """A value that cannot be what the rule names; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SourceKind(StrEnum):
    """How a value is written and checked."""

    DRAND = "drand"
    NUMBERS = "numbers"  # balls of a lottery
    FIGURES = "figures"  # closing figures of a market


@dataclass(frozen=True, slots=True)
class Balls:
    """Numbers drawn from `least` to `most`, none twice; `rising`: their order does not count."""

    count: int
    least: int
    most: int
    rising: bool

    def as_plain(self) -> dict[str, Any]:
        return {
            "count": self.count, "least": self.least, "most": self.most, "rising": self.rising,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preset:
    """A source an arranger can pick. `weekdays`: when it speaks (0 is Monday); `at`: in Beijing."""

    code: str
    kind: SourceKind
    en: str
    zh_Hans: str  # noqa: N815  (the language tag of BCP 47, as everywhere in data)
    link: str
    at: dt.time
    weekdays: frozenset[int] = frozenset(range(7))
    balls: tuple[Balls, ...] = ()
    figures: tuple[tuple[str, str], ...] = ()


PRESETS = {
    one.code: one
    for one in (
        Preset(
            "drand", SourceKind.DRAND,
            "drand beacon of the League of Entropy", "drand 公共随机数（League of Entropy）",
            f"https://api.drand.sh/{DRAND_CHAIN}/public/", dt.time(12),
        ),
        Preset(
            "ssq", SourceKind.NUMBERS,
            "China Welfare Lottery, Double Colour Ball", "中国福利彩票双色球",
            "https://www.cwl.gov.cn/ygkj/wqkjgg/ssq/", dt.time(21, 15), frozenset({1, 3, 6}),
            balls=(Balls(6, 1, 33, True), Balls(1, 1, 16, True)),
        ),
        Preset(
            "dlt", SourceKind.NUMBERS,
            "China Sports Lottery, Super Lotto", "中国体育彩票超级大乐透",
            "https://www.lottery.gov.cn/kj/kjlb.html?dlt", dt.time(21, 25), frozenset({0, 2, 5}),
            balls=(Balls(5, 1, 35, True), Balls(2, 1, 12, True)),
        ),
        Preset(
            "indices", SourceKind.FIGURES,
            "Closing figures of three indices", "三个股票指数的收盘点位",
            "https://www.sse.com.cn/market/sseindex/", dt.time(15), frozenset(range(5)),
            figures=(
                ("SSE Composite", "上证指数"), ("SZSE Component", "深证成指"), ("CSI 300", "沪深300"),
            ),
        ),
    )
}  # fmt: skip


def source_of(code: str, *, known_at: dt.datetime, issue: str = "") -> dict[str, Any]:
    """Write down exactly which value a rule means.

    Raises:
        SourceError: there is no such source, or the issue of a lottery is missing.
    """
    preset = PRESETS.get(code)
    if preset is None:
        raise SourceError("source")
    named = {"kind": preset.kind.value, "name": {"en": preset.en, "zh_Hans": preset.zh_Hans}}
    match preset.kind:
        case SourceKind.DRAND:
            number = drand_round(known_at)
            return {**named, "round": number, "link": f"{preset.link}{number}"}
        case SourceKind.NUMBERS:
            if not re.fullmatch(r"\d{5,9}", issue):
                raise SourceError("issue")
            balls = [one.as_plain() for one in preset.balls]
            return {**named, "issue": issue, "balls": balls, "link": preset.link}
        case SourceKind.FIGURES:
            names = [{"en": en, "zh_Hans": zh} for en, zh in preset.figures]
            return {**named, "figures": names, "decimals": 2, "link": preset.link}


def drand_round(at: dt.datetime) -> int:
    """Return the first round that becomes known at a moment or after it."""
    seconds = math.ceil(at.timestamp()) - DRAND_GENESIS
    return max(-(-seconds // DRAND_PERIOD), 0) + 1


def value_of(source: Mapping[str, Any], typed: str) -> tuple[str, str]:
    """Read what was typed, or fetched, from a source: the value as it is hashed, and its proof.

    Raises:
        SourceError: it cannot be the value of this source.
    """
    if len(typed) > LONGEST_TYPED:
        raise SourceError("value")
    match source["kind"]:
        case SourceKind.DRAND:
            return _drand(typed)
        case SourceKind.NUMBERS:
            return _numbers(source["balls"], typed), ""
        case _:
            return _figures(len(source["figures"]), int(source["decimals"]), typed), ""


def _drand(typed: str) -> tuple[str, str]:
    """Find the signature in what was copied from a relay; its hash is the randomness of the round."""
    found = set(_DRAND_SIGNATURE.findall(typed.lower()))
    if len(found) != 1:
        raise SourceError("drand")
    (signature,) = found
    return hashlib.sha256(bytes.fromhex(signature)).hexdigest(), signature


def _numbers(balls: list[Mapping[str, Any]], typed: str) -> str:
    told = [int(one) for one in re.findall(r"\d{1,6}", typed)]
    if len(told) != sum(one["count"] for one in balls):
        raise SourceError("count")
    written: list[int] = []
    for one in balls:
        part, told = told[: one["count"]], told[one["count"] :]
        if len(set(part)) != len(part) or not all(one["least"] <= n <= one["most"] for n in part):
            raise SourceError("range")
        written += sorted(part) if one["rising"] else part
    return " ".join(str(number) for number in written)


def _figures(count: int, decimals: int, typed: str) -> str:
    told = re.findall(r"\d+(?:\.\d+)?", typed.replace(",", "").replace("，", ""))
    if len(told) != count:
        raise SourceError("count")
    if any(len(one.partition(".")[2]) != decimals for one in told):
        raise SourceError("decimals")
    return " ".join(str(int(one.replace(".", ""))) for one in told)
