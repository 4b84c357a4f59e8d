"""Give posts, end them, and note who is on leave."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from lianxin.accounts.api import User
from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.orgs.events import PostEnded, PostGranted
from lianxin.orgs.models import Organisation, Post
from lianxin.orgs.policies import may_end, may_grant
from lianxin.orgs.rules import (
    Ability,
    Actor,
    Reach,
    Role,
    go_together,
    is_sensitive,
    overlap,
)


def post_grant(
    *,
    actor: Actor,
    account_id: uuid.UUID,
    organisation: Organisation,
    role: Role,
    reach: Reach = Reach.HERE,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> Post:
    """Give a person a post; the same one, asked for again, stays as it is.

    Publishes `PostGranted`. Nobody grants to oneself.

    Raises:
        ForbiddenError: not in the actor's reach.
        RefusedError: a sensitive post (propose it instead: `post_propose`), a term that ends before
            it begins or lies across another of this role, an account that is closed, or posts that
            do not go together.
    """
    if not may_grant(actor, organisation, account_id, reach):
        raise ForbiddenError(_("You may not give posts in this organisation."))
    if is_sensitive(role, reach) and not actor.is_system:
        raise RefusedError(_("This post needs the yes of a second person."), field="role")
    with atomic():
        return post_make(
            actor=actor, account_id=account_id, organisation=organisation, role=role, reach=reach,
            starts_on=starts_on, ends_on=ends_on, granted_by=actor.account_id,
        )  # fmt: skip


def post_make(
    *,
    actor: Actor,
    account_id: uuid.UUID,
    organisation: Organisation,
    role: Role,
    reach: Reach,
    starts_on: dt.date | None,
    ends_on: dt.date | None,
    granted_by: uuid.UUID | None,
    confirmed_by: uuid.UUID | None = None,
) -> Post:
    """Write a post down once all has been asked. Inside `atomic`; see `post_grant`."""
    first = starts_on or clock.today()
    term_check(first, ends_on)
    account_lock(account_id)
    same = post_held(account_id, organisation, role, reach, starts_on=first, ends_on=ends_on)
    if same is not None:
        return same
    clash_check(account_id, role, first, ends_on)
    post = Post.objects.create(
        account_id=account_id, organisation=organisation, role=role, reach=reach, starts_on=first,
        ends_on=ends_on, granted_by=granted_by, confirmed_by=confirmed_by,
    )  # fmt: skip
    post_record(actor, "orgs.post_granted", post)
    jobs.publish(
        PostGranted(
            post_id=post.pk, account_id=account_id, organisation_id=organisation.pk, role=role
        )
    )
    return post


def post_end(*, actor: Actor, post: Post, ends_on: dt.date | None = None) -> Post:
    """End a post with a day (default: yesterday, so that it no longer holds today).

    A post whose end has passed stays as it ended; a set term can be shortened, never lengthened.
    Publishes `PostEnded` once the last day is over.
    """
    if not may_end(actor, post):
        raise ForbiddenError(_("You may not end posts in this organisation."))
    last = ends_on or clock.today() - dt.timedelta(days=1)
    with atomic():
        held = Post.objects.select_for_update().select_related("organisation").get(pk=post.pk)
        if held.ended_at is not None or (held.ends_on is not None and held.ends_on <= last):
            return held
        held.ends_on = max(last, held.starts_on - dt.timedelta(days=1))
        held.save(update_fields=["ends_on"])
        post_record(actor, "orgs.post_ended", held)
        if held.ends_on < clock.today():
            post_over(held)
    return held


def post_over(post: Post) -> None:
    """Tell, once, that a post holds no more. Inside `atomic`."""
    if not Post.objects.filter(pk=post.pk, ended_at=None).update(ended_at=clock.now()):
        return
    post.ended_at = clock.now()
    jobs.publish(
        PostEnded(
            post_id=post.pk,
            account_id=post.account_id,
            organisation_id=post.organisation_id,
            role=post.role,
        )
    )


def post_set_away(*, actor: Actor, post: Post, is_away: bool) -> Post:
    """Mark the holder as on leave (no new work) or back; one may do so for oneself."""
    if post.account_id != actor.account_id and not may_end(actor, post):
        raise ForbiddenError(_("You may not change this post."))
    with atomic():
        changed = Post.objects.filter(pk=post.pk).exclude(is_away=is_away).update(is_away=is_away)
        if changed:
            post_record(actor, "orgs.post_away" if is_away else "orgs.post_back", post)
    post.is_away = is_away
    return post


def term_check(starts_on: dt.date, ends_on: dt.date | None) -> None:
    """Refuse a term that ends before it begins."""
    if ends_on is not None and ends_on < starts_on:
        raise RefusedError(_("The last day lies before the first."), field="ends_on")


def post_held(
    account_id: uuid.UUID,
    organisation: Organisation,
    role: Role,
    reach: Reach,
    *,
    starts_on: dt.date,
    ends_on: dt.date | None,
) -> Post | None:
    """Return the post if it is held just so already; None where nothing stands in its way.

    Raises:
        RefusedError: held in these days with another end or reach, which giving does not change.
    """
    for post in Post.objects.filter(account_id=account_id, organisation=organisation, role=role):
        if not overlap(starts_on, ends_on, post.starts_on, post.ends_on):
            continue
        if (post.reach, post.ends_on) == (reach, ends_on):
            return post
        if post.ends_on is None:
            raise RefusedError(
                _("This post is held already, without a last day. End it with a day first; the new term begins the day after."),
                field="starts_on",
            )  # fmt: skip
        raise RefusedError(
            _("This post is held already, until %(day)s. A new term begins the day after, or end the old one first.")
            % {"day": post.ends_on.isoformat()},
            field="starts_on",
        )  # fmt: skip
    return None


def account_lock(account_id: uuid.UUID) -> User:
    """Lock the account, so that two posts given at once see each other. Inside `atomic`."""
    user = User.objects.select_for_update().filter(pk=account_id, is_active=True).first()
    if user is None:
        raise RefusedError(_("This account is closed."), field="person")
    return user


def clash_check(
    account_id: uuid.UUID, role: Role, starts_on: dt.date, ends_on: dt.date | None
) -> None:
    """Refuse a post that does not go together with another, held or deputised, of these days."""
    others = {
        Role(post.role)
        for post in Post.objects.filter(account_id=account_id)
        if overlap(starts_on, ends_on, post.starts_on, post.ends_on)
    }
    others |= {
        Role(post.role)
        for post in Post.objects.filter(deputy_id=account_id, deputy_from__isnull=False)
        if post.deputy_from and overlap(starts_on, ends_on, post.deputy_from, post.deputy_until)
    }
    if not go_together(role, others):
        raise RefusedError(
            _(
                "An administrator holds no other post: whoever runs the system, gives posts or reads the trail must not do the others’ work too."
            ),
            field="role",
        )


def post_record(actor: Actor, action: str, post: Post, **detail: str) -> None:
    """Leave a line in the audit trail, with whom a deputy acted for."""
    audit.record(
        actor_id=actor.account_id,
        action=action,
        kind="orgs.Post",
        object_id=post.pk,
        subject_id=post.account_id,
        detail={
            "organisation": str(post.organisation_id),
            "role": post.role,
            **detail,
            **actor.stands_in(Ability.POST_GRANT, post.organisation.path),
        },
    )
