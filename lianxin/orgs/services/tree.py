"""Found organisations, and keep the counts of members here and below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.db import connection
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.orgs.events import OrganisationFounded
from lianxin.orgs.models import Organisation
from lianxin.orgs.policies import may_found
from lianxin.orgs.rules import Actor, Level, may_stand_below, paths_above, uscc_is_valid


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
    """Found an organisation under a parent, or the one root of the tree.

    Founding one that already stands at this place under this code returns it unchanged. Publishes
    `OrganisationFounded`. Refuses a wrong credit code (GB 32100), a level above its parent's, a
    second root, and a code that stands elsewhere.
    """
    if not may_found(actor, parent):
        raise ForbiddenError(_("Only the union above can found an organisation here."))
    code, name, uscc = clean(code), clean(name), clean(uscc).upper()
    _check(parent=parent, code=code, name=name, level=level, uscc=uscc)
    fields = {
        "code": code,
        "name": name,
        "level": level,
        "uscc": uscc,
        "phone": clean(phone),
        "address": clean(address),
        "opening_hours": clean(opening_hours),
    }
    with atomic():
        standing = Organisation.objects.filter(code=code).first()
        if standing is not None:
            return _same_place(standing, parent)
        if parent is None and Organisation.objects.exists():
            raise RefusedError(_("The tree has its root already."), field="parent")
        made = _add(parent, fields)
        audit.record(
            actor_id=actor.account_id,
            action="orgs.organisation_created",
            kind="orgs.Organisation",
            object_id=made.pk,
            detail={"code": code, "level": level},
        )
        jobs.publish(OrganisationFounded(organisation_id=made.pk))
    return made


def member_counts_add(deltas: Mapping[str, int]) -> None:
    """Add to the roll-up counts, by path of the organisation a member joined (or left, negative).

    Runs inside the caller's transaction, so that counts and members never differ.
    """
    below: Counter[str] = Counter()
    for path, delta in deltas.items():
        for above in paths_above(path):
            below[above] += delta
    # One order for everybody: no deadlock. One statement for many: an import touches hundreds.
    changes = [(below[path], path) for path in sorted(below) if below[path]]
    if changes:
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE orgs_organisation SET member_count = member_count + %s WHERE path = %s",
                changes,
            )


def _check(*, parent: Organisation | None, code: str, name: str, level: Level, uscc: str) -> None:
    if not code or not name:
        raise RefusedError(_("An organisation needs a code and a name."), field="name")
    if uscc and not uscc_is_valid(uscc):
        raise RefusedError(
            _("This credit code does not add up. Please compare it with the certificate."),
            field="uscc",
        )
    if parent is not None and not may_stand_below(level, Level(parent.level)):
        raise RefusedError(
            _("An organisation of this level cannot stand below this one."), field="level"
        )


def _add(parent: Organisation | None, fields: dict[str, str]) -> Organisation:
    tree = Organisation.objects
    if parent is None:
        made = tree.add_root(fields)
    else:
        # Read again, and locked: treebeard counts the children of the row it is given.
        made = tree.add_child(tree.select_for_update().get(pk=parent.pk), fields)
    fresh: Organisation = Organisation.objects.get(pk=made.pk)
    return fresh


def _same_place(standing: Organisation, parent: Organisation | None) -> Organisation:
    if standing.path[: -standing.steplen] != (parent.path if parent else ""):
        raise RefusedError(_("This code is taken by another organisation."), field="code")
    return standing
