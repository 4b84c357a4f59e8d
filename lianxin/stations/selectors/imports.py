"""Tables of stations that came in, as their pages show them."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.orgs.api import Ability, Actor, reach_q
from lianxin.stations.models import StationImport

PROBLEMS: dict[str, str | Promise] = {
    "name": _("The name of the station is missing."),
    "code": _("A code has letters, digits and dashes, with a digit."),
    "kind": _("There is no such kind of station."),
    "position": _("These two numbers are no position."),
    "hours": _("These hours cannot be read. Write them like 8:00-12:00, 14:00-18:00."),
    "facility": _("Taken over without what we do not know:"),
    "refused": "",
}
MOST_LISTED = 100


def runs_of(actor: Actor, *, most: int = 20) -> list[StationImport]:
    """List the tables that came in for unions in reach, the latest first."""
    rows = StationImport.objects.filter(reach_q(actor, Ability.STATION_KEEP))
    return list(rows.select_related("organisation").order_by("-created_at", "-id")[:most])


def run_of(actor: Actor, run_id: uuid.UUID) -> StationImport | None:
    """Return a table that came in, where its union is in reach."""
    rows = StationImport.objects.filter(reach_q(actor, Ability.STATION_KEEP))
    return rows.select_related("organisation").filter(pk=run_id).first()


def run_page(run: StationImport) -> dict[str, Any]:
    """Gather the page of one table."""
    return {
        "run": run,
        "counts": run.seen.get("counts", {}),
        "shown": run.seen.get("shown", []),
        "problems": [
            (line, sentence_of(code), piece) for line, code, piece in run.problems[:MOST_LISTED]
        ],
        "more": max(0, len(run.problems) - MOST_LISTED),
        "is_working": run.state == StationImport.State.RUNNING,
    }


def sentence_of(code: str) -> str:
    """Return the sentence of a problem; a refusal brings its own words."""
    return str(PROBLEMS.get(code, ""))


def problem_rows(run: StationImport) -> list[list[Any]]:
    """List what could not be taken, for a table."""
    return [
        [line, " ".join(part for part in (sentence_of(code), piece) if part)]
        for line, code, piece in run.problems
    ]
