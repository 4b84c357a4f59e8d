"""Keys of its own for each test that changes keys."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def own_keys(settings, tmp_path) -> Path:
    settings.VAULT_KEYS = tmp_path / "keys"
    return settings.VAULT_KEYS
