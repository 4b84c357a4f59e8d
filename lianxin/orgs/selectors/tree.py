"""Reading the tree and the posts in it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lianxin.kit import clock
from lianxin.orgs.models import Organisation, Post
from lianxin.orgs.policies import below_q
from lianxin.orgs.rules import (
    ABILITIES,
    AT_DESK,
    NOT_DEPUTISED,
    Ability,
    Actor,
    HeldPost,
    Level,
    Reach,
    Role,
    paths_above,
)


@dataclass(frozen=True, slots=True)
class SeatHolder:
    """Somebody who acts in a role at an organisation today."""

    organisation_id: uuid.UUID
    account_id: uuid.UUID
    role: str
    is_away: bool = False


def actor_of(account_id: uuid.UUID | None) -> Actor:
    """Load an account's posts in force today, and those it stands in for. One query."""
    if account_id is None:
        return Actor()
    posts = (
        Post.objects.borne_by(account_id, clock.today())
        .select_related("organisation")
        .order_by("organisation__path", "role")
    )
    borne = [_held(post, account_id) for post in posts]
    # Her own before those she stands in for: the desk opens with it.
    borne.sort(key=lambda held: held.deputy_for is not None)
    return Actor(
        account_id=account_id,
        posts=tuple(held for held in borne if held.role in AT_DESK),
        beside=tuple(held for held in borne if held.role not in AT_DESK),
    )


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


def seats_at(organisation_ids: Collection[uuid.UUID]) -> list[SeatHolder]:
    """List who sits in which role at some organisations today: holders, and those standing in. One query."""
    today = clock.today()
    found = []
    rows = Post.objects.in_force(today).filter(organisation_id__in=organisation_ids)
    for post in rows.order_by("pk"):
        found.append(SeatHolder(post.organisation_id, post.account_id, post.role, post.is_away))
        deputy_id = deputy_on(post, today)
        if deputy_id is not None:
            found.append(SeatHolder(post.organisation_id, deputy_id, post.role))
    return found


def deputy_on(post: Post, day: dt.date) -> uuid.UUID | None:
    """Return who stands in for the holder on a day."""
    first, last = post.deputy_from, post.deputy_until
    stands = first is not None and last is not None and first <= day <= last
    return post.deputy_id if stands else None


def granters_of(
    organisation: Organisation, *, also_below: bool = False, only: Role | None = None
) -> set[uuid.UUID]:
    """Return the accounts that may give posts at an organisation, or such as reach below it. One query.

    `only` those who may by this role.
    """
    roles = [role for role, brought in ABILITIES.items() if Ability.POST_GRANT in brought]
    roles = [role for role in roles if only is None or role is only]
    posts = Post.objects.in_force(clock.today()).filter(
        role__in=roles,
        account__is_active=True,
        organisation__path__in=paths_above(organisation.path),
    )
    rows = posts.values_list("account_id", "organisation__path", "reach")
    return {
        pk
        for pk, path, reach in rows
        if reach == Reach.BELOW or (path == organisation.path and not also_below)
    }


def bearers_of(ability: Ability, organisation: Organisation) -> list[list[uuid.UUID]]:
    """List who holds an ability over an organisation today, level by level, the nearest first. One query.

    Levels without anybody are left out, and so is who is on leave; who stands in is there instead.
    """
    today = clock.today()
    roles = [role for role, brought in ABILITIES.items() if ability in brought]
    posts = (
        Post.objects.in_force(today)
        .filter(
            role__in=roles,
            account__is_active=True,
            organisation__path__in=paths_above(organisation.path),
        )
        .select_related("organisation")
        .order_by("-organisation__path", "pk")
    )
    levels: dict[str, list[uuid.UUID]] = {}
    for post in posts:
        path = post.organisation.path
        if post.reach != Reach.BELOW and path != organisation.path:
            continue
        deputy = None if ability in NOT_DEPUTISED else deputy_on(post, today)
        for account_id in (None if post.is_away else post.account_id, deputy):
            held = levels.setdefault(path, [])
            if account_id is not None and account_id not in held:
                held.append(account_id)
    return [held for held in levels.values() if held]


def _held(post: Post, account_id: uuid.UUID) -> HeldPost:
    return HeldPost(
        post_id=post.pk,
        organisation_id=post.organisation_id,
        organisation_code=post.organisation.code,
        organisation_name=post.organisation.name,
        path=post.organisation.path,
        level=post.organisation.level,
        role=Role(post.role),
        reach=Reach(post.reach),
        deputy_for=None if post.account_id == account_id else post.account_id,
        is_in_motion=post.organisation.is_in_motion,
    )
