"""Afterwards: claimed by an object, opened by whoever may see it, swept away when nobody wants it."""

from __future__ import annotations

import datetime as dt
import os

import pytest

from lianxin.audit import api as audit
from lianxin.files import selectors, services
from lianxin.files.adapters import disk
from lianxin.files.api import (
    access,
    account_erase,
    account_export,
    claim,
    file_link,
    file_remove,
    file_store,
    files_of,
    object_erase,
    unclaimed_of,
)
from lianxin.files.models import StoredFile
from lianxin.files.testing import sign_in, user_of
from lianxin.files.tests import papers
from lianxin.jobs.testing import crash_everywhere, run_periodic
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.ids import new_id
from lianxin.kit.transactions import atomic

pytestmark = pytest.mark.django_db
DOSSIER = new_id()


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def lin():
    return user_of("Lin")


@pytest.fixture
def wang():
    return user_of("Wang")


@pytest.fixture
def zhao():
    return user_of("Zhao")


@pytest.fixture(autouse=True)
def _dossiers(lin, wang):
    seen_by = {lin.pk, wang.pk}
    access.fill("test.dossier", lambda actor, pk: actor.account_id in seen_by and pk == DOSSIER)


def store(user, data=papers.PDF):
    return file_store(actor_id=user.pk, upload=papers.upload(data, "证明.pdf"), purpose="evidence")


def given(user, data=papers.PDF):
    (file,) = claim([store(user, data)], object_kind="test.dossier", object_id=DOSSIER)
    return file


def opened(client, user, file, link_of=None):
    sign_in(client, user)
    return client.get(file_link(file, account_id=(link_of or user).pk))


def test_a_pdf_is_only_ever_downloaded(client, lin):
    answer = opened(client, lin, given(lin))
    assert answer.content == papers.PDF
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''%E8%AF%81%E6%98%8E.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer["Cache-Control"]
    picture = opened(client, lin, given(lin, papers.picture()))
    assert picture["Content-Type"] == "image/jpeg"
    assert picture["Content-Disposition"].startswith("inline")


def test_only_who_may_see_the_object_opens_its_files(client, lin, wang, zhao):
    file = given(lin)
    assert opened(client, wang, file).status_code == 200
    assert opened(client, zhao, file).status_code == 404
    assert opened(client, zhao, file, link_of=lin).status_code == 410
    client.logout()
    assert client.get(file_link(file, account_id=lin.pk)).status_code == 302
    sign_in(client, lin)
    assert client.post(file_link(file, account_id=lin.pk)).status_code == 405


def test_before_it_is_claimed_a_file_is_its_senders_alone(client, lin, wang):
    file = store(lin)
    assert opened(client, lin, file).status_code == 200
    assert opened(client, wang, file).status_code == 404


def test_a_kind_nobody_answers_for_stays_shut(client, lin):
    (file,) = claim([store(lin)], object_kind="test.unknown", object_id=DOSSIER)
    assert opened(client, lin, file).status_code == 404


def test_a_link_expires_and_cannot_be_forged(client, lin, monkeypatch):
    file = given(lin)
    link = file_link(file, account_id=lin.pk)
    sign_in(client, lin)
    forged = link[:-3] + ("A/" if link[-3] != "A" else "B/")
    assert client.get(forged).status_code == 410
    monkeypatch.setattr("lianxin.files.conf.LINK_SECONDS", -1)
    answer = client.get(link)
    assert answer.status_code == 410
    assert "十分钟" in answer.text


def test_each_opening_by_another_is_seen_by_the_person(client, lin, wang):
    file = given(lin)
    opened(client, lin, file)
    assert audit.openings_of(lin.pk).count() == 0
    opened(client, wang, file)
    opened(client, wang, file)
    rows = audit.openings_of(lin.pk)
    assert [row.actor_id for row in rows] == [wang.pk, wang.pk]
    assert rows[0].purpose == "evidence"


def test_claiming_twice_changes_nothing_and_a_second_object_gets_nothing(lin):
    file = store(lin)
    for _ in range(2):
        claim([file.pk], object_kind="test.dossier", object_id=DOSSIER, owner_id=lin.pk)
    with pytest.raises(RefusedError):
        claim([file], object_kind="test.dossier", object_id=new_id())
    assert list(files_of("test.dossier", DOSSIER)) == [file]
    assert not unclaimed_of(lin.pk).exists()


def test_an_id_written_by_hand_claims_nobody_elses_file(lin, zhao):
    file = store(lin)
    with pytest.raises(RefusedError):
        claim([file.pk], object_kind="test.dossier", object_id=DOSSIER, owner_id=zhao.pk)
    with pytest.raises(TypeError):
        claim([file.pk], object_kind="test.dossier", object_id=DOSSIER)
    assert unclaimed_of(lin.pk, "evidence").get() == file


def test_one_may_take_back_what_is_not_claimed(lin, zhao, django_capture_on_commit_callbacks):
    file, kept = store(lin), given(lin)
    for user, wanted in ((zhao, file), (lin, kept)):
        file_remove(account_id=user.pk, file_id=wanted.pk)
    assert StoredFile.objects.filter(deleted_at=None).count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        file_remove(account_id=lin.pk, file_id=file.pk)
    file_remove(account_id=lin.pk, file_id=file.pk)
    gone = StoredFile.objects.get(pk=file.pk)
    assert gone.deleted_at
    assert gone.name is None
    with pytest.raises(FileNotFoundError):
        disk.read(file.pk)


def test_what_nobody_claims_is_gone_after_a_day_and_strays_too(lin, tmp_path):
    old, young, kept = store(lin), store(lin), given(lin)
    yesterday = clock.now() - dt.timedelta(hours=25)
    StoredFile.objects.filter(pk__in=[old.pk, kept.pk]).update(created_at=yesterday)
    stray = new_id()
    disk.write(stray, b"no row knows me")
    (tmp_path / "ab").mkdir(exist_ok=True)
    (tmp_path / "ab" / "x.part").write_bytes(b"cut off")
    for path in tmp_path.rglob("*"):
        if path.is_file():
            os.utime(path, (yesterday.timestamp(), yesterday.timestamp()))
    run_periodic("files.purge_unclaimed")
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {f"{young.pk.hex}.sealed", f"{kept.pk.hex}.sealed"}
    assert StoredFile.objects.get(pk=old.pk).deleted_at


def test_what_concerns_a_person_may_be_taken_along_and_erased(lin):
    store(lin)
    given(lin)
    assert [row["name"] for row in account_export(lin.pk)] == ["证明.pdf", "证明.pdf"]
    assert account_erase(lin.pk) == 1
    assert object_erase("test.dossier", DOSSIER) == 1
    assert account_export(lin.pk) == []
    assert selectors.files_of("test.dossier", DOSSIER).count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_crash_anywhere_leaves_no_row_without_its_content(lin):
    def act():
        file = store(lin)
        with atomic():
            claim([file], object_kind="test.dossier", object_id=DOSSIER)

    def check(_number):
        for file in StoredFile.objects.filter(deleted_at=None):
            assert services.file_open(file, account_id=lin.pk) == papers.PDF

    assert crash_everywhere(act, after=check) >= 4
