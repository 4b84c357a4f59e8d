"""The officer's dossier: the story on the left, the decision on the right."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianxin.kit.access import signed_in
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Request
from lianxin.procedures import selectors, services
from lianxin.procedures.forms import PURPOSES
from lianxin.procedures.rules.definition import StepKind
from lianxin.procedures.rules.machine import Verb
from lianxin.procedures.selectors import Bundle
from lianxin.procedures.selectors.dossiers import answers_after_opening
from lianxin.procedures.selectors.registry import step_kinds
from lianxin.procedures.views import story
from lianxin.procedures.views.acts import ACTS, APPROVE_BUTTONS, BY_SLUG, Act, sets_meeting
from lianxin.procedures.views.attempts import Attempt, attempt, key_of

QUEUE = "desk:queue"
# What one seldom needs, folded away; to ask for one more thing has a button of its own.
IN_MORE = [verb for verb, act in ACTS.items() if not act.is_inline and verb is not Verb.ASK]


@dataclass(frozen=True)
class Panel:
    """One form of the decision panel; `is_open` unfolds it."""

    act: Act
    form: forms.Form
    button: str
    is_main: bool
    is_open: bool


# The pages of a dossier wear `signed_in`, not `officer`: for an outsider there is no such page (404).


@signed_in
@require_GET
def dossier(request: Request, dossier_id: uuid.UUID) -> HttpResponse:
    """Show a dossier to those who handle or oversee it; the person herself goes to her own page."""
    bundle = office_bundle(request, dossier_id)
    if bundle is None:
        return redirect("procedures:case", dossier_id)
    return _page(request, bundle)


@signed_in
@require_POST
def dossier_open(request: Request, dossier_id: uuid.UUID) -> HttpResponse:
    """Open the sealed parts for a purpose; the person sees who did, and for what."""
    bundle = office_bundle(request, dossier_id)
    purpose = request.POST.get("purpose", "")
    if bundle is None or purpose not in PURPOSES:
        return redirect("procedures:dossier", dossier_id)
    values = services.answers_open(actor=request.actor, dossier_id=dossier_id, purpose=purpose)
    answers_after_opening(bundle, values)
    findings = services.findings_open(actor=request.actor, dossier_id=dossier_id, purpose=purpose)
    return _page(request, bundle, findings=findings)


@signed_in
@require_http_methods(["GET", "POST"])
def dossier_act(request: Request, dossier_id: uuid.UUID, slug: str) -> HttpResponse:
    """Do one thing with a dossier; refused or stale, the page comes back with all that was typed."""
    act = BY_SLUG.get(slug)
    bundle = office_bundle(request, dossier_id)
    if act is None or bundle is None:
        raise Http404
    if request.method == "GET":
        if act.is_inline or act.verb not in bundle.verbs:
            return redirect("procedures:dossier", dossier_id)
        return _act_page(request, bundle, act, act.make(request, bundle, None))
    form = act.make(request, bundle, request.POST)
    tried = attempt(form, lambda: act.do(request, bundle, form))
    if tried.is_done:
        return _done(request, dossier_id, act)
    fresh = office_bundle(request, dossier_id)
    if fresh is None:
        raise Http404
    if act.is_inline:
        return _page(request, fresh, tried=(act, form, tried))
    return _act_page(request, fresh, act, form, tried)


@signed_in
@require_POST
def dossier_take(request: Request, dossier_id: uuid.UUID) -> HttpResponse:
    """Take the running step on, so that colleagues know somebody has it."""
    if office_bundle(request, dossier_id) is None:
        raise Http404
    try:
        services.task_take(
            actor=request.actor, dossier_id=dossier_id, key=key_of(request), seen=None
        )
    except RefusedError as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, _("It is yours now."))
    return redirect("procedures:dossier", dossier_id)


def office_bundle(request: Request, dossier_id: uuid.UUID) -> Bundle | None:
    """Return the dossier for the office; None for the person and who carries it, no page for outsiders."""
    bundle = selectors.dossier_bundle(request.actor, dossier_id)
    if bundle is None:
        raise Http404
    return None if bundle.is_for_person else bundle


def _done(request: Request, dossier_id: uuid.UUID, act: Act) -> HttpResponseRedirect:
    messages.success(request, str(act.done))
    if act.leaves_desk:
        return redirect(QUEUE)
    return redirect("procedures:dossier", dossier_id)


def _act_page(
    request: Request, bundle: Bundle, act: Act, form: forms.Form, tried: Attempt | None = None
) -> HttpResponse:
    shown = {
        "act": act,
        "form": form,
        "dossier": bundle.dossier,
        "title": story.title_of(bundle),
        "key": key_of(request),
        "stale": tried.stale if tried else "",
    }
    return render(request, "procedures/dossier_act.html", shown)


def _page(
    request: Request,
    bundle: Bundle,
    *,
    tried: tuple[Act, forms.Form, Attempt] | None = None,
    findings: dict[str, dict[str, Any]] | None = None,
) -> HttpResponse:
    shown = story.story_of(request, bundle, findings) | {
        "panels": _panels(request, bundle, tried),
        "verbs": bundle.verbs,
        "links": [ACTS[verb] for verb in IN_MORE if verb in bundle.verbs],
        "may_take": Verb.TAKE in bundle.verbs,
        "key": key_of(request),
        "stale": tried[2].stale if tried else "",
        "chip": request.GET.get("chip", ""),
    }
    return render(request, "procedures/dossier_page.html", shown)


def _panels(
    request: Request, bundle: Bundle, tried: tuple[Act, forms.Form, Attempt] | None
) -> list[Panel]:
    found = []
    for verb, act in ACTS.items():
        is_tried = tried is not None and tried[0] is act
        if not act.is_inline or (verb not in bundle.verbs and not is_tried) or _waits(bundle, verb):
            continue
        form = tried[1] if tried is not None and is_tried else act.make(request, bundle, None)
        is_main = verb in {Verb.APPROVE, Verb.REPAIR}
        found.append(Panel(act, form, _button(bundle, act), is_main, is_tried))
    return found


def _button(bundle: Bundle, act: Act) -> str:
    if act.verb is not Verb.APPROVE:
        return str(act.button)
    step = bundle.dossier.step
    if sets_meeting(bundle.definition, step):
        return _("Set this appointment")
    return str(APPROVE_BUTTONS.get(step.kind, act.button))


def _waits(bundle: Bundle, verb: Verb) -> bool:
    """What goes on by itself, a notice while it runs or a draw, has no button to press."""
    step, task = bundle.dossier.step, bundle.task
    if verb is not Verb.APPROVE or task is None:
        return False
    if step.kind == StepKind.NOTICE:
        return story.is_on_notice(bundle)
    handler = None if step.kind in set(StepKind) else step_kinds.get(step.kind)
    if handler is None or task.is_objection:
        return False
    return bool(handler.hindrance(bundle.dossier, task, step, is_system=False))
