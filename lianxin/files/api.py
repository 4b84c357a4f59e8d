"""The door of uploads: keep a file, claim it for an object, link to it."""

from __future__ import annotations

from lianxin.files.models import AbstractPicture, StoredFile
from lianxin.files.policies import access
from lianxin.files.rules import Kind
from lianxin.files.selectors import file_link, files_of, name_of, unclaimed_of
from lianxin.files.services import (
    Purpose,
    account_erase,
    account_export,
    claim,
    file_keep,
    file_parts,
    file_remove,
    file_store,
    object_erase,
    picture_content,
    picture_copy,
    picture_drop,
    picture_keep,
    picture_make,
    picture_new,
    purposes,
    release,
)

__all__ = [
    "AbstractPicture", "Kind", "Purpose", "StoredFile", "access", "account_erase", "account_export", "claim",
    "file_keep", "file_link", "file_parts", "file_remove", "file_store", "files_of", "name_of", "object_erase",
    "picture_content", "picture_copy", "picture_drop", "picture_keep", "picture_make", "picture_new", "purposes", "release", "unclaimed_of",
]  # fmt: skip
