"""Whom an officer may fill in with, and the unions a person may mean."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Q

from lianxin.catalogue import policies
from lianxin.catalogue.constants import NIGHTS
from lianxin.catalogue.selectors.shelf import Offer, shelf
from lianxin.kit import clock
from lianxin.kit.text import clean
from lianxin.members.api import Member, member_page, members_by_id
from lianxin.orgs.api import Actor, Organisation, organisation_by_code
from lianxin.procedures.api import Dossier, State, may_carry

MOST = 8


@dataclass(frozen=True)
class Awaiting:
    """An application that waits for a yes: by a code, typed in at its draft; else by a signature."""

    dossier: Dossier
    draft_id: uuid.UUID | None


def people_found(actor: Actor, typed: str) -> list[Member]:
    """Find members an officer may fill in with, by name, pinyin, phone or identity number."""
    if not clean(typed):
        return []
    rows = member_page(actor, search=typed).rows
    return [row for row in rows if policies.may_help(actor, row)][: MOST * 3]


def person_of(actor: Actor, member_id: uuid.UUID) -> Member | None:
    """Return a member an officer may fill in with, or None."""
    member = members_by_id([member_id]).get(member_id)
    return member if member and policies.may_help(actor, member) else None


def carried_of(actor: Actor, member: Member) -> list[tuple[Dossier, bool]]:
    """List what officers act in for a member, with whether it is this one; decided too, while she may object."""
    rows = Dossier.objects.filter(subject_kind="member", subject_id=member.pk)
    rows = rows.filter(~Q(state=State.CLOSED) | Q(objection_until__gte=clock.now()))
    rows = rows.exclude(carried_by=None).select_related("version", "carried_by", "organisation")
    return [
        (row, row.carried_by_id == actor.account_id)
        for row in rows.order_by("created_at")
        if may_carry(actor, row)
    ]


def awaiting_of(actor: Actor, member: Member | None = None) -> list[Awaiting]:
    """List what an officer filled in with people, or with one, and waits for a yes. Two queries."""
    rows = Dossier.objects.filter(helped_by_id=actor.account_id, state=State.AWAITING)
    if member is not None:
        rows = rows.filter(subject_kind="member", subject_id=member.pk)
    found = list(rows.select_related("version").order_by("confirm_until", "id")[: MOST * 3])
    drafts = dict(
        policies.own_drafts(actor)
        .filter(dossier_id__in=[row.pk for row in found])
        .values_list("dossier_id", "pk")
    )
    return [Awaiting(row, drafts.get(row.pk) if row.confirm_index else None) for row in found]


def offers_for(member: Member) -> list[Offer]:
    """List what is open today for where a member works."""
    today = clock.today()
    return [
        one
        for one in shelf().offers.values()
        # Nights are chosen by whoever sleeps there, on her own phone, before anything is filled in.
        if one.window(today).is_open and one.is_for(member) and one.code != NIGHTS
    ]


def unions_found(typed: str) -> list[Organisation]:
    """Find unions by a part of their name, or by their code."""
    text = clean(typed)[:60]
    if not text:
        return []
    exact = organisation_by_code(text.upper())
    if exact is not None:
        return [exact]
    return list(Organisation.objects.filter(name__icontains=text).order_by("name")[:MOST])
