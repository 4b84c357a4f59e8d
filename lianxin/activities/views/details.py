"""The rarer pages of the organiser's desk: who comes along, questions, stops, picture, copy, calling off."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianxin.activities import services
from lianxin.activities.forms import details
from lianxin.activities.forms.times import TimesForm
from lianxin.activities.models import Activity
from lianxin.activities.rules.states import State
from lianxin.activities.selectors.borrowing import lent_to
from lianxin.activities.services.terms import terms_of
from lianxin.activities.views.arranging import arranged, remark
from lianxin.kit import clock
from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Request
from lianxin.ui.fields import Refusable

READS_AND_WRITES = require_http_methods(["GET", "HEAD", "POST"])


@officer
@READS_AND_WRITES
def desk_who(request: Request, activity_id: uuid.UUID) -> HttpResponse:
    """Say who may come, with whom, and how places are kept."""
    found = _written(request, activity_id)
    before = terms_of(found)
    shown = {name: getattr(before, name) for name in details.WhoForm.base_fields}
    form = details.WhoForm(request.POST or None, initial=shown)
    return _form_page(
        request, found, form, "activities/desk_who.html",
        lambda: services.activity_edit(actor=request.actor, activity_id=found.pk, terms=form.terms(before)),
    )  # fmt: skip


@officer
@READS_AND_WRITES
def desk_questions(request: Request, activity_id: uuid.UUID) -> HttpResponse:
    """Say what is asked of those who sign up."""
    found = _written(request, activity_id)
    before = terms_of(found)
    form = Refusable(request.POST or None)
    forms = details.question_set(request.POST or None, before.questions)

    def write() -> None:
        terms = replace(before, questions=details.questions_from(forms))
        services.activity_edit(actor=request.actor, activity_id=found.pk, terms=terms)

    return _form_page(request, found, form, "activities/desk_questions.html", write, forms=forms)


@officer
@READS_AND_WRITES
def desk_stops(request: Request, activity_id: uuid.UUID) -> HttpResponse:
    """Write the stops of a route."""
    found = arranged(request, activity_id)
    first = found.sessions.order_by("starts_at").first()
    begins = first.starts_at if first else clock.now()
    form = Refusable(request.POST or None)
    stops = list(found.stops.order_by("number"))
    lent = lent_to(found, stops)
    forms = details.stop_set(request.POST or None, stops, begins, lent)

    def write() -> None:
        said = [stop for one in forms if (stop := one.terms(begins))]
        services.stops_set(actor=request.actor, activity_id=found.pk, stops=said)

    return _form_page(
        request, found, form, "activities/desk_stops.html", write, forms=forms, first=first
    )


@officer
@READS_AND_WRITES
def desk_times(request: Request, activity_id: uuid.UUID) -> HttpResponse:
    """Add a time, or one every week."""
    found = arranged(request, activity_id)
    last = found.sessions.order_by("-starts_at").first()
    form = TimesForm(request.POST or None, initial={"capacity": last.capacity if last else None})

    def write() -> None:
        services.sessions_add(actor=request.actor, activity_id=found.pk, times=form.times())
        remark(request, form)

    return _form_page(request, found, form, "activities/desk_times.html", write)


@officer
@READS_AND_WRITES
def desk_cover(request: Request, activity_id: uuid.UUID) -> HttpResponse:
    """Give it a picture."""
    found = arranged(request, activity_id)
    alt = found.cover.alt if found.cover else ""
    form = details.CoverForm(request.POST or None, request.FILES or None, initial={"alt": alt})
    return _form_page(
        request, found, form, "activities/desk_cover.html",
        lambda: services.cover_set(actor=request.actor, activity_id=found.pk, **form.cleaned_data),
    )  # fmt: skip


@officer
@READS_AND_WRITES
def desk_copy(request: Request, activity_id: uuid.UUID) -> HttpResponse:
    """Begin anew from the last time."""
    found = arranged(request, activity_id)
    form = details.CopyForm(
        request.POST or None, initial={"on": clock.today() + dt.timedelta(days=14)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            copy = services.activity_copy(
                actor=request.actor,
                activity_id=found.pk,
                starts_on=form.cleaned_data["on"],
                key=request.POST.get("key", "")[:64],
            )
        except RefusedError as error:
            form.refuse(error)
        else:
            return redirect("activities:desk_activity", copy.pk)
    return render(request, "activities/desk_copy.html", {"activity": found, "form": form})


@officer
@READS_AND_WRITES
def desk_off(request: Request, activity_id: uuid.UUID) -> HttpResponse:
    """Call all of it off."""
    found = arranged(request, activity_id)
    form = details.OffForm(request.POST or None)
    return _form_page(
        request, found, form, "activities/desk_off.html",
        lambda: services.activity_call_off(actor=request.actor, activity_id=found.pk, **form.cleaned_data),
    )  # fmt: skip


@officer
@READS_AND_WRITES
def desk_back(request: Request, activity_id: uuid.UUID) -> HttpResponse:
    """Send it back to whoever made it."""
    found = arranged(request, activity_id)
    form = details.BackForm(request.POST or None)
    return _form_page(
        request, found, form, "activities/desk_back.html",
        lambda: services.activity_send_back(actor=request.actor, activity_id=found.pk, **form.cleaned_data),
    )  # fmt: skip


def _written(request: Request, activity_id: uuid.UUID) -> Activity:
    """Return a draft one arranges: what people rely on stays once they have seen it.

    Raises:
        Http404: there is no such draft of hers.
    """
    found = arranged(request, activity_id)
    if found.standing is not State.DRAFT:
        raise Http404
    return found


def _form_page(
    request: Request,
    found: Activity,
    form: Refusable,
    template: str,
    write: Callable[[], object],
    **shown: Any,
) -> HttpResponse:
    """Show a form, or do what it says and lead back to the activity."""
    parts = [form, shown["forms"]] if "forms" in shown else [form]
    if request.method == "POST" and all(part.is_valid() for part in parts):
        try:
            write()
        except RefusedError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("activities:desk_activity", found.pk)
    return render(request, template, {"activity": found, "form": form, **shown})
