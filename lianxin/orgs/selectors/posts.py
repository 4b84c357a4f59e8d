"""Who holds which post, as the pages of the desk show it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from lianxin.accounts import api as accounts
from lianxin.kit import clock
from lianxin.kit.text import clean
from lianxin.orgs import policies
from lianxin.orgs.constants import REACH_WORDS, ROLE_WORDS
from lianxin.orgs.models import Organisation, Post, PostProposal
from lianxin.orgs.rules import Ability, Actor, Reach, Role, may_be_deputised, told_before

MOST_UNIONS = 30
PAST_SHOWN = dt.timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class PostRow:
    """A post in words, and what the reader may do with it."""

    post: Post
    role: Any
    reach: Any
    holder: str
    deputy: str
    given_by: str
    is_over: bool
    is_to_come: bool
    ends_soon: bool
    may_end: bool
    may_reset: bool
    may_deputise: bool
    is_mine: bool


@dataclass(frozen=True, kw_only=True)
class ProposalRow:
    """A proposal in words, and whether the reader is the second person."""

    proposal: PostProposal
    role: Any
    reach: Any
    person: str
    stands_for: str
    proposed_by: str
    may_confirm: bool
    may_withdraw: bool


def account_found(typed: str) -> accounts.User | None:
    """Find the one open account of a whole login name or mobile number."""
    name = clean(typed)
    number = accounts.normal_phone(name, strict=False)
    if number and (user := accounts.user_by_phone(number)):
        return user
    return accounts.User.objects.filter(login_name=name.lower(), is_active=True).first()


def union_of(actor: Actor) -> Organisation | None:
    """Return the first union whose posts the actor may see."""
    held = actor.with_ability(Ability.POST_GRANT) or actor.with_ability(Ability.AUDIT_VIEW)
    found: Organisation | None = (
        Organisation.objects.filter(pk=held[0].organisation_id).first() if held else None
    )
    return found


def unions_for_posts(actor: Actor, search: str) -> list[Organisation]:
    """List the unions whose posts the actor may see, by code or the start of a name."""
    within = policies.reach_q(actor, Ability.POST_GRANT, prefix="") | policies.reach_q(
        actor, Ability.AUDIT_VIEW, prefix=""
    )
    rows = Organisation.objects.filter(within)
    typed = clean(search)[:64]
    if typed:
        rows = rows.filter(Q(code__istartswith=typed) | Q(name__contains=typed))
    return list(rows.order_by("path")[:MOST_UNIONS])


def post_rows(actor: Actor, union: Organisation) -> list[PostRow]:
    """List the posts of one union: those in force and to come first, then those of the past year."""
    rows = policies.posts_visible_to(actor, Post.objects.filter(organisation=union))
    recent = rows.filter(Q(ends_on=None) | Q(ends_on__gte=clock.today() - PAST_SHOWN))
    posts = recent.select_related("organisation", "account", "deputy").order_by("role", "pk")
    return sorted(_rows(actor, posts), key=lambda row: (row.is_over, row.is_to_come))


def post_row(actor: Actor, post: Post) -> PostRow:
    """Show one post that `posts_visible_to` let through."""
    return _rows(actor, [post])[0]


def own_post_rows(actor: Actor) -> list[PostRow]:
    """List what an officer holds or stands in for, to come as well."""
    mine = Q(account_id=actor.account_id) | Q(deputy_id=actor.account_id)
    running = Q(ends_on=None) | Q(ends_on__gte=clock.today())
    posts = Post.objects.filter(mine & running).select_related("organisation", "account", "deputy")
    return _rows(actor, posts.order_by("organisation__path", "role"))


def proposal_rows(actor: Actor, union: Organisation) -> list[ProposalRow]:
    """List the open proposals of one union."""
    rows = PostProposal.objects.filter(
        organisation=union, state=PostProposal.State.OPEN, expires_at__gt=clock.now()
    )
    found = policies.proposals_visible_to(actor, rows).select_related(
        "organisation", "account", "proposed_by", "post__account", "post__organisation"
    )
    return [
        ProposalRow(
            proposal=row,
            role=ROLE_WORDS[Role(row.role)],
            reach=REACH_WORDS[Reach(row.reach)],
            person=str(row.account),
            stands_for=str(row.post.account) if row.post else "",
            proposed_by=str(row.proposed_by),
            may_confirm=policies.may_confirm(actor, row),
            may_withdraw=policies.may_withdraw(actor, row),
        )
        for row in found.order_by("proposed_at")
    ]


def _rows(actor: Actor, posts: Iterable[Post]) -> list[PostRow]:
    found = list(posts)
    givers = _names({pk for post in found for pk in (post.granted_by, post.confirmed_by) if pk})
    today = clock.today()
    return [_row(actor, post, givers, today) for post in found]


def _row(actor: Actor, post: Post, givers: dict[uuid.UUID, str], today: dt.date) -> PostRow:
    ends_on = post.ends_on
    is_over = ends_on is not None and ends_on < today
    given = [givers[pk] for pk in (post.granted_by, post.confirmed_by) if pk in givers]
    deputise = may_be_deputised(Role(post.role)) and policies.may_deputise(actor, post)
    soon = ends_on is not None and not is_over and told_before(ends_on, today) is not None
    return PostRow(
        post=post,
        role=ROLE_WORDS[Role(post.role)],
        reach=REACH_WORDS[Reach(post.reach)],
        holder=str(post.account),
        deputy=str(post.deputy) if post.deputy else "",
        given_by=" · ".join(given),
        is_over=is_over,
        is_to_come=post.starts_on > today,
        ends_soon=soon,
        may_end=not is_over and policies.may_end(actor, post),
        may_reset=not is_over and bool(post.account.login_name) and policies.may_end(actor, post),
        may_deputise=not is_over and deputise,
        is_mine=post.account_id == actor.account_id,
    )


def _names(pks: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    users = accounts.User.objects.only("display_name").filter(pk__in=pks) if pks else ()
    return {user.pk: str(user) for user in users}
