"""The desk of those who write policies: the list, a policy's versions, a draft and its parts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.eligibility import policies, services
from lianxin.eligibility.forms.assembling import CompareForm, FactForm
from lianxin.eligibility.forms.drafting import ConditionForm, DraftForm, RuleForm, WordsForm
from lianxin.eligibility.models import PolicyDraft
from lianxin.eligibility.rules.drafting import at
from lianxin.eligibility.selectors import assembling, drafts, expressions
from lianxin.eligibility.services.drafting import LIVE
from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError, StaleError
from lianxin.orgs.api import Request
from lianxin.ui.fields import refusal_show


@officer
@require_safe
def draft_page(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Show a draft whole: what is still to mend, its conditions as sentences, its examples."""
    draft = draft_of(request, draft_id)
    found = drafts.read(draft)
    shown = {
        "draft": draft,
        "found": found,
        "problems": expressions.told_all(found.problems),
        "rows": assembling.rows_of(draft.typed),
        "tried": drafts.tried(found.asked) if found.asked else [],
        "effect": drafts.fresh_effect(draft, found.policy),
        "title": expressions.title_of(draft.typed) or draft.code,
        "may_write": may_write(request, draft),
        "may_publish": policies.may_publish(request.actor, draft),
        "version": drafts.next_version(draft.code, draft.organisation.code),
    }
    return render(request, "eligibility/draft_page.html", shown)


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def draft_words(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Write what is said in words."""
    draft = draft_of(request, draft_id)
    form = WordsForm(request.POST or None, initial=WordsForm.of(draft.typed) | opened(draft))
    if request.method == "POST" and kept(request, draft, form, lambda: form.changes(draft.typed)):
        return redirect("eligibility:draft_page", draft.pk)
    return render(request, "eligibility/draft_words.html", {"draft": draft, "form": form})


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def draft_rule(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Write the rule, or put it together from conditions."""
    draft = draft_of(request, draft_id)
    typed = {"rule": at(draft.typed, "rule"), "amount": at(draft.typed, "gives.amount")}
    form = RuleForm(request.POST or None, initial=typed | opened(draft))
    if request.method == "POST" and kept(request, draft, form, lambda: _ruled(draft, form)):
        messages.success(request, _("Kept. New conditions got plain words; make them warm."))
        return redirect("eligibility:draft_rule", draft.pk)
    shown = {"draft": draft, "form": form, "rows": assembling.rows_of(draft.typed)}
    now = {key: str(form[key].value() or "") for key in ("rule", "amount")}
    return render(request, "eligibility/draft_rule.html", shown | _choosing(request, draft) | {"check": expressions.checked(**now)})  # fmt: skip


@officer
@require_POST
def rule_check(request: Request) -> HttpResponse:
    """Say what is wrong with an expression while it is typed; keeps nothing."""
    if not policies.may_write(request.actor):
        raise Http404
    check = expressions.checked(request.POST.get("rule", ""), request.POST.get("amount", ""))
    return render(request, "eligibility/_rule_check_part.html", {"check": check})


@officer
@require_POST
def condition_add(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Add a condition that was put together."""
    draft = draft_of(request, draft_id)
    form = _compare_form(request, draft, request.POST.get("fact", ""))
    if form is None:
        raise Http404
    if kept(request, draft, form, lambda: assembling.added(draft.typed, form.text, form.beside)):
        return redirect("eligibility:draft_rule", draft.pk)
    shown = {"draft": draft, "form": form}
    return render(request, "eligibility/condition_add.html", shown)


@officer
@require_POST
def condition_change(request: Request, draft_id: uuid.UUID, number: int) -> HttpResponse:
    """Take a condition away, or turn it round."""
    draft = draft_of(request, draft_id)
    acts = {"remove": assembling.removed, "turn": assembling.turned}
    act = acts.get(request.POST.get("act", ""))
    form = DraftForm(request.POST)
    if act is not None:
        kept(request, draft, form, lambda: act(draft.typed, number))
    for errors in form.errors.values():
        messages.error(request, " ".join(str(each) for each in errors))
    return redirect("eligibility:draft_rule", draft.pk)


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def draft_condition(request: Request, draft_id: uuid.UUID, number: int) -> HttpResponse:
    """Write what a person is told of one condition."""
    draft = draft_of(request, draft_id)
    rows = assembling.rows_of(draft.typed)
    if number >= len(rows):
        raise Http404
    form = ConditionForm(request.POST or None, initial=ConditionForm.of(draft.typed, number) | opened(draft))  # fmt: skip
    if request.method == "POST" and kept(request, draft, form, lambda: form.changes_of(draft.typed, number)):  # fmt: skip
        return redirect("eligibility:draft_page", draft.pk)
    shown = {"draft": draft, "form": form, "row": rows[number]}
    return render(request, "eligibility/draft_condition.html", shown)


def draft_of(request: Request, draft_id: uuid.UUID) -> PolicyDraft:
    """Take a draft in reach, or there is none."""
    return get_object_or_404(policies.drafts_visible_to(request.actor), pk=draft_id)


def may_write(request: Request, draft: PolicyDraft) -> bool:
    """Say whether the pages offer to write."""
    return draft.state in LIVE and policies.may_edit(request.actor, draft.organisation.path)


def opened(draft: PolicyDraft) -> dict[str, int]:
    """Say upon which save a page is opened."""
    return {"revision": draft.revision}


def kept(request: Request, draft: PolicyDraft, form: Any, changes: Any) -> bool:
    """Keep what a form changes. If a colleague was faster, the form stays with what was typed.

    Sent once more it goes over what the colleague saved: she was told, and looked.
    """
    if not form.is_valid():
        return False
    try:
        wanted: Mapping[str, Any] = changes()
        services.draft_save(actor=request.actor, draft_id=draft.pk, revision=form.cleaned_data["revision"], changes=wanted)  # fmt: skip
    except StaleError as stale:
        form.add_error(None, stale.message)
        form.data = form.data.copy()
        form.data["revision"] = draft.revision
        return False
    except RefusedError as refused:
        refusal_show(form, refused)
        return False
    return True


def _ruled(draft: PolicyDraft, form: RuleForm) -> dict[str, Any]:
    wanted = form.changes(draft.typed)
    return {**wanted, **assembling.with_rule(draft.typed, wanted["rule"])}


def _choosing(request: Request, draft: PolicyDraft) -> dict[str, Any]:
    """Offer to put a condition together: first the fact, then how it is compared."""
    chosen = request.GET.get("fact", "")
    return {"fact_form": FactForm(initial={"fact": chosen}), "compare_form": _compare_form(request, draft, chosen)}  # fmt: skip


def _compare_form(request: Request, draft: PolicyDraft, fact: str) -> CompareForm | None:
    if not expressions.is_fact(fact):
        return None
    sentences = [each.sentence for each in assembling.rows_of(draft.typed)]
    data = request.POST if request.method == "POST" else None
    return CompareForm(data, fact=fact, conditions=sentences, initial=opened(draft))
