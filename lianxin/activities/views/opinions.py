"""Saying how it was, afterwards."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from lianxin.activities import services
from lianxin.activities.forms.opinions import OpinionForm
from lianxin.activities.models import Session
from lianxin.activities.rules.opinions import Said
from lianxin.activities.selectors.opinions import label_of, standing_of
from lianxin.activities.selectors.showing import when_words
from lianxin.kit.access import signed_in
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Request


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def how(request: Request, session_id: uuid.UUID) -> HttpResponse:
    """Ask whoever came how it was, and thank her; nobody else finds this page."""
    account_id = uuid.UUID(str(request.user.pk))
    session = get_object_or_404(Session.objects.select_related("activity", "organisation"), pk=session_id)  # fmt: skip
    standing = standing_of(session, account_id)
    if standing is None:
        raise Http404
    form = OpinionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said, line = request.POST.get("said", ""), form.cleaned_data["line"]
        try:
            services.opinion_give(session_id=session.pk, account_id=account_id, said=said, line=line)  # fmt: skip
        except RefusedError as refused:
            form.refuse(refused)
        else:
            return redirect("activities:how", session.pk)
    words = [{"code": one.value, "label": label_of(one)} for one in Said]
    shown = {"session": session, "when": when_words(session), "standing": standing, "form": form, "words": words}  # fmt: skip
    return render(request, "activities/how.html", shown)
