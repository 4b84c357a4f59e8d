"""What every app does when two entries on the roll turn out to be one person.

Each app with a table keyed to a member registers one part. A part names its tables, so that a test
can find one nobody answers for, and runs inside the transaction of the merge: all follow or none.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from lianxin.kit.slots import Slot


@dataclass(frozen=True, kw_only=True)
class MergePart:
    """`tables` as `app.Model`; `merge(kept_id, gone_id)` lets the rows of the one follow to the other.

    What may stand only once for a person (an open answer, a current fact) stays with the kept one
    where both have it. `merge` may run again.
    """

    tables: tuple[str, ...]
    merge: Callable[[uuid.UUID, uuid.UUID], None]


member_merge: Slot[MergePart] = Slot(
    "member_merge", purpose="What each app does when two entries on the roll are one person"
)
