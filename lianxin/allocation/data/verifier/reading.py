"""The one way to write, to hash, to read."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import unicodedata
from datetime import datetime, timezone
from re import Pattern
from typing import Any, NoReturn

from lianxin.allocation.data.verifier.signature import signed_by

FORMAT = "lianxin-draw-1"
LONGEST = 64_000_000
HEX64 = re.compile(r"[0-9a-f]{64}\Z")
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z")
KEY_ID = re.compile(r"[0-9A-Za-z_-]{1,64}\Z")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")


class MisfitError(Exception):
    """Something does not fit; the words say what."""


def need(holds: object, where: str) -> None:
    """Refuse unless something holds."""
    if not holds:
        raise MisfitError(where)


def canonical(value: Any) -> str:
    """Write JSON the one way it is hashed and signed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def lines_hash(word: str, *parts: str) -> str:
    """Hash lines of text: the format, a word, the parts."""
    return hashlib.sha256("\n".join((FORMAT, word, *parts)).encode("utf-8")).hexdigest()


def read_json(data: bytes, what: str) -> dict[str, Any]:
    """Read bytes that are canonical JSON with whole numbers, and nothing else."""
    need(len(data) <= LONGEST, what + " is too large")
    try:
        text = data.decode("utf-8")
        told = json.loads(text, parse_float=_refuse, parse_constant=_refuse)
        written = canonical(told)
    except (ValueError, RecursionError):
        raise MisfitError(what + " is not JSON of whole numbers") from None
    need(isinstance(told, dict) and written == text, what + " is not in its canonical form")
    return dict(told)


def fields(told: Any, names: str, where: str) -> dict[str, Any]:
    """Demand an object with these keys and no others."""
    fits = isinstance(told, dict) and sorted(told) == sorted(names.split())
    need(fits, where + ": has other keys")
    return dict(told)


def whole(value: Any, least: int, most: int, where: str) -> int:
    """Demand a whole number within bounds."""
    need(type(value) is int and least <= value <= most, where)
    return int(value)


def words(value: Any, where: str, pattern: Pattern[str] | None = None) -> str:
    """Demand a text, of a form if one is named."""
    need(isinstance(value, str) and (pattern is None or pattern.match(value)), where)
    return str(value)


def moment(value: Any, where: str) -> datetime:
    """Read a time."""
    words(value, where, TIME)
    try:
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)  # noqa: UP017  (handed out for Python 3.8, which has no UTC)
    except ValueError:
        raise MisfitError(where) from None


def plain(typed: str) -> str:
    """Write a secret the one way it is hashed."""
    return " ".join(unicodedata.normalize("NFC", typed).split())


def unpacked(told: Any, where: str) -> bytes:
    """Read base64url without padding; one byte string has one spelling."""
    need(isinstance(told, str) and re.match(r"[A-Za-z0-9_-]*\Z", told), where)
    try:
        data = base64.urlsafe_b64decode(told + "=" * (-len(told) % 4))
    except ValueError:
        raise MisfitError(where) from None
    need(base64.urlsafe_b64encode(data).rstrip(b"=").decode() == told, where)
    return data


def keys_read(told: Any, where: str) -> dict[str, str]:
    """Demand public keys by their ids."""
    need(isinstance(told, dict), where)
    return {words(name, where, KEY_ID): words(x, where) for name, x in told.items()}


def token_read(token: Any, keys: dict[str, str], names: str, where: str) -> dict[str, Any]:
    """Take a signed token apart; it must be signed with the key it names."""
    head, dot, tail = words(token, where).partition(".")
    need(dot, where)
    payload = unpacked(head, where)
    told = fields(read_json(payload, where), names, where)
    need(isinstance(told["key"], str) and told["key"] in keys, where + ": an unknown key")
    key = unpacked(keys[told["key"]], where)
    need(signed_by(key, unpacked(tail, where), payload), where + ": not signed with its key")
    return told


def _refuse(text: str) -> NoReturn:
    raise MisfitError("a number that is not whole: " + text[:20])
