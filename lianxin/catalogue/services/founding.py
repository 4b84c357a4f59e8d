"""Founding a union online: what is asked of an application, and what its decision makes true."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from lianxin.catalogue.constants import FOUNDING
from lianxin.kit.errors import RefusedError
from lianxin.kit.transactions import atomic
from lianxin.notify import api as notify
from lianxin.orgs.api import (
    Actor,
    Details,
    Level,
    Organisation,
    founding_hindrance,
    organisation_by_code,
    organisation_found,
)
from lianxin.procedures.api import CaseFacts, Dossier, Outcome, case_facts


def founding_check(
    _applicant_id: uuid.UUID, values: Mapping[str, Any], _origin: Organisation
) -> dict[str, str]:
    """Say what is wrong with an application to found a union, by code of field."""
    above = organisation_by_code(str(values.get("above", "")))
    if above is None:
        return {"above": _("Please choose the union above.")}
    try:
        founding_hindrance(parent=above, level=Level.GRASSROOTS, details=_details(values))
    except RefusedError as refused:
        return {refused.field if refused.field in values else "above": refused.message}
    return {}


def founding_hindrance_of(dossier: Dossier) -> str:
    """Return the sentence why a union cannot be founded now, or ""."""
    case = case_facts(dossier.pk, FOUNDING)
    if case is None:
        return ""
    faults = founding_check(uuid.UUID(int=0), case.values, dossier.organisation)
    return next(iter(faults.values()), "")


def founding_follow(*, dossier_id: uuid.UUID) -> Organisation | None:
    """Found the union a case was granted for, and tell the applicant what comes next; once.

    The applicant gets no post: officers are elected, and posts are given by the union above.
    """
    case = case_facts(dossier_id, FOUNDING)
    if case is None or case.dossier.outcome != Outcome.GRANTED:
        return None
    above = organisation_by_code(str(case.values.get("above", "")))
    if above is None:
        return None
    try:
        with atomic():
            made = organisation_found(
                actor=Actor(account_id=case.passed_by, is_system=True),
                parent=above,
                name=str(case.values.get("name", "")),
                level=Level.GRASSROOTS,
                details=_details(case.values),
                dossier_id=dossier_id,
            )
            _tell(case, _("Your union stands"), _next_steps(made), f"founding:{dossier_id}")
    except RefusedError as refused:
        with atomic():
            title = _("Founding your union needs one more word with the union above")
            _tell(case, title, refused.message, f"founding.hindered:{dossier_id}")
        return None
    return made


def _details(values: Mapping[str, Any]) -> Details:
    return Details(
        employer_uscc=str(values.get("employer_uscc") or ""),
        division_code=str(values.get("division_code") or ""),
        industry_code=str(values.get("industry_code") or ""),
        address=str(values.get("address") or ""),
    )


def _next_steps(made: Organisation) -> str:
    said = _(
        "%(name)s has the number %(code)s. Next: hold the members’ meeting, elect the committee, and tell the union above who was elected; it gives the posts and helps with the certificate of the legal person."
    )
    return said % {"name": made.name, "code": made.code}


def _tell(case: CaseFacts, title: str, body: str, key: str) -> None:
    account_id = case.dossier.applicant_id
    if account_id is None:
        return
    with notify.words_for(account_id):
        notify.notify(
            account_id=account_id, kind="founding", title=title, body=body,
            url=f"/cases/{case.dossier.pk}/", key=key,
        )  # fmt: skip
