"""Sealed contents on disk, for the rotation of keys."""

from __future__ import annotations

from collections.abc import Iterator

from lianxin.files.adapters import disk
from lianxin.files.models import StoredFile
from lianxin.files.services.parts import place_of
from lianxin.kit.transactions import atomic
from lianxin.vault import api as vault

FEW = 20  # contents are large: fewer a batch than rows


class ContentStore:
    """The contents of all files that are not removed."""

    name = "files.StoredFile.content"

    def reseal(self, *, after: str, size: int, again: vault.Again) -> vault.Batch | None:
        """Take the next files."""
        alive = StoredFile.objects.filter(deleted_at=None)
        if after:
            alive = alive.filter(pk__gt=after)
        files = list(alive.order_by("pk").only("pk", "parts")[: min(size, FEW)])
        if not files:
            return None
        batch = vault.Batch(last=str(files[-1].pk), rows=len(files))
        for file in files:
            try:
                _content_turn(file, again, batch)
            except FileNotFoundError:
                continue  # removed meanwhile, or missing: nothing to seal
            except vault.BrokenSealError:
                batch.broken.append(str(file.pk))
        return batch

    def heads(self, *, size: int) -> Iterator[str]:
        """Yield the beginning of every content."""
        alive = StoredFile.objects.filter(deleted_at=None).values_list("pk", flat=True)
        for pk in alive.iterator(chunk_size=size):
            try:
                yield disk.read_head(pk).decode("ascii", "replace")
            except FileNotFoundError:
                continue


def _content_turn(file: StoredFile, again: vault.Again, batch: vault.Batch) -> None:
    old = [token.decode("ascii") for token in disk.read_parts(file.pk)]
    new = [again(token, bound_to=place_of(file, at)) for at, token in enumerate(old, start=1)]
    if new == old:
        return
    with atomic():
        # While this row is held nobody removes the file, so it does not come back from the dead.
        held = StoredFile.objects.select_for_update(skip_locked=True, no_key=True)
        if not held.filter(pk=file.pk, deleted_at=None).exists():
            batch.passed_over += 1
            return
        disk.write(file.pk, (token.encode("ascii") for token in new))
    batch.resealed += 1
