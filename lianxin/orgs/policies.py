"""The only place that turns posts into rows one may see, and says who may change the tree."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db.models import F, Q, QuerySet

from lianxin.audit.api import AuditRow
from lianxin.orgs.models import (
    OfficerReset,
    Organisation,
    OrganisationChange,
    Post,
    PostProposal,
)
from lianxin.orgs.rules import AT_DESK, HIDDEN_FROM_ABOVE, Ability, Actor, Reach, Role

# Greater than every character of a path (0-9A-Z) in the byte order both databases compare it in.
PAST_ALL = "~"
# Deeds that may be somebody's own where no subject stands by them.
MAYBE_OWN = ("file.stored", "objection.lodged", "suggestion.sent")


def reach_q(actor: Actor, ability: Ability, *, prefix: str = "organisation") -> Q:
    """Return the condition "the organisation at `prefix` lies in the actor's reach for `ability`".

    "Below" is a range, not a LIKE: SQLite reads no index for LIKE, PostgreSQL only under "C".
    """
    if actor.is_system:
        return Q()
    condition = Q(pk__in=[])
    lead = f"{prefix}__" if prefix else ""
    for post in actor.with_ability(ability):
        if post.reach is Reach.BELOW:
            condition |= below_q(post.path, prefix=prefix)
        else:
            condition |= Q(**{f"{lead}path": post.path})
    return condition


def below_q(path: str, *, prefix: str = "organisation") -> Q:
    """Return the condition "the organisation at `prefix` is the one at `path` or lies below it"."""
    lead = f"{prefix}__" if prefix else ""
    return Q(**{f"{lead}path__gte": path, f"{lead}path__lt": path + PAST_ALL})


def may_found(actor: Actor, parent: Organisation | None) -> bool:
    """The system founds the root; below it, whoever manages unions or imports members there."""
    if parent is None:
        return actor.is_system
    return actor.can(Ability.ORGANISATION_MANAGE, parent.path) or actor.can(
        Ability.MEMBER_IMPORT, parent.path
    )


def may_manage(actor: Actor, organisation: Organisation) -> bool:
    """Rename a union, correct its facts, affiliate it: whoever manages unions there."""
    return actor.can(Ability.ORGANISATION_MANAGE, organisation.path)


def may_place(actor: Actor, organisation: Organisation, target: Organisation | None = None) -> bool:
    """Move, merge or close a union: the level above it, which also reaches where it goes."""
    if organisation.depth == 1:
        return False
    paths = [organisation.parent_path, *([target.path] if target else [])]
    return all(actor.can(Ability.ORGANISATION_MANAGE, path) for path in paths)


def may_follow(actor: Actor, change: OrganisationChange) -> bool:
    """See how a change goes: whoever manages the union concerned, or where it came from or goes."""
    places = (change.organisation, change.origin, change.target)
    return any(may_manage(actor, place) for place in places if place is not None)


def organisations_visible_to(
    actor: Actor, organisations: QuerySet[Organisation]
) -> QuerySet[Organisation]:
    """Keep the unions in the reach of whoever manages unions."""
    return organisations.filter(reach_q(actor, Ability.ORGANISATION_MANAGE, prefix=""))


def may_grant(
    actor: Actor,
    organisation: Organisation,
    account_id: uuid.UUID | None,
    reach: Reach = Reach.HERE,
) -> bool:
    """A chair or a security administrator gives posts in her reach, never to herself.

    Who may give posts at one place only gives none that reaches below it.
    """
    if account_id is not None and account_id == actor.account_id:
        return False
    if actor.is_system:
        return True
    return any(
        post.covers(organisation.path) and (reach is Reach.HERE or post.reach is Reach.BELOW)
        for post in actor.with_ability(Ability.POST_GRANT)
    )


def posts_visible_to(actor: Actor, posts: QuerySet[Post]) -> QuerySet[Post]:
    """Keep the posts where the actor gives them or reads the trail, her own, and those she deputises."""
    if actor.is_system:
        return posts
    own = Q(account_id=actor.account_id) | Q(deputy_id=actor.account_id)
    within = reach_q(actor, Ability.POST_GRANT) | reach_q(actor, Ability.AUDIT_VIEW)
    return posts.filter(within | own) if actor.account_id else posts.none()


def proposals_visible_to(actor: Actor, proposals: QuerySet[PostProposal]) -> QuerySet[PostProposal]:
    """Keep the proposals where the actor gives posts or reads the trail, and those she made."""
    if actor.is_system:
        return proposals
    within = reach_q(actor, Ability.POST_GRANT) | reach_q(actor, Ability.AUDIT_VIEW)
    own = Q(proposed_by_id=actor.account_id)
    return proposals.filter(within | own) if actor.account_id else proposals.none()


def may_see_posts(actor: Actor, organisation: Organisation | None = None) -> bool:
    """Whoever gives posts or reads the trail there; of no organisation: anywhere at all."""
    path = organisation.path if organisation else None
    return actor.can(Ability.POST_GRANT, path) or actor.can(Ability.AUDIT_VIEW, path)


def trail_visible_to(actor: Actor, rows: QuerySet[AuditRow]) -> QuerySet[AuditRow]:
    """Keep the deeds of those who hold or held a post at a desk in the actor's reach.

    Never what one did about oneself: the trail watches offices, not people. Whose counsel is hidden
    from above is left out whole, since whom she sees is told in trust; and so is what has no subject
    yet and may be private (a paper uploaded for one's own case).
    """
    posts = Post.objects.filter(reach_q(actor, Ability.AUDIT_VIEW), role__in=AT_DESK)
    trusted = Post.objects.filter(role__in=HIDDEN_FROM_ABOVE)
    about_others = Q(subject_id=None) | ~Q(subject_id=F("actor_id"))
    may_be_own = Q(subject_id=None, action__in=MAYBE_OWN)
    kept = rows.filter(about_others, actor_id__in=posts.values("account_id"))
    return kept.exclude(may_be_own).exclude(actor_id__in=trusted.values("account_id"))


def may_read_trail(actor: Actor) -> bool:
    """Whoever reads the trail anywhere."""
    return bool(actor.with_ability(Ability.AUDIT_VIEW))


def may_end(actor: Actor, post: Post) -> bool:
    """Whoever may give the post with its reach, never the holder herself."""
    return may_grant(actor, post.organisation, post.account_id, Reach(post.reach))


def may_deputise(actor: Actor, post: Post) -> bool:
    """The holder names who stands in for her; so does whoever may give the post."""
    is_holder = actor.account_id is not None and post.account_id == actor.account_id
    bears = is_holder and any(held.post_id == post.pk for held in actor.posts)
    return bears or may_end(actor, post)


def may_confirm(actor: Actor, proposal: PostProposal) -> bool:
    """A second person: not who proposed it, not who gets the post, not who is stood in for."""
    concerned = {proposal.proposed_by_id, proposal.account_id}
    if proposal.post is not None:
        concerned.add(proposal.post.account_id)
    if actor.account_id is None or actor.account_id in concerned:
        return False
    return may_grant(actor, proposal.organisation, proposal.account_id, Reach(proposal.reach))


Resets = QuerySet[OfficerReset]


def may_reset(actor: Actor, account_id: uuid.UUID, posts: Sequence[Post]) -> bool:
    """Ask for an officer's new way in: whoever may give every post she bears, never herself.

    Otherwise whoever gives a small post would get into an account with a large one. Into those to
    which people tell things in trust only security administrators help.
    """
    if account_id == actor.account_id or not posts:
        return False
    return all(
        may_grant(actor, post.organisation, account_id, Reach(post.reach))
        and (Role(post.role) not in HIDDEN_FROM_ABOVE or _guards(actor, post))
        for post in posts
    )


def _guards(actor: Actor, post: Post) -> bool:
    return any(
        held.role is Role.SECURITY_ADMIN
        and held.covers(post.organisation.path)
        and (post.reach == Reach.HERE or held.reach is Reach.BELOW)
        for held in actor.posts
    )


def may_agree_to_reset(actor: Actor, reset: OfficerReset, posts: Sequence[Post]) -> bool:
    """A second person: not who asked, not whom it is about, with the same reach."""
    if actor.account_id is None or actor.account_id == reset.asked_by_id:
        return False
    return may_reset(actor, reset.account_id, posts)


def may_hand(actor: Actor, reset: OfficerReset, posts: Sequence[Post]) -> bool:
    """The one who asked, before whom she stands, while all her posts are in reach."""
    asked = actor.account_id is not None and actor.account_id == reset.asked_by_id
    return asked and may_reset(actor, reset.account_id, posts)


def may_stop(actor: Actor, reset: OfficerReset) -> bool:
    """The officer herself, signed in as a worker too."""
    return actor.account_id is not None and actor.account_id == reset.account_id


def resets_visible_to(actor: Actor, resets: Resets) -> Resets:
    """Keep the requests where the actor gives posts or reads the trail, and those she made."""
    if actor.is_system:
        return resets
    within = reach_q(actor, Ability.POST_GRANT) | reach_q(actor, Ability.AUDIT_VIEW)
    own = Q(asked_by_id=actor.account_id)
    return resets.filter(within | own) if actor.account_id else resets.none()


def may_withdraw(actor: Actor, proposal: PostProposal) -> bool:
    """Whoever proposed it takes it back."""
    return actor.account_id is not None and actor.account_id == proposal.proposed_by_id
