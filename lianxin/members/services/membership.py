"""Changing a membership: entering, retaining, restoring, leaving, ending; and its history.

Every service that moves a membership goes through `moved`: the judge of `rules.membership` is asked,
the roll, the counts, the card and the history follow in one transaction, `MembershipChanged` is told.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.members import policies
from lianxin.members.events import MemberMoved, MembershipChanged
from lianxin.members.models import Member, MembershipEvent, Transfer
from lianxin.members.rules.membership import (
    HELD,
    Membership,
    Move,
    Moving,
    Refusal,
    State,
    decide,
)
from lianxin.members.services.card import cards_revoke
from lianxin.members.services.sentences import sentence
from lianxin.orgs.api import Actor, Organisation, codes_above, line_of, member_counts_add

# What an office does, or writes down for a person who said so in person.
OFFICE_MOVES = (Move.RETAIN, Move.RESTORE, Move.LEAVE, Move.END, Move.ENTER)
UNDER_WAY = (Transfer.Phase.OUT, Transfer.Phase.IN)
TO_STATE = {
    Member.State.RETAINED: Move.RETAIN,
    Member.State.LEFT: Move.LEAVE,
    Member.State.ENDED: Move.END,
}

_KEPT = ["state", "organisation", "city_code", "district_code", "street_code", "updated_at"]
REFUSALS = {
    "wrong_state": gettext_lazy("The membership does not stand where this can be done. Please look at its history."),
    "moving": gettext_lazy("A transfer is under way. It has to be settled or taken back first."),
    "not_released": gettext_lazy("The union she comes from has not released her yet."),
    "same_union": gettext_lazy("This is the union she belongs to already."),
    "union_missing": gettext_lazy("Please choose the union."),
    "reason_unknown": gettext_lazy("Please choose the reason."),
    "final": gettext_lazy("This membership has ended for good. If that is wrong, please call 12351."),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Why:
    """Who moves a membership, why, from which case, and on which day if not today."""

    actor_id: uuid.UUID | None = None
    reason: str = ""
    dossier_id: uuid.UUID | None = None
    on: dt.date | None = None


def membership_change(
    *, actor: Actor, member: Member, move: Move, reason: str = "", on: dt.date | None = None
) -> Member:
    """Retain, restore or end a membership, or put it back in force; counts, card, history follow.

    An officer of the member's union, never about herself. Made before: nothing changes. Publishes
    `MembershipChanged`. `reason` is a code of `rules.membership.REASONS`.
    """
    if move not in OFFICE_MOVES or not policies.may_change(actor, member):
        raise ForbiddenError(_("You may not change memberships of this union."))
    if on is not None and on > clock.today():
        raise RefusedError(_("This day lies ahead. Please write the day it happened."), field="on")
    with atomic():
        held = locked(member.pk)
        return moved(held, move, Why(actor_id=actor.account_id, reason=reason, on=on))


def membership_leave(*, actor: Actor) -> Member:
    """Leave the union by one's own wish (退会自由): at once, and joining again stays open."""
    member = (
        Member.objects.filter(account_id=actor.account_id).first() if actor.account_id else None
    )
    if member is None:
        raise ForbiddenError(_("Please sign in first."))
    with atomic():
        held = locked(member.pk)
        return moved(held, Move.LEAVE, Why(actor_id=actor.account_id, reason="own_wish"))


def member_set_state(*, actor: Actor, member: Member, state: Member.State) -> Member:
    """Set a membership to a state where no finer reason is known; what it is already changes nothing."""
    if not policies.may_create(actor, member.organisation.path):
        raise ForbiddenError(_("You may not change memberships of this union."))
    with atomic():
        held = locked(member.pk)
        if held.state == state:
            return held
        move = TO_STATE.get(state) or (
            Move.RESTORE if held.state == Member.State.RETAINED else Move.ENTER
        )
        reason = {Move.RETAIN: "unemployed", Move.LEAVE: "own_wish", Move.ENTER: ""}
        why = Why(actor_id=actor.account_id, reason=reason.get(move, "put_right"))
        return moved(held, move, why, towards=held.organisation)


def member_move(*, actor: Actor, member: Member, organisation: Organisation) -> Member:
    """Carry a membership over to another union (一次入会、动态接转); both counts follow.

    For an office that serves both unions; all others take the transfer service. Publishes
    `MemberMoved` and `MembershipChanged`. Once there, moving there again changes nothing.
    """
    both = (member.organisation.path, organisation.path)
    if not all(policies.may_create(actor, path) for path in both):
        raise ForbiddenError(_("A transfer needs both unions. Please use the transfer service."))
    with atomic():
        held = locked(member.pk)
        if held.organisation_id == organisation.pk:
            return held
        return moved(held, Move.CARRY, Why(actor_id=actor.account_id), towards=organisation)


def locked(member_id: uuid.UUID) -> Member:
    """Lock a member's entry for a change."""
    rows = Member.objects.select_for_update(of=("self",)).select_related("organisation")
    return rows.get(pk=member_id)


def under_way(member_id: uuid.UUID) -> Transfer | None:
    """Return the transfer a member is on, if she is on one."""
    found = Transfer.objects.select_related("to_organisation", "from_organisation")
    return found.filter(member_id=member_id, phase__in=UNDER_WAY).first()


def standing_of(member: Member, transfer: Transfer | None) -> Membership:
    """Return where a membership stands, as the rules see it."""
    last = member.history.order_by("-id").values_list("reason", flat=True).first()
    return Membership(
        State(member.state),
        member.organisation_id,
        Moving(transfer.phase) if transfer else Moving.NOT,
        transfer.to_organisation_id if transfer else None,
        last or "",
    )


def moved(held: Member, move: Move, why: Why, *, towards: Organisation | None = None) -> Member:
    """Move a locked membership, with all that hangs on it. Inside `atomic`.

    Raises:
        RefusedError: the judge said no, other than because it was done already.
    """
    transfer = under_way(held.pk)
    before = standing_of(held, transfer)
    if move is Move.ENTER and towards is None:
        towards = held.organisation
    there = towards.pk if towards else None
    verdict = decide(move, before, reason=why.reason, organisation=there)
    if isinstance(verdict, Refusal):
        if verdict.code == "already":
            return held
        raise RefusedError(str(REFUSALS[verdict.code]))
    _keep_state(held, before, verdict, towards)
    if transfer is not None and not verdict.moving and move is not Move.ACCEPT:
        transfer.phase, transfer.settled_at = Transfer.Phase.STAYED, clock.now()
        transfer.save(update_fields=["phase", "settled_at"])
    if verdict.state not in HELD:
        cards_revoke(held, actor_id=why.actor_id, reason=verdict.state.value)
    history_add(held, before, verdict, why)
    return held


def history_add(held: Member, before: Membership, after: Membership, why: Why) -> None:
    """Add a line to the history of a membership, and tell it. Inside `atomic`."""
    MembershipEvent(
        member=held,
        from_standing=before.standing,
        to_standing=after.standing,
        from_organisation_id=before.organisation,
        organisation_id=after.organisation,
        happened_on=why.on or clock.today(),
        reason=why.reason,
        actor_id=why.actor_id,
        dossier_id=why.dossier_id,
    ).save(force_insert=True)
    audit.record(
        actor_id=why.actor_id,
        action="members.state_set",
        kind="members.Member",
        object_id=held.pk,
        subject_id=policies.subject_of(held),
        detail={"from": before.standing, "to": after.standing, "reason": why.reason},
    )
    jobs.publish(
        MembershipChanged(
            member_id=held.pk,
            organisation_id=held.organisation_id,
            from_state=before.standing,
            to_state=after.standing,
        )
    )


def _keep_state(
    held: Member, before: Membership, after: Membership, towards: Organisation | None
) -> None:
    """Write what the roll keeps, and carry the counts over."""
    if (before.state, before.organisation) == (after.state, after.organisation):
        return
    left = held.organisation
    held.state, held.updated_at = Member.State(after.state.value), clock.now()
    if towards is not None and after.organisation == towards.pk != left.pk:
        held.organisation = towards
        for column, code in codes_above(line_of(towards)).items():
            setattr(held, column, code)
    try:
        with transaction.atomic():
            held.save(update_fields=_KEPT)
    except IntegrityError:
        raise RefusedError(sentence("member_elsewhere")) from None
    counts: dict[str, int] = {}
    counts[left.path] = -before.counts
    counts[held.organisation.path] = counts.get(held.organisation.path, 0) + after.counts
    changes = {path: count for path, count in counts.items() if count}
    if changes:
        member_counts_add(changes)
    if held.organisation_id != left.pk:
        jobs.publish(
            MemberMoved(
                member_id=held.pk,
                from_organisation_id=left.pk,
                to_organisation_id=held.organisation_id,
            )
        )
