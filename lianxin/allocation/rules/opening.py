"""Where a pool's thing is shown: each app that opens pools says which page tells more of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from lianxin.kit.slots import Slot

pool_pages: Slot[Callable[[uuid.UUID], str | None]] = Slot(
    "pool_pages",
    purpose="The page of the thing a pool is of, by the pool's kind and its object’s id",
)
