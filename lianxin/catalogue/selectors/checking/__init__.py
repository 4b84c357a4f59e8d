"""What can be wrong with a catalogue that reads well: dead references, impossible offers."""

from __future__ import annotations

from pathlib import Path

from lianxin.catalogue.selectors.checking.folder import folder_check
from lianxin.catalogue.selectors.checking.item import item_check
from lianxin.catalogue.selectors.checking.known import Known, known_here
from lianxin.catalogue.selectors.checking.procedure import procedure_check
from lianxin.catalogue.selectors.reading import Fault, Folder, folder_read

__all__ = ["Known", "catalogue_check", "known_here"]


def catalogue_check(path: Path, known: Known | None = None) -> tuple[Folder, list[Fault]]:
    """Read a folder and list all its faults, in order of file and line; warnings among them."""
    folder = folder_read(path)
    known = known or known_here()
    faults = [*folder.faults, *folder_check(folder, known)]
    for item in folder.items:
        faults += item_check(item, folder, known)
        faults += procedure_check(item, folder, known)
    return folder, sorted(set(faults))
