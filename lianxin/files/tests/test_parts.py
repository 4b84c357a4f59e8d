"""Large contents: sealed in parts, bound to their place, gone when they expire."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from io import StringIO

import pytest
from django.core.management import call_command

from lianxin.files.adapters import disk
from lianxin.files.api import Kind, StoredFile, file_keep, file_link, file_parts
from lianxin.files.selectors import file_by_link
from lianxin.files.services import file_open, parts, unclaimed_purge
from lianxin.kit import clock
from lianxin.vault.api import BrokenSealError

pytestmark = pytest.mark.django_db
WHO = uuid.uuid4()


@pytest.fixture(autouse=True)
def small_parts(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(parts, "PART", 10)
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.VAULT_KEYS = tmp_path / "keys"


def _kept(data: bytes, expires_at: dt.datetime | None = None) -> StoredFile:
    return file_keep(
        actor_id=WHO, file=io.BytesIO(data), name="roll.xlsx", kind=Kind.TABLE, purpose="test",
        object_kind="test", object_id=uuid.uuid4(), expires_at=expires_at,
    )  # fmt: skip


@pytest.mark.parametrize("size", [0, 1, 9, 10, 11, 20, 95])
def test_a_content_of_any_size_comes_back(size):
    data = bytes(range(size))
    kept = _kept(data)
    assert b"".join(file_parts(kept)) == data
    assert file_open(StoredFile.objects.get(pk=kept.pk), account_id=WHO) == data


def test_parts_that_are_swapped_left_out_or_of_another_file_do_not_open():
    one, other = _kept(bytes(35)), _kept(bytes(35))
    tokens = list(disk.read_parts(one.pk))
    foreign = list(disk.read_parts(other.pk))
    for wrong in (
        [tokens[1], tokens[0], *tokens[2:]],
        tokens[:-1],
        [foreign[0], *tokens[1:]],
    ):
        disk.write(one.pk, wrong)
        with pytest.raises(BrokenSealError):
            list(file_parts(one))


def test_every_part_gets_the_new_key_when_keys_rotate():
    kept = _kept(b"x" * 35)
    call_command("keys_rotate", stdout=StringIO())
    assert all(token.startswith(b"v2.aes.0002.") for token in disk.read_parts(kept.pk))
    assert b"".join(file_parts(kept)) == b"x" * 35


def test_what_has_expired_opens_no_more_and_is_removed():
    kept = _kept(b"x", clock.now() + dt.timedelta(minutes=1))
    token = file_link(kept, account_id=WHO).rstrip("/").rpartition("/")[2]
    assert file_by_link(token, account_id=WHO) == kept
    StoredFile.objects.update(expires_at=clock.now() - dt.timedelta(seconds=1))
    assert file_by_link(token, account_id=WHO) is None
    assert unclaimed_purge() == 1
    assert StoredFile.objects.get(pk=kept.pk).deleted_at
