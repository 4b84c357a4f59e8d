"""Stand in for the holder of a post from a day to a day (代理)."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.orgs.events import DeputyEnded, DeputyNamed
from lianxin.orgs.models import Post
from lianxin.orgs.policies import may_deputise
from lianxin.orgs.rules import (
    LONGEST_DEPUTY,
    Actor,
    Reach,
    Role,
    is_sensitive,
    may_be_deputised,
)
from lianxin.orgs.services.posts import account_lock, clash_check, post_record, term_check


def deputy_name(
    *, actor: Actor, post: Post, account_id: uuid.UUID, starts_on: dt.date, ends_on: dt.date
) -> Post:
    """Let another stand in for the holder; one deputy at a time, a new one takes the place.

    Publishes `DeputyNamed`.

    Raises:
        ForbiddenError: neither the holder nor somebody who gives posts there.
        RefusedError: the post knows no deputy, is sensitive (propose it: `deputy_propose`), the
            term is too long, or the deputy holds a post that does not go together with it.
    """
    deputy_check(actor, post, account_id, starts_on, ends_on)
    if is_sensitive(Role(post.role), Reach(post.reach)) and not actor.is_system:
        raise RefusedError(_("This post needs the yes of a second person."), field="person")
    with atomic():
        return deputy_make(
            actor=actor, post=post, account_id=account_id, starts_on=starts_on, ends_on=ends_on
        )


def deputy_check(
    actor: Actor, post: Post, account_id: uuid.UUID, starts_on: dt.date, ends_on: dt.date
) -> None:
    """Say no to a deputy who cannot be."""
    if not may_deputise(actor, post):
        raise ForbiddenError(_("You may not change this post."))
    if not may_be_deputised(Role(post.role)):
        raise RefusedError(_("Nobody can stand in for this post."), field="person")
    if account_id == post.account_id:
        raise RefusedError(_("She holds this post herself."), field="person")
    term_check(starts_on, ends_on)
    if (ends_on - starts_on).days > LONGEST_DEPUTY or ends_on < clock.today():
        raise RefusedError(_("A deputy stands in for a year at most."), field="ends_on")


def deputy_make(
    *, actor: Actor, post: Post, account_id: uuid.UUID, starts_on: dt.date, ends_on: dt.date
) -> Post:
    """Write a deputy down once all has been asked. Inside `atomic`."""
    account_lock(account_id)
    clash_check(account_id, Role(post.role), starts_on, ends_on)
    held = Post.objects.select_for_update(of=("self",)).select_related("organisation")
    found = held.get(pk=post.pk)
    if (found.deputy_id, found.deputy_from, found.deputy_until) == (account_id, starts_on, ends_on):
        return found
    if found.deputy_id is not None and found.deputy_id != account_id:
        _over(actor, found)
    found.deputy_id, found.deputy_from, found.deputy_until = account_id, starts_on, ends_on
    found.save(update_fields=["deputy", "deputy_from", "deputy_until"])
    post_record(
        actor, "orgs.deputy_named", found, deputy=str(account_id), until=ends_on.isoformat()
    )
    jobs.publish(
        DeputyNamed(
            post_id=found.pk,
            account_id=account_id,
            holder_id=found.account_id,
            organisation_id=found.organisation_id,
            role=found.role,
        )
    )
    return found


def deputy_end(*, actor: Actor, post: Post) -> Post:
    """End the standing in now; without a deputy nothing changes. Publishes `DeputyEnded`."""
    if not may_deputise(actor, post):
        raise ForbiddenError(_("You may not change this post."))
    with atomic():
        held = Post.objects.select_for_update(of=("self",)).select_related("organisation")
        found = held.get(pk=post.pk)
        if found.deputy_id is not None:
            _over(actor, found)
            found.save(update_fields=["deputy", "deputy_from", "deputy_until"])
    return found


def _over(actor: Actor, post: Post) -> None:
    """Take the deputy off the row and tell; the caller saves."""
    deputy_id = post.deputy_id
    if deputy_id is None:
        return
    post_record(actor, "orgs.deputy_ended", post, deputy=str(deputy_id))
    jobs.publish(
        DeputyEnded(
            post_id=post.pk,
            account_id=deputy_id,
            holder_id=post.account_id,
            organisation_id=post.organisation_id,
            role=post.role,
        )
    )
    post.deputy = post.deputy_from = post.deputy_until = None
