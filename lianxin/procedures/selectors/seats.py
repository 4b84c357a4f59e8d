"""Reads what routing needs from the tree, and asks it for a seat."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from lianxin.kit import clock
from lianxin.members.api import Member, Relative
from lianxin.orgs.api import Organisation, Post, line_of, organisation_by_code, seats_at
from lianxin.procedures.models import Dossier, Recusal, Task
from lianxin.procedures.rules import routing
from lianxin.procedures.rules.definition import Routing, Step
from lianxin.procedures.selectors.registry import subject_of
from lianxin.procedures.selectors.values import latest_answers


def line_from(organisation: Organisation) -> list[routing.Stop]:
    """Load an organisation and all above it with their people. Two queries."""
    line = list(reversed(line_of(organisation)))
    holders: dict[uuid.UUID, list[routing.Holder]] = defaultdict(list)
    for seat in seats_at([stop.pk for stop in line]):
        holders[seat.organisation_id].append(
            routing.Holder(seat.account_id, seat.role, seat.is_away)
        )
    return [routing.Stop(stop.pk, stop.path, stop.level, tuple(holders[stop.pk])) for stop in line]


def wish_of(dossier: Dossier, step: Step, *, above: str = "") -> routing.Wish:
    """Say what a step needs and who must not get it."""
    respondent = dossier.respondent
    return routing.Wish(
        level=step.level,
        roles=frozenset(step.roles),
        routing=Routing(dossier.definition.routing),
        may_skip=step.may_skip and not above,
        excluded=frozenset(barred_accounts(dossier)) | _own_line(dossier, step),
        respondent_path=respondent.path if respondent else "",
        respondent_officers=officers_within(respondent) if respondent else frozenset(),
        above=above,
    )


def seat_for(
    dossier: Dossier, step: Step, *, above: str = ""
) -> routing.Seat | routing.Skip | None:
    """Find who handles a step of a dossier."""
    return routing.seat_of(_line_for(dossier, step), wish_of(dossier, step, above=above))


def sitting_at(dossier: Dossier, step: Step, organisation: Organisation) -> tuple[uuid.UUID, ...]:
    """Return who at one organisation could take a step over (a referral)."""
    return routing.may_sit(line_from(organisation)[0], wish_of(dossier, step))


def officers_within(organisation: Organisation) -> frozenset[uuid.UUID]:
    """Return everybody who holds a post at an organisation or below it."""
    posts = Post.objects.in_force(clock.today())
    within = posts.filter(organisation__path__startswith=organisation.path)
    return frozenset(within.values_list("account_id", flat=True))


def barred_accounts(dossier: Dossier) -> set[uuid.UUID]:
    """Return all who must not handle this dossier, as known right now."""
    own = own_accounts(dossier)
    recused = Recusal.objects.filter(dossier=dossier).values_list("account_id", flat=True)
    return own | family_accounts(own) | set(recused)


def own_accounts(dossier: Dossier) -> set[uuid.UUID]:
    """Return the accounts of the people the dossier is about."""
    subject = subject_of(dossier.subject_kind, dossier.subject_id)
    found = set(subject.accounts) if subject else set()
    return found | ({dossier.applicant_id} if dossier.applicant_id else set())


def family_accounts(accounts: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Return the accounts of declared relatives, whichever side declared it.

    Relatives are matched by their blind indexes; no name or number is opened.
    """
    own = set(accounts)
    members = list(Member.objects.filter(account_id__in=own))
    declared = Relative.objects.filter(member__in=members)
    ids = {one.id_index for one in declared if one.id_index}
    phones = {one.phone_index for one in declared if one.phone_index}
    forward = Member.objects.filter(
        Q(id_index__in=ids) | Q(phone_index__in=phones), account__isnull=False
    )
    back = Relative.objects.filter(
        Q(id_index__in={one.id_index for one in members if one.id_index})
        | Q(phone_index__in={one.phone_index for one in members if one.phone_index}),
        member__account__isnull=False,
    ).select_related("member")
    found = {member.account_id for member in forward if member.account_id}
    found |= {one.member.account_id for one in back if one.member.account_id}
    return found - own


def least_busy(candidates: Iterable[uuid.UUID]) -> uuid.UUID | None:
    """Return the candidate with the fewest running tasks; ties go by account."""
    ranked = sorted(candidates)
    loads = dict.fromkeys(ranked, 0)
    live = Task.objects.live().filter(assignee_id__in=ranked)
    for account_id in live.values_list("assignee_id", flat=True):
        loads[account_id] += 1
    return min(ranked, key=lambda one: (loads[one], ranked.index(one))) if ranked else None


def _own_line(dossier: Dossier, step: Step) -> frozenset[uuid.UUID]:
    """Return the officers of the person's own line, whom a specialist of a team must not be.

    Where the specialist sits in the line itself, routing leaves out those below the seat.
    """
    is_team = step.level.startswith(routing.TEAM)
    if dossier.definition.routing is not Routing.SPECIALIST or not is_team:
        return frozenset()
    below_root = line_from(dossier.organisation)[:-1]
    return frozenset(holder.account_id for stop in below_root for holder in stop.holders)


def _line_for(dossier: Dossier, step: Step) -> list[routing.Stop]:
    if step.level.startswith(routing.TEAM):
        team = organisation_by_code(step.level.removeprefix(routing.TEAM))
        if team is not None:
            return line_from(team)
    if step.at:
        answered = latest_answers(dossier)
        named = organisation_by_code(answered.plain.get(step.at, "")) if answered else None
        if named is not None:
            return line_from(named)
    return line_from(dossier.organisation)
