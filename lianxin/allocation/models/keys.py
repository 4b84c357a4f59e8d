"""The key every row of this app has that an address or a ciphertext names."""

from __future__ import annotations

import uuid

from django.db import models

from lianxin.kit.ids import new_id


def uuid_key() -> models.UUIDField[uuid.UUID, uuid.UUID]:
    """Return a primary key made before the row exists."""
    return models.UUIDField(primary_key=True, default=new_id, editable=False)
