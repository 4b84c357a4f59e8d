"""Who may see what was found for whom, who may write policies, and who may put one into force."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lianxin.eligibility.models import Objection, PolicyDraft, PolicyEnding, Proposal
from lianxin.members.api import Member
from lianxin.orgs.api import Ability, Actor, reach_q


def may_look(actor: Actor, member: Member) -> bool:
    """Only she herself sees what fits her, and decides whether anybody looks."""
    return actor.account_id is not None and actor.account_id == member.account_id


def may_write(actor: Actor) -> bool:
    """Whoever writes or publishes policies anywhere sees the desk of policies."""
    return actor.can(Ability.POLICY_EDIT) or actor.can(Ability.POLICY_PUBLISH)


def may_edit(actor: Actor, path: str) -> bool:
    """Write the policies of the place at `path`, and count whom they would fit there."""
    return actor.can(Ability.POLICY_EDIT, path)


def may_publish(actor: Actor, draft: PolicyDraft) -> bool:
    """A second person puts it into force: nobody who wrote in it (两人复核)."""
    if str(actor.account_id) in {*draft.writers, str(draft.submitted_by)}:
        return False
    return actor.can(Ability.POLICY_PUBLISH, draft.organisation.path)


def may_ask_end(actor: Actor, path: str) -> bool:
    """Whoever writes or publishes the policies of a place may ask to end one of them."""
    return actor.can(Ability.POLICY_EDIT, path) or actor.can(Ability.POLICY_PUBLISH, path)


def may_end(actor: Actor, ending: PolicyEnding, path: str) -> bool:
    """A second person ends it: never whoever asked (两人复核)."""
    return actor.account_id != ending.asked_by and actor.can(Ability.POLICY_PUBLISH, path)


def drafts_visible_to(actor: Actor) -> QuerySet[PolicyDraft]:
    """Keep the drafts of places in reach of somebody who writes or publishes there."""
    within: Q = reach_q(actor, Ability.POLICY_EDIT) | reach_q(actor, Ability.POLICY_PUBLISH)
    return PolicyDraft.objects.filter(within).select_related("organisation", "base")


def may_replay(actor: Actor, member: Member) -> bool:
    """An officer who serves the member may look back with her purpose named; never for herself."""
    if may_look(actor, member):
        return False
    return actor.can(Ability.MEMBER_HELP, member.organisation.path)


def objections_visible_to(actor: Actor) -> QuerySet[Objection]:
    """Keep the objections one's place answers; nobody answers her own."""
    within = reach_q(actor, Ability.DOSSIER_OVERSEE)
    rows = Objection.objects.filter(within).exclude(member__account_id=actor.account_id)
    return rows.select_related("member__organisation", "policy", "organisation")


def may_answer(actor: Actor, objection: Objection) -> bool:
    """A person of the place that answers, never the one who objects."""
    if objection.member.account_id == actor.account_id:
        return False
    return actor.can(Ability.DOSSIER_OVERSEE, objection.organisation.path)


def may_answer_any(actor: Actor) -> bool:
    """Whoever leads the work of a place answers what people object to."""
    return actor.can(Ability.DOSSIER_OVERSEE)


def may_serve(actor: Actor, member: Member) -> bool:
    """An officer who serves the member acts on what is proposed for her; never for herself."""
    return not may_look(actor, member) and actor.can(Ability.MEMBER_HELP, member.organisation.path)


def may_serve_any(actor: Actor) -> bool:
    """Whoever serves members anywhere has a list of proposals."""
    return bool(actor.with_ability(Ability.MEMBER_HELP))


def proposals_visible_to(actor: Actor) -> QuerySet[Proposal]:
    """Keep what is proposed for the people one serves, without those who said no and oneself."""
    within = reach_q(actor, Ability.MEMBER_HELP, prefix="member__organisation")
    rows = Proposal.objects.filter(within).exclude(state=Proposal.State.REFUSED)
    return rows.exclude(member__account_id=actor.account_id) if actor.account_id else rows


def may_count_any(actor: Actor) -> bool:
    """Whoever may list the members of any place has a page of counts."""
    return bool(actor.with_ability(Ability.MEMBER_VIEW))


def may_count(actor: Actor, path: str) -> bool:
    """Whoever may list the members of a place sees how many of them policies fit there."""
    return actor.can(Ability.MEMBER_VIEW, path)
