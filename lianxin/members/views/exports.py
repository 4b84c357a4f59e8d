"""The officer's pages of lists that go out: say what for, wait, fetch it."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from lianxin.files import api as files
from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.kit.paging import page_of
from lianxin.members.forms import ExportForm, FilterForm
from lianxin.members.models import MemberExport
from lianxin.members.services.exporting import EXPORTS, PURPOSE_WORDS, export_ask
from lianxin.orgs.api import Ability, Organisation, Request, organisation_by_code


@officer
@require_GET
def export_list(request: Request) -> HttpResponse:
    """List what one has taken out, the latest first."""
    _check(request)
    mine = MemberExport.objects.filter(account_id=_account(request)).select_related("organisation")
    page = page_of(mine, request.GET.get("after"), size=30, order=("-created_at", "-id"))
    return render(request, "members/export_list.html", {"page": page, "words": PURPOSE_WORDS})


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def export_new(request: Request) -> HttpResponse:
    """Ask for the list one is looking at."""
    _check(request)
    filters = FilterForm(request.GET)
    union = _union(request, filters.filters.union)
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            export = export_ask(
                actor=request.actor, organisation=union, filters=filters.filters,
                **form.cleaned_data,
            )  # fmt: skip
            return redirect("members:export", export.pk)
        except RefusedError as refused:
            form.refuse(refused)
    shown = {"form": form, "filters": filters, "union": union}
    return render(request, "members/export_new.html", shown)


@officer
@require_GET
def export_one(request: Request, export_id: uuid.UUID) -> HttpResponse:
    """Show where a list stands, and the way to it."""
    _check(request)
    found = MemberExport.objects.select_related("organisation")
    export = get_object_or_404(found, pk=export_id, account_id=_account(request))
    kept = files.files_of(EXPORTS, export.pk).first()
    shown = {
        "export": export,
        "purpose": PURPOSE_WORDS[export.purpose],
        "link": files.file_link(kept, account_id=_account(request)) if kept else "",
        "is_waiting": export.state == MemberExport.State.WAITING,
    }
    return render(request, "members/export.html", shown)


def _account(request: Request) -> uuid.UUID:
    if request.actor.account_id is None:
        raise Http404
    return request.actor.account_id


def _check(request: Request) -> None:
    if not request.actor.can(Ability.MEMBER_HELP):
        raise Http404


def _union(request: Request, code: str) -> Organisation:
    posts = request.actor.with_ability(Ability.MEMBER_HELP)
    found = organisation_by_code(code or posts[0].organisation_code)
    if found is None or not request.actor.can(Ability.MEMBER_VIEW, found.path):
        raise Http404
    return found
