"""New ways in for officers: which run, who may answer, as the pages show it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from lianxin.accounts import api as accounts
from lianxin.kit import clock
from lianxin.orgs import policies
from lianxin.orgs.constants import RESET_STATE_WORDS, ROLE_WORDS
from lianxin.orgs.models import OfficerReset, Organisation, Post
from lianxin.orgs.rules import AT_DESK, HIDDEN_FROM_ABOVE, Actor, Reach, Role
from lianxin.orgs.selectors.tree import granters_of

SHOWN_FOR = dt.timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class ResetRow:
    """A request in words, and what the reader may do with it."""

    reset: OfficerReset
    person: str
    asked_by: str
    confirmed_by: str
    settled_by: str
    state: str
    posts: list[str]
    is_running: bool
    may_confirm: bool
    may_refuse: bool
    may_hand: bool


def posts_borne(account_id: uuid.UUID) -> list[Post]:
    """List the posts at a desk somebody acts in now or will: her own, and those she stands in for."""
    today = clock.today()
    own = Q(account_id=account_id) & (Q(ends_on=None) | Q(ends_on__gte=today))
    stands_in = Q(deputy_id=account_id, deputy_until__gte=today)
    rows = Post.objects.filter(own | stands_in, role__in=AT_DESK)
    return list(rows.select_related("organisation").order_by("organisation__path", "role"))


def resetters_of(account_id: uuid.UUID, posts: Sequence[Post]) -> set[uuid.UUID]:
    """Return the accounts that may give every one of some posts, without their holder."""
    found: set[uuid.UUID] | None = None
    for post in posts:
        givers = granters_of(
            post.organisation,
            also_below=post.reach == Reach.BELOW,
            only=Role.SECURITY_ADMIN if Role(post.role) in HIDDEN_FROM_ABOVE else None,
        )
        found = givers if found is None else found & givers
    return (found or set()) - {account_id}


def resets_at(actor: Actor, union: Organisation) -> list[ResetRow]:
    """List the requests about officers of one union that run, for those who give posts there."""
    rows = policies.resets_visible_to(actor, OfficerReset.objects.filter(organisation=union))
    running = rows.filter(state__in=["open", "confirmed"], expires_at__gt=clock.now())
    return [reset_row(actor, row) for row in _with_people(running)]


def reset_of(actor: Actor, reset_id: uuid.UUID) -> ResetRow | None:
    """Return one request to whoever may see it; those that ended stay for a month."""
    rows = policies.resets_visible_to(actor, OfficerReset.objects.filter(pk=reset_id))
    recent = rows.filter(asked_at__gt=clock.now() - SHOWN_FOR)
    return next((reset_row(actor, row) for row in _with_people(recent)), None)


def own_reset(account_id: uuid.UUID | None, reset_id: uuid.UUID) -> OfficerReset | None:
    """Return a request about oneself."""
    rows = OfficerReset.objects.select_related("asked_by", "organisation")
    return rows.filter(pk=reset_id, account_id=account_id).first() if account_id else None


def reset_row(actor: Actor, reset: OfficerReset) -> ResetRow:
    """Put a request into words. Three queries."""
    posts = posts_borne(reset.account_id)
    is_running = reset.state in {"open", "confirmed"} and reset.expires_at > clock.now()
    agrees = policies.may_agree_to_reset(actor, reset, posts)
    asked = actor.account_id == reset.asked_by_id
    state = reset.state if is_running or reset.state not in {"open", "confirmed"} else "lapsed"
    names = accounts.User.objects.in_bulk(
        [pk for pk in (reset.confirmed_by, reset.settled_by) if pk]
    )
    return ResetRow(
        reset=reset,
        person=str(reset.account),
        asked_by=str(reset.asked_by),
        confirmed_by=str(names.get(reset.confirmed_by, "")) if reset.confirmed_by else "",
        settled_by=str(names.get(reset.settled_by, "")) if reset.settled_by else "",
        state=str(RESET_STATE_WORDS[state]),
        posts=[f"{ROLE_WORDS[Role(post.role)]} · {post.organisation.name}" for post in posts],
        is_running=is_running,
        may_confirm=is_running and agrees and reset.state == "open",
        may_refuse=is_running and (agrees or asked),
        may_hand=is_running
        and reset.state == "confirmed"
        and policies.may_hand(actor, reset, posts),
    )


def _with_people(rows: policies.Resets) -> policies.Resets:
    return rows.select_related("account", "asked_by", "organisation").order_by("asked_at")
