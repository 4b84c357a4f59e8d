"""Terms run out by themselves: told before, and told when they are over."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from lianxin.kit import clock
from lianxin.kit.transactions import atomic
from lianxin.notify import api as notify
from lianxin.orgs.models import Post
from lianxin.orgs.rules import TOLD_BEFORE, Actor, told_before
from lianxin.orgs.services.deputies import deputy_end
from lianxin.orgs.services.posts import post_over


def terms_watch() -> tuple[int, int, int]:
    """Tell terms that end soon, end those that are over; return how many told, posts, deputies."""
    return _tell(), _posts_over(), _deputies_over()


def _tell() -> int:
    today = clock.today()
    soon = Post.objects.filter(
        ended_at=None, ends_on__gte=today, ends_on__lte=today + dt.timedelta(days=max(TOLD_BEFORE))
    )
    told = 0
    for post in soon.select_related("organisation"):
        days = told_before(post.ends_on, today) if post.ends_on else None
        if days is None:
            continue
        told += 1
        key = f"post.ending:{post.pk}:{post.ends_on}:{days}"
        for account_id, url in (
            (post.account_id, reverse("orgs:own_posts")),
            (post.granted_by, reverse("orgs:post_list", query={"union": post.organisation.code})),
        ):
            if account_id is not None:
                notify.notify(
                    account_id=account_id,
                    kind="post.ending",
                    title=gettext_lazy("The term of a post ends soon"),
                    body=gettext_lazy("See until when it runs, and who goes on."),
                    url=url,
                    key=key,
                )
    return told


def _posts_over() -> int:
    over = list(Post.objects.filter(ended_at=None, ends_on__lt=clock.today()))
    for post in over:
        with atomic():
            post_over(post)
    return len(over)


def _deputies_over() -> int:
    gone = Q(deputy_until__lt=clock.today()) | Q(ends_on__lt=clock.today())
    over = list(Post.objects.filter(gone, deputy__isnull=False).select_related("organisation"))
    for post in over:
        deputy_end(actor=Actor.system(), post=post)
    return len(over)
