"""A yes on paper: the page the person signs, the photo of it, and who acts for her afterwards."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.kit.access import signed_in
from lianxin.orgs.api import Request
from lianxin.procedures import policies, selectors, services
from lianxin.procedures.constants import SIGNATURE
from lianxin.procedures.forms import SignedForm
from lianxin.procedures.rules.machine import State, Who
from lianxin.procedures.selectors import Bundle
from lianxin.procedures.selectors.registry import signature_words_of
from lianxin.procedures.views import shown
from lianxin.procedures.views.attempts import Attempt, PaperRefusedError, attempt, key_of


@signed_in
@require_safe
def dossier_paper(request: Request, dossier_id: uuid.UUID) -> HttpResponse:
    """Print what was filled in, for the person to read and sign."""
    bundle = _awaiting(request, dossier_id)
    if isinstance(bundle, HttpResponse):
        return bundle
    page = {
        "dossier": bundle.dossier,
        "answers": shown.answers_of(bundle),
        "papers": shown.papers_of(bundle, request.user.pk),
        "words": signature_words_of(bundle.dossier),
        "helper": bundle.dossier.helped_by,
    }
    return render(request, "procedures/dossier_paper.html", page)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def dossier_signed(request: Request, dossier_id: uuid.UUID) -> HttpResponse:
    """Take the photo of the signed page; from then on the case runs."""
    bundle = _awaiting(request, dossier_id)
    if isinstance(bundle, HttpResponse):
        return bundle
    form = SignedForm(request.POST or None, request.FILES or None)
    tried = Attempt(is_done=False)
    if request.method == "POST":
        tried = attempt(form, lambda: _sign(request, bundle, form))
        if tried.is_done:
            return _signed(request, dossier_id)
    page = {"dossier": bundle.dossier, "form": form, "key": key_of(request)}
    return render(request, "procedures/dossier_signed.html", page)


@signed_in
@require_POST
def dossier_drop(request: Request, dossier_id: uuid.UUID) -> HttpResponse:
    """Throw away what the person did not say yes to; an account begun for it goes, too."""
    bundle = _awaiting(request, dossier_id)
    if isinstance(bundle, HttpResponse):
        return bundle
    services.dossier_withdraw(
        actor=request.actor, dossier_id=dossier_id, key=key_of(request), seen=None
    )
    messages.success(request, _("Thrown away. Nothing was sent."))
    return redirect("desk:queue")


@signed_in
@require_POST
def dossier_carry(request: Request, dossier_id: uuid.UUID) -> HttpResponse:
    """Take over from a colleague who acts for a person."""
    services.dossier_carry(actor=request.actor, dossier_id=dossier_id, key=key_of(request))
    messages.success(request, _("You act for the person from now on."))
    return redirect("procedures:case", dossier_id)


def _awaiting(request: Request, dossier_id: uuid.UUID) -> Bundle | HttpResponse:
    """Return what one filled in with somebody and waits for her yes; else there is no such page.

    A second tap after the yes is led to where the first one went.
    """
    bundle = selectors.dossier_bundle(request.actor, dossier_id)
    if bundle is not None and bundle.who is Who.HELPER and bundle.dossier.state == State.AWAITING:
        return bundle
    if policies.has_signed_for(request.actor, dossier_id):
        return _signed(request, dossier_id)
    raise Http404


def _signed(request: Request, dossier_id: uuid.UUID) -> HttpResponse:
    """Lead on after the yes on paper: to the case one acts in, or back to one's desk."""
    bundle = selectors.dossier_bundle(request.actor, dossier_id)
    if bundle is None or not bundle.is_carried:
        messages.success(request, _("It is on its way. The person follows it on the phone."))
        return redirect("desk:queue")
    messages.success(
        request, _("It is on its way. You act for the person until the person signs in.")
    )
    return redirect("procedures:case", dossier_id)


def _sign(request: Request, bundle: Bundle, form: SignedForm) -> object:
    if not form.store(request.actor):
        raise PaperRefusedError
    return services.dossier_confirm_paper(
        actor=request.actor,
        dossier_id=bundle.dossier.pk,
        file_ids=form.handed_in().get(SIGNATURE, []),
        key=key_of(request),
    )
