"""Let members follow the unions: the codes they carry when a union moves, their union when it ends."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping

from django.db.models import Count, Q

from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.members.events import MemberMoved
from lianxin.members.models import Member, MembershipEvent, Transfer
from lianxin.orgs.api import Organisation, codes_above, line_of, member_counts_add

_HELD = (Member.State.IN_FORCE, Member.State.RETAINED)
_UNDER_WAY = (Transfer.Phase.OUT, Transfer.Phase.IN)


def lines_follow(codes: Mapping[uuid.UUID, Mapping[str, str]], most: int) -> int:
    """Copy the codes above some unions into their members, where they differ; return the rows."""
    unions: dict[tuple[tuple[str, str], ...], list[uuid.UUID]] = defaultdict(list)
    for union_id, above in codes.items():
        unions[tuple(sorted(above.items()))].append(union_id)
    left = most
    for line, union_ids in unions.items():
        if left <= 0:
            break
        columns = dict(line)
        astray = Member.objects.filter(organisation_id__in=union_ids).exclude(**columns)
        ids = list(astray.values_list("pk", flat=True)[:left])
        if ids:
            Member.objects.filter(pk__in=ids).update(**columns)
        left -= len(ids)
    return most - left


def entries_carry(
    from_id: uuid.UUID, to_id: uuid.UUID, actor_id: uuid.UUID | None, most: int
) -> int:
    """Carry the next memberships of a union over to another one, with counts and history.

    Those that ended stay with the union they ended in. Publishes `MemberMoved` for each.
    """
    rows = Member.objects.select_for_update().filter(organisation_id=from_id, state__in=_HELD)
    members = list(rows.order_by("pk")[:most])
    left, joined = (Organisation.objects.get(pk=pk) for pk in (from_id, to_id))
    # Who is on her way to the union that ends arrives at the one that takes its place.
    arriving = Transfer.objects.filter(to_organisation=left, phase__in=_UNDER_WAY)
    arriving.exclude(from_organisation=joined).update(to_organisation=joined)
    if not members:
        return 0
    ids = [member.pk for member in members]
    Member.objects.filter(pk__in=ids).update(
        organisation_id=to_id, updated_at=clock.now(), **codes_above(line_of(joined))
    )
    in_force = sum(member.state == Member.State.IN_FORCE for member in members)
    if in_force:
        member_counts_add({left.path: -in_force, joined.path: in_force})
    _history(members, joined, actor_id)
    audit.record(
        actor_id=actor_id,
        action="members.carried",
        kind="orgs.Organisation",
        object_id=from_id,
        detail={"to": joined.code, "members": len(members)},
    )
    return len(members)


def in_force_by_union() -> dict[uuid.UUID, int]:
    """Count the members in force of each union, itself alone. Reads every member."""
    counted = (
        Member.objects.filter(state=Member.State.IN_FORCE)
        .values_list("organisation_id")
        .annotate(Count("pk"))
        .order_by()
    )
    return dict(counted)


def _history(members: list[Member], joined: Organisation, actor_id: uuid.UUID | None) -> None:
    moving = Transfer.objects.filter(member__in=members, phase__in=_UNDER_WAY)
    phases = {transfer.member_id: transfer.phase for transfer in moving}
    MembershipEvent.objects.bulk_create(
        MembershipEvent(
            member=member,
            from_standing=phases.get(member.pk, member.state),
            to_standing=phases.get(member.pk, member.state),
            from_organisation_id=member.organisation_id,
            organisation=joined,
            happened_on=clock.today(),
            actor_id=actor_id,
        )
        for member in members
    )
    # A transfer that is on its way goes on from the union that stands now.
    moving.filter(~Q(to_organisation=joined)).update(from_organisation=joined)
    for member in members:
        jobs.publish(
            MemberMoved(
                member_id=member.pk,
                from_organisation_id=member.organisation_id,
                to_organisation_id=joined.pk,
            )
        )
