"""Nights in a youth station: the bed is chosen first, then it is an application like any other."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.catalogue import services
from lianxin.catalogue.constants import NIGHTS
from lianxin.kit.access import public, signed_in
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.orgs.api import Request


@public
@require_http_methods(["GET", "HEAD", "POST"])
def stay_here(request: Request) -> HttpResponse:  # noqa: ARG001  (the same for everybody)
    """Lead from the page of the service to the beds: the nights are chosen first."""
    return redirect(f"{reverse('allocation:bookable_list')}?service={NIGHTS}")


@signed_in
@require_safe
def stay_apply(request: Request, booking_id: uuid.UUID) -> HttpResponse:
    """Begin the application for the nights one holds; again goes on where one stopped."""
    try:
        draft = services.stay_begin(actor=request.actor, booking_id=booking_id)
    except ForbiddenError:
        raise Http404 from None
    except RefusedError as refused:
        messages.warning(request, refused.message)
        return redirect("catalogue:stay_here")
    return redirect("catalogue:apply_known", draft.pk)
