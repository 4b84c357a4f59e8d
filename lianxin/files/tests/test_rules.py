"""A file is what its bytes say, whatever its name says."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.files.rules import Fault, Kind, clean_name, kind_of
from lianxin.files.tests.papers import HEIC, PDF, office, picture


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (picture("JPEG"), Kind.IMAGE),
        (picture("PNG"), Kind.IMAGE),
        (picture("WEBP"), Kind.IMAGE),
        (PDF, Kind.PDF),
        (office("word"), Kind.DOCX),
        (office("xl"), Kind.XLSX),
        (office("word", "word/vbaProject.bin"), Fault.MACRO),
        (office("other"), Fault.UNKNOWN),
        (office()[:60], Fault.BROKEN),
        (PDF[:-8], Fault.BROKEN),
        (HEIC, Fault.HEIC),
        (b"", Fault.EMPTY),
        (b"\0" * 5000, Fault.EMPTY),
        (b"MZ\x90\x00 a program", Fault.UNKNOWN),
        (b"<html><script>", Fault.UNKNOWN),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Fault.UNKNOWN),
        (b"GIF89a", Fault.UNKNOWN),
        (b"RIFF\0\0\0\0WAVE", Fault.UNKNOWN),
    ],
    # Not by what is in the file: an archive holds the second it was made in, another in each process.
    ids=lambda given: given.name if isinstance(given, Kind | Fault) else "",
)
def test_the_content_tells_the_kind(data, kind):
    assert kind_of(data) == kind


@given(st.binary(max_size=300))
def test_any_bytes_have_a_kind_or_a_fault(data):
    assert isinstance(kind_of(data), Kind | Fault)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("收入证明.PDF", "收入证明.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\lin\\证明.jpg", "证明.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("evil\u202efdp.exe", "evilfdp.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("2026.11 工资条", "2026.11 工资条.pdf"),
    ],
)
def test_a_name_becomes_harmless(typed, name):
    assert clean_name(typed, Kind.PDF) == name


@given(st.text(max_size=200))
def test_any_name_becomes_short_and_printable(typed):
    name = clean_name(typed, Kind.IMAGE)
    assert name.endswith(".jpg")
    assert len(name) <= 90
    assert not any(unicodedata.category(c)[0] == "C" or c in '/\\"' for c in name)
