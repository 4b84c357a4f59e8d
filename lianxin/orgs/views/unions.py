"""The desk of those who manage unions: find, found, correct, affiliate, move, merge, close."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.orgs import policies, selectors, services
from lianxin.orgs.constants import CHANGE_STATE_WORDS, CHANGE_WORDS, LEVEL_WORDS, STATE_WORDS
from lianxin.orgs.forms.unions import ChangeForm, EditForm, FoundForm, TargetForm, WhenForm
from lianxin.orgs.middleware import Request
from lianxin.orgs.models import Affiliation, Organisation, OrganisationChange
from lianxin.orgs.rules import Ability, Level

Kind = OrganisationChange.Kind


@officer
@require_GET
def union_list(request: Request) -> HttpResponse:
    """List what stands below a union, with counts; find another one by name, pinyin or code."""
    actor, after = request.actor, request.GET.get("after")
    search = request.GET.get("q", "").strip()
    if not actor.can(Ability.ORGANISATION_MANAGE):
        raise Http404
    code = request.GET.get("under", "")
    under = _reached(request, code) if code else selectors.union_managed(actor)
    if under is None:
        raise Http404
    if search:
        page = selectors.unions_found(actor, search, after=after)
    else:
        page = selectors.children_page(actor, under, after=after)
    rows = [(one, LEVEL_WORDS[Level(one.level)], STATE_WORDS[one.state]) for one in page.rows]
    shown = {"page": page, "rows": rows, "search": search, "under": under}
    return render(request, "orgs/union_list.html", shown)


@officer
@require_GET
def union(request: Request, code: str) -> HttpResponse:
    """Show one union: what is written of it, who serves there, what happened, what can be done."""
    found = _reached(request, code)
    history = selectors.history_of(found)
    affiliates, affiliate_count = selectors.affiliates_of(found)
    shown = {
        "union": found,
        "level": LEVEL_WORDS[Level(found.level)],
        "state": STATE_WORDS[found.state],
        "above": selectors.line_of(found)[:-1],
        "officers": selectors.officers_of(found),
        "affiliations": selectors.affiliations_of(found),
        "affiliates": affiliates,
        "affiliate_count": affiliate_count,
        "history": history,
        "running": next((row for row in history if row.change.is_under_way), None),
        "may_place": policies.may_place(request.actor, found),
        "may_see_posts": policies.may_see_posts(request.actor, found),
    }
    return render(request, "orgs/union.html", shown)


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def union_found(request: Request, code: str) -> HttpResponse:
    """Found a union below this one; its number is assigned."""
    parent = _reached(request, code)
    form = FoundForm(request.POST or None, parent=parent)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.organisation_found(
                actor=request.actor, parent=parent, name=form.cleaned_data["name"],
                level=Level(form.cleaned_data["level"]), details=form.details,
            )  # fmt: skip
            messages.success(request, _("Founded, with the number {code}.").format(code=made.code))
            return redirect("orgs:union", made.code)
        except RefusedError as error:
            form.refuse(error)
    return render(request, "orgs/union_found.html", {"parent": parent, "form": form})


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def union_edit(request: Request, code: str) -> HttpResponse:
    """Rename a union, put its codes and its human door right."""
    found = _reached(request, code)
    form = EditForm(request.POST or None, initial=EditForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            named = services.organisation_rename(
                actor=request.actor, organisation=found, name=form.cleaned_data["name"]
            )
            services.organisation_describe(
                actor=request.actor, organisation=named, details=form.details
            )
            messages.success(request, _("Written down. The public page shows it now."))
            return redirect("orgs:union", found.code)
        except RefusedError as error:
            form.refuse(error)
    return render(request, "orgs/union_edit.html", {"union": found, "form": form})


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def union_affiliate(request: Request, code: str) -> HttpResponse:
    """Affiliate a union with a further parent."""
    found = _reached(request, code)
    form = TargetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.affiliation_add(
                actor=request.actor, organisation=found, parent=form.cleaned_data["target"]
            )
            messages.success(request, _("Affiliated from today on."))
            return redirect("orgs:union", found.code)
        except RefusedError as error:
            form.refuse(error)
    return render(request, "orgs/union_affiliate.html", {"union": found, "form": form})


@officer
@require_POST
def affiliation_end(request: Request, code: str, affiliation_id: uuid.UUID) -> HttpResponse:
    """End an affiliation."""
    found = _reached(request, code)
    rows = Affiliation.objects.select_related("organisation").filter(organisation=found)
    services.affiliation_end(
        actor=request.actor, affiliation=get_object_or_404(rows, pk=affiliation_id)
    )
    messages.success(request, _("Ended today. The history keeps it."))
    return redirect("orgs:union", found.code)


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def union_change(request: Request, code: str, kind: str) -> HttpResponse:
    """Ask where to, show what it would do, and do it when that is confirmed."""
    found = _reached(request, code)
    if kind not in OrganisationChange.RUNNING or not policies.may_place(request.actor, found):
        raise Http404
    form = (WhenForm if kind == Kind.CLOSE else ChangeForm)(request.POST or None)
    shown: dict[str, Any] = {"union": found, "kind": kind, "form": form}
    if request.method == "POST" and form.is_valid():
        target = form.cleaned_data.get("target")
        try:
            if "confirm" in request.POST:
                made = _plan(request, Kind(kind), found, target, form)
                return redirect("orgs:change", made.pk)
            _check(request, Kind(kind), found, target)
            shown |= {"preview": True, "target": target, "effects": selectors.effect_of(found)}
        except RefusedError as error:
            form.refuse(error)
    return render(request, "orgs/union_change.html", shown)


@officer
@require_GET
def change(request: Request, change_id: uuid.UUID) -> HttpResponse:
    """Show how far a change has come; the part that changes is asked for again every few seconds."""
    found = _change(request, change_id)
    shown = {
        "change": found,
        "words": CHANGE_WORDS[found.kind],
        "state": CHANGE_STATE_WORDS[found.state],
        "problem": services.PROBLEMS.get(found.refused_for, ""),
    }
    part = request.htmx and not request.htmx.history_restore_request
    return render(request, "orgs/_change_part.html" if part else "orgs/change.html", shown)


@officer
@require_POST
def change_cancel(request: Request, change_id: uuid.UUID) -> HttpResponse:
    """Take back what has not begun."""
    found = _change(request, change_id)
    try:
        services.change_cancel(actor=request.actor, change=found)
        messages.success(request, _("Taken back. Nothing has changed."))
    except RefusedError as error:
        messages.error(request, error.message)
    return redirect("orgs:change", found.pk)


def _reached(request: Request, code: str) -> Organisation:
    rows = policies.organisations_visible_to(request.actor, Organisation.objects.all())
    found: Organisation = get_object_or_404(rows, code=code)
    return found


def _change(request: Request, change_id: uuid.UUID) -> OrganisationChange:
    rows = OrganisationChange.objects.select_related("organisation", "target", "origin")
    found = get_object_or_404(rows, pk=change_id)
    if not policies.may_follow(request.actor, found):
        raise Http404
    return found


def _plan(
    request: Request,
    kind: OrganisationChange.Kind,
    union: Organisation,
    target: Organisation | None,
    form: WhenForm,
) -> OrganisationChange:
    common: dict[str, Any] = {"actor": request.actor, "organisation": union}
    common["starts_at"] = form.starts_at
    if kind == Kind.MOVE and target is not None:
        return services.organisation_move(parent=target, **common)
    if kind == Kind.MERGE and target is not None:
        return services.organisation_merge(survivor=target, **common)
    return services.organisation_close(**common)


def _check(
    request: Request,
    kind: OrganisationChange.Kind,
    union: Organisation,
    target: Organisation | None,
) -> None:
    """Refuse for the preview what would be refused when it is done."""
    if problem := services.problem_of(kind, union, target):
        raise RefusedError(str(services.PROBLEMS[problem]), field="target")
    if not policies.may_place(request.actor, union, target):
        raise RefusedError(
            _("This union lies outside your reach. The level above both can do it."),
            field="target",
        )
