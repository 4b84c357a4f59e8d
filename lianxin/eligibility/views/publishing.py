"""Invented people, the effect on real ones, and the second person who publishes or sends back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.eligibility import policies, services
from lianxin.eligibility.forms.drafting import (
    DraftForm,
    ExampleForm,
    PublishForm,
    ReturnForm,
    SubmitForm,
    example_initial,
    names_in,
)
from lianxin.eligibility.forms.facts import FactsForm
from lianxin.eligibility.models import PolicyDraft
from lianxin.eligibility.selectors import differences, drafts, effects, expressions, shelf, showing
from lianxin.eligibility.views.drafting import draft_of, kept, may_write, opened
from lianxin.kit import clock
from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Request
from lianxin.ui.fields import refusal_show


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def draft_example(request: Request, draft_id: uuid.UUID, number: int | None = None) -> HttpResponse:
    """Write one invented person and the answer she must get."""
    draft = draft_of(request, draft_id)
    held = list(draft.typed.get("examples") or [])
    if number is not None and number >= len(held):
        raise Http404
    names = names_in(draft.typed, expressions.names_asked(draft.typed))
    facts = drafts.read_values(held[number].get("facts") or {}) if number is not None else {}
    initial = example_initial(draft.typed, number) if number is not None else {"outcome": "yes"}
    form = ExampleForm(request.POST or None, names=names, values=facts, initial=initial | opened(draft))  # fmt: skip
    if request.method == "POST" and kept(request, draft, form, lambda: form.changes_of(draft.typed, number)):  # fmt: skip
        return redirect("eligibility:draft_page", draft.pk)
    shown = {"draft": draft, "form": form, "number": number}
    return render(request, "eligibility/draft_example.html", shown)


@officer
@require_POST
def example_remove(request: Request, draft_id: uuid.UUID, number: int) -> HttpResponse:
    """Take an invented person out."""
    draft = draft_of(request, draft_id)
    rows = list(draft.typed.get("examples") or [])
    form = DraftForm(request.POST)
    kept(request, draft, form, lambda: {"examples": rows[:number] + rows[number + 1 :]})
    for errors in form.errors.values():
        messages.error(request, " ".join(str(each) for each in errors))
    return redirect("eligibility:draft_page", draft.pk)


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def draft_try(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Try a draft on somebody typed by hand; nothing is kept."""
    draft = draft_of(request, draft_id)
    policy = drafts.read(draft).asked
    names = names_in(draft.typed, expressions.names_asked(draft.typed))
    form = FactsForm(request.POST or None, names=names)
    shown: dict[str, Any] = {"draft": draft, "form": form, "policy": policy}
    if request.method == "POST" and form.is_valid() and policy is not None:
        found, knowledge = drafts.asked(policy, form.told, clock.today())
        shown |= {"found": found, "conditions": showing.conditions(found, knowledge)}
    return render(request, "eligibility/draft_try.html", shown)


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def draft_effect(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Show whom a draft would fit, and count it."""
    draft = draft_of(request, draft_id)
    if request.method == "POST":
        stop = request.POST.get("act") == "stop"
        act: Callable[..., object] = services.effect_cancel if stop else services.effect_begin
        _done(request, act, draft_id=draft.pk)
        return redirect("eligibility:draft_effect", draft.pk)
    run, policy = drafts.last_effect(draft), drafts.read(draft).policy
    if run is not None:
        services.effect_show(actor=request.actor, run=run)
    shown: dict[str, object] = {"draft": draft, "run": run, "table": effects.table_of(run) if run else None, "is_fresh": run is not None and run == drafts.fresh_effect(draft, policy)}  # fmt: skip
    shown["standing"] = effects.standing_of(draft)
    shown["may_count"] = may_write(request, draft) or policies.may_publish(request.actor, draft)
    return render(request, "eligibility/draft_effect.html", shown)


@officer
@require_safe
def draft_review(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Show what changes in sentences, with its effect: before handing in, and to the second person."""
    return _review(request, draft_of(request, draft_id))


@officer
@require_POST
def draft_submit(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Hand a draft to the second person."""
    draft = draft_of(request, draft_id)
    form = SubmitForm(request.POST)
    if form.is_valid() and _try(form, services.draft_submit, request, draft):
        messages.success(request, _("A second person has it now. Her answer comes into your inbox."))  # fmt: skip
        return redirect("eligibility:draft_page", draft.pk)
    return _review(request, draft, submit=form)


@officer
@require_POST
def draft_publish(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Put a draft into force from a day on."""
    draft = draft_of(request, draft_id)
    form = PublishForm(request.POST)
    if form.is_valid() and _try(form, services.draft_publish, request, draft):
        messages.success(request, _("Published. Everybody who agreed is looked at anew."))
        return redirect("eligibility:policy_versions", draft.code, draft.organisation.code)
    return _review(request, draft, publish=form)


@officer
@require_POST
def draft_return(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Send a draft back with words."""
    draft = draft_of(request, draft_id)
    form = ReturnForm(request.POST)
    if form.is_valid() and _try(form, services.draft_return, request, draft):
        messages.success(request, _("Sent back with your words."))
        return redirect("eligibility:draft_page", draft.pk)
    return _review(request, draft, back=form)


@officer
@require_POST
def draft_settle(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Take a draft back from the second person, or put it away for good."""
    draft = draft_of(request, draft_id)
    acts: dict[str, Callable[..., object]] = {"withdraw": services.draft_withdraw, "drop": services.draft_drop}  # fmt: skip
    act = acts.get(request.POST.get("act", ""))
    if act is None or not _done(request, act, draft_id=draft.pk) or act is services.draft_drop:
        return redirect("eligibility:policy_list")
    return redirect("eligibility:draft_page", draft.pk)


def _review(request: Request, draft: PolicyDraft, *, submit: Any = None, publish: Any = None, back: Any = None) -> HttpResponse:  # fmt: skip
    found = drafts.read(draft)
    effect = drafts.fresh_effect(draft, found.policy)
    if effect is not None:
        services.effect_show(actor=request.actor, run=effect)
    base = drafts.current_of(draft.code, draft.organisation.code)
    old = shelf.policy_of(base) if base else None
    day = drafts.measured_on(found.policy) if found.policy else clock.today()
    shown = {
        "draft": draft,
        "found": found,
        "changes": differences.differences(old, found.asked) if found.asked else [],
        "base": base,
        "table": effects.table_of(effect) if effect else None,
        "run": effect,
        "may_write": may_write(request, draft),
        "may_publish": policies.may_publish(request.actor, draft),
        "submit_form": submit or SubmitForm(initial={"reason": draft.reason} | opened(draft)),
        "publish_form": publish or PublishForm(initial={"starts_on": day.isoformat()} | opened(draft)),
        "return_form": back or ReturnForm(),
    }  # fmt: skip
    return render(request, "eligibility/draft_review.html", shown)


def _try(form: Any, act: Callable[..., object], request: Request, draft: PolicyDraft) -> bool:
    try:
        act(actor=request.actor, draft_id=draft.pk, **form.cleaned_data)
    except RefusedError as refused:
        refusal_show(form, refused)
        return False
    return True


def _done(request: Request, act: Callable[..., object], **what: Any) -> bool:
    try:
        act(actor=request.actor, **what)
    except RefusedError as refused:
        messages.error(request, refused.message)
        return False
    return True
