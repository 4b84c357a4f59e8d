"""Taking files in: good ones become harmless, others get a sentence."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from PIL import Image

from lianxin.audit import api as audit
from lianxin.files import conf
from lianxin.files.adapters import disk
from lianxin.files.api import Kind, Purpose, file_store, name_of, picture_keep, purposes
from lianxin.files.models import StoredFile
from lianxin.files.services import file_open
from lianxin.files.tests import papers
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.ids import new_id

pytestmark = pytest.mark.django_db
LIN = new_id()


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def store(data, name="IMG_1.jpg", purpose="evidence"):
    return file_store(actor_id=LIN, upload=papers.upload(data, name), purpose=purpose)


def content(file):
    return file_open(file, account_id=LIN)


def test_a_photo_loses_place_and_camera_and_stands_upright():
    data = papers.photo_with_place()
    assert b"SecretPhone" in data
    kept = content(store(data))
    assert b"SecretPhone" not in kept
    assert b"Exif" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (40, 60), {})


@pytest.mark.parametrize(
    ("form", "mode"),
    [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("PNG", "LA"), ("PNG", "1"), ("PNG", "I;16"),
     ("WEBP", "RGBA"), ("JPEG", "CMYK"), ("JPEG", "L")],
)  # fmt: skip
def test_every_sort_of_picture_becomes_a_jpeg(form, mode):
    out = io.BytesIO()
    Image.new(mode, (30, 20)).save(out, form)
    with Image.open(io.BytesIO(content(store(out.getvalue())))) as image:
        assert (image.format, image.mode) == ("JPEG", "RGB")


def test_a_large_photo_is_made_smaller():
    with Image.open(io.BytesIO(content(store(papers.picture(size=(4000, 3000)))))) as image:
        assert image.size == (2560, 1920)


def test_a_pdf_is_kept_as_it_is_but_sealed_on_disk(tmp_path):
    file = store(papers.PDF, "收入证明.pdf")
    assert content(file) == papers.PDF
    on_disk = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(on_disk) == 1
    assert b"PDF" not in on_disk[0].read_bytes()
    assert name_of(StoredFile.objects.get()) == "收入证明.pdf"
    assert str(StoredFile.objects.get().name) == "•••"


def test_a_content_moved_under_another_file_does_not_open():
    one, other = store(papers.PDF), store(papers.picture())
    disk.write(one.pk, disk.read(other.pk))
    from lianxin.vault.api import BrokenSealError  # noqa: PLC0415

    with pytest.raises(BrokenSealError):
        content(one)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "空的"),
        (papers.HEIC, "HEIC"),
        (b"plain text", "收不了"),
        (papers.office(), "收不了"),
        (papers.office("word", "word/vbaProject.bin"), "宏"),
        (papers.PDF[:-8], "没有传完整"),
        (papers.picture(size=(400, 300))[:400], "坏的"),
        (b"\xff\xd8\xff" + b"\0" * 50, "坏的"),
        (papers.bomb(), "像素"),
        (papers.PDF + b" " * conf.LARGEST, "10 MB"),
    ],
    ids=[
        "empty",
        "heic",
        "text",
        "word",
        "macro",
        "cut pdf",
        "cut jpeg",
        "no jpeg",
        "bomb",
        "large",
    ],
)
def test_what_is_not_taken_gets_its_own_sentence(data, word, tmp_path):
    with pytest.raises(RefusedError) as refused:
        store(data)
    assert word in refused.value.message
    assert not StoredFile.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_purpose_may_take_word_files():
    purposes.fill("test.import", Purpose(kinds=frozenset({Kind.XLSX, Kind.DOCX})))
    assert store(papers.office(), "x.jpg", purpose="test.import").kind == "docx"
    with pytest.raises(RefusedError, match="Excel"):
        store(papers.picture(), purpose="test.import")


def test_too_many_files_that_belong_to_nothing_are_refused():
    for _ in range(conf.MOST_UNCLAIMED):
        store(papers.PDF)
    with pytest.raises(RefusedError, match="先提交"):
        store(papers.PDF)


def test_taking_in_is_recorded():
    file = store(papers.PDF)
    row = audit.history_of("file", file.pk).get()
    assert (row.action, row.actor_id, row.purpose) == ("file.stored", LIN, "evidence")


def test_a_picture_of_somebody_without_an_account_belongs_to_its_object_alone():
    report, later = new_id(), clock.now() + dt.timedelta(days=60)
    upload = papers.upload(papers.photo_with_place(), "IMG_20261124_Renmin_Road.jpg")
    kept = picture_keep(
        upload=upload, purpose="report", object_kind="thing", object_id=report, expires_at=later
    )
    assert (kept.owner_id, kept.subject_id, kept.expires_at) == (report, report, later)
    assert (kept.object_kind, kept.object_id) == ("thing", report)
    assert name_of(kept) == "file.jpg", "a name tells of place and time as well"
    assert b"Exif" not in content(kept)
    row = audit.history_of("file", kept.pk)[0]
    assert (row.actor_id, row.subject_id) == (None, None)


def test_what_is_no_picture_is_not_taken_from_a_stranger():
    with pytest.raises(RefusedError):
        picture_keep(
            upload=papers.upload(b"%PDF-1.4\n%%EOF", "a.pdf"), purpose="report",
            object_kind="thing", object_id=new_id(), expires_at=clock.now(),
        )  # fmt: skip
