"""Reading the tree and the posts in it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from lianxin.kit import clock
from lianxin.orgs.models import Organisation, Post
from lianxin.orgs.policies import below_q
from lianxin.orgs.rules import Actor, HeldPost, Level, Reach, Role, paths_above


def actor_of(account_id: uuid.UUID | None) -> Actor:
    """Load an account's posts in force today. One query."""
    if account_id is None:
        return Actor()
    posts = (
        Post.objects.in_force(clock.today())
        .filter(account_id=account_id)
        .select_related("organisation")
        .order_by("organisation__path", "role")
    )
    return Actor(account_id=account_id, posts=tuple(_held(post) for post in posts))


def organisation_by_code(code: str) -> Organisation | None:
    """Return the organisation of a code, or None."""
    found: Organisation | None = Organisation.objects.filter(code=code).first()
    return found


def line_of(organisation: Organisation) -> list[Organisation]:
    """List the organisations from the root down to this one. One query."""
    return list(
        Organisation.objects.filter(path__in=paths_above(organisation.path)).order_by("path")
    )


def codes_above(line: Sequence[Organisation]) -> dict[str, str]:
    """Return the codes of city, district (or industry) and street in a line, "" where it has none."""
    found = {Level(organisation.level): organisation.code for organisation in line}
    return {
        "city_code": found.get(Level.CITY, ""),
        "district_code": found.get(Level.DISTRICT) or found.get(Level.INDUSTRY, ""),
        "street_code": found.get(Level.STREET, ""),
    }


def subtree_of(organisation: Organisation) -> list[Organisation]:
    """List an organisation and all below it, in tree order. One query."""
    return list(Organisation.objects.filter(below_q(organisation.path, prefix="")).order_by("path"))


def ancestor_at(organisation: Organisation, level: Level) -> Organisation | None:
    """Return the organisation itself or the nearest above it of a level; None if the line has none."""
    above = Organisation.objects.filter(path__in=paths_above(organisation.path), level=level)
    nearest: Organisation | None = above.order_by("-depth").first()
    return nearest


def holders_at(
    organisation_id: uuid.UUID, roles: Collection[Role], *, also_away: bool = False
) -> list[Post]:
    """List the posts in force at one organisation in any of the roles; those on leave left out."""
    found = Post.objects.in_force(clock.today()).filter(
        organisation_id=organisation_id, role__in=roles
    )
    return list(found if also_away else found.filter(is_away=False))


def _held(post: Post) -> HeldPost:
    return HeldPost(
        post_id=post.pk,
        organisation_id=post.organisation_id,
        organisation_code=post.organisation.code,
        organisation_name=post.organisation.name,
        path=post.organisation.path,
        level=post.organisation.level,
        role=Role(post.role),
        reach=Reach(post.reach),
    )
