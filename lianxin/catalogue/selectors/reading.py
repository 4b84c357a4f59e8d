"""Reading a folder of the catalogue: files become items, and faults with the line they stand on."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from lianxin.catalogue.rules.item import Card, Category, Parameter
from lianxin.catalogue.rules.yamlfile import YamlFile
from lianxin.procedures.api import Definition

T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong, where, and what to do about it."""

    path: Path
    line: int
    sentence: str
    is_warning: bool = False

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.sentence}"


@dataclass(frozen=True)
class ItemFile:
    """One service item as its file has it."""

    path: Path
    source: YamlFile
    card: Card
    procedure: Definition


@dataclass
class Folder:
    """A whole catalogue, and what could not be read of it."""

    path: Path
    categories: list[Category] = field(default_factory=list)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    items: list[ItemFile] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    sources: dict[str, YamlFile] = field(default_factory=dict)


def folder_read(path: Path) -> Folder:
    """Read all files of a catalogue folder; what is broken becomes faults, the rest is there."""
    found = Folder(path)
    if not path.is_dir():
        found.faults.append(Fault(path, 1, "there is no such folder"))
        return found
    found.categories = _read(found, path / "categories.yaml", list[Category]) or []
    found.parameters = _read(found, path / "parameters.yaml", dict[str, Parameter]) or {}
    files = sorted((path / "items").glob("*.y*ml"))
    if not files:
        found.faults.append(Fault(path / "items", 1, "there is no service item here"))
    for file in files:
        item = _item(found, file)
        if item is not None:
            found.items.append(item)
    return found


def _item(folder: Folder, path: Path) -> ItemFile | None:
    source = _open(folder, path)
    if source is None:
        return None
    if not isinstance(source.value, dict):
        folder.faults.append(Fault(path, 1, "this is no service item: write `code: …` and so on"))
        return None
    plain = dict(source.value)
    if "procedure" not in plain:
        folder.faults.append(
            Fault(path, 1, "`procedure` is missing: say what is asked and decided")
        )
        return None
    place = _Place(folder, path, source)
    procedure = _convert(place, plain.pop("procedure"), Definition, "$.procedure")
    card = _convert(place, plain, Card)
    if card is None or procedure is None:
        return None
    return ItemFile(path, source, card, procedure)


def _read(folder: Folder, path: Path, kind: type[T]) -> T | None:
    source = _open(folder, path)
    return _convert(_Place(folder, path, source), source.value, kind) if source else None


def _open(folder: Folder, path: Path) -> YamlFile | None:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        folder.faults.append(Fault(path, 1, "this file is missing"))
        return None
    except (OSError, UnicodeDecodeError):
        folder.faults.append(Fault(path, 1, "cannot be read as UTF-8 text; save it as UTF-8"))
        return None
    source = YamlFile(text)
    folder.sources[path.name] = source
    folder.faults += [Fault(path, fault.line, fault.sentence) for fault in source.faults]
    return None if source.faults else source


@dataclass(frozen=True)
class _Place:
    folder: Folder
    path: Path
    source: YamlFile


def _convert(at: _Place, value: Any, kind: type[T], base: str = "$") -> T | None:
    try:
        return msgspec.convert(value, type=kind)
    except msgspec.ValidationError as error:
        said, _, where = str(error).partition(" - at `")
        place = base + where.removesuffix("`").removeprefix("$")
        line = _line(at.source, place, said)
        at.folder.faults.append(Fault(at.path, line, f"{_plain(said)} ({place})"))
    return None


def _line(source: YamlFile, place: str, said: str) -> int:
    """Point at the unknown key itself, not at the part it stands in."""
    unknown = said.partition("unknown field `")[2].removesuffix("`")
    return source.line(f"{place}.{unknown}" if unknown else place)


def _plain(said: str) -> str:
    """Say msgspec's words the way a person would."""
    unknown = said.partition("unknown field `")[2].removesuffix("`")
    if unknown:
        return f"nobody knows the key `{unknown}`; is it misspelt?"
    missing = said.partition("missing required field `")[2].removesuffix("`")
    if missing:
        also = "; every text needs en and zh_Hans" if missing in {"en", "zh_Hans"} else ""
        return f"`{missing}` is missing{also}"
    return said
