"""Keys of its own for each test that changes keys."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def own_keys(settings, tmp_path) -> Path:
    folder: Path = tmp_path / "keys"
    settings.VAULT_KEYS = folder
    return folder
