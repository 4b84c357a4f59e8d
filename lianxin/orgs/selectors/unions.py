"""Unions as those who manage them see them: lists, one union, its history, what a change would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lianxin.accounts import api as accounts
from lianxin.kit import clock
from lianxin.kit.paging import Page, page_of
from lianxin.kit.text import clean
from lianxin.orgs import policies
from lianxin.orgs.constants import CHANGE_WORDS, ROLE_WORDS
from lianxin.orgs.models import Affiliation, Organisation, OrganisationChange, Post, name_key
from lianxin.orgs.rules import Ability, Actor, Effect, Role, organisation_effects

PAST_ALL = "\U0010ffff"
MOST_CHANGES = 30
MOST_AFFILIATES = 50


@dataclass(frozen=True, kw_only=True)
class Officer:
    """Who holds which post at a union, until when."""

    role: Any
    name: str
    post: Post


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    """A line of a union's history in words."""

    change: OrganisationChange
    words: Any
    who: str


def union_managed(actor: Actor) -> Organisation | None:
    """Return the first union the actor manages."""
    held = actor.with_ability(Ability.ORGANISATION_MANAGE)
    found: Organisation | None = (
        Organisation.objects.filter(pk=held[0].organisation_id).first() if held else None
    )
    return found


def children_page(
    actor: Actor, union: Organisation, *, after: str | None = None
) -> Page[Organisation]:
    """List what stands directly below a union, those that are closed as well. One query."""
    below = Organisation.objects.filter(policies.below_q(union.path, prefix=""))
    rows = policies.organisations_visible_to(actor, below).filter(depth=union.depth + 1)
    return page_of(rows, after, order=("path",))


def unions_found(actor: Actor, search: str, *, after: str | None = None) -> Page[Organisation]:
    """Find unions in reach by the start of the code, of the name or its pinyin, or a part of the name."""
    typed = clean(search)[:64]
    key = name_key(typed)
    wanted = Q(code__istartswith=typed) | Q(name__contains=typed) | Q(uscc=typed.upper())
    if key:
        wanted |= Q(sort_key__gte=key, sort_key__lt=key + PAST_ALL)
    rows = policies.organisations_visible_to(actor, Organisation.objects.filter(wanted))
    return page_of(rows, after, order=("sort_key", "id"))


def officers_of(union: Organisation) -> list[Officer]:
    """List who serves at a union today and until when. One query."""
    posts = Post.objects.in_force(clock.today()).filter(organisation=union)
    return [
        Officer(role=ROLE_WORDS[Role(post.role)], name=str(post.account), post=post)
        for post in posts.select_related("account").order_by("role", "starts_on", "pk")
    ]


def affiliations_of(union: Organisation) -> QuerySet[Affiliation]:
    """List the further parents a union has today."""
    rows = Affiliation.objects.filter(organisation=union, ends_on=None)
    return rows.select_related("parent").order_by("starts_on", "pk")


def affiliates_of(union: Organisation) -> tuple[list[Organisation], int]:
    """List the first unions affiliated to this one beside their parent in the tree, and count all."""
    rows = Organisation.objects.filter(affiliations__parent=union, affiliations__ends_on=None)
    return list(rows.order_by("path")[:MOST_AFFILIATES]), rows.count()


def history_of(union: Organisation) -> list[ChangeRow]:
    """List what happened to a union, the latest first. Two queries."""
    rows = OrganisationChange.objects.filter(organisation=union)
    rows = rows.select_related("target", "origin").order_by("-made_at", "-id")[:MOST_CHANGES]
    people = accounts.User.objects.filter(pk__in={row.actor_id for row in rows if row.actor_id})
    names = {person.pk: str(person) for person in people}
    return [
        ChangeRow(
            change=row,
            words=CHANGE_WORDS[row.kind],
            who=names.get(row.actor_id, "") if row.actor_id else "",
        )
        for row in rows
    ]


def effect_of(union: Organisation) -> list[Effect]:
    """Count what a change of a union takes along: unions, members, posts, and what other apps add."""
    within = Organisation.objects.filter(policies.below_q(union.path, prefix=""))
    posts = Post.objects.in_force(clock.today()).filter(policies.below_q(union.path))
    return [
        Effect(_("unions"), within.exclude(state=Organisation.State.CLOSED).count()),
        Effect(_("members in force"), union.member_count),
        Effect(_("posts in force"), posts.count()),
        *(count(union.path) for count in organisation_effects),
    ]
