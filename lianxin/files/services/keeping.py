"""What happens to a file later: claimed by an object, opened, removed, swept away."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.files import conf
from lianxin.files.adapters import disk
from lianxin.files.models import StoredFile
from lianxin.files.selectors import name_of
from lianxin.files.services.parts import file_parts
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.transactions import after_commit, atomic
from lianxin.vault import api as vault


def claim(
    files: Iterable[StoredFile | uuid.UUID],
    *,
    object_kind: str,
    object_id: uuid.UUID,
    owner_id: uuid.UUID | None = None,
    subject_id: uuid.UUID | None = None,
) -> list[StoredFile]:
    """Give files to an object, whose policy decides from now on; a repeat changes nothing.

    Ids come from a form somebody may have written by hand, so they need the `owner_id` who sent
    the files. `subject_id` says whose data they are, where that was not known when they were sent.

    Raises:
        RefusedError: a file is gone, is another person's, or belongs to another object.
    """
    wanted = list(files)
    if owner_id is None and any(isinstance(file, uuid.UUID) for file in wanted):
        raise TypeError("claiming by id needs the owner_id")
    pks = [file if isinstance(file, uuid.UUID) else file.pk for file in wanted]
    mine = Q(pk__in=pks, deleted_at=None) & (Q(owner_id=owner_id) if owner_id else Q())
    place = Q(object_kind=object_kind, object_id=object_id)
    with atomic():
        about = {"subject_id": subject_id} if subject_id else {}
        StoredFile.objects.filter(mine, object_kind="").update(
            object_kind=object_kind, object_id=object_id, **about
        )
        found = StoredFile.objects.filter(mine & place).in_bulk()
        if len(found) != len(set(pks)):
            raise RefusedError(_("One of your files is no longer here. Please send it once more."))
    return [found[pk] for pk in dict.fromkeys(pks)]


def release(*, object_kind: str, object_id: uuid.UUID, file_ids: Iterable[uuid.UUID]) -> None:
    """Take files back from an object so that another may claim them; whoever calls owns both.

    Unclaimed files are swept away after a day: claim them again in the same transaction.
    """
    with atomic():
        StoredFile.objects.filter(
            pk__in=list(file_ids), object_kind=object_kind, object_id=object_id, deleted_at=None
        ).update(object_kind="", object_id=None)


def file_open(file: StoredFile, *, account_id: uuid.UUID | None) -> bytes:
    """Return the content for somebody who may see it, and leave a trace its subject can see.

    Raises:
        FileNotFoundError: the content is gone.
        BrokenSealError: the content was altered.
    """
    data = b"".join(file_parts(file))
    with atomic():
        vault.note_opening(
            actor_id=account_id,
            kind="file",
            object_id=file.pk,
            fields=["content"],
            purpose=file.purpose,
            subject_id=file.subject_id,
        )
    return data


def file_remove(*, account_id: uuid.UUID, file_id: uuid.UUID) -> None:
    """Take back an unclaimed file of one's own; a repeat changes nothing."""
    _remove(
        StoredFile.objects.filter(pk=file_id, owner_id=account_id, object_kind=""),
        actor_id=account_id,
    )


def object_erase(
    object_kind: str, object_id: uuid.UUID, *, actor_id: uuid.UUID | None = None
) -> int:
    """Remove all files of an object; return how many."""
    return _remove(
        StoredFile.objects.filter(object_kind=object_kind, object_id=object_id), actor_id=actor_id
    )


def account_erase(account_id: uuid.UUID) -> int:
    """Remove what an account sent and nothing claimed; an object's files go with the object."""
    return _remove(
        StoredFile.objects.filter(owner_id=account_id, object_kind=""), actor_id=account_id
    )


def account_export(account_id: uuid.UUID) -> list[dict[str, Any]]:
    """Describe the files that concern an account, for its owner."""
    rows = StoredFile.objects.filter(Q(subject_id=account_id) | Q(owner_id=account_id))
    return [
        {
            "id": str(file.pk),
            "name": name_of(file),
            "purpose": file.purpose,
            "kind": file.kind,
            "size": file.size,
            "created_at": file.created_at.isoformat(),
        }
        for file in rows.filter(deleted_at=None).order_by("created_at", "id")
    ]


def unclaimed_purge() -> int:
    """Remove what nobody claimed within a day, what has expired, and contents without a row."""
    before = clock.now() - conf.UNCLAIMED_FOR
    unclaimed = Q(object_kind="", created_at__lt=before)
    expired = Q(expires_at__lt=clock.now())
    count = _remove(StoredFile.objects.filter(unclaimed | expired), actor_id=None)
    for path, file_id in disk.older_than(before.timestamp()):
        if file_id is None or not StoredFile.objects.filter(pk=file_id, deleted_at=None).exists():
            path.unlink(missing_ok=True)
    return count


def _remove(files: QuerySet[StoredFile], *, actor_id: uuid.UUID | None) -> int:
    count = 0
    for file in files.filter(deleted_at=None):
        with atomic():
            if not StoredFile.objects.filter(pk=file.pk, deleted_at=None).update(
                deleted_at=clock.now(), name=None
            ):
                continue
            audit.record(
                actor_id=actor_id,
                action="file.removed",
                kind="file",
                object_id=file.pk,
                subject_id=file.subject_id,
                purpose=file.purpose,
            )
            # The sweep takes it if we die in between.
            after_commit(partial(disk.remove, file.pk))
        count += 1
    return count
