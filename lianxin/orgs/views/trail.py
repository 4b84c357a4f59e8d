"""The audit trail for those who read it: auditors and the audit administrator, each in her reach."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lianxin.audit import api as audit
from lianxin.kit.access import officer
from lianxin.kit.errors import ForbiddenError
from lianxin.kit.transactions import atomic
from lianxin.orgs import policies, selectors
from lianxin.orgs.forms.trail import TrailForm
from lianxin.orgs.middleware import Request


@officer
@require_GET
def trail(request: Request) -> HttpResponse:
    """List deeds, newest first; looking for those about one person is itself a deed."""
    if not policies.may_read_trail(request.actor):
        raise ForbiddenError(_("This page is for those who read the audit trail."))
    form = TrailForm(request.GET or None, actor=request.actor)
    wish = form.cleaned_data if form.is_valid() else {}
    after = request.GET.get("after")
    found = None if form.errors else selectors.trail_page(request.actor, wish, after)
    deeds, page = found or ([], None)
    if person := selectors.person_asked(wish):
        _noted(request, person)
    shown = {"form": form, "wish": wish, "deeds": deeds, "page": page, "sealed": selectors.sealed()}
    return render(request, "orgs/trail.html", shown)


def _noted(request: Request, about: uuid.UUID) -> None:
    with atomic():
        audit.record(
            actor_id=request.actor.account_id, action="orgs.trail_read", kind="accounts.User",
            object_id=about, subject_id=about, purpose="audit",
        )  # fmt: skip
