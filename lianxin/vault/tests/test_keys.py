"""Where keys lie: wrapped, unreadable for others, old ones beside new ones."""

from __future__ import annotations

import base64
import json
import secrets
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from lianxin.vault.adapters import keyring
from lianxin.vault.adapters.folder import FolderKMS
from lianxin.vault.api import (
    BrokenSealError,
    blind_index,
    blind_indexes,
    open_text,
    seal_text,
)
from lianxin.vault.testing import index_key_next

PLACE = "test.Thing.words:1"


def _run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out, stderr=out)
    return out.getvalue()


def test_no_data_key_lies_bare(own_keys):
    token = seal_text("x", bound_to=PLACE)
    _key_id, key = keyring.current("data")
    files = {path.name: path.read_bytes() for path in own_keys.glob("*.*")}
    assert {"data-0001.wrapped", "master-0001.key"} <= set(files)
    assert all(base64.b64encode(key) not in content for content in files.values())
    assert all(path.stat().st_mode & 0o077 == 0 for path in [own_keys, *own_keys.iterdir()])
    assert open_text(token, bound_to=PLACE) == "x"


@pytest.mark.parametrize("name", ["data-0001.wrapped", "master-0001.key"])
@pytest.mark.parametrize("mode", [0o604, 0o640, 0o602])
def test_a_key_others_may_reach_is_refused(own_keys, name, mode):
    keyring.create("data")
    (own_keys / name).chmod(mode)
    from lianxin.vault.adapters.folder import _master_bytes  # noqa: PLC0415

    _master_bytes.cache_clear()
    with pytest.raises(ImproperlyConfigured, match="chmod 600"):
        seal_text("x", bound_to=PLACE)


@pytest.mark.parametrize("mode", [0o755, 0o701, 0o750])
def test_a_folder_others_may_enter_is_refused(own_keys, mode):
    keyring.create("data")
    own_keys.chmod(mode)
    try:
        with pytest.raises(ImproperlyConfigured, match="chmod 700"):
            seal_text("x", bound_to=PLACE)
    finally:
        own_keys.chmod(0o700)


def test_a_bare_key_of_the_first_days_still_opens_and_is_wrapped_in_time(own_keys, db):
    own_keys.mkdir(mode=0o700)
    bare, raw = own_keys / "data-0001.key", secrets.token_bytes(32)
    bare.touch(0o600)
    bare.write_bytes(base64.b64encode(raw))
    token = seal_text("x", bound_to=PLACE)
    assert keyring.current("data") == ("0001", raw)
    assert "bare" in _run("keys_status")
    _run("keys_rotate", "--master")
    assert not bare.exists()
    assert keyring.by_id("data", "0001") == raw
    assert open_text(token, bound_to=PLACE) == "x"


def test_a_new_master_key_wraps_all_and_the_old_one_may_go(own_keys, db):
    token = seal_text("x", bound_to=PLACE)
    index = blind_index("x", purpose="phone")
    FolderKMS().create()  # as if a process died before it wrapped anything
    with pytest.raises(CommandError, match="still wraps data-0001, index-0001"):
        _run("keys_retire", "master", "0001")
    assert "2 keys" in _run("keys_rotate", "--master")
    with pytest.raises(CommandError, match="current master"):
        _run("keys_retire", "master", "0003")
    _run("keys_retire", "master", "0001")
    assert not (own_keys / "master-0001.key").exists()
    assert (own_keys / "retired" / "master-0001.key").exists()
    assert open_text(token, bound_to=PLACE) == "x"
    assert blind_index("x", purpose="phone") == index


def test_a_wrapped_key_passes_for_no_other(own_keys):
    keyring.create("data")
    keyring.create("index")
    (own_keys / "index-0001.wrapped").write_bytes((own_keys / "data-0001.wrapped").read_bytes())
    with pytest.raises(BrokenSealError):
        keyring.by_id("index", "0001")


def test_master_keys_may_lie_in_a_folder_of_their_own(own_keys, settings, tmp_path):
    settings.VAULT_MASTER_KEYS = str(tmp_path / "masters")
    seal_text("x", bound_to=PLACE)
    assert [path.name for path in (tmp_path / "masters").iterdir()] == ["master-0001.key"]
    assert [path.name for path in own_keys.iterdir()] == ["data-0001.wrapped"]
    assert json.loads((own_keys / "data-0001.wrapped").read_bytes())["master"] == "0001"


def test_another_process_s_new_key_is_seen_at_once(own_keys):
    assert keyring.current("data")[0] == "0001"
    assert keyring.create("data") == "0002"
    assert keyring.current("data")[0] == "0002"


def test_the_number_of_a_retired_key_is_never_given_again(own_keys):
    keyring.create("data")
    keyring.create("data")
    keyring.retire("data", "0002")
    assert keyring.create("data") == "0003"


@pytest.mark.django_db
def test_a_lookup_asks_for_every_index_key_newest_first(own_keys):
    old = blind_index("13900000000", purpose="phone")
    index_key_next()
    new = blind_index("13900000000", purpose="phone")
    assert old != new
    assert blind_indexes("13900000000", purpose="phone") == [new, old]
    assert blind_indexes("", purpose="phone") == []


def test_two_never_rotate_at_the_same_time(own_keys, db):
    with keyring.exclusive(), pytest.raises(CommandError, match="elsewhere"):
        _run("keys_rotate")
