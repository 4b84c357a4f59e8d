"""What files does in duties shared by all: sealing contents again when keys rotate."""

from __future__ import annotations

from lianxin.files.services import ContentStore
from lianxin.vault.api import resealers


def fill() -> None:
    """Fill the slots of the lower apps."""
    resealers.fill("files", ContentStore())
