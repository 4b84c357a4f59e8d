"""Ed25519 (RFC 8032), verification only."""

from __future__ import annotations

import hashlib
from typing import NamedTuple


class Point(NamedTuple):
    """A point of the curve in extended coordinates."""

    x: int
    y: int
    z: int
    t: int


PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)


def on_curve(data: bytes) -> Point | None:
    """Return the point some bytes stand for, or None."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= PRIME:
        return None
    square = (y * y - 1) * pow(CURVE * y * y + 1, PRIME - 2, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if (x * x - square) % PRIME or (x == 0 and sign):
        return None
    x = PRIME - x if x & 1 != sign else x
    return Point(x, y, 1, x * y % PRIME)


def added(one: Point, two: Point) -> Point:
    """Add two points of the curve."""
    a = (one.y - one.x) * (two.y - two.x) % PRIME
    b = (one.y + one.x) * (two.y + two.x) % PRIME
    c = 2 * one.t * two.t * CURVE % PRIME
    d = 2 * one.z * two.z % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return Point(e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME)


def times(number: int, point: Point) -> Point:
    """Add a point to itself so many times."""
    total, double = Point(0, 1, 1, 0), point
    while number:
        if number & 1:
            total = added(total, double)
        double = added(double, double)
        number >>= 1
    return total


def signed_by(key: bytes, signature: bytes, message: bytes) -> bool:
    """Say whether a signature over a message was made with the private half of a key."""
    owner = on_curve(key) if len(key) == 32 else None
    base = on_curve((4 * pow(5, PRIME - 2, PRIME) % PRIME).to_bytes(32, "little"))
    scalar = int.from_bytes(signature[32:], "little")
    if owner is None or base is None or len(signature) != 64 or scalar >= ORDER:
        return False
    challenge = hashlib.sha512(signature[:32] + key + message).digest()
    number = int.from_bytes(challenge, "little") % ORDER
    minus = Point(PRIME - owner.x, owner.y, 1, PRIME - owner.t)
    x, y, z, _ = added(times(scalar, base), times(number, minus))
    away = pow(z, PRIME - 2, PRIME)
    x, y = x * away % PRIME, y * away % PRIME
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]
