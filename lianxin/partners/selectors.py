"""Reading partners and their contacts."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet

from lianxin.kit.paging import Page, page_of
from lianxin.kit.pinyin import spelled
from lianxin.kit.text import clean
from lianxin.orgs.api import Ability, Actor, Organisation
from lianxin.partners.models import Contact, Partner
from lianxin.partners.policies import spoken_for_by, visible_to

PAST_ALL = "\U0010ffff"


def partner_page(actor: Actor, *, search: str = "", after: str | None = None) -> Page[Partner]:
    """List the partners in reach by name; find one by name, pinyin or credit code. One query."""
    rows = visible_to(actor, Partner.objects.select_related("organisation"))
    typed = clean(search)[:64]
    if typed:
        key = spelled(typed)
        wanted = Q(name__contains=typed) | Q(uscc=typed.upper())
        if key:
            wanted |= Q(sort_key__gte=key, sort_key__lt=key + PAST_ALL)
        rows = rows.filter(wanted)
    return page_of(rows, after, order=("sort_key", "id"))


def contacts_of(partner: Partner) -> QuerySet[Contact]:
    """List who speaks for a partner, now and before. One query."""
    rows = Contact.objects.filter(partner=partner).select_related("account")
    return rows.order_by("ended_on", "starts_on", "pk")


def own_partners(account_id: uuid.UUID | None) -> QuerySet[Partner]:
    """List the partners an account speaks for today, with the union that looks after each."""
    rows = Partner.objects.filter(spoken_for_by(account_id)).select_related("organisation")
    return rows.order_by("sort_key", "id").distinct()


def unions_for_partners(actor: Actor) -> list[Organisation]:
    """List the unions in whose posts the actor manages partners."""
    held = {post.organisation_id for post in actor.with_ability(Ability.PARTNER_MANAGE)}
    return list(Organisation.objects.filter(pk__in=held).order_by("path"))
