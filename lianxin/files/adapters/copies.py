"""Smaller copies of a picture that was made harmless before."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

# The longer side in pixels, and the quality.
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
    # Loaded with the first picture only: a web worker starts without it.
    from PIL import Image as Painter  # noqa: PLC0415  (heavy)

    with Painter.open(io.BytesIO(data), formats=("JPEG",)) as picture:
        whole = picture.convert("RGB")
    medium, small = whole.copy(), whole.copy()
    medium.thumbnail((MEDIUM[0], MEDIUM[0]), Painter.Resampling.LANCZOS)
    small.thumbnail((SMALL[0], SMALL[0]), Painter.Resampling.LANCZOS)
    return Copies(_jpeg(medium, MEDIUM[1]), _jpeg(small, SMALL[1]), medium.width, medium.height)


def _jpeg(picture: Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
