"""Telling people: the person at each move, the officers when something new lies on their desk.

A message names the case and a date. Of a restricted or sealed case it names neither the service
nor what happened: a phone lies on tables.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.kit.workdays import SHANGHAI
from lianxin.notify.api import notify, words_for
from lianxin.orgs.api import Organisation
from lianxin.procedures.models import Dossier, Task
from lianxin.procedures.rules.definition import Confidentiality

DISCREET = {Confidentiality.RESTRICTED, Confidentiality.SEALED}
Words = str | Promise

_PERSON: dict[str, tuple[Words, Words]] = {
    "submitted": (
        gettext_lazy("We received your application"),
        gettext_lazy("%(service)s, number %(number)s. %(who)s looks at it by %(day)s."),
    ),
    "confirm": (
        gettext_lazy("Please confirm what was filled in with you"),
        gettext_lazy("%(service)s: read it through, and confirm it with the code we sent you."),
    ),
    "moved": (
        gettext_lazy("Your application goes on"),
        gettext_lazy("%(service)s is now with %(who)s, who answers by %(day)s."),
    ),
    "asked": (
        gettext_lazy("We need one more thing from you"),
        gettext_lazy("%(service)s: %(who)s asks you something. The clock waits until you answer."),
    ),
    "asked_again": (
        gettext_lazy("We are still waiting for your answer"),
        gettext_lazy("%(service)s: %(who)s asked you something. Need help? Call your union."),
    ),
    "granted": (
        gettext_lazy("Your application is approved"),
        gettext_lazy("%(service)s is approved. Open it to read what comes next."),
    ),
    "refused": (
        gettext_lazy("There is a decision on your application"),
        gettext_lazy(
            "%(service)s could not be approved. The reasons are written there; you may object until "
            "%(day)s."
        ),
    ),
    "closed": (
        gettext_lazy("Your case is done"),
        gettext_lazy("%(service)s is closed. If you like, tell us how it was."),
    ),
    "settled": (
        gettext_lazy("Your case was closed"),
        gettext_lazy("%(service)s was closed. The reason is written there."),
    ),
    "escalated": (
        gettext_lazy("We are late, and somebody else takes over"),
        gettext_lazy("%(service)s should have been answered. %(who)s now answers by %(day)s."),
    ),
    "paid": (
        gettext_lazy("Your money is on its way"),
        gettext_lazy("%(service)s: the payment was recorded on %(day)s."),
    ),
    "returned": (
        gettext_lazy("The bank sent your payment back"),
        gettext_lazy("%(service)s: please give us the right account, and we send it again."),
    ),
    "objected": (
        gettext_lazy("We received your objection"),
        gettext_lazy("%(service)s: %(who)s looks at it again and answers by %(day)s."),
    ),
    "reopened": (
        gettext_lazy("Your case was opened again"),
        gettext_lazy("%(service)s is with %(who)s again, who answers by %(day)s."),
    ),
    "repaired": (
        gettext_lazy("We put something right"),
        gettext_lazy("%(service)s: read what we did after you told us how it was."),
    ),
}  # fmt: skip
URGENT = {"asked", "returned"}


def case_url(dossier: Dossier) -> str:
    """Return the page where the person sees her case."""
    return _address("procedures:case", dossier)


def desk_url(dossier: Dossier) -> str:
    """Return the page where an officer handles it."""
    return _address("procedures:dossier", dossier)


def person_tell(
    dossier: Dossier, what: str, *, task: Task | None = None, day: datetime | None = None
) -> None:
    """Tell the person one thing about her case, once a move."""
    if dossier.applicant_id is None:
        return
    title, body = _PERSON[what]
    is_discreet = dossier.confidentiality in DISCREET
    with words_for(dossier.applicant_id):
        names = _names(dossier, task, day)
        notify(
            account_id=dossier.applicant_id,
            kind=f"case.{what}",
            title=_("There is news on one of your cases") if is_discreet else str(title),
            body=_("Number %(number)s. Open it to read more.") % names
            if is_discreet
            else str(body) % names,
            url=case_url(dossier),
            urgent=what in URGENT,
            discreet=is_discreet,
            key=f"case:{dossier.pk}:{dossier.seq}:{what}",
        )
    if dossier.carried_by_id is not None and what != "submitted":
        _carrier_tell(dossier, what)


def _carrier_tell(dossier: Dossier, what: str) -> None:
    """Tell who carries a case for a person without a phone that she should hear of it."""
    if dossier.carried_by_id is None:
        return
    with words_for(dossier.carried_by_id):
        notify(
            account_id=dossier.carried_by_id,
            kind="case.carried",
            title=_("News on a case you carry for somebody"),
            body=_("Number %(number)s. Open it, and tell the person.") % {"number": dossier.number},
            url=case_url(dossier),
            urgent=what in URGENT,
            discreet=dossier.confidentiality in DISCREET,
            key=f"case:{dossier.pk}:{dossier.seq}:{what}:carrier",
        )


def officers_tell(
    dossier: Dossier, task: Task, accounts: Iterable[uuid.UUID], *, late: bool = False
) -> None:
    """Tell those who may take a task that it is there (their digest carries it)."""
    if task.is_nobody_free and dossier.confidentiality == Confidentiality.SEALED:
        _staff_wanted(task, accounts)
        return
    for account_id in accounts:
        with words_for(account_id):
            names = _names(dossier, task, task.due_at)
            notify(
                account_id=account_id,
                kind="task.late" if late else "task.new",
                title=_("A case is late") if late else _("A case waits for you"),
                body=_("Number %(number)s, due by %(day)s.") % names,
                url=desk_url(dossier),
                discreet=dossier.confidentiality in DISCREET,
                key=f"task:{task.pk}:{task.clock_round}:{dossier.seq if late else 'new'}",
            )


def _staff_wanted(task: Task, accounts: Iterable[uuid.UUID]) -> None:
    """Tell the chair that a specialist is missing, and nothing of the case that waits."""
    for account_id in accounts:
        notify(
            account_id=account_id,
            kind="staff.wanted",
            title=gettext_lazy("A specialist is missing"),
            body=gettext_lazy(
                "A confidential service has nobody free right now. Please appoint somebody, or call "
                "somebody back from leave."
            ),
            url="",
            key=f"staff:{task.pk}",
        )


def _names(dossier: Dossier, task: Task | None, day: datetime | None) -> Mapping[str, Any]:
    due = day or (task.due_at if task else None)
    return {
        "service": dossier.version.name,
        "number": dossier.number,
        "who": _office(task) if task else "",
        "day": due.astimezone(SHANGHAI).date().isoformat() if due else "",
    }


def _address(name: str, dossier: Dossier) -> str:
    try:
        return reverse(name, args=[dossier.pk])
    except NoReverseMatch:  # an installation without these pages
        return "/"


def _office(task: Task) -> str:
    found = Organisation.objects.filter(pk=task.organisation_id).first()
    return found.name if found else ""
