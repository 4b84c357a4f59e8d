"""Smaller copies of a picture that was made harmless before."""

from __future__ import annotations

import io
from dataclasses import dataclass

# Loaded with the first picture only: a web worker starts without it.
MEDIUM, SMALL = (960, 78), (320, 72)


@dataclass(frozen=True, slots=True)
class Copies:
    """A page's and a list's size of a picture, as JPEG; and the page's in pixels."""

    medium: bytes
    small: bytes
    width: int
    height: int


def copies_of(data: bytes) -> Copies:
    """Paint the smaller copies of a JPEG."""
    from PIL import Image  # noqa: PLC0415  (heavy)

    with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
        whole = picture.convert("RGB")
    medium, small = whole.copy(), whole.copy()
    medium.thumbnail((MEDIUM[0], MEDIUM[0]), Image.Resampling.LANCZOS)
    small.thumbnail((SMALL[0], SMALL[0]), Image.Resampling.LANCZOS)
    return Copies(_jpeg(medium, MEDIUM[1]), _jpeg(small, SMALL[1]), medium.width, medium.height)


def _jpeg(picture: object, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True)  # type: ignore[attr-defined]  # a PIL image
    return out.getvalue()
