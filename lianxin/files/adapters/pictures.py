"""Pictures, painted anew: upright, of sensible size, without place, camera or hidden passengers."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

LONGEST_SIDE = 2560
MOST_PIXELS = 80_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")


class PictureError(Exception):
    """The picture cannot be read; `is_too_large` if it has too many pixels."""

    def __init__(self, *, is_too_large: bool = False) -> None:
        super().__init__()
        self.is_too_large = is_too_large


def repaint(data: bytes) -> bytes:
    """Return the picture as a JPEG that holds nothing but its pixels.

    Raises:
        PictureError: it is broken, or would take too much memory.
    """
    try:
        with warnings.catch_warnings():
            # Our own limit is asked before anything is unpacked.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise PictureError(is_too_large=True)
                return _painted(picture)
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError, ZeroDivisionError) as error:
        raise PictureError from error
    except Image.DecompressionBombError as error:
        raise PictureError(is_too_large=True) from error


def _painted(picture: Image.Image) -> bytes:
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is unpacked at a fraction
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    _only_pixels(upright).save(out, "JPEG", quality=87, optimize=True, progressive=True)
    return out.getvalue()


def _only_pixels(picture: Image.Image) -> Image.Image:
    """Paint on fresh white paper: comments and profiles of the old picture stay behind."""
    paper = Image.new("RGB", picture.size, "white")
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        paper.paste(layer, mask=layer.getchannel("A"))
    else:
        paper.paste(picture.convert("RGB"))
    return paper
