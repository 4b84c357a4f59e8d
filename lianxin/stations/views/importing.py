"""The pages of tables that come in: send, look, take over, watch, stop."""

from __future__ import annotations

import csv
import io
import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianxin.kit.access import officer
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.orgs.api import Request
from lianxin.stations.forms import ImportForm
from lianxin.stations.models import StationImport
from lianxin.stations.rules.places import Datum
from lianxin.stations.selectors import imports
from lianxin.stations.services import importing
from lianxin.stations.views.reaching import keeper_or_404

ACTS = {"start": importing.import_start, "cancel": importing.import_cancel}


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: Request) -> HttpResponse:
    """Send a table of stations; below, those that were sent before."""
    keeper_or_404(request)
    form = ImportForm(request.POST or None, request.FILES or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            run = importing.import_receive(
                actor=request.actor,
                organisation=form.union,
                upload=form.cleaned_data["file"],
                datum=Datum(form.cleaned_data["datum"]),
            )
            return redirect("stations:import_one", run.pk)
        except RefusedError as error:
            form.refuse(error)
    page = {"form": form, "runs": imports.runs_of(request.actor)}
    return render(request, "stations/import_new.html", page)


@officer
@require_GET
def import_one(request: Request, run_id: uuid.UUID) -> HttpResponse:
    """Show what a table would do, how far it has come, what could not be taken."""
    page = imports.run_page(_reached(request, run_id))
    template = "_import_part" if request.htmx else "import_one"
    return render(request, f"stations/{template}.html", page)


@officer
@require_POST
def import_act(request: Request, run_id: uuid.UUID) -> HttpResponse:
    """Take a table over, or stop."""
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    run = _reached(request, run_id)
    try:
        act(actor=request.actor, run=run)
    except ForbiddenError:
        raise
    except RefusedError as error:
        messages.error(request, error.message)
    return redirect("stations:import_one", run_id)


@officer
@require_GET
def import_problems(request: Request, run_id: uuid.UUID) -> HttpResponse:
    """Hand out what could not be taken, as a table: line, reason, what exactly."""
    out = io.StringIO()
    csv.writer(out).writerows(imports.problem_rows(_reached(request, run_id)))
    answer = HttpResponse(
        out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="stations-not-taken.csv"'
    return answer


def _reached(request: Request, run_id: uuid.UUID) -> StationImport:
    keeper_or_404(request)
    run = imports.run_of(request.actor, run_id)
    if run is None:
        raise Http404
    return run
