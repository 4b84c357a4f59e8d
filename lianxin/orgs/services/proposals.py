"""Sensitive posts, and deputies in them: one person proposes, another confirms (双人授权)."""

from __future__ import annotations

import datetime as dt
import uuid

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.audit import api as audit
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.notify import api as notify
from lianxin.orgs.models import Organisation, Post, PostProposal
from lianxin.orgs.policies import may_confirm, may_grant, may_withdraw
from lianxin.orgs.rules import PROPOSAL_DAYS, Actor, Reach, Role
from lianxin.orgs.selectors import granters_of
from lianxin.orgs.services.deputies import deputy_check, deputy_make
from lianxin.orgs.services.posts import (
    account_lock,
    clash_check,
    post_held,
    post_make,
    term_check,
)

State = PostProposal.State


def post_propose(
    *,
    actor: Actor,
    account_id: uuid.UUID,
    organisation: Organisation,
    role: Role,
    reach: Reach = Reach.HERE,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> PostProposal:
    """Propose a sensitive post; the same proposal stays as it is while it is open.

    Raises:
        ForbiddenError: not in the actor's reach, or for oneself.
        RefusedError: nobody else could say yes, the posts do not go together, or it is held in
            these days already.
    """
    if actor.account_id is None or not may_grant(actor, organisation, account_id, reach):
        raise ForbiddenError(_("You may not give posts in this organisation."))
    first = starts_on or clock.today()
    term_check(first, ends_on)
    with atomic():
        account_lock(account_id)
        if post_held(account_id, organisation, role, reach, starts_on=first, ends_on=ends_on):
            raise RefusedError(_("This post is held already, just so."), field="starts_on")
        clash_check(account_id, role, first, ends_on)
        return _propose(
            actor, proposed_by=actor.account_id, account_id=account_id, organisation=organisation, role=role, reach=reach,
            starts_on=first, ends_on=ends_on, post=None,
        )  # fmt: skip


def deputy_propose(
    *, actor: Actor, post: Post, account_id: uuid.UUID, starts_on: dt.date, ends_on: dt.date
) -> PostProposal:
    """Propose a deputy in a sensitive post: by its holder, or by somebody who gives posts there."""
    deputy_check(actor, post, account_id, starts_on, ends_on)
    if actor.account_id is None:
        raise ForbiddenError(_("You may not change this post."))
    with atomic():
        account_lock(account_id)
        clash_check(account_id, Role(post.role), starts_on, ends_on)
        return _propose(
            actor, proposed_by=actor.account_id, account_id=account_id, organisation=post.organisation, role=Role(post.role),
            reach=Reach(post.reach), starts_on=starts_on, ends_on=ends_on, post=post,
        )  # fmt: skip


def proposal_confirm(*, actor: Actor, proposal_id: uuid.UUID) -> PostProposal:
    """Say yes as the second person: the post is given, or the deputy named, at once.

    Raises:
        ForbiddenError: the actor proposed it herself, it is about her, or it is out of her reach.
        RefusedError: it was settled or has lapsed.
    """
    with atomic():
        found = _open(proposal_id)
        if not may_confirm(actor, found):
            raise ForbiddenError(_("Only a second person who may give this post can say yes."))
        role, reach = Role(found.role), Reach(found.reach)
        if found.post is None:
            post_make(
                actor=actor, account_id=found.account_id, organisation=found.organisation,
                role=role, reach=reach, starts_on=found.starts_on, ends_on=found.ends_on,
                granted_by=found.proposed_by_id, confirmed_by=actor.account_id,
            )  # fmt: skip
        elif found.ends_on is not None:
            deputy_make(
                actor=actor, post=found.post, account_id=found.account_id,
                starts_on=found.starts_on, ends_on=found.ends_on,
            )  # fmt: skip
        return _settle(actor, found, State.CONFIRMED)


def proposal_refuse(*, actor: Actor, proposal_id: uuid.UUID) -> PostProposal:
    """Say no as the second person, or take one's own proposal back."""
    with atomic():
        found = _open(proposal_id)
        if may_withdraw(actor, found):
            return _settle(actor, found, State.WITHDRAWN)
        if not may_confirm(actor, found):
            raise ForbiddenError(_("Only a second person who may give this post can answer."))
        return _settle(actor, found, State.REFUSED)


def proposals_lapse() -> int:
    """Let the proposals lapse that nobody answered in time; return how many."""
    due = PostProposal.objects.filter(state=State.OPEN, expires_at__lte=clock.now())
    pks = list(due.values_list("pk", flat=True))
    for pk in pks:
        with atomic():
            found = PostProposal.objects.select_for_update().get(pk=pk)
            if found.state == State.OPEN:
                _settle(Actor.system(), found, State.LAPSED)
    return len(pks)


def _propose(
    actor: Actor,
    *,
    proposed_by: uuid.UUID,
    organisation: Organisation,
    account_id: uuid.UUID,
    **fields: object,
) -> PostProposal:
    post = fields.get("post")
    holder_id = post.account_id if isinstance(post, Post) else None
    granters = granters_of(organisation, also_below=fields["reach"] == Reach.BELOW)
    confirmers = granters - {actor.account_id, account_id, holder_id}
    if not confirmers:
        raise RefusedError(
            _(
                "Nobody else could say yes to this post. Give a second person the right to give posts first, or ask whoever runs the system."
            )
        )
    proposal, is_new = PostProposal.objects.get_or_create(
        account_id=account_id, organisation=organisation, role=fields["role"], state=State.OPEN,
        defaults={
            **fields,
            "proposed_by_id": proposed_by,
            "expires_at": clock.now() + dt.timedelta(days=PROPOSAL_DAYS),
        },
    )  # fmt: skip
    if is_new:
        _record(actor, "orgs.post_proposed", proposal)
        for account in sorted(confirmers):
            notify.notify(
                account_id=account,
                kind="post.proposed",
                title=gettext_lazy("A post waits for your yes"),
                body=gettext_lazy("A colleague proposed it; a second person decides."),
                url=reverse("orgs:post_list", query={"union": organisation.code}),
                key=f"post.proposed:{proposal.pk}",
            )
    return proposal


def _open(proposal_id: uuid.UUID) -> PostProposal:
    rows = PostProposal.objects.select_for_update(of=("self",)).select_related(
        "organisation", "post__organisation"
    )
    found = rows.filter(pk=proposal_id).first()
    if found is None:
        raise ForbiddenError(_("You may not give posts in this organisation."))
    if found.state != State.OPEN or found.expires_at <= clock.now():
        raise RefusedError(_("This was answered already, or has lapsed."))
    return found


def _settle(actor: Actor, proposal: PostProposal, state: str) -> PostProposal:
    proposal.state, proposal.settled_at = state, clock.now()
    proposal.settled_by = actor.account_id
    proposal.save(update_fields=["state", "settled_by", "settled_at"])
    _record(actor, f"orgs.proposal_{state}", proposal)
    if actor.account_id != proposal.proposed_by_id:
        notify.notify(
            account_id=proposal.proposed_by_id,
            kind="post.settled",
            title=gettext_lazy("Your proposal for a post was answered"),
            body=gettext_lazy("See how it ended at the desk."),
            url=reverse("orgs:post_list", query={"union": proposal.organisation.code}),
            key=f"post.settled:{proposal.pk}",
        )
    return proposal


def _record(actor: Actor, action: str, proposal: PostProposal) -> None:
    audit.record(
        actor_id=actor.account_id,
        action=action,
        kind="orgs.PostProposal",
        object_id=proposal.pk,
        subject_id=proposal.account_id,
        detail={"organisation": str(proposal.organisation_id), "role": proposal.role},
    )
