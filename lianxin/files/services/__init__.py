"""Taking files in, giving them to objects, opening them, letting them go."""

from __future__ import annotations

from lianxin.files.services.keeping import (
    account_erase,
    account_export,
    claim,
    file_open,
    file_remove,
    object_erase,
    release,
    unclaimed_purge,
)
from lianxin.files.services.parts import file_keep, file_parts
from lianxin.files.services.pictures import (
    picture_content,
    picture_copy,
    picture_drop,
    picture_make,
    picture_new,
)
from lianxin.files.services.resealing import ContentStore
from lianxin.files.services.storing import Purpose, file_store, picture_keep, purposes

__all__ = [
    "ContentStore", "Purpose", "account_erase", "account_export", "claim", "file_keep", "file_open",
    "file_parts", "file_remove", "file_store", "object_erase", "picture_content", "picture_copy", "picture_drop",
    "picture_keep", "picture_make", "picture_new", "purposes", "release", "unclaimed_purge",
]  # fmt: skip
