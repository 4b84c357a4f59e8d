"""Asking for a correction of the roll: tap what is wrong, say how it should be, sent."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lianxin.catalogue import services
from lianxin.catalogue.constants import CORRECTION
from lianxin.catalogue.forms import CorrectionForm
from lianxin.catalogue.selectors.correcting import correction_running, field_wanted
from lianxin.catalogue.selectors.filling import draft_of, opened, own_draft
from lianxin.catalogue.selectors.guide import promised_days
from lianxin.catalogue.selectors.shelf import Offer, shelf
from lianxin.kit.access import signed_in
from lianxin.kit.errors import RefusedError
from lianxin.members.api import CHECKED, Member, fact_shown, member_of
from lianxin.orgs.api import Request
from lianxin.procedures.api import AnswersError
from lianxin.ui.fields import refusal_show


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def correct_here(request: Request) -> HttpResponse:  # noqa: ARG001  (the same for everybody)
    """Lead from the page of the service to what is kept: there one taps what is wrong."""
    return redirect("members:facts")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: Request, name: str) -> HttpResponse:
    """Show what stands on the roll, and ask how it should be."""
    member, offer = _own(request, name)
    if field_wanted(member, name) != name:
        return redirect("catalogue:correct", field_wanted(member, name))
    if running := correction_running(member.pk, name):
        return redirect("procedures:case", running.pk)
    form = _form(request, offer, name)
    if request.method == "POST" and not _dropped(request):
        try:
            return redirect("catalogue:apply_sent", _sent(request, offer, name, form))
        except AnswersError as refused:
            for code in form.place(refused.errors):
                form.add_error(None, refused.errors[code])
        except RefusedError as refused:
            refusal_show(form, refused)
    elif request.method == "POST":
        return redirect("catalogue:correct", name)
    page = {"form": form, "held": fact_shown(member, name), "days": promised_days(offer)}
    return render(request, "catalogue/correct.html", page | {"card": offer.card})


def _own(request: Request, name: str) -> tuple[Member, Offer]:
    member, offer = member_of(request.user.pk), shelf().offer(CORRECTION)
    if member is None or offer is None or name not in CHECKED:
        raise Http404
    return member, offer


def _form(request: Request, offer: Offer, name: str) -> CorrectionForm:
    draft = own_draft(request.actor, CORRECTION)
    found = draft_of(request.actor, draft.pk) if draft else None
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    return CorrectionForm(
        *sent, offer=offer, what=name, found=opened(found) if found else None,
        account_id=request.user.pk,
    )  # fmt: skip


def _dropped(request: Request) -> bool:
    """Take a paper out again, if that button was pressed."""
    draft = own_draft(request.actor, CORRECTION) if "drop" in request.POST else None
    if draft is None:
        return False
    try:
        file_id = uuid.UUID(request.POST["drop"])
    except ValueError:
        raise Http404 from None
    services.draft_file_drop(actor=request.actor, draft_id=draft.pk, file_id=file_id)
    return True


def _sent(request: Request, offer: Offer, name: str, form: CorrectionForm) -> uuid.UUID:
    papers = form.store(request.actor, request.user.pk)
    if form.is_refused:
        raise AnswersError({})
    return services.correction_send(
        actor=request.actor, offer=offer, what=name, typed=form.raw(), papers=papers
    )
