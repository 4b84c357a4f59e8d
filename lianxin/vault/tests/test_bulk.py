"""What is sealed in bulk is what is sealed one by one."""

from __future__ import annotations

import pytest

from lianxin.vault import api as vault
from lianxin.vault.models import Rotation


@pytest.mark.parametrize("cipher", ["aes", "sm4"])
def test_a_value_sealed_in_bulk_opens_in_its_place_and_nowhere_else(settings, cipher):
    settings.VAULT_CIPHER = cipher
    row = Rotation(pk=7)
    sealer = vault.Sealer()
    tokens = [sealer.text("+8619900000001", Rotation, "phone", row.pk) for _twice in range(600)]
    assert len(set(tokens)) == 600
    for token in tokens[::100]:
        assert vault.open_text(token, bound_to=vault.place_of(row, "phone")) == "+8619900000001"
        with pytest.raises(vault.BrokenSealError):
            vault.open_text(token, bound_to=vault.place_of(row, "id_number"))


def test_digests_made_in_bulk_are_those_one_looks_up():
    sealer = vault.Sealer()
    assert sealer.index("x", purpose="phone") == vault.blind_index("x", purpose="phone")
    assert sealer.indexes("x", purpose="phone") == vault.blind_indexes("x", purpose="phone")
    assert sealer.index("", purpose="phone") == ""
