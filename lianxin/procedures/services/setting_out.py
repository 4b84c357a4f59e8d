"""The moment an application sets out: the first step finds its desk, and the clock runs."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lianxin.jobs import api as jobs
from lianxin.kit.errors import RefusedError
from lianxin.procedures.events import DossierSubmitted
from lianxin.procedures.selectors.seats import seat_for
from lianxin.procedures.services.steps import moved_data, next_step, step_enter
from lianxin.procedures.services.telling import officers_tell, person_tell
from lianxin.procedures.services.turns import Turn, turn_end


def set_out(mine: Turn, *, signed: bool = False) -> None:
    """Begin the route: from here on the clock runs. `signed`: her yes stands on paper."""
    dossier = mine.dossier
    for step in dossier.definition.route:
        # Found out now, not in the middle: is there a desk for every step?
        if dossier.respondent_id and seat_for(dossier, step) is None:
            next_step(dossier, dossier.definition.route.index(step))
    following = next_step(dossier, 0)
    if following.seat is None:
        raise RefusedError(_("This service has no step your union can do. Please call 12351."))
    dossier.submitted_at = mine.now
    task = step_enter(dossier, following, mine.now)
    kind = {"kind": "signed"} if signed else {}
    turn_end(mine, None, data={**moved_data(following, task), **kind})
    if dossier.applicant_id is not None:
        jobs.publish(
            DossierSubmitted(
                dossier_id=dossier.pk, code=dossier.version.code, applicant_id=dossier.applicant_id
            )
        )
    person_tell(dossier, "submitted", task=task)
    if task is not None:
        officers_tell(
            dossier, task, [task.assignee_id] if task.assignee_id else following.seat.candidates
        )
