"""Reading files: of an object, of a sender, through a link that expires."""

from __future__ import annotations

import uuid

from django.core import signing
from django.db.models import Q, QuerySet
from django.urls import reverse

from lianxin.files import conf
from lianxin.files.models import StoredFile
from lianxin.kit import clock
from lianxin.vault import api as vault

_SALT = "lianxin.files.link"


def file_link(file: StoredFile, *, account_id: uuid.UUID) -> str:
    """Return an address by which this account, and nobody else, may ask for the file for 10 minutes.

    Whether it may see the file is asked again when the link is opened.
    """
    token = signing.dumps([file.pk.hex, account_id.hex], salt=_SALT)
    return reverse("files:file", args=[token])


def file_by_link(token: str, *, account_id: uuid.UUID | None) -> StoredFile | None:
    """Find the file of a link; None if it has expired or was made for somebody else."""
    try:
        file_hex, account_hex = signing.loads(token, salt=_SALT, max_age=conf.LINK_SECONDS)
    except signing.BadSignature:
        return None
    if account_id is None or account_hex != account_id.hex:
        return None
    alive = Q(expires_at=None) | Q(expires_at__gt=clock.now())
    return StoredFile.objects.filter(alive, pk=uuid.UUID(file_hex), deleted_at=None).first()


def files_of(object_kind: str, object_id: uuid.UUID) -> QuerySet[StoredFile]:
    """List the files of an object, oldest first."""
    return StoredFile.objects.filter(
        object_kind=object_kind, object_id=object_id, deleted_at=None
    ).order_by("created_at", "id")


def unclaimed_of(account_id: uuid.UUID, purpose: str | None = None) -> QuerySet[StoredFile]:
    """List what an account has sent and nothing has claimed yet, oldest first."""
    found = StoredFile.objects.filter(owner_id=account_id, object_kind="", deleted_at=None)
    return (found.filter(purpose=purpose) if purpose else found).order_by("created_at", "id")


def name_of(file: StoredFile) -> str:
    """Return the file's name, for whoever may see the object it belongs to."""
    return vault.reveal(file, "name")
