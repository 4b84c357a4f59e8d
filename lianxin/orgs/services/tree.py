"""Found organisations, give them their place, and keep the counts of members here and below."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.orgs.events import OrganisationFounded
from lianxin.orgs.models import Organisation, OrganisationChange
from lianxin.orgs.policies import may_found
from lianxin.orgs.rules import (
    Actor,
    Level,
    division_is_valid,
    industry_is_valid,
    may_stand_below,
    next_in_series,
    number_in_series,
    paths_above,
    uscc_is_valid,
)

_TELEPHONE, _ADDRESS, _HOURS = 32, 200, 120


@dataclass(frozen=True, kw_only=True, slots=True)
class Details:
    """What is written down about a union beside its name and place."""

    uscc: str = ""
    employer_uscc: str = ""
    division_code: str = ""
    industry_code: str = ""
    phone: str = ""
    address: str = ""
    opening_hours: str = ""


def organisation_create(
    *,
    actor: Actor,
    parent: Organisation | None,
    code: str,
    name: str,
    level: Level,
    uscc: str = "",
    phone: str = "",
    address: str = "",
    opening_hours: str = "",
) -> Organisation:
    """Found an organisation of a given code under a parent, or the one root of the tree.

    Founding one that already stands at this place under this code returns it unchanged. Publishes
    `OrganisationFounded`. Refuses a wrong credit code (GB 32100), a level above its parent's, a
    second root, and a code that stands elsewhere.
    """
    if not may_found(actor, parent):
        raise ForbiddenError(_("Only the union above can found an organisation here."))
    code, name = clean(code), clean(name)
    if not code or not name:
        raise RefusedError(_("An organisation needs a code and a name."), field="name")
    details = details_checked(
        Details(uscc=uscc, phone=phone, address=address, opening_hours=opening_hours)
    )
    _check_level(parent, level)
    with atomic():
        tree_lock()
        standing = Organisation.objects.filter(code=code).first()
        if standing is not None:
            return _same_place(standing, parent)
        _check_takes(parent)
        return _founded(actor, parent, Organisation(code=code, name=name, level=level), details)


def organisation_found(
    *,
    actor: Actor,
    parent: Organisation,
    name: str,
    level: Level,
    details: Details,
    dossier_id: uuid.UUID | None = None,
) -> Organisation:
    """Found an organisation under a parent; it gets the next number of the parent's series.

    Numbers are never used again. The same case, or the same name at the same place, founds once.
    Publishes `OrganisationFounded`. Refuses wrong codes, a level that cannot stand there, a parent
    that is closed, and an employer whose union stands already.
    """
    if not may_found(actor, parent):
        raise ForbiddenError(_("Only the union above can found an organisation here."))
    name = clean(name)
    if not name:
        raise RefusedError(_("A union needs a name."), field="name")
    details = details_checked(details)
    _check_level(parent, level)
    with atomic():
        tree_lock()
        held = Organisation.objects.select_for_update().get(pk=parent.pk)
        standing = _founded_before(held, name, dossier_id)
        if standing is not None:
            return standing
        _check_takes(held)
        _check_one_union(details)
        made = Organisation(code=_next_code(held), name=name, level=level)
        return _founded(actor, held, made, details, dossier_id)


def founding_hindrance(*, parent: Organisation, level: Level, details: Details) -> None:
    """Refuse what founding a union here would refuse, before anybody decides about it.

    Raises:
        RefusedError: with the field concerned.
    """
    _check_level(parent, level)
    _check_takes(parent)
    _check_one_union(details_checked(details))


def details_checked(details: Details) -> Details:
    """Return details cleaned, or refuse the first code that does not hold."""
    typed = {name: clean(value) for name, value in asdict(details).items()}
    for name in ("uscc", "employer_uscc", "industry_code"):
        typed[name] = typed[name].upper()
    for name in ("uscc", "employer_uscc"):
        if typed[name] and not uscc_is_valid(typed[name]):
            raise RefusedError(
                _("This credit code does not add up. Please compare it with the certificate."),
                field=name,
            )
    if typed["division_code"] and not division_is_valid(typed["division_code"]):
        raise RefusedError(
            _("A division code has 6, 9 or 12 digits and begins with its province."),
            field="division_code",
        )
    if typed["industry_code"] and not industry_is_valid(typed["industry_code"]):
        raise RefusedError(
            _("An industry code is a letter and 2 to 4 digits, such as C3411."),
            field="industry_code",
        )
    for name, most in (("phone", _TELEPHONE), ("address", _ADDRESS), ("opening_hours", _HOURS)):
        typed[name] = typed[name][:most]
    return Details(**typed)


def tree_lock() -> None:
    """Let one change of the tree's shape or counts happen at a time. Inside `atomic`.

    Adding to counts touches the root first as well, so that it waits here too.
    """
    Organisation.objects.select_for_update().filter(depth=1).order_by("path").first()


def place_below(parent: Organisation) -> str:
    """Return a path below a parent that nothing has ever stood at. Inside `tree_lock`."""
    held = Organisation.objects.get(pk=parent.pk)
    last = (
        Organisation.objects.filter(depth=held.depth + 1)
        .filter(path__gt=held.path, path__lt=held.path + "~")
        .order_by("-path")
        .values_list("path", flat=True)
        .first()
    )
    step = max(held.last_step, int(last[-held.steplen :], 36) if last else 0) + 1
    Organisation.objects.filter(pk=held.pk).update(last_step=step)
    return str(Organisation._get_path(held.path, held.depth + 1, step))  # noqa: SLF001


def member_counts_add(deltas: Mapping[str, int]) -> None:
    """Add to the roll-up counts, by path of the organisation a member joined (or left, negative).

    Runs inside the caller's transaction, so that counts and members never differ. Whoever read the
    path before the union moved, or comes to one that closes, is refused, and the transaction with it.
    """
    below: Counter[str] = Counter()
    for path, delta in deltas.items():
        for above in paths_above(path):
            below[above] += delta
    # One order for everybody: no deadlock. One statement for many: an import touches hundreds.
    changes = [(below[path], path) for path in sorted(below) if below[path]]
    if not changes:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE orgs_organisation SET member_count = member_count + %s WHERE path = %s",
            changes,
        )
    _check_takers({path for path, delta in deltas.items() if delta}, deltas)


def _check_takers(paths: set[str], deltas: Mapping[str, int]) -> None:
    """Refuse, now that the rows are ours, what was read before they changed."""
    states = dict(Organisation.objects.filter(path__in=paths).values_list("path", "state"))
    if len(states) != len(paths):
        raise StaleError(_("This union has just moved in the tree. Please try once more."))
    if any(
        states[path] != Organisation.State.IN_FORCE for path, delta in deltas.items() if delta > 0
    ):
        raise RefusedError(_("This union takes no members any more. Please choose another one."))


def _check_level(parent: Organisation | None, level: Level) -> None:
    if parent is not None and not may_stand_below(level, Level(parent.level)):
        raise RefusedError(
            _("An organisation of this level cannot stand below this one."), field="level"
        )


def _check_takes(parent: Organisation | None) -> None:
    if parent is not None and parent.state != Organisation.State.IN_FORCE:
        raise RefusedError(_("This union is closed. Please choose the one above."))


def _check_one_union(details: Details) -> None:
    in_force = Organisation.objects.filter(state=Organisation.State.IN_FORCE)
    for name in ("uscc", "employer_uscc"):
        code = getattr(details, name)
        other = in_force.filter(**{name: code}).first() if code else None
        if other is not None:
            raise RefusedError(
                _("A union of this credit code stands already: {name}.").format(name=other.name),
                field=name,
            )


def _founded_before(
    parent: Organisation, name: str, dossier_id: uuid.UUID | None
) -> Organisation | None:
    if dossier_id is not None:
        change = (
            OrganisationChange.objects.filter(
                dossier_id=dossier_id, kind=OrganisationChange.Kind.FOUND
            )
            .select_related("organisation")
            .first()
        )
        if change is not None:
            return change.organisation
    below = Organisation.objects.filter(depth=parent.depth + 1, name=name)
    found: Organisation | None = (
        below.filter(path__gt=parent.path, path__lt=parent.path + "~")
        .exclude(state=Organisation.State.CLOSED)
        .first()
    )
    return found


def _next_code(parent: Organisation) -> str:
    codes = Organisation.objects.filter(code__startswith=f"{parent.code}-").values_list(
        "code", flat=True
    )
    taken = {number_in_series(parent.code, code) for code in codes}
    number = max(taken | {parent.last_number}) + 1
    Organisation.objects.filter(pk=parent.pk).update(last_number=number)
    return next_in_series(parent.code, number)


def _founded(
    actor: Actor,
    parent: Organisation | None,
    made: Organisation,
    details: Details,
    dossier_id: uuid.UUID | None = None,
) -> Organisation:
    for name, value in asdict(details).items():
        setattr(made, name, value)
    if parent is None:
        if Organisation.objects.exists():
            raise RefusedError(_("The tree has its root already."), field="parent")
        made.path, made.depth = Organisation._get_path("", 1, 1), 1  # noqa: SLF001
    else:
        made.path, made.depth = place_below(parent), parent.depth + 1
        Organisation.objects.filter(pk=parent.pk).update(numchild=F("numchild") + 1)
    made.founded_on = clock.today()
    made.save(force_insert=True)
    change_write(actor, made, OrganisationChange.Kind.FOUND, target=parent, dossier_id=dossier_id)
    audit.record(
        actor_id=actor.account_id,
        action="orgs.organisation_created",
        kind="orgs.Organisation",
        object_id=made.pk,
        detail={"code": made.code, "level": made.level},
    )
    jobs.publish(OrganisationFounded(organisation_id=made.pk))
    fresh: Organisation = Organisation.objects.get(pk=made.pk)
    return fresh


def change_write(
    actor: Actor,
    organisation: Organisation,
    kind: OrganisationChange.Kind,
    *,
    target: Organisation | None = None,
    dossier_id: uuid.UUID | None = None,
    names: tuple[str, str] = ("", ""),
    at: dt.datetime | None = None,
) -> OrganisationChange:
    """Write a line of a union's history that is done at once. Inside `atomic`."""
    now = at or clock.now()
    return OrganisationChange.objects.create(
        organisation=organisation, kind=kind, target=target, actor_id=actor.account_id,
        dossier_id=dossier_id, name_before=names[0], name_after=names[1], starts_at=now,
        made_at=now, finished_at=now,
    )  # fmt: skip


def _same_place(standing: Organisation, parent: Organisation | None) -> Organisation:
    if standing.parent_path != (parent.path if parent else ""):
        raise RefusedError(_("This code is taken by another organisation."), field="code")
    return standing
