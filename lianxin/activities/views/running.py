"""The day itself, at the organiser's desk: the list of who comes, and a word to everybody."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lianxin.activities import policies, services
from lianxin.activities.forms.running import WordForm
from lianxin.activities.models import Telling
from lianxin.activities.selectors.running import claims_coming, tellings_of
from lianxin.activities.views.sessions import session_arranged
from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Request


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def desk_people(request: Request, session_id: uuid.UUID) -> HttpResponse:
    """Open and print who comes, with whom, and what they answered.

    Raises:
        Http404: she holds no post at the union itself.
    """
    found = session_arranged(request, session_id)
    if not policies.may_list(request.actor, found):
        raise Http404
    context = {"session": found, "count": claims_coming(found).count(), "opened": None}
    if request.method == "POST":
        after = request.POST.get("after")
        try:
            context["opened"] = services.people_open(
                actor=request.actor, session=found, after=after
            )
        except RefusedError as error:
            messages.error(request, error.message)
    return render(request, "activities/desk_people.html", context)


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def desk_word(request: Request, session_id: uuid.UUID) -> HttpResponse:
    """Write to everybody who signed up, and see how far what was written has come."""
    found = session_arranged(request, session_id)
    form = WordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        key = f"word:{request.POST.get('key', '')[:64]}"
        try:
            services.word_send(actor=request.actor, session_id=found.pk, key=key, **form.cleaned_data)  # fmt: skip
        except RefusedError as error:
            form.refuse(error)
        else:
            messages.success(request, _("It is on its way to everybody who signed up."))
            return redirect("activities:desk_word", found.pk)
    shown = {"session": found, "form": form, "tellings": tellings_of(found)}
    return render(request, "activities/desk_word.html", shown)


@officer
@require_POST
def desk_word_stop(request: Request, session_id: uuid.UUID, telling_id: uuid.UUID) -> HttpResponse:
    """Stop a word that is still on its way."""
    found = session_arranged(request, session_id)
    telling = get_object_or_404(Telling, pk=telling_id, session=found)
    services.telling_stop(actor=request.actor, telling_id=telling.pk)
    messages.success(request, _("Stopped. Whoever it had not reached yet is not told."))
    return redirect("activities:desk_word", found.pk)
