"""The worker's cases: the list, one case told in sentences, its receipt, its decision, its calendar."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lianxin.kit.access import signed_in
from lianxin.orgs.api import Request
from lianxin.procedures import selectors
from lianxin.procedures.rules.machine import State
from lianxin.procedures.selectors import Bundle
from lianxin.procedures.selectors.registry import case_notes_for
from lianxin.procedures.selectors.status import cases_of, running_and_closed, status_of
from lianxin.procedures.selectors.timeline import note_of
from lianxin.procedures.views import shown
from lianxin.procedures.views.calendars import event_of
from lianxin.vault import api as vault


@signed_in
@require_GET
def case_list(request: Request) -> HttpResponse:
    """List one's own cases, what still runs first."""
    running, closed = running_and_closed(cases_of(request.user.pk))
    return render(request, "procedures/case_list.html", {"running": running, "closed": closed})


@signed_in
@require_GET
def case(request: Request, dossier_id: uuid.UUID) -> HttpResponse:
    """Tell one case: where it stands, what was sent, what one can do."""
    bundle = own_bundle(request, dossier_id)
    return render(request, "procedures/case_page.html", case_shown(request, bundle))


@signed_in
@require_GET
def case_receipt(request: Request, dossier_id: uuid.UUID) -> HttpResponse:
    """Print that it came in and until when it is answered."""
    bundle = own_bundle(request, dossier_id)
    receipt = selectors.receipt_of(bundle)
    if receipt is None:
        raise Http404
    return render(
        request, "procedures/case_receipt.html", {"receipt": receipt, "dossier": bundle.dossier}
    )


@signed_in
@require_GET
def case_decision(request: Request, dossier_id: uuid.UUID) -> HttpResponse:
    """Print the decision: what, why, and how to object. For the person and for those who see the case."""
    bundle = selectors.dossier_bundle(request.actor, dossier_id)
    decision = selectors.decision_of(bundle) if bundle else None
    if bundle is None or decision is None:
        raise Http404
    back = "procedures:case" if bundle.is_for_person else "procedures:dossier"
    context = {"decision": decision, "dossier": bundle.dossier, "back": back}
    return render(request, "procedures/case_decision.html", context)


@signed_in
@require_GET
def case_calendar(request: Request, dossier_id: uuid.UUID) -> HttpResponse:
    """Give the next appointment as a calendar file, without saying what it is about."""
    bundle = own_bundle(request, dossier_id)
    kept = [one for one in bundle.appointments if not one.is_cancelled]
    if not kept:
        raise Http404
    answer = HttpResponse(event_of(kept[-1]), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return answer


def own_bundle(request: Request, dossier_id: uuid.UUID) -> Bundle:
    """Return the person's own case, or the one an officer carries for her; else there is no such page."""
    bundle = selectors.dossier_bundle(request.actor, dossier_id)
    if bundle is None or not bundle.is_for_person:
        raise Http404
    return bundle


def case_shown(request: Request, bundle: Bundle) -> dict[str, object]:
    """Gather what the page of a case draws."""
    dossier = bundle.dossier
    is_running = dossier.state != State.CLOSED
    return {
        "dossier": dossier,
        "bundle": bundle,
        "carried_for": dossier.applicant_name if bundle.is_carried else "",
        "hands": hands_of(bundle),
        "verbs": bundle.verbs,
        "status": status_of(dossier, bundle.task if is_running else None),
        "asked": bundle.asked,
        "asked_words": note_of(bundle.asked.entry) if bundle.asked else "",
        "needs_account": bool(bundle.asked and bundle.asked.is_account),
        "stations": shown.stops_of(bundle),
        "answers": shown.answers_of(bundle),
        "papers": shown.papers_of(bundle, request.user.pk),
        "sums": shown.sums_of(bundle.income),
        "verdict": shown.verdict_of(bundle),
        "verdict_tone": shown.tone_of(bundle),
        "lines": selectors.timeline(request.actor, bundle),
        "appointments": [one for one in bundle.appointments if not one.is_cancelled],
        "payment": bundle.payment,
        "has_decision": selectors.decision_of(bundle) is not None,
        "repaired": repair_words(bundle),
        "told": shown.told_of(bundle),
        "case_notes": case_notes_for(dossier, request.actor, is_own=bundle.is_own),
    }


@dataclass(frozen=True)
class Hands:
    """Who filled a case in with a person, how she said yes, and who acted for her until she came."""

    helper: str
    day: dt.datetime
    is_signed: bool
    carrier: str


def hands_of(bundle: Bundle) -> Hands | None:
    """Tell the person whose hands her case went through before hers; None if she did it herself."""
    dossier = bundle.dossier
    if not bundle.is_own or dossier.helped_by is None:
        return None
    carrier = dossier.carried_by
    return Hands(
        helper=dossier.helped_by.display_name,
        day=dossier.created_at,
        is_signed=bundle.is_signed,
        carrier=carrier.display_name if carrier else "",
    )


def repair_words(bundle: Bundle) -> str:
    """Return what was put right after a bad rating, for the person it was written to."""
    repair = bundle.repair
    if repair is None or repair.done_at is None:
        return ""
    # Written to this person; no officer opens anything here.
    return vault.reveal(repair, "words")
