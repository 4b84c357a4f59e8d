"""The officer's pages of rolls that come in: send, look, say what the columns are, start, watch."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianxin.files import api as files
from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.kit.paging import page_of
from lianxin.members.forms import ColumnsForm, ImportForm, MissingForm
from lianxin.members.models import ImportRun
from lianxin.members.selectors.imports import import_page, import_run, sheets_seen
from lianxin.members.services.importing import desk, yearly
from lianxin.members.services.importing.rejecting import warned_of
from lianxin.members.services.importing.source import REJECTIONS
from lianxin.members.services.sentences import sentence
from lianxin.orgs.api import Ability, Request

ACTS: dict[str, Callable[..., None]] = {
    "check": desk.import_check,
    "start": desk.import_start,
    "cancel": desk.import_cancel,
}


@officer
@require_GET
def import_list(request: Request) -> HttpResponse:
    """List the rolls that were read, the latest first."""
    _check(request)
    page = import_page(request.actor, request.GET.get("after"))
    return render(request, "members/import_list.html", {"page": page})


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: Request) -> HttpResponse:
    """Send a roll."""
    _check(request)
    form = ImportForm(request.POST or None, request.FILES or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            run = desk.import_receive(
                actor=request.actor,
                organisation=form.union,
                upload=form.cleaned_data["file"],
                kind=ImportRun.Kind(form.cleaned_data["kind"]),
            )
            return redirect("members:import_run", run.pk)
        except RefusedError as refused:
            form.refuse(refused)
    return render(request, "members/import_new.html", {"form": form})


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def import_one(request: Request, run_id: uuid.UUID) -> HttpResponse:
    """Show where a reading stands; while it waits, what its columns are taken for."""
    run = _reached(request, run_id)
    form = None
    if run.state == ImportRun.State.READY:
        form = ColumnsForm(request.POST or None, sheets=sheets_seen(run))
        if request.method == "POST" and form.is_valid():
            try:
                desk.import_columns_set(actor=request.actor, run=run, columns=form.columns)
                return redirect("members:import_run", run.pk)
            except RefusedError as refused:
                form.refuse(refused)
    return render(request, "members/import_run.html", _shown(request, run, form))


@officer
@require_POST
def import_act(request: Request, run_id: uuid.UUID) -> HttpResponse:
    """Check, start or stop a reading."""
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    act(actor=request.actor, run=_reached(request, run_id))
    return redirect("members:import_run", run_id)


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def import_missing(request: Request, run_id: uuid.UUID) -> HttpResponse:
    """List whom a yearly check did not find, and settle what is so with them."""
    run = _reached(request, run_id)
    if (run.kind, run.state) != (ImportRun.Kind.YEARLY, ImportRun.State.DONE):
        raise Http404
    page = page_of(yearly.missing_of(run), request.GET.get("after"), order=("sort_key", "id"))
    form = MissingForm(request.POST or None, ids=[str(member.pk) for member in page.rows])
    if request.method == "POST" and form.is_valid():
        ids = [uuid.UUID(one) for one in form.cleaned_data["members"]]
        try:
            count = yearly.missing_settle(
                actor=request.actor, run=run, member_ids=ids, answer=form.cleaned_data["answer"],
                is_sure=form.cleaned_data["is_sure"],
            )  # fmt: skip
            messages.success(request, _("Settled: %(count)s.") % {"count": count})
            return redirect("members:import_missing", run.pk)
        except RefusedError as refused:
            form.refuse(refused)
    shown = {"run": run, "page": page, "form": form}
    return render(request, "members/import_missing.html", shown)


def _check(request: Request) -> None:
    if not request.actor.can(Ability.MEMBER_IMPORT):
        raise Http404


def _account(request: Request) -> uuid.UUID:
    if request.actor.account_id is None:
        raise Http404
    return request.actor.account_id


def _reached(request: Request, run_id: uuid.UUID) -> ImportRun:
    run = import_run(request.actor, run_id)
    if run is None:
        raise Http404
    return run


def _shown(request: Request, run: ImportRun, form: ColumnsForm | None) -> dict[str, object]:
    kept = files.files_of(REJECTIONS, run.pk).first()
    is_yearly = run.kind == ImportRun.Kind.YEARLY and run.state == ImportRun.State.DONE
    return {
        "run": run,
        "form": form,
        "sheets": [
            (
                sheet,
                fields,
                [(row, sentence(row.reason) if row.reason else "") for row in sheet.rows],
            )
            for sheet, fields in (form.of_sheets() if form else [])
        ],
        "is_working": run.state in desk.WORKING,
        "fault": sentence(run.fault) if run.fault else "",
        "rejections": files.file_link(kept, account_id=_account(request)) if kept else "",
        "warned": warned_of(run) if kept else 0,
        "missing": yearly.missing_of(run).count() if is_yearly else 0,
        "is_yearly": is_yearly,
        "may_stop": run.state in (*desk.WAITING, *desk.WORKING) and run.file_id is not None,
    }
