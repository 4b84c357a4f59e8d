"""Carry out a move, a merger or a closure in batches, each a transaction: kill it, and it goes on.

A **move** switches in one transaction: the paths of the whole subtree, the counts of the unions that
lose and win it, and the mark `is_in_motion` on these. From then on everybody reads the new tree.
What members carry copied (the codes above) follows in batches; meanwhile lists of the marked unions
read the tree itself, which is right and slower. The last batch takes the marks away.

A **merger** and a **closure** carry each batch of members together with the counts; the last step
hands the posts over and closes the union.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable

from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest

from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.transactions import atomic
from lianxin.orgs.events import OrganisationClosed, OrganisationMoved
from lianxin.orgs.models import Affiliation, Organisation, OrganisationChange, Post
from lianxin.orgs.policies import below_q
from lianxin.orgs.rules import (
    Actor,
    Carrier,
    Reach,
    Role,
    lines_apart,
    organisation_carriers,
    paths_above,
)
from lianxin.orgs.selectors import codes_above
from lianxin.orgs.services.changing import problem_of
from lianxin.orgs.services.posts import post_make, post_over, post_record
from lianxin.orgs.services.tree import place_below, tree_lock

Kind, State = OrganisationChange.Kind, OrganisationChange.State
UNIONS_A_BATCH = 200
ROWS_A_BATCH = 2000
ENTRIES_A_BATCH = 200


def change_run(*, change_id: uuid.UUID) -> None:
    """Carry a planned change to its end; run again after a kill, it goes on where it was."""
    while change_step(change_id=change_id):
        pass


def changes_resume() -> int:
    """Carry on all that is due and not done, whatever became of its worker; return how many."""
    due = OrganisationChange.objects.under_way().filter(starts_at__lte=clock.now())
    ids = list(due.order_by("starts_at").values_list("pk", flat=True))
    for change_id in ids:
        change_run(change_id=change_id)
    return len(ids)


def change_step(*, change_id: uuid.UUID) -> bool:
    """Do the next batch of a change; say whether there is more to do."""
    with atomic():
        change = (
            OrganisationChange.objects.select_for_update(of=("self",))
            .select_related("organisation", "target", "origin")
            .get(pk=change_id)
        )
        if change.state == State.PLANNED:
            return _begin(change)
        if change.state != State.CARRYING:
            return False
        return _follow(change) if change.kind == Kind.MOVE else _carry(change)


def lines_right(*, codes: dict[uuid.UUID, dict[str, str]]) -> int:
    """Put right what is copied of the codes above some unions; return the rows rewritten."""
    rewritten = 0
    for carrier in organisation_carriers:
        while True:
            with atomic():
                rows = carrier.follow(codes, ROWS_A_BATCH)
            rewritten += rows
            if rows < ROWS_A_BATCH:
                break
    return rewritten


def codes_of(unions: Iterable[Organisation]) -> dict[uuid.UUID, dict[str, str]]:
    """Return the codes above each of some unions. One query."""
    unions = list(unions)
    paths = {path for union in unions for path in paths_above(union.path)}
    by_path = {one.path: one for one in Organisation.objects.filter(path__in=paths)}
    return {
        union.pk: codes_above([by_path[path] for path in paths_above(union.path)])
        for union in unions
    }


def _begin(change: OrganisationChange) -> bool:
    tree_lock()
    change.organisation.refresh_from_db()
    if change.target is not None:
        change.target.refresh_from_db()
    problem = problem_of(Kind(change.kind), change.organisation, change.target)
    if problem:
        change.refused_for, change.state, change.finished_at = problem, State.REFUSED, clock.now()
        change.save()
        return False
    others = OrganisationChange.objects.filter(kind=Kind.MOVE, state=State.CARRYING)
    if change.kind == Kind.MOVE and others.exists():
        return False  # it is its turn when `changes_resume` comes round
    change.state, change.switched_at = State.CARRYING, clock.now()
    change.members = change.organisation.member_count
    if change.kind == Kind.MOVE:
        _switch(change)
    else:
        change.unions = 1
        merging = Organisation.State.MERGING if change.kind == Kind.MERGE else None
        change.organisation.state = merging or Organisation.State.CLOSING
        change.organisation.save(update_fields=["state"])
    change.save()
    return True


def _switch(change: OrganisationChange) -> None:
    """Give a subtree its new place: paths, counts, children, marks. Inside `tree_lock`."""
    moved, parent = change.organisation, _target(change)
    old, new = moved.path, place_below(parent)
    before, after = paths_above(moved.parent_path), paths_above(parent.path)
    counts: Counter[str] = Counter()
    counts.update(dict.fromkeys(after, moved.member_count))
    counts.subtract(dict.fromkeys(before, moved.member_count))
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE orgs_organisation SET member_count = member_count + %s WHERE path = %s",
            [(counts[path], path) for path in sorted(counts) if counts[path]] or [(0, "")],
        )
        cursor.execute(
            "UPDATE orgs_organisation SET path = %s || substr(path, %s), depth = depth + %s"
            " WHERE path >= %s AND path < %s",
            [new, len(old) + 1, (len(new) - len(old)) // moved.steplen, old, old + "~"],
        )
        change.unions = cursor.rowcount
    at = Organisation.objects
    step = int(old[-moved.steplen :], 36)  # this place is not given to another one
    at.filter(path=before[-1]).update(
        numchild=F("numchild") - 1, last_step=Greatest("last_step", step)
    )
    at.filter(path=after[-1]).update(numchild=F("numchild") + 1)
    at.filter(path__in=lines_apart(before, after)).update(is_in_motion=True)
    change.cursor = ""
    _record(change, "orgs.organisation_moved")
    jobs.publish(
        OrganisationMoved(
            organisation_id=moved.pk,
            change_id=change.pk,
            from_parent_id=_origin(change).pk,
            to_parent_id=parent.pk,
            stood_below=tuple(
                str(pk) for pk in at.filter(path__in=before).values_list("pk", flat=True)
            ),
        )
    )


def _follow(change: OrganisationChange) -> bool:
    """Let what is copied follow for the next unions of the subtree; at the end take the marks away."""
    subtree = Organisation.objects.filter(below_q(change.organisation.path, prefix=""))
    unions = list(subtree.filter(path__gt=change.cursor).order_by("path")[:UNIONS_A_BATCH])
    if not unions:
        Organisation.objects.filter(is_in_motion=True).update(is_in_motion=False)
        _end(change)
        return False
    codes = codes_of(unions)
    is_done = True
    for carrier in organisation_carriers:
        rows = carrier.follow(codes, ROWS_A_BATCH)
        change.members_done += rows
        is_done = is_done and rows < ROWS_A_BATCH
    if is_done:
        change.cursor = unions[-1].path
        change.unions_done += len(unions)
    change.save(update_fields=["cursor", "unions_done", "members_done"])
    return True


def _carry(change: OrganisationChange) -> bool:
    """Carry the next members of a union that merges or closes; at the end close it."""
    heir = change.target or _origin(change)
    carried = sum(_batch(change, carrier, heir) for carrier in organisation_carriers)
    if carried:
        change.members_done += carried
        change.save(update_fields=["members_done"])
        return True
    tree_lock()
    closed = change.organisation
    _posts_hand_over(change, heir if change.kind == Kind.MERGE else None)
    Affiliation.objects.filter(organisation=closed, ends_on=None).update(ends_on=clock.today())
    Affiliation.objects.filter(parent=closed, ends_on=None).update(ends_on=clock.today())
    closed.state, closed.closed_on = Organisation.State.CLOSED, clock.today()
    closed.save(update_fields=["state", "closed_on"])
    change.unions_done = 1
    _end(change)
    _record(change, "orgs.organisation_closed")
    jobs.publish(
        OrganisationClosed(
            organisation_id=closed.pk,
            change_id=change.pk,
            survivor_id=heir.pk,
            is_merger=change.kind == Kind.MERGE,
        )
    )
    return False


def _batch(change: OrganisationChange, carrier: Carrier, heir: Organisation) -> int:
    return carrier.carry(change.organisation_id, heir.pk, change.actor_id, ENTRIES_A_BATCH)


def _posts_hand_over(change: OrganisationChange, survivor: Organisation | None) -> None:
    """End the posts of a union that is no more; in a merger the survivor takes their holders on.

    Who may not hold it there (an administrator's other post) loses it. The reach is the survivor alone.
    """
    actor = Actor(account_id=change.actor_id, is_system=change.actor_id is None)
    today, last = clock.today(), clock.today() - dt.timedelta(days=1)
    open_posts = Post.objects.filter(organisation=change.organisation, ended_at=None)
    for post in open_posts.select_related("organisation").order_by("pk"):
        ends_on = post.ends_on
        post.ends_on = max(last, post.starts_on - dt.timedelta(days=1))
        post.save(update_fields=["ends_on"])
        post_record(actor, "orgs.post_ended", post, reason=change.kind)
        post_over(post)
        if survivor is None or (ends_on is not None and ends_on < today):
            continue
        try:
            post_make(
                actor=actor, account_id=post.account_id, organisation=survivor,
                role=Role(post.role), reach=Reach.HERE, starts_on=max(today, post.starts_on),
                ends_on=ends_on, granted_by=change.actor_id, confirmed_by=post.confirmed_by,
            )  # fmt: skip
        except RefusedError:
            continue


def _end(change: OrganisationChange) -> None:
    change.state, change.finished_at = State.DONE, clock.now()
    change.save()


def _target(change: OrganisationChange) -> Organisation:
    if change.target is None:
        raise LookupError(f"change {change.pk} has no target")
    return change.target


def _origin(change: OrganisationChange) -> Organisation:
    if change.origin is None:
        raise LookupError(f"change {change.pk} has no origin")
    return change.origin


def _record(change: OrganisationChange, action: str) -> None:
    heir = change.target or _origin(change)
    audit.record(
        actor_id=change.actor_id,
        action=action,
        kind="orgs.Organisation",
        object_id=change.organisation_id,
        detail={"change": str(change.pk), "kind": change.kind, "to": heir.code},
    )
