"""Whom an officer may fill in with, and the unions a person may mean."""

from __future__ import annotations

import uuid

from lianxin.catalogue import policies
from lianxin.catalogue.constants import NIGHTS
from lianxin.catalogue.selectors.shelf import Offer, shelf
from lianxin.kit import clock
from lianxin.kit.text import clean
from lianxin.members.api import Member, member_page, members_by_id
from lianxin.orgs.api import Actor, Organisation, organisation_by_code

MOST = 8


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
