"""One time of an activity at the organiser's desk."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.activities import policies, services
from lianxin.activities.forms.details import OffForm
from lianxin.activities.forms.times import SessionForm, session_initial
from lianxin.activities.models import Session
from lianxin.activities.selectors import desk
from lianxin.activities.selectors.opinions import opinions_shown
from lianxin.activities.views.arranging import guarded
from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Request


@officer
@require_safe
def desk_session(request: Request, session_id: uuid.UUID) -> HttpResponse:
    """Show how one time stands, and what can be done with it."""
    found = session_arranged(request, session_id)
    may_list = policies.may_list(request.actor, found)
    shown = {
        "row": desk.desk_row(found),
        "session": found,
        "may_list": may_list,
        "opinions": opinions_shown(found, with_lines=may_list) if found.is_over else None,
    }
    return render(request, "activities/desk_session.html", shown)


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def desk_change(request: Request, session_id: uuid.UUID) -> HttpResponse:
    """Change when, where, for how many."""
    found = session_arranged(request, session_id)
    form = SessionForm(request.POST or None, initial=session_initial(found))
    if request.method == "POST" and form.is_valid():
        try:
            services.session_change(actor=request.actor, session_id=found.pk, terms=form.terms())
        except RefusedError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved. Whoever signed up is told what matters to her."))
            return redirect("activities:desk_session", found.pk)
    return render(request, "activities/desk_change.html", {"session": found, "form": form})


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def desk_session_off(request: Request, session_id: uuid.UUID) -> HttpResponse:
    """Call one time off."""
    found = session_arranged(request, session_id)
    form = OffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.session_call_off(actor=request.actor, session_id=found.pk, **form.cleaned_data)
        except RefusedError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Called off. Everybody who signed up is told."))
            return redirect("activities:desk_session", found.pk)
    return render(request, "activities/desk_session_off.html", {"session": found, "form": form})


@officer
@require_POST
def desk_session_drop(request: Request, session_id: uuid.UUID) -> HttpResponse:
    """Take a time out of a draft."""
    found = session_arranged(request, session_id)
    activity_id = found.activity_id
    try:
        services.session_drop(actor=request.actor, session_id=found.pk)
    except RefusedError as error:
        messages.error(request, error.message)
    return redirect("activities:desk_activity", activity_id)


def session_arranged(request: Request, session_id: uuid.UUID) -> Session:
    """Return a session one arranges.

    Raises:
        Http404: there is no such session of hers.
    """
    guarded(request)
    found = desk.session_arranged(request.actor, session_id)
    if found is None:
        raise Http404
    return found
