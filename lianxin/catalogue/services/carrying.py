"""Carrying out what was decided about memberships: joining, and taking a membership along.

The cases run on the engine; the roll follows here. Each act asks how far its case is now and makes
up for what is missing, so it may be told late, twice, or out of order.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from lianxin.catalogue.constants import CORRECTION, FOUNDING, JOINING, NIGHTS, TRANSFER
from lianxin.catalogue.selectors.joining import joining_running
from lianxin.catalogue.services.correcting import correction_hindrance_of
from lianxin.catalogue.services.founding import founding_hindrance_of
from lianxin.catalogue.services.staying import stay_hindrance
from lianxin.kit.errors import RefusedError
from lianxin.kit.transactions import atomic
from lianxin.members.api import (
    OVER,
    Application,
    Member,
    Transfer,
    admission_hindrance,
    member_admit,
    member_of,
    members_by_id,
    number_fault,
    transfer_follow,
    under_way,
)
from lianxin.notify import api as notify
from lianxin.orgs.api import Organisation, organisation_by_code
from lianxin.procedures.api import CaseFacts, Dossier, Outcome, State, Step, Task, case_facts

Phase = Transfer.Phase
RELEASE = "release"


class Admission:
    """What stands in the way of taking somebody in; other decisions are none of its business."""

    def entered(self, dossier: Dossier, task: Task, step: Step) -> None:
        """Nothing happens by itself when a decision is due."""

    def hindrance(self, dossier: Dossier, task: Task, step: Step, *, is_system: bool) -> str:  # noqa: ARG002
        """Return the sentence why a membership cannot be granted now, or ""."""
        if dossier.version.code == JOINING:
            return _admission_hindrance(dossier)
        if dossier.version.code == TRANSFER:
            return _transfer_hindrance(dossier)
        if dossier.version.code == FOUNDING:
            return founding_hindrance_of(dossier)
        if dossier.version.code == NIGHTS:
            return stay_hindrance(dossier)
        if dossier.version.code == CORRECTION:
            return correction_hindrance_of(dossier)
        return ""


def joining_follow(*, dossier_id: uuid.UUID) -> Member | None:
    """Put an applicant whose case was granted onto the roll; again changes nothing.

    Where something came up since the decision she is told to call; nothing is doubled.
    """
    case = case_facts(dossier_id, JOINING)
    if case is None or case.dossier.outcome != Outcome.GRANTED:
        return None
    applicant_id = case.dossier.applicant_id
    if applicant_id is None:
        return None
    try:
        return member_admit(_application(case, applicant_id))
    except RefusedError as refused:
        _tell_hindered(case.dossier, applicant_id, refused.message)
        return None


def transfer_follow_case(*, dossier_id: uuid.UUID) -> Transfer | None:
    """Bring a membership to where the case of its transfer stands; again changes nothing."""
    case = case_facts(dossier_id, TRANSFER)
    if case is None or case.dossier.subject_id is None:
        return None
    union = organisation_by_code(case.values.get("to_union", ""))
    goal = _goal(case.dossier)
    if union is None or goal is None:
        return None
    reasons = {
        Phase.IN: "agreed" if case.passed_by else "silence",
        Phase.STAYED: "withdrawn" if case.dossier.outcome == Outcome.WITHDRAWN else "refused",
    }
    return transfer_follow(
        dossier_id=dossier_id,
        member_id=case.dossier.subject_id,
        to_organisation_id=union.pk,
        goal=goal,
        reason=reasons.get(goal, ""),
        actor_id=case.passed_by
        if goal in {Phase.IN, Phase.ACCEPTED}
        else case.dossier.applicant_id,
    )


def joining_check(
    applicant_id: uuid.UUID, values: Mapping[str, Any], origin: Organisation
) -> dict[str, str]:
    """Say what is wrong with an application before it sets out, by code of field.

    Whether the number is on a roll is not said here: nobody shall learn that of others. The officer
    who decides hears of it.
    """
    member = member_of(applicant_id)
    if member is not None and member.state == Member.State.IN_FORCE:
        said = _("You are a member of %(union)s already. To change your union, take your membership along.")  # fmt: skip
        return {"union": said % {"union": member.organisation.name}}
    if joining_running(applicant_id) is not None:
        return {"union": _("You have asked to join already. You find it among your cases.")}
    if fault := number_fault(str(values.get("id_number", ""))):
        return {"id_number": fault}
    if str(values.get("union")) != origin.code or not _takes_in(origin):
        return {"union": _("This union takes in nobody at present. Please choose another.")}
    return {}


def transfer_check(
    applicant_id: uuid.UUID, values: Mapping[str, Any], origin: Organisation
) -> dict[str, str]:
    """Say what is wrong with a transfer before it sets out, by code of field."""
    member = member_of(applicant_id)
    union = organisation_by_code(str(values.get("to_union", "")))
    if union is None or not _takes_in(union):
        return {"to_union": _("This union takes in nobody at present. Please choose another.")}
    if union.pk == origin.pk:
        return {"to_union": _("This is the union you belong to already.")}
    if member is not None and under_way(member.pk) is not None:
        return {
            "to_union": _("Your membership is on its way already. You find it among your cases.")
        }
    return {}


def _takes_in(union: Organisation) -> bool:
    return bool(union.state == Organisation.State.IN_FORCE)


def _goal(dossier: Dossier) -> Transfer.Phase | None:
    if dossier.outcome == Outcome.GRANTED:
        return Phase.ACCEPTED
    if dossier.state == State.CLOSED:
        return Phase.STAYED
    if dossier.submitted_at is None:
        return None  # filled in together, and not confirmed yet
    codes = [step.code for step in dossier.definition.route]
    released = RELEASE not in codes or dossier.step_index > codes.index(RELEASE)
    return Phase.IN if released else Phase.OUT


def _application(case: CaseFacts, applicant_id: uuid.UUID) -> Application:
    dossier, values = case.dossier, case.values
    applied_at = dossier.submitted_at or dossier.created_at
    return Application(
        account_id=applicant_id,
        organisation_id=dossier.organisation_id,
        name=str(values.get("name", "")),
        id_number=str(values.get("id_number", "")),
        phone=notify.address_of(applicant_id).phone or "",
        employer_name=str(values.get("employer") or ""),
        employment_form=str(values.get("employment_form") or ""),
        dossier_id=dossier.pk,
        applied_on=timezone.localdate(applied_at),
        decided_on=timezone.localdate(dossier.decided_at or applied_at),
        decided_by=case.passed_by,
    )


def _admission_hindrance(dossier: Dossier) -> str:
    case = case_facts(dossier.pk, JOINING)
    if case is None or dossier.applicant_id is None:
        return ""
    return admission_hindrance(
        account_id=dossier.applicant_id,
        organisation_id=dossier.organisation_id,
        name=str(case.values.get("name", "")),
        id_number=str(case.values.get("id_number", "")),
    )


def _transfer_hindrance(dossier: Dossier) -> str:
    subject_id = dossier.subject_id
    member = members_by_id([subject_id]).get(subject_id) if subject_id else None
    moving = under_way(member.pk) if member else None
    is_over = member is None or member.state in OVER
    if is_over or (moving is not None and moving.dossier_id != dossier.pk):
        return _("This membership is over, or on its way elsewhere. Please refuse, and say so.")
    return ""


def _tell_hindered(dossier: Dossier, account_id: uuid.UUID, said: str) -> None:
    with atomic(), notify.words_for(account_id):
        notify.notify(
            account_id=account_id,
            kind="membership",
            title=_("Your joining needs one more word with your union"),
            body=said,
            url=f"/cases/{dossier.pk}/",
            key=f"joining.hindered:{dossier.pk}",
        )
