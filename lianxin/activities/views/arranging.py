"""The organiser's desk: what there is, a new activity in three screens, its pages."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.activities import services
from lianxin.activities.forms.basics import BasicsForm, begun, initial_of
from lianxin.activities.forms.times import TimesForm
from lianxin.activities.models import Activity
from lianxin.activities.rules.states import State
from lianxin.activities.selectors import desk, listing
from lianxin.activities.selectors.kinds import kind_of, templates
from lianxin.activities.services.terms import terms_of
from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Ability, Organisation, Request

VIEWS = ("ahead", "below", "past")


@officer
@require_safe
def desk_list(request: Request) -> HttpResponse:
    """Show what her unions arrange, what waits, what is planned below."""
    guarded(request)
    wanted = request.GET.get("view", "")
    view = wanted if wanted in VIEWS else "ahead"
    page = desk.session_rows(request.actor, view=view, after=request.GET.get("after"))
    shown = {
        "view": view,
        "page": page,
        "rows": desk.desk_rows(page.rows),
        "drafts": desk.drafts_of(request.actor) if view == "ahead" else [],
        "habits": desk.habits_of(request.actor) if view == "ahead" else [],
    }
    return render(request, "activities/desk_list.html", shown)


@officer
@require_POST
def desk_habit(request: Request) -> HttpResponse:
    """Say of one of her own unions whether somebody else looks before anything is published."""
    guarded(request)
    code = request.POST.get("union", "")
    union = next((one for one in desk.own_unions(request.actor) if one.code == code), None)
    if union is None:
        raise Http404
    wants = request.POST.get("wants") == "1"
    services.habit_set(actor=request.actor, organisation_id=union.pk, wants_second_look=wants)
    messages.success(request, _("Saved."))
    return redirect("activities:desk_list")


@officer
@require_safe
def desk_new(request: Request) -> HttpResponse:
    """First screen: begin from a template, or from the last time."""
    union = _union(request)
    shown = {
        "union": union,
        "unions": desk.own_unions(request.actor),
        "templates": list(templates().values()),
        "earlier": desk.to_copy(union),
    }
    return render(request, "activities/desk_new.html", shown)


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def desk_write(request: Request) -> HttpResponse:
    """Second screen: what, when, where, for whom; what is known stands there already."""
    union = _union(request)
    template = templates().get(request.GET.get("template", "")) or templates()["plain"]
    district = desk.district_of(union)
    before = begun(template, union, contact=str(request.user), district=district)
    places = listing.districts()
    form = BasicsForm(request.POST or None, districts=places, initial=initial_of(before) | {"is_public": True})  # fmt: skip
    times = TimesForm(request.POST or None, initial={"capacity": template.capacity})
    if request.method == "POST" and form.is_valid() and times.is_valid():
        try:
            made = _drafted(request, union, form, times, before)
        except RefusedError as error:
            (times if error.field in times.fields else form).refuse(error)
        else:
            remark(request, times)
            return redirect("activities:desk_activity", made.pk)
    shown = {"union": union, "form": form, "times": times, "template": template}
    shown["kind"] = kind_of(template.kind)
    return render(request, "activities/desk_write.html", shown)


@officer
@require_safe
def desk_activity(request: Request, activity_id: uuid.UUID) -> HttpResponse:
    """Third screen, and the page ever after: look once more, publish, see its times."""
    found = arranged(request, activity_id)
    page = desk.desk_activity(request.actor, found)
    return render(request, "activities/desk_activity.html", {"page": page})


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def desk_edit(request: Request, activity_id: uuid.UUID) -> HttpResponse:
    """Change what people read."""
    found = arranged(request, activity_id)
    before = terms_of(found)
    form = BasicsForm(
        request.POST or None,
        districts=listing.districts(),
        is_published=found.standing is not State.DRAFT,
        initial=initial_of(found),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.activity_edit(actor=request.actor, activity_id=found.pk, terms=form.terms(before))  # fmt: skip
        except RefusedError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved. Whoever signed up is told what matters to her."))
            return redirect("activities:desk_activity", found.pk)
    return render(request, "activities/desk_edit.html", {"activity": found, "form": form})


@officer
@require_POST
def desk_step(request: Request, activity_id: uuid.UUID) -> HttpResponse:
    """Publish, ask a colleague, take it back from her, or throw a draft away."""
    found = arranged(request, activity_id)
    steps = {
        "publish": (services.activity_publish, _("Published. People can see it and sign up.")),
        "ask": (services.activity_ask, _("Sent to a colleague, who looks and publishes.")),
        "back": (services.activity_take_back, _("Taken back. Now you can change it.")),
        "drop": (services.activity_drop, _("Thrown away.")),
    }
    step, said = steps.get(request.POST.get("step", ""), (None, ""))
    if step is None:
        raise Http404
    try:
        step(actor=request.actor, activity_id=found.pk)
    except RefusedError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, said)
    if not Activity.objects.filter(pk=found.pk).exists():
        return redirect("activities:desk_list")
    return redirect("activities:desk_activity", found.pk)


def guarded(request: Request) -> None:
    """Only for whoever arranges activities anywhere; for others the page does not exist.

    Raises:
        Http404: she arranges nothing.
    """
    if not request.actor.can(Ability.PLACES_MANAGE):
        raise Http404


def arranged(request: Request, activity_id: uuid.UUID) -> Activity:
    """Return an activity one arranges.

    Raises:
        Http404: there is no such activity of hers.
    """
    guarded(request)
    found = desk.activity_arranged(request.actor, activity_id)
    if found is None:
        raise Http404
    return found


def remark(request: Request, times: TimesForm) -> None:
    """Tell which days were left out."""
    for said in times.remarks():
        messages.info(request, said)


def _union(request: Request) -> Organisation:
    guarded(request)
    found = desk.union_for(request.actor, request.GET.get("union", ""))
    if found is None:
        raise Http404
    return found


def _drafted(
    request: Request, union: Organisation, form: BasicsForm, times: TimesForm, before: Any
) -> Activity:
    return services.activity_draft(
        actor=request.actor,
        organisation_id=union.pk,
        terms=form.terms(before),
        times=times.times(),
        key=request.POST.get("key", "")[:64],
    )
