"""What a membership card says, and how it is written so that anyone can check it offline. Pure.

A token of `kit.tokens`, signed by Ed25519 (RFC 8032). No identity number, no phone, no employer, no
full name. Tokens are short-lived: what a lost phone shows is worth nothing tomorrow.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lianxin.kit.tokens import id_of, opened, payload_of, short_id

VERSION = 1
CARD = "card"
REVOKED = "revoked"
# Clocks of two phones differ; a card is not refused for a few minutes.
SKEW_SECONDS = 300


class Fault(StrEnum):
    """Why a card does not hold."""

    FORM = "form"
    KEY = "unknown_key"
    SIGNATURE = "forged"
    EARLY = "not_yet"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ENDED = "not_a_member"


@dataclass(frozen=True, slots=True)
class CardFace:
    """All that is written on a card."""

    key_id: str
    card_id: uuid.UUID
    union_code: str
    name: str  # masked
    state: str
    issued_at: int  # seconds since 1970, UTC
    expires_at: int


class CardError(ValueError):
    """A token that does not hold; `fault` says why, `face` what it claims where it can be read."""

    def __init__(self, fault: Fault, face: CardFace | None = None) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.face = face


Verify = Callable[[bytes, bytes], bool]  # (signature, payload) → does it hold


def card_payload(face: CardFace) -> bytes:
    """Return the bytes that are signed."""
    return payload_of(
        {
            "v": VERSION, "t": CARD, "k": face.key_id, "c": short_id(face.card_id),
            "u": face.union_code, "n": face.name, "s": face.state,
            "i": face.issued_at, "e": face.expires_at,
        }
    )  # fmt: skip


def revoked_payload(key_id: str, card_ids: Collection[uuid.UUID], at: int) -> bytes:
    """Return the bytes of the list of cards that no longer hold, though their time runs."""
    ids = sorted(short_id(one) for one in card_ids)
    return payload_of({"v": VERSION, "t": REVOKED, "k": key_id, "i": at, "c": ids})


def card_read(token: str, keys: Mapping[str, Verify], *, now: int) -> CardFace:
    """Check a card's token with the published keys and return what it says.

    Raises:
        CardError: its form, key, signature or time do not hold.
    """
    said, payload, signature = _opened(token, CARD)
    face = _face(said)
    verify = keys.get(face.key_id)
    if verify is None:
        raise CardError(Fault.KEY)
    if not verify(signature, payload):
        raise CardError(Fault.SIGNATURE)
    if face.issued_at > now + SKEW_SECONDS:
        raise CardError(Fault.EARLY, face)
    if face.expires_at <= now:
        raise CardError(Fault.EXPIRED, face)
    return face


def window_of(now: int, refresh_seconds: int, life_seconds: int) -> tuple[int, int]:
    """Return from when to when a card shown now holds; within one window it stays the same."""
    issued_at = now - now % refresh_seconds
    return issued_at, issued_at + life_seconds


def name_on_card(name: str) -> str:
    """Keep the ends of a name, so that whoever looks at card and face can compare: 林*梅, A*n."""
    if len(name) < 3:
        return f"{name[:1]}*"
    return f"{name[0]}*{name[-1]}"


def _opened(token: str, kind: str) -> tuple[Mapping[str, Any], bytes, bytes]:
    try:
        said, payload, signature = opened(token)
    except ValueError:
        raise CardError(Fault.FORM) from None
    if said.get("v") != VERSION or said.get("t") != kind:
        raise CardError(Fault.FORM)
    return said, payload, signature


def _face(said: Mapping[str, Any]) -> CardFace:
    texts = [said.get(key) for key in ("k", "u", "n", "s", "c")]
    times = [said.get("i"), said.get("e")]
    if not all(isinstance(one, str) for one in texts) or not all(type(one) is int for one in times):
        raise CardError(Fault.FORM)
    try:
        card_id = id_of(said["c"])
    except ValueError:
        raise CardError(Fault.FORM) from None
    return CardFace(
        key_id=said["k"], card_id=card_id, union_code=said["u"], name=said["n"], state=said["s"],
        issued_at=said["i"], expires_at=said["e"],
    )  # fmt: skip
