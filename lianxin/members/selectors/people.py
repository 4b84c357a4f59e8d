"""Finding members."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db.models import QuerySet

from lianxin.kit import clock
from lianxin.kit.paging import Page, page_of
from lianxin.kit.text import clean
from lianxin.members.models import Member, Relative
from lianxin.members.policies import visible_to
from lianxin.members.rules.identity import IdentityError, identity_of
from lianxin.members.rules.people import mobile_of
from lianxin.members.selectors.pinyin import sort_key_of
from lianxin.orgs.api import Actor
from lianxin.vault import api as vault

# Greater than any letter in the byte order sort keys are compared in.
PAST_ALL = "\U0010ffff"


def member_of(account_id: uuid.UUID | None) -> Member | None:
    """Return the roll entry linked to an account, with its organisation; None if there is none."""
    if account_id is None:
        return None
    return Member.objects.select_related("organisation").filter(account_id=account_id).first()


def members_by_id(member_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Member]:
    """Return members by id, with their organisation. One query."""
    rows = Member.objects.select_related("organisation").filter(pk__in=member_ids)
    return {row.pk: row for row in rows}


def member_by_id_number(id_number: str) -> Member | None:
    """Return the member in force of an identity number in its written form."""
    index = vault.blind_index(id_number, purpose="id_number")
    if not index:
        return None
    found = Member.objects.select_related("organisation")
    return found.filter(id_index=index, state=Member.State.IN_FORCE).first()


def member_page(actor: Actor, *, search: str = "", after: str | None = None) -> Page[Member]:
    """List the members in an officer's reach by name in pinyin, a page at a time. Two queries at most.

    `search` takes the start of a name, of its pinyin, or a whole phone or identity number.
    """
    rows = visible_to(actor, Member.objects.exclude(state=Member.State.ENDED))
    rows = rows.select_related("organisation")
    return page_of(_found(rows, search), after, order=("sort_key", "id"))


def relatives_of(member_id: uuid.UUID) -> QuerySet[Relative]:
    """List the family a member declared."""
    return Relative.objects.filter(member_id=member_id).order_by("relation", "id")


def _found(rows: QuerySet[Member], search: str) -> QuerySet[Member]:
    typed = clean(search)[:64]
    if not typed:
        return rows
    if phone := mobile_of(typed):
        return _exactly(rows, phone_index=vault.blind_index(phone, purpose="phone"))
    if sum(c.isdigit() for c in typed) >= 6:
        return _exactly(rows, id_index=_id_index(typed))
    key = sort_key_of(typed)
    if not key:
        return rows.none()
    rows = rows.filter(sort_key__gte=key, sort_key__lt=key + PAST_ALL)
    return rows if typed.isascii() else rows.filter(name__startswith=typed.replace(" ", ""))


def _exactly(rows: QuerySet[Member], **index: str) -> QuerySet[Member]:
    """Find the few of an index first: told all at once, SQLite walks the whole list in order."""
    if "" in index.values():
        return rows.none()
    return rows.filter(pk__in=list(Member.objects.filter(**index).values_list("pk", flat=True)))


def _id_index(typed: str) -> str:
    try:
        number = identity_of(typed, today=clock.today()).number
    except IdentityError:
        return ""
    return vault.blind_index(number, purpose="id_number")
