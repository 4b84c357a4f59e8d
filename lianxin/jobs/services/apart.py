"""Work on many things, of which one that fails holds up none of the others."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable

_log = logging.getLogger(__name__)


def each_alone(ids: Iterable[uuid.UUID], act: Callable[[uuid.UUID], object], *, what: str) -> int:
    """Do something for each; one that fails is logged as `what` and passed over; return how many were done.

    Each in a transaction of its own: the caller is in none.
    """
    done = 0
    for pk in ids:
        try:
            act(pk)
        except Exception:  # noqa: BLE001  (whatever it is, the others go on)
            _log.exception("%s %s does not go on", what, pk)
        else:
            done += 1
    return done
