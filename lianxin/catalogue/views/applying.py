"""Applying in three screens: what and why, what we already know, what is missing; then it is sent."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianxin.catalogue import policies, services
from lianxin.catalogue.constants import CHANGED, CORRECTION, GONE, NIGHTS
from lianxin.catalogue.forms import CodeForm, ConsentForm, MissingForm, QuestionsForm
from lianxin.catalogue.models import Draft
from lianxin.catalogue.selectors.filling import (
    Opened,
    consents_asked,
    contents_of,
    draft_of,
    opened,
    own_draft,
)
from lianxin.catalogue.selectors.guide import promised_days, window_of
from lianxin.catalogue.selectors.shelf import Offer, shelf
from lianxin.catalogue.selectors.staying import held_by
from lianxin.kit.access import signed_in
from lianxin.kit.errors import RefusedError, StaleError
from lianxin.members.api import CHECKED, member_of
from lianxin.orgs.api import Request
from lianxin.procedures.api import AnswersError, State, answers_check, dossier_bundle
from lianxin.ui.fields import refusal_show


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def apply_start(request: Request, code: str) -> HttpResponse:
    """Screen one: what it is, how long it takes, and the sentences to agree to."""
    offer = shelf().offer(code)
    if offer is None:
        return render(request, "catalogue/service_gone.html", status=410)
    member = member_of(request.user.pk)
    form = ConsentForm(
        request.POST if request.method == "POST" else None,
        asked=consents_asked(offer, request.user.pk),
        initial={"guardian_name": member.name if member else ""},
    )
    # Straight from a policy there is nothing to read here, unless something is to be agreed to.
    is_first_look = "straight" in request.POST and bool(form.asked)
    if is_first_look:
        form = ConsentForm(asked=form.asked, initial=form.initial)
    elif request.method == "POST":
        try:
            draft = services.draft_begin(
                actor=request.actor, code=code, agreed=form.agreed, guardian_name=form.guardian_name
            )
            return redirect("catalogue:apply_known", draft.pk)
        except RefusedError as refused:
            form.refuse(refused)
    context = _start_context(request, offer, form)
    context["may_apply"] = policies.may_apply(offer.card, member)
    return render(request, "catalogue/apply_start.html", context)


def _start_context(request: Request, offer: Offer, form: ConsentForm) -> dict[str, Any]:
    return {
        "offer": offer,
        "card": offer.card,
        "form": form,
        "draft": own_draft(request.actor, offer.code),
        "window": window_of(offer),
        "days": promised_days(offer),
        "first": offer.definition.route[0],
    }


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def apply_known(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Screen two: what the union already knows, each with where it comes from, to look over."""
    found = _open(request, draft_id)
    if isinstance(found, HttpResponse):
        return found
    if request.method == "POST":
        form = QuestionsForm(request.POST, asked=found.known_fields, sources=found.sources)
        if gone := _kept(request, draft_id, typed=form.raw()):
            return gone
        if _is_changed(request, found):
            return redirect("catalogue:apply_known", draft_id)
        errors = _errors_among(found, form)
        if not errors:
            return redirect("catalogue:apply_missing", draft_id)
        form.refuse(errors)
    elif not found.known_fields:
        return redirect("catalogue:apply_missing", draft_id)
    else:
        form = QuestionsForm(asked=found.known_fields, answers=found.answers, sources=found.sources)
    return render(request, "catalogue/apply_known.html", {"found": found, "form": form})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def apply_missing(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Screen three: the few things missing and the papers; then it is sent."""
    found = _open(request, draft_id)
    if isinstance(found, HttpResponse):
        return found
    if request.method != "POST":
        form = MissingForm(opened=found)
        return render(request, "catalogue/apply_missing.html", {"found": found, "form": form})
    form = MissingForm(request.POST, request.FILES, opened=found)
    subject = found.draft.person.account_id if found.draft.person else None
    papers = form.store(request.actor, subject)
    if gone := _kept(request, draft_id, typed=form.raw(), papers=papers):
        return gone
    if aside := _aside(request, found):
        return aside
    if form.is_refused:
        return render(request, "catalogue/apply_missing.html", {"found": found, "form": form})
    return _sent(request, found, form)


def _kept(request: Request, draft_id: uuid.UUID, **given: Any) -> HttpResponse | None:
    """Keep what was typed; sent meanwhile from another tab, lead there."""
    try:
        kept = services.draft_keep(actor=request.actor, draft_id=draft_id, **given)
        if kept.item.code == NIGHTS:
            services.stay_keep_on(kept)
    except RefusedError:
        draft = draft_of(request.actor, draft_id)
        if draft is None or draft.dossier_id is None:
            raise
        return redirect("catalogue:apply_sent", draft_id)
    return None


def _aside(request: Request, found: Opened) -> HttpResponse | None:
    """Do what the other buttons of the form ask; all that was typed is kept by now."""
    draft_id = found.draft.pk
    if _is_changed(request, found):
        return redirect("catalogue:apply_known", draft_id)
    if "drop" in request.POST:
        try:
            file_id = uuid.UUID(request.POST["drop"])
        except ValueError:
            raise Http404 from None
        services.draft_file_drop(actor=request.actor, draft_id=draft_id, file_id=file_id)
    elif "later" in request.POST:
        messages.success(request, _("Kept. You find it on this service’s page when you come back."))
        return redirect("catalogue:service_page", found.offer.code)
    elif not {"more", "find", "upload"} & request.POST.keys():
        return None
    return redirect("catalogue:apply_missing", draft_id)


def _sent(request: Request, found: Opened, form: MissingForm) -> HttpResponse:
    context: dict[str, Any] = {"found": found, "form": form}
    try:
        services.draft_send(
            actor=request.actor, draft_id=found.draft.pk, version_id=found.offer.version_id
        )
        return redirect("catalogue:apply_sent", found.draft.pk)
    except AnswersError as refused:
        codes = form.place(refused.errors)
        context["elsewhere"] = [one for one in found.known_fields if one.code in codes]
    except StaleError as stale:
        messages.warning(request, stale.message)
        if found.offer.code == NIGHTS and held_by(request.user.pk) is None:
            return redirect("catalogue:stay_here")
        return redirect("catalogue:apply_known", found.draft.pk)
    except RefusedError as refused:
        refusal_show(form, refused)
    return render(request, "catalogue/apply_missing.html", context)


@signed_in
@require_GET
def apply_sent(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Say that we have it, by when somebody answers, and who."""
    return render(request, "catalogue/apply_sent.html", sent_context(request, draft_id))


def sent_context(request: Request, draft_id: uuid.UUID) -> dict[str, Any]:
    """Gather what is said of one's own sent draft; there is no such page for anybody else."""
    draft = draft_of(request.actor, draft_id)
    bundle = dossier_bundle(request.actor, draft.dossier_id) if draft and draft.dossier_id else None
    if draft is None or bundle is None:
        raise Http404
    return {
        "draft": draft,
        "card": draft.version.card,
        "dossier": bundle.dossier,
        "task": bundle.task,
        "is_awaiting": bundle.dossier.state == State.AWAITING,
        "has_phone": bool(bundle.dossier.confirm_index),
        "form": CodeForm(),
    }


@signed_in
@require_POST
def draft_drop(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Throw one's own draft away."""
    draft = draft_of(request.actor, draft_id)
    if draft is None:
        raise Http404
    services.draft_drop(actor=request.actor, draft_id=draft_id)
    messages.success(request, _("Thrown away. Nothing of it is kept."))
    return redirect("catalogue:service_page", draft.item.code)


def _open(request: Request, draft_id: uuid.UUID) -> Opened | HttpResponse:
    """Open one's own draft, or lead to where it went."""
    draft = draft_of(request.actor, draft_id)
    if draft is None:
        raise Http404
    if draft.dossier_id is not None:
        return redirect("catalogue:apply_sent", draft.pk)
    if draft.item.code == CORRECTION and draft.person is None:
        return _correcting(draft)
    found = opened(draft)
    if found.is_gone:
        messages.warning(request, str(GONE))
        return render(request, "catalogue/service_gone.html", status=410)
    return found


def _correcting(draft: Draft) -> HttpResponse:
    """Lead to the page of the field it is about: there a paper is asked for, or a look in person."""
    what = str(contents_of(draft)["typed"].get("what", ""))
    return redirect("catalogue:correct", what) if what in CHECKED else redirect("members:facts")


def _is_changed(request: Request, found: Opened) -> bool:
    """Say, and tell her, if the page she filled in belongs to an older version of the service."""
    if request.POST.get("version") == str(found.offer.version_id):
        return False
    messages.warning(request, str(CHANGED))
    return True


def _errors_among(found: Opened, form: QuestionsForm) -> dict[str, str]:
    checked = answers_check(found.offer.definition, form.raw(), partial=True)
    return {code: text for code, text in checked.errors.items() if code in form.fields}
