"""The audit trail as its readers see it: ids and codes, and who of the officers did it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from lianxin.accounts.api import User
from lianxin.audit import api as audit
from lianxin.kit.paging import Page, page_of
from lianxin.orgs import policies
from lianxin.orgs.models import Post
from lianxin.orgs.rules import Ability, Actor

PAGE = 50


@dataclass(frozen=True, slots=True)
class Deed:
    """One row of the trail, with the name of who did it."""

    row: audit.AuditRow
    who: str
    detail: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Sealed:
    """Up to when signed checkpoints confirm the trail."""

    at: dt.datetime
    number: int
    rows: int


def trail_page(
    actor: Actor, wish: Mapping[str, Any], after: str | None
) -> tuple[list[Deed], Page[audit.AuditRow]]:
    """List the deeds in the reader's reach that fit, newest first; two queries."""
    rows = policies.trail_visible_to(actor, audit.AuditRow.objects.all())
    if wish.get("who"):
        rows = rows.filter(actor_id=wish["who"].pk)
    if wish.get("deed"):
        rows = rows.filter(action__startswith=wish["deed"])
    if wish.get("kind") and wish.get("thing"):
        rows = rows.filter(kind=wish["kind"], object_id=wish["thing"])
    if wish.get("about"):
        rows = rows.filter(subject_id=wish["about"])
    if wish.get("first_on"):
        rows = rows.filter(at__gte=_begins(wish["first_on"]))
    if wish.get("last_on"):
        rows = rows.filter(at__lt=_begins(wish["last_on"] + dt.timedelta(days=1)))
    page = page_of(rows, after, size=PAGE, order=("-id",))
    names = _names({row.actor_id for row in page.rows if row.actor_id})
    return [_deed(row, names) for row in page.rows], page


def person_asked(wish: Mapping[str, Any]) -> uuid.UUID | None:
    """Return whom one looks up: by her account, whichever way it is written."""
    about = wish.get("about")
    if isinstance(about, uuid.UUID):
        return about
    try:
        return uuid.UUID(wish["thing"]) if wish.get("kind") == "accounts.User" else None
    except (KeyError, ValueError):
        return None


def in_office(actor: Actor, account: User) -> bool:
    """Say whether somebody holds or held a post the reader may look into."""
    rows = Post.objects.filter(policies.reach_q(actor, Ability.AUDIT_VIEW), account=account)
    return rows.exists()


def sealed() -> Sealed | None:
    """Say up to when the trail is confirmed; None where no checkpoint was written yet."""
    found = audit.newest()
    if found is None:
        return None
    rows = sum(mark.size for mark in found.marks)
    return Sealed(dt.datetime.fromisoformat(found.at), found.number, rows)


def _begins(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _names(accounts: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = User.objects.filter(pk__in=accounts).values_list("pk", "display_name", "login_name")
    return {key: name or login or "" for key, name, login in rows}


def _deed(row: audit.AuditRow, names: Mapping[uuid.UUID, str]) -> Deed:
    detail = [(name, str(value)) for name, value in sorted(row.detail.items())]
    return Deed(row, names.get(row.actor_id, "") if row.actor_id else "", detail)
