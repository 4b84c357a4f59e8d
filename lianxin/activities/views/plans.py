"""The yearly plan of a union, at its desk and for everybody."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.activities import policies, services
from lianxin.activities.forms.plans import LineForm
from lianxin.activities.models import PlanLine
from lianxin.activities.selectors import desk, plans
from lianxin.activities.selectors.listing import reader_of
from lianxin.activities.views.arranging import guarded
from lianxin.kit.access import officer, public
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Organisation, Request, organisation_by_code


@officer
@require_safe
def desk_plan(request: Request) -> HttpResponse:
    """Show the year of a union: what is planned, what was held, how many came; to read and to print."""
    union = _union(request, request.GET.get("union", ""))
    year = plans.year_read(request.GET.get("year", ""))
    shown = {"shown": plans.plan_page(union, year), "unions": desk.own_unions(request.actor)}
    return render(request, "activities/desk_plan.html", shown)


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def desk_plan_write(request: Request, code: str, year: int) -> HttpResponse:
    """Write a new line."""
    union = _union(request, code)
    form = LineForm(request.POST or None, organisation=union, year=plans.year_read(str(year)))
    if request.method == "POST" and form.is_valid():
        key = request.POST.get("key", "")[:64] or uuid.uuid4().hex
        try:
            services.line_write(actor=request.actor, organisation_id=union.pk, year=year, terms=form.terms(), key=key)  # fmt: skip
        except RefusedError as refused:
            form.refuse(refused)
        else:
            return redirect(_address(union, year))
    shown = {"form": form, "union": union, "year": year, "line": None, "back": _address(union, year)}  # fmt: skip
    return render(request, "activities/desk_plan_line.html", shown)


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def desk_plan_line(request: Request, line_id: uuid.UUID) -> HttpResponse:
    """Change a line."""
    line = _line(request, line_id)
    union, year = line.plan.organisation, line.plan.year
    form = LineForm(request.POST or None, organisation=union, year=year, line=line)
    if request.method == "POST" and form.is_valid():
        try:
            services.line_change(actor=request.actor, line_id=line.pk, terms=form.terms())
        except RefusedError as refused:
            form.refuse(refused)
        else:
            return redirect(_address(union, year))
    shown = {"form": form, "union": union, "year": year, "line": line, "back": _address(union, year)}  # fmt: skip
    return render(request, "activities/desk_plan_line.html", shown)


@officer
@require_POST
def desk_plan_drop(request: Request, line_id: uuid.UUID) -> HttpResponse:
    """Take a line out."""
    line = _line(request, line_id)
    services.line_drop(actor=request.actor, line_id=line.pk)
    messages.success(request, _("Taken out of the plan."))
    return redirect(_address(line.plan.organisation, line.plan.year))


@officer
@require_POST
def desk_plan_step(request: Request, code: str, year: int) -> HttpResponse:
    """Copy the year before, publish the plan, or take it back."""
    union, step = _union(request, code), request.POST.get("step", "")
    given = {"actor": request.actor, "organisation_id": union.pk, "year": year}
    try:
        if step == "copy":
            services.plan_copy(**given)
            messages.success(request, _("Copied as it was planned. Go through it line by line."))
        elif step in {"publish", "withdraw"}:
            services.plan_publish(**given, is_public=step == "publish")
            messages.success(request, _("Everybody may read it now.") if step == "publish" else _("Only the desk reads it now."))  # fmt: skip
    except RefusedError as refused:
        messages.error(request, refused.message)
    return redirect(_address(union, plans.year_read(str(year))))


@public
@require_safe
def union_plan(request: Request, code: str, year: int) -> HttpResponse:
    """Show what a union plans for the year, where it lets everybody read it."""
    organisation = organisation_by_code(code)
    months = plans.public_plan(reader_of(request.actor), organisation, year) if organisation else None  # fmt: skip
    if months is None:
        raise Http404
    request.nav_key = "activities"
    shown = {"organisation": organisation, "year": year, "months": months}
    return render(request, "activities/union_plan.html", shown)


def _union(request: Request, code: str) -> Organisation:
    guarded(request)
    found = desk.union_for(request.actor, code)
    if found is None:
        raise Http404
    return found


def _line(request: Request, line_id: uuid.UUID) -> PlanLine:
    guarded(request)
    line = plans.line_of(line_id)
    if line is None or not policies.may_arrange(request.actor, line.plan.organisation):
        raise Http404
    return line


def _address(union: Organisation, year: int) -> str:
    return f"{reverse('activities:desk_plan')}?union={union.code}&year={year}"
