"""Give posts, end them, and note who is on leave."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError
from lianxin.kit.transactions import atomic
from lianxin.orgs.events import PostEnded, PostGranted
from lianxin.orgs.models import Organisation, Post
from lianxin.orgs.policies import may_grant
from lianxin.orgs.rules import Actor, Reach, Role


def post_grant(
    *,
    actor: Actor,
    account_id: uuid.UUID,
    organisation: Organisation,
    role: Role,
    reach: Reach = Reach.HERE,
    starts_on: dt.date | None = None,
) -> Post:
    """Give a person a post; an open one of the same role stays as it is.

    Publishes `PostGranted`. Nobody grants to oneself.
    """
    if not may_grant(actor, organisation, account_id):
        raise ForbiddenError(_("You may not give posts in this organisation."))
    with atomic():
        post, is_new = Post.objects.get_or_create(
            account_id=account_id,
            organisation=organisation,
            role=role,
            ends_on=None,
            defaults={"reach": reach, "starts_on": starts_on or clock.today()},
        )
        if is_new:
            _record(actor, "orgs.post_granted", post)
            jobs.publish(
                PostGranted(
                    post_id=post.pk,
                    account_id=account_id,
                    organisation_id=organisation.pk,
                    role=role,
                )
            )
    return post


def post_end(*, actor: Actor, post: Post, ends_on: dt.date | None = None) -> Post:
    """End a post with a day (default: yesterday, so that it no longer holds today).

    A post that has ended stays as it ended. Publishes `PostEnded`.
    """
    if not may_grant(actor, post.organisation, None):
        raise ForbiddenError(_("You may not end posts in this organisation."))
    last = ends_on or clock.today() - dt.timedelta(days=1)
    with atomic():
        held = Post.objects.select_for_update().select_related("organisation").get(pk=post.pk)
        if held.ends_on is not None:
            return held
        held.ends_on = max(last, held.starts_on - dt.timedelta(days=1))
        held.save(update_fields=["ends_on"])
        _record(actor, "orgs.post_ended", held)
        jobs.publish(
            PostEnded(
                post_id=held.pk,
                account_id=held.account_id,
                organisation_id=held.organisation_id,
                role=held.role,
            )
        )
    return held


def post_set_away(*, actor: Actor, post: Post, is_away: bool) -> Post:
    """Mark the holder as on leave (no new work) or back; one may do so for oneself."""
    if post.account_id != actor.account_id and not may_grant(actor, post.organisation, None):
        raise ForbiddenError(_("You may not change this post."))
    with atomic():
        changed = Post.objects.filter(pk=post.pk).exclude(is_away=is_away).update(is_away=is_away)
        if changed:
            _record(actor, "orgs.post_away" if is_away else "orgs.post_back", post)
    post.is_away = is_away
    return post


def _record(actor: Actor, action: str, post: Post) -> None:
    audit.record(
        actor_id=actor.account_id,
        action=action,
        kind="orgs.Post",
        object_id=post.pk,
        subject_id=post.account_id,
        detail={"organisation": str(post.organisation_id), "role": post.role},
    )
