"""Objections to how a policy came out: the person writes, a person answers."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.eligibility import policies, services
from lianxin.eligibility.forms.objecting import AnswerForm, ObjectionForm
from lianxin.eligibility.models import Objection
from lianxin.eligibility.selectors import answers, shelf
from lianxin.kit import clock
from lianxin.kit.access import officer, signed_in
from lianxin.kit.errors import RefusedError
from lianxin.kit.paging import page_of
from lianxin.members.api import member_of
from lianxin.orgs.api import Request


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def objection_new(request: Request, code: str) -> HttpResponse:
    """Object to how a policy came out for oneself."""
    member = member_of(request.user.pk)
    ready = shelf.one_shown(code, clock.today(), member.organisation.code) if member else None
    if member is None or ready is None:
        raise Http404
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        outcome = answers.outcome_now(member, ready, actor_id=request.user.pk)
        try:
            made = services.objection_lodge(actor=request.actor, policy_id=ready.id, outcome=outcome, **form.cleaned_data)  # fmt: skip
        except RefusedError as refused:
            form.add_error("words", refused.message)
        else:
            messages.success(request, _("We have it. A person answers, by the day you see here."))
            return redirect("eligibility:objection_mine", made.pk)
    return render(request, "eligibility/objection_new.html", {"policy": ready.policy, "form": form})


@signed_in
@require_safe
def objection_mine(request: Request, objection_id: uuid.UUID) -> HttpResponse:
    """Show a person her objection and the answer to it."""
    rows = Objection.objects.filter(member__account_id=request.user.pk)
    found = get_object_or_404(rows.select_related("policy", "organisation", "member"), pk=objection_id)  # fmt: skip
    words, answer = services.objection_read_own(request.actor, found)
    shown = {"objection": found, "title": shelf.title_of(found.policy), "words": words, "answer": answer}  # fmt: skip
    return render(request, "eligibility/objection_mine.html", shown)


@officer
@require_safe
def objection_list(request: Request) -> HttpResponse:
    """List what waits for an answer, the earliest deadline first."""
    if not policies.may_answer_any(request.actor):
        raise Http404
    rows = policies.objections_visible_to(request.actor).filter(state=Objection.State.OPEN)
    page = page_of(rows, request.GET.get("after"), order=("due_at", "id"))
    lines = [(each, shelf.title_of(each.policy), each.due_at < clock.now()) for each in page.rows]
    return render(request, "eligibility/objection_list.html", {"page": page, "lines": lines})


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def objection_page(request: Request, objection_id: uuid.UUID) -> HttpResponse:
    """Read one objection and answer it; the person sees that it was opened."""
    found = get_object_or_404(policies.objections_visible_to(request.actor), pk=objection_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            services.objection_answer(actor=request.actor, objection_id=found.pk, is_upheld=typed["outcome"] == "upheld", answer=typed["answer"])  # fmt: skip
        except RefusedError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("Answered. She reads it in her inbox."))
            if typed["outcome"] == "upheld":  # what made it wrong is put right from there
                return redirect("eligibility:objection_page", found.pk)
            return redirect("eligibility:objection_list")
    shown = {
        "objection": found,
        "title": shelf.title_of(found.policy),
        "words": services.objection_open(request.actor, found),
        "form": form,
        "may_replay": policies.may_replay(request.actor, found.member),
        "may_write": policies.may_write(request.actor),
    }
    return render(request, "eligibility/objection_page.html", shown)
