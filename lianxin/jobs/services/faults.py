"""What is kept of an error: its kind and where it happened, never its words.

The message of an exception may hold a person's data (a phone number, a name in a constraint).
"""

from __future__ import annotations

import traceback


def fault_of(error: BaseException) -> str:
    """Return the kind of error and the places it passed, the innermost last."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    places = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return "\n".join([kind, *places])


def _short(filename: str) -> str:
    for mark in ("/lianxin/", "/site-packages/"):
        if mark in filename:
            return mark.strip("/").replace("site-packages", "") + "/" + filename.rpartition(mark)[2]
    return filename.rpartition("/")[2]
