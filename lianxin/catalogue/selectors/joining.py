"""The unions one can join: by name, by place, and those an officer hangs up posters for."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet

from lianxin.catalogue.constants import JOINING
from lianxin.members.api import HELD
from lianxin.orgs.api import Ability, Actor, Level, Organisation, organisation_by_code, reach_q
from lianxin.procedures.api import Dossier

__all__ = [
    "HELD",
    "districts",
    "found_by_name",
    "joinable",
    "joining_running",
    "places_below",
    "unions_of",
]

MOST = 12
PLACES = 100


def joinable(code: str) -> Organisation | None:
    """Return the union of a code, if it takes people in."""
    found = organisation_by_code(code.upper()) if code else None
    in_force = Organisation.State.IN_FORCE
    return found if found is not None and found.state == in_force else None


def found_by_name(typed: str) -> list[Organisation]:
    """Find unions by a part of their name, or by their code."""
    if not typed:
        return []
    exact = joinable(typed)
    if exact is not None:
        return [exact]
    return list(_open().filter(name__icontains=typed).order_by("name")[:MOST])


def districts() -> list[Organisation]:
    """List the districts and counties, in the order of the tree."""
    return list(_open().filter(level=Level.DISTRICT).order_by("path")[:PLACES])


def places_below(district: Organisation) -> list[Organisation]:
    """List the streets and towns of a district; none: the district itself takes in."""
    below = _open().filter(path__startswith=district.path, level=Level.STREET)
    return list(below.order_by("path")[:PLACES])


def unions_of(actor: Actor, typed: str = "") -> list[Organisation]:
    """List the unions an officer serves, her own first; by name where she serves many."""
    rows = _open().filter(reach_q(actor, Ability.MEMBER_HELP, prefix=""))
    if typed:
        rows = rows.filter(Q(name__icontains=typed) | Q(code=typed.upper()))
    return list(rows.order_by("depth", "path")[:PLACES])


def joining_running(account_id: uuid.UUID | None) -> Dossier | None:
    """Return the application to join somebody has sent and nobody has decided yet."""
    rows = Dossier.objects.filter(applicant_id=account_id, version__code=JOINING)
    return rows.running().first()


def _open() -> QuerySet[Organisation]:
    found: QuerySet[Organisation] = Organisation.objects.filter(state=Organisation.State.IN_FORCE)
    return found
