"""What a member need not apply for: proposed by a rule, told to her first, done by a person.

No decision is automatic (Personal Information Protection Law, article 24): a proposal is a line in
her union's list. She is told before anything happens and says no with one tap.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.audit import api as audit
from lianxin.eligibility import conf, policies
from lianxin.eligibility.models import Outcome, Proposal
from lianxin.eligibility.selectors import proposals as lists
from lianxin.eligibility.selectors import shelf
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.text import Bilingual
from lianxin.kit.transactions import atomic
from lianxin.kit.workdays import due_at
from lianxin.notify import api as notify
from lianxin.orgs.api import Actor
from lianxin.vault import api as vault

SEEN = "eligibility.proposed"  # why her union saw it, in the words of “who looked at my data”


def proposals_make(account_id: uuid.UUID, rows: Sequence[Outcome]) -> None:
    """Propose what newly fits a member, and tell her; each policy once a year. Inside `atomic`.

    What rests on sealed facts is shown to her union only after she had time to say no.
    """
    now, year = clock.now(), clock.today().year
    for row in rows:
        held = Proposal.objects.filter(member_id=row.member_id, policy__code=row.policy.code, year=year)  # fmt: skip
        if held.exists():
            continue
        is_sensitive = bool(lists.sealed_facts(row.policy))
        proposal = Proposal.objects.create(
            member_id=row.member_id,
            policy=row.policy,
            year=year,
            condition=row.condition,
            is_sensitive=is_sensitive,
            shown_from=due_at(now, conf.notice_workdays()) if is_sensitive else now,
        )
        _tell(account_id, proposal)


def _tell(account_id: uuid.UUID, proposal: Proposal) -> None:
    content = proposal.policy.content
    title, what = content["title"], content["gives"]["what"]
    notify.notify(
        account_id=account_id,
        kind="eligibility.proposed",
        title=gettext_lazy("Your union thought of you"),
        body=Bilingual(
            en=f"{title['en']}: {what['en']}. You need not apply. If you would rather not, one tap is enough.",
            zh_Hans=f"{title['zh_Hans']}：{what['zh_Hans']}。您不用申请；如果不需要，点一下就行。",
        ),
        url=reverse("eligibility:proposal_own", args=[proposal.pk]),
        discreet=True,
        key=f"proposal:{proposal.pk}",
    )


def _tell_officer(proposal: Proposal) -> None:
    """Pass her no on to whoever put the case forward: only there it can be taken back."""
    if proposal.acted_by is not None:
        notify.notify(
            account_id=proposal.acted_by,
            kind="eligibility.refused",
            title=gettext_lazy("She said no to what you put forward"),
            body=gettext_lazy("Please take the case back; nobody asks her why."),
            url=reverse("members:member", args=[proposal.member_id]),
            discreet=True,
            key=f"refused:{proposal.pk}",
        )


def proposal_answer(*, actor: Actor, proposal_id: uuid.UUID, is_wished: bool) -> Proposal:
    """Say yes or no to a proposal about oneself; the same again changes nothing.

    Once a case of her own was sent, she takes that back; of one her officer put forward, her no is
    passed on to the officer.
    """
    with atomic():
        proposal = _locked(proposal_id)
        if not policies.may_look(actor, proposal.member):
            raise ForbiddenError(_("This proposal is about somebody else."))
        wanted = Proposal.State.WISHED if is_wished else Proposal.State.REFUSED
        if proposal.state == wanted:
            return proposal
        is_begun = proposal.state == Proposal.State.BEGUN
        if is_begun and is_wished:
            return proposal
        if is_begun and proposal.is_own_case:
            raise RefusedError(_("Your union has begun already. You find it among your cases and can take it back there."))  # fmt: skip
        if is_begun:
            _tell_officer(proposal)
        proposal.state, proposal.answered_at = wanted, clock.now()
        if is_wished:
            proposal.shown_from = min(proposal.shown_from, clock.now())
        proposal.save(update_fields=["state", "answered_at", "shown_from"])
        _note(actor, proposal, "wished" if is_wished else "refused")
    return proposal


def proposal_invite(*, actor: Actor, proposal_id: uuid.UUID) -> Proposal:
    """Invite a person to apply herself; she gets one message. Again changes nothing."""
    with atomic():
        proposal = _served(actor, proposal_id)
        if proposal.state in {Proposal.State.INVITED, Proposal.State.BEGUN}:
            return proposal
        _acted(actor, proposal, Proposal.State.INVITED)
        if proposal.member.account_id is not None:
            notify.notify(
                account_id=proposal.member.account_id,
                kind="eligibility.invited",
                title=gettext_lazy("Your union invites you to apply"),
                body=shelf.title_of(proposal.policy),
                url=reverse("eligibility:policy_page", args=[proposal.policy.code]),
                discreet=True,
                key=f"invited:{proposal.pk}",
            )
    return proposal


def proposal_begin(*, actor: Actor, proposal_id: uuid.UUID) -> Proposal:
    """Take up for a person what she need not apply for; the case itself starts at its own door.

    Its state stays as it is: she may say no until a case was truly sent (`proposal_follow`).
    """
    with atomic():
        proposal = _served(actor, proposal_id)
        if proposal.state != Proposal.State.BEGUN:
            proposal.acted_by, proposal.acted_at = actor.account_id, clock.now()
            proposal.save(update_fields=["acted_by", "acted_at"])
            _note(actor, proposal, "taken_up")
    return proposal


def proposal_follow(*, member_id: uuid.UUID, service: str, dossier_id: uuid.UUID, applicant_id: uuid.UUID | None) -> Proposal | None:  # fmt: skip
    """Count what is proposed as begun, now that a case of its service was sent; again changes nothing.

    Where one service is proposed on several grounds it is the one last taken up; if nobody took one
    up, one that stands alone. What she said no to stays so. Where the applicant is not herself, only
    the applicant can take the case back, and hears of her no.
    """
    waiting = Q(state__in=[Proposal.State.OPEN, Proposal.State.WISHED, Proposal.State.INVITED])
    with atomic():
        rows = Proposal.objects.select_for_update(of=("self",)).select_related("policy", "member")
        mine = rows.filter(member_id=member_id, policy__service=service).order_by("pk")
        if (known := mine.filter(dossier_id=dossier_id).first()) is not None:
            return known
        found = list(mine.filter(waiting))
        taken = [each for each in found if each.acted_at is not None]
        chosen = max(taken, key=lambda each: each.acted_at or each.created_at) if taken else None
        if chosen is None and len(found) == 1:
            chosen = found[0]
        if chosen is not None:
            chosen.state = Proposal.State.BEGUN
            chosen.acted_at = chosen.acted_at or clock.now()
            chosen.dossier_id = dossier_id
            chosen.is_own_case = applicant_id == chosen.member.account_id
            if not chosen.is_own_case:
                chosen.acted_by = applicant_id or chosen.acted_by
            chosen.save(
                update_fields=["state", "acted_by", "acted_at", "dossier_id", "is_own_case"]
            )
            _note(None, chosen, "begun")
    return chosen


def proposals_show(*, actor: Actor, proposals: Sequence[Proposal]) -> None:
    """Leave a trace on the page of each person of whom an officer sees what rests on sealed facts.

    Once an officer and proposal.
    """
    me = str(actor.account_id)
    fresh = [each for each in proposals if each.is_sensitive and me not in each.shown_to]
    if not fresh:
        return
    with atomic():
        for proposal in fresh:
            proposal.shown_to = [*proposal.shown_to, me]
            proposal.save(update_fields=["shown_to"])
            vault.note_opening(
                actor_id=actor.account_id,
                kind="members.Member",
                object_id=proposal.member_id,
                fields=lists.sealed_facts(proposal.policy),
                purpose=SEEN,
                subject_id=proposal.member.account_id or proposal.member_id,
            )


def _locked(proposal_id: uuid.UUID) -> Proposal:
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("member__organisation", "policy")  # fmt: skip
    proposal = rows.filter(pk=proposal_id).first()
    if proposal is None:
        raise RefusedError(_("There is no such proposal."))
    return proposal


def _served(actor: Actor, proposal_id: uuid.UUID) -> Proposal:
    proposal = _locked(proposal_id)
    if not policies.may_serve(actor, proposal.member) or proposal.shown_from > clock.now():
        raise ForbiddenError(_("This proposal is not in your reach."))
    if proposal.state == Proposal.State.REFUSED:
        raise RefusedError(_("She said no. Nothing is done."))
    return proposal


def _acted(actor: Actor, proposal: Proposal, state: Proposal.State) -> None:
    proposal.state, proposal.acted_by, proposal.acted_at = state, actor.account_id, clock.now()
    proposal.save(update_fields=["state", "acted_by", "acted_at"])
    _note(actor, proposal, state.value)


def _note(actor: Actor | None, proposal: Proposal, what: str) -> None:
    audit.record(
        actor_id=actor.account_id if actor else None,
        action=f"eligibility.proposal_{what}",
        kind="eligibility.Proposal",
        object_id=proposal.pk,
        subject_id=proposal.member.account_id or proposal.member_id,
        detail={"policy": proposal.policy.code},
    )
