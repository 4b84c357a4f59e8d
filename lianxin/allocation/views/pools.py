"""A pool: what it offers now, and the rush on it."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianxin.allocation.forms.places import TakeForm
from lianxin.allocation.models import Pool
from lianxin.allocation.rules.admission import Admission
from lianxin.allocation.rules.opening import Told, pool_questions
from lianxin.allocation.selectors.admitting import Hindrance, admission_of, admission_read
from lianxin.allocation.selectors.faulting import fault_words
from lianxin.allocation.selectors.showing import (
    claim_sentence,
    page_of_thing,
    phase_of,
    pool_view,
    sentence_of,
)
from lianxin.allocation.services import Ask, Taken, claim_take, pool_at_hand
from lianxin.kit.access import public, signed_in
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Request


@public
@require_safe
def pool(request: Request, pool_id: uuid.UUID) -> HttpResponse:
    """Show a pool, to anybody."""
    return _page(request, pool_id)


@public
@require_safe
def state(request: Request, pool_id: uuid.UUID) -> JsonResponse:  # noqa: ARG001  (the same for all)
    """Say how a pool stands, for a page that waits; `config.wsgi` answers it before Django in a rush."""
    found = _pool(pool_id)
    phase = phase_of(found)
    answer = JsonResponse(
        {"phase": phase, "free": found.free, "sentence": sentence_of(found, phase)}
    )
    answer["Cache-Control"] = "public, max-age=1"
    return answer


@signed_in
@require_POST
def take(request: Request, pool_id: uuid.UUID) -> HttpResponse:
    """Take a place, or a place in the line."""
    found, account_id = _at_hand(pool_id), uuid.UUID(str(request.user.pk))
    form = TakeForm(request.POST)
    if not form.is_valid():
        return _page(request, pool_id, form.data, _("This page was too old. Please try once more."))
    try:
        told = _told(found, account_id, request.POST)
        admission = _admission(found, account_id, request.GET.get("a", ""), told)
    except RefusedError as refused:
        return _page(request, pool_id, form.data, refused.message)
    # Where the app asks who comes along, their number follows from that and from nothing else sent.
    asked = pool_questions.get(found.kind)
    size = told.size if asked else form.cleaned_data["size"] or 1
    ask = Ask(admission, form.cleaned_data["key"], size, told.details, told.seats)
    return _answered(request, found, claim_take(ask))


def _answered(request: Request, found: Pool, taken: Taken) -> HttpResponse:
    if taken.claim is None:
        words = fault_words(taken.fault, found)
        return _page(request, found.pk, request.POST, words)
    address = reverse("allocation:claim", args=[taken.claim.pk])
    if _wants_json(request):
        taken.claim.pool = found
        return JsonResponse({"url": address, "state": taken.claim.state, "words": claim_sentence(taken.claim)})  # fmt: skip
    return redirect(address)


def _page(request: Request, pool_id: uuid.UUID, sent: Any = None, words: str = "") -> HttpResponse:
    status = HTTPStatus.CONFLICT if words else HTTPStatus.OK
    if words and _wants_json(request):
        return JsonResponse({"words": words}, status=status)
    if words:
        messages.warning(request, words)
    found = _pool(pool_id)
    account_id = request.user.pk if request.user.is_authenticated else None
    view = pool_view(found, account_id, sent=sent)
    context = {"view": view, "pool": found, "more_url": page_of_thing(found)}
    return render(request, "allocation/pool.html", context, status=status)


def _pool(pool_id: uuid.UUID) -> Pool:
    return get_object_or_404(Pool.objects.select_related("organisation"), pk=pool_id)


def _at_hand(pool_id: uuid.UUID) -> Pool:
    try:
        return pool_at_hand(pool_id)
    except Pool.DoesNotExist:
        raise Http404 from None


def _told(found: Pool, account_id: uuid.UUID, sent: Any) -> Told:
    asks = pool_questions.get(found.kind)
    return asks.read(found, account_id, sent) if asks else Told()


def _admission(found: Pool, account_id: uuid.UUID, carried: str, told: Told) -> Admission:
    """Take the admission the form carries, if it is hers and for this; else find out again."""
    read = admission_read(carried)
    if read and not told.subject and (read.pool_id, read.account_id) == (found.pk, account_id):
        return read
    admission = admission_of(found, account_id, subject=told.subject)
    if isinstance(admission, Hindrance):
        raise RefusedError(admission.words)
    return admission


def _wants_json(request: Request) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")
