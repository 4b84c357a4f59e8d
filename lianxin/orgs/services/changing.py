"""Change a union: its name, what is written of it, whom it is affiliated with; plan larger changes."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.orgs.events import OrganisationRenamed
from lianxin.orgs.models import Affiliation, Organisation, OrganisationChange
from lianxin.orgs.policies import below_q, may_manage, may_place
from lianxin.orgs.rules import (
    Actor,
    Level,
    Spot,
    close_problem,
    merge_problem,
    move_problem,
)
from lianxin.orgs.services.tree import Details, change_write, details_checked, tree_lock

Kind, State = OrganisationChange.Kind, OrganisationChange.State

PROBLEMS = {
    "root": gettext_lazy("The topmost union stays where it is."),
    "not_in_force": gettext_lazy("One of the two unions is closed, or about to close."),
    "below_itself": gettext_lazy("A union cannot stand below itself."),
    "there_already": gettext_lazy("The union stands there already."),
    "level": gettext_lazy("A union of this level cannot stand below that one."),
    "itself": gettext_lazy("Please choose another union."),
    "children": gettext_lazy("Unions stand below this one. Please move or close them first."),
    "heir": gettext_lazy("Another union is being merged into this one. That has to end first."),
    "missing": gettext_lazy("Please choose the union."),
}


def organisation_rename(*, actor: Actor, organisation: Organisation, name: str) -> Organisation:
    """Give a union another name; the same name changes nothing. Publishes `OrganisationRenamed`."""
    _manage_check(actor, organisation)
    wanted = clean(name)
    if not wanted:
        raise RefusedError(_("A union needs a name."), field="name")
    with atomic():
        held = _locked(organisation)
        if held.name == wanted:
            return held
        before, held.name = held.name, wanted
        held.save(update_fields=["name"])
        change = change_write(actor, held, Kind.RENAME, names=(before, wanted))
        _record(actor, "orgs.organisation_renamed", held)
        jobs.publish(OrganisationRenamed(organisation_id=held.pk, change_id=change.pk))
    return held


def organisation_describe(
    *, actor: Actor, organisation: Organisation, details: Details
) -> Organisation:
    """Put right what is written of a union: codes, telephone, address, hours."""
    _manage_check(actor, organisation)
    wanted = asdict(details_checked(details))
    with atomic():
        held = _locked(organisation)
        changed = sorted(name for name, value in wanted.items() if getattr(held, name) != value)
        if not changed:
            return held
        for name in changed:
            setattr(held, name, wanted[name])
        held.save(update_fields=changed)
        change_write(actor, held, Kind.DETAILS)
        _record(actor, "orgs.organisation_described", held, fields=changed)
    return held


def affiliation_add(
    *,
    actor: Actor,
    organisation: Organisation,
    parent: Organisation,
    starts_on: dt.date | None = None,
) -> Affiliation:
    """Affiliate a union with a further parent, such as an industry's; once is enough."""
    _manage_check(actor, organisation)
    if parent.pk == organisation.pk:
        raise RefusedError(str(PROBLEMS["itself"]), field="target")
    if organisation.path.startswith(parent.path):
        raise RefusedError(_("This union stands below that one already."), field="target")
    with atomic():
        held = _locked(organisation)
        standing = Affiliation.objects.filter(organisation=held, parent=parent, ends_on=None)
        found = standing.first()
        if found is not None:
            return found
        if parent.state != Organisation.State.IN_FORCE:
            raise RefusedError(str(PROBLEMS["not_in_force"]), field="target")
        made = Affiliation.objects.create(
            organisation=held, parent=parent, starts_on=starts_on or clock.today()
        )
        change_write(actor, held, Kind.AFFILIATE, target=parent)
        _record(actor, "orgs.organisation_affiliated", held, target=str(parent.pk))
    return made


def affiliation_end(*, actor: Actor, affiliation: Affiliation) -> Affiliation:
    """End an affiliation today; one that has ended stays as it ended."""
    _manage_check(actor, affiliation.organisation)
    with atomic():
        held = (
            Affiliation.objects.select_for_update(of=("self",))
            .select_related("organisation", "parent")
            .get(pk=affiliation.pk)
        )
        if held.ends_on is not None:
            return held
        held.ends_on = clock.today()
        held.save(update_fields=["ends_on"])
        change_write(actor, held.organisation, Kind.LEAVE, target=held.parent)
        _record(actor, "orgs.affiliation_ended", held.organisation, target=str(held.parent_id))
    return held


def organisation_move(
    *,
    actor: Actor,
    organisation: Organisation,
    parent: Organisation,
    starts_at: dt.datetime | None = None,
) -> OrganisationChange:
    """Plan to move a union with all below it under another one; a job does it, in batches.

    Planned twice it is one plan. Until it begins, `change_cancel` takes it back.
    """
    return _planned(actor, Kind.MOVE, organisation, parent, starts_at)


def organisation_merge(
    *,
    actor: Actor,
    organisation: Organisation,
    survivor: Organisation,
    starts_at: dt.datetime | None = None,
) -> OrganisationChange:
    """Plan to merge a union into another: its members and its open posts go to the survivor."""
    return _planned(actor, Kind.MERGE, organisation, survivor, starts_at)


def organisation_close(
    *, actor: Actor, organisation: Organisation, starts_at: dt.datetime | None = None
) -> OrganisationChange:
    """Plan to close a union: the level above keeps its members, its posts end."""
    return _planned(actor, Kind.CLOSE, organisation, None, starts_at)


def change_cancel(*, actor: Actor, change: OrganisationChange) -> OrganisationChange:
    """Take back what has not begun; taken back before it stays so. What has begun goes on."""
    if not may_place(actor, change.organisation, change.target):
        raise ForbiddenError(_("Only the union above can change this."))
    with atomic():
        held = OrganisationChange.objects.select_for_update().get(pk=change.pk)
        if held.state == State.CANCELLED:
            return held
        if held.state != State.PLANNED:
            raise RefusedError(_("This has begun already, and goes on to its end."))
        held.state, held.finished_at = State.CANCELLED, clock.now()
        held.save(update_fields=["state", "finished_at"])
        jobs.cancel(job_key(held.pk))
        _record(actor, "orgs.change_cancelled", change.organisation, kind=held.kind)
    return held


def problem_of(
    kind: OrganisationChange.Kind, organisation: Organisation, target: Organisation | None
) -> str:
    """Return why a larger change makes no sense, as a code of PROBLEMS; "" when it does."""
    if kind == Kind.MOVE:
        return move_problem(spot_of(organisation), spot_of(target)) if target else "missing"
    if _is_heir(organisation):
        return "heir"
    if kind == Kind.CLOSE:
        return close_problem(spot_of(organisation))
    return merge_problem(spot_of(organisation), spot_of(target)) if target else "missing"


def _is_heir(organisation: Organisation) -> bool:
    carrying = OrganisationChange.objects.filter(state=State.CARRYING)
    merging = Q(kind=Kind.MERGE, target=organisation)
    return carrying.filter(merging | Q(kind=Kind.CLOSE, origin=organisation)).exists()


def spot_of(organisation: Organisation) -> Spot:
    """Return a union as the rules of change see it."""
    below = Organisation.objects.filter(below_q(organisation.path, prefix=""))
    below = below.exclude(pk=organisation.pk).exclude(state=Organisation.State.CLOSED)
    return Spot(
        path=organisation.path,
        level=Level(organisation.level),
        is_in_force=organisation.state == Organisation.State.IN_FORCE,
        has_children=bool(organisation.numchild) and below.exists(),
    )


def job_key(change_id: uuid.UUID) -> str:
    """Return the key of the job that carries a change out."""
    return f"orgs.change:{change_id}"


def _planned(
    actor: Actor,
    kind: OrganisationChange.Kind,
    organisation: Organisation,
    target: Organisation | None,
    starts_at: dt.datetime | None,
) -> OrganisationChange:
    if not may_place(actor, organisation, target):
        raise ForbiddenError(_("Only the union above can change this."))
    with atomic():
        tree_lock()
        held = _locked(organisation)
        running = OrganisationChange.objects.under_way().filter(organisation=held).first()
        if running is not None:
            if (running.kind, running.target_id) == (kind, target.pk if target else None):
                return running
            raise RefusedError(_("Another change of this union is under way. It has to end first."))
        towards = Organisation.objects.get(pk=target.pk) if target else None
        problem = problem_of(kind, held, towards)
        if problem:
            raise RefusedError(str(PROBLEMS[problem]), field="target")
        change = OrganisationChange.objects.create(
            organisation=held,
            kind=kind,
            state=State.PLANNED,
            target=towards,
            origin=Organisation.objects.get(path=held.parent_path),
            actor_id=actor.account_id,
            starts_at=max(starts_at or clock.now(), clock.now()),
        )
        jobs.enqueue(
            "orgs.change_run",
            payload={"change_id": str(change.pk)},
            run_at=change.starts_at,
            key=job_key(change.pk),
        )
        _record(actor, f"orgs.{kind}_planned", held, target=str(towards.pk) if towards else "")
    return change


def _manage_check(actor: Actor, organisation: Organisation) -> None:
    if not may_manage(actor, organisation):
        raise ForbiddenError(_("You may not change this union."))


def _locked(organisation: Organisation) -> Organisation:
    held: Organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    return held


def _record(
    actor: Actor, action: str, organisation: Organisation, **detail: str | list[str]
) -> None:
    audit.record(
        actor_id=actor.account_id,
        action=action,
        kind="orgs.Organisation",
        object_id=organisation.pk,
        detail={"code": organisation.code, **detail},
    )
