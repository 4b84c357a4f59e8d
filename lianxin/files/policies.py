"""Who may open a file: before it is claimed its sender, afterwards whoever may see its object."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from lianxin.files.models import StoredFile
from lianxin.kit.slots import Slot

# Called with the request's actor and the object's id; the actor's type lives higher up.
access: Slot[Callable[[Any, uuid.UUID], bool]] = Slot(
    "file_access",
    purpose="Whether an actor may open the files of an object; one entry an object kind",
)


def may_open(actor: Any, account_id: uuid.UUID | None, file: StoredFile) -> bool:
    if account_id is None or file.deleted_at is not None:
        return False
    if not file.is_claimed:
        return file.owner_id == account_id
    answers = access.get(file.object_kind)
    return bool(answers and file.object_id and answers(actor, file.object_id))
