"""Reading notices: for everybody, for the person shown, for the officers who answer."""

from __future__ import annotations

import base64
import uuid

from django.db.models import Count, QuerySet

from lianxin.kit import clock
from lianxin.kit.text import clean
from lianxin.notices.models import Notice, NoticeLine, Objection
from lianxin.vault import api as vault


def running() -> QuerySet[Notice]:
    """List the notices shown today, the ones ending soonest first."""
    now = clock.now()
    return (
        Notice.objects.filter(ended_at__isnull=True, starts_at__lte=now, ends_at__gt=now)
        .select_related("organisation")
        .annotate(line_count=Count("lines"))
        .order_by("ends_at", "id")
    )


def line_by_receipt(notice_id: uuid.UUID, receipt: str) -> NoticeLine | None:
    """Find the line a receipt belongs to, within one notice."""
    return NoticeLine.objects.filter(
        notice_id=notice_id, receipt_index=receipt_index(receipt)
    ).first()


def line_of(object_kind: str, object_id: uuid.UUID) -> tuple[NoticeLine, str] | None:
    """Return an object's latest line and its receipt; for pages that may show the whole case."""
    line = (
        NoticeLine.objects.filter(object_kind=object_kind, object_id=object_id)
        .select_related("notice")
        .order_by("-notice__starts_at")
        .first()
    )
    return (line, receipt_of(line.pk)) if line else None


def open_objections(object_kind: str, object_id: uuid.UUID) -> int:
    """Count the objections to an object that nobody has answered yet."""
    return Objection.objects.filter(
        line__object_kind=object_kind, line__object_id=object_id, state=Objection.State.OPEN
    ).count()


def receipt_of(line_id: uuid.UUID) -> str:
    """Return the code by which the person finds her line; whoever may see the case may call this."""
    digest = vault.blind_index(str(line_id), purpose="notice_receipt").split(":")[1]
    letters = base64.b32encode(bytes.fromhex(digest[:20])).decode()[:12]
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def receipt_index(receipt: str) -> str:
    """Return what a typed receipt is found by; blanks, dashes and case do not matter."""
    plain = clean(receipt).upper().replace("-", "").replace(" ", "")
    return vault.blind_index(plain, purpose="notice_receipt_typed")
