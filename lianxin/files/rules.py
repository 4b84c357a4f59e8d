"""What a file is, judged by its first bytes and not by its name; and a harmless name for it. Pure."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from enum import StrEnum


class Kind(StrEnum):
    """What may be kept."""

    IMAGE = "image"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    TABLE = (
        "table"  # a roll of any form, for the reader of rolls alone: never shown, never sent out
    )


class Fault(StrEnum):
    """Why a file is not taken; each has its own sentence."""

    EMPTY = "empty"
    HEIC = "heic"
    BROKEN = "broken"
    MACRO = "macro"
    UNKNOWN = "unknown"


MIME = {
    Kind.IMAGE: "image/jpeg",
    Kind.PDF: "application/pdf",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.TABLE: "application/octet-stream",
}
ENDING = {
    Kind.IMAGE: "jpg", Kind.PDF: "pdf", Kind.DOCX: "docx", Kind.XLSX: "xlsx", Kind.TABLE: "bin",
}  # fmt: skip
_HEIC_BRANDS = {
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis",
}  # fmt: skip
_LONGEST = 80


def kind_of(data: bytes) -> Kind | Fault:
    """Tell by the content what a file is, or why it cannot be taken."""
    if not data.strip(b"\0 \r\n\t"):
        return Fault.EMPTY
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return Fault.HEIC
    if data.startswith(b"%PDF-"):
        return Kind.PDF if b"%%EOF" in data[-2048:] else Fault.BROKEN
    if data.startswith(b"PK\x03\x04"):
        return _office_kind(data)
    is_webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    is_image = is_webp or data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))
    return Kind.IMAGE if is_image else Fault.UNKNOWN


def clean_name(typed: str, kind: Kind) -> str:
    """Return a name without path, control or direction marks, ending as its content does."""
    bare = re.split(r"[\\/]", typed)[-1]
    folded = unicodedata.normalize("NFC", bare)
    kept = "".join(c for c in folded if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*')
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", kept).strip(" .")[:_LONGEST].strip(" .")
    return f"{stem or 'file'}.{ENDING[kind]}"


def _office_kind(data: bytes) -> Kind | Fault:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        return Fault.BROKEN
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return Fault.MACRO
    if "[Content_Types].xml" not in names:
        return Fault.UNKNOWN
    if any(name.startswith("word/") for name in names):
        return Kind.DOCX
    if any(name.startswith("xl/") for name in names):
        return Kind.XLSX
    return Fault.UNKNOWN
