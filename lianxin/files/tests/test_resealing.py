"""When keys rotate, the contents of files are taken along; removed ones do not come back."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from lianxin.files.adapters import disk
from lianxin.files.api import file_remove, file_store
from lianxin.files.services import ContentStore, file_open
from lianxin.files.tests import papers
from lianxin.kit.ids import new_id
from lianxin.vault.api import place_of, seal_bytes

pytestmark = pytest.mark.django_db
LIN = new_id()


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.VAULT_KEYS = tmp_path / "keys"


def _kept():
    return file_store(
        actor_id=LIN, upload=papers.upload(papers.picture(), "a.jpg"), purpose="evidence"
    )


def test_contents_are_sealed_again_and_open_as_before():
    files = [_kept() for _ in range(3)]
    before = [file_open(file, account_id=LIN) for file in files]
    call_command("keys_rotate", "--batch", "2", stdout=StringIO())
    assert all(disk.read(file.pk).startswith(b"v2.aes.0002.") for file in files)
    assert [file_open(file, account_id=LIN) for file in files] == before
    call_command("keys_retire", "data", "0001", "--at-once", stdout=StringIO())
    assert file_open(files[0], account_id=LIN) == before[0]


def test_a_file_removed_in_between_does_not_come_back():
    file = _kept()
    store = ContentStore()

    def again(token: str, *, bound_to: str) -> str:
        file_remove(account_id=LIN, file_id=file.pk)
        disk.remove(file.pk)
        return seal_bytes(b"again", bound_to=place_of(file, "content")).decode()

    batch = store.reseal(after="", size=5, again=again)
    assert (batch.resealed, batch.passed_over) == (0, 1)
    with pytest.raises(FileNotFoundError):
        disk.read(file.pk)


def test_a_content_that_is_missing_or_altered_stops_nothing():
    gone, altered, good = _kept(), _kept(), _kept()
    disk.remove(gone.pk)
    disk.write(altered.pk, disk.read(altered.pk)[:-8] + b"AAAAAAA=")
    said = StringIO()
    call_command("keys_rotate", stdout=said, stderr=said)
    assert f"files.StoredFile.content:{altered.pk}" in said.getvalue()
    assert disk.read(good.pk).startswith(b"v2.aes.0002.")
