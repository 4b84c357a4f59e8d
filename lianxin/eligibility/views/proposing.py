"""What need not be applied for: the officer's list, the person's yes or no, and the counts."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianxin.eligibility import policies, services
from lianxin.eligibility.rules.opening import begin_link
from lianxin.eligibility.selectors import counts, proposals
from lianxin.eligibility.services import matching
from lianxin.kit.access import officer, signed_in
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Request


@officer
@require_safe
def proposal_list(request: Request) -> HttpResponse:
    """List whom something is meant for that need not be applied for, with the reason."""
    if not policies.may_serve_any(request.actor):
        raise Http404
    code = request.GET.get("policy", "")[:64]
    page = proposals.proposals_for(request.actor, code=code, after=request.GET.get("after"))
    services.proposals_show(actor=request.actor, proposals=page.rows)
    shown = {
        "page": page,
        "lines": [proposals.line_of(each) for each in page.rows],
        "kinds": proposals.policies_proposed(request.actor),
        "code": code,
    }
    return render(request, "eligibility/proposal_list.html", shown)


@officer
@require_POST
def proposal_act(request: Request, proposal_id: uuid.UUID) -> HttpResponse:
    """Invite the person, or begin for her at the door of the service."""
    if not policies.may_serve_any(request.actor):
        raise Http404
    try:
        if "invite" in request.POST:
            services.proposal_invite(actor=request.actor, proposal_id=proposal_id)
            messages.success(request, _("She has a message with the way to apply."))
            return redirect("eligibility:proposal_list")
        found = services.proposal_begin(actor=request.actor, proposal_id=proposal_id)
    except RefusedError as refused:
        messages.error(request, refused.message)
        return redirect("eligibility:proposal_list")
    link = begin_link(request.actor, found.member, found.policy.service)
    if link is None:
        messages.warning(request, _("This service is not offered here just now. You can invite her, or call 12351."))  # fmt: skip
    return redirect(link or "eligibility:proposal_list")


@signed_in
@require_safe
def proposal_own(request: Request, proposal_id: uuid.UUID) -> HttpResponse:
    """Show a person what her union would do, why, and let her say no with one tap."""
    found = proposals.proposal_of(request.user.pk, proposal_id)
    if found is None:
        raise Http404
    line = proposals.line_of(found)
    return render(request, "eligibility/proposal_own.html", {"line": line, "proposal": found})


@signed_in
@require_POST
def proposal_answer(request: Request, proposal_id: uuid.UUID) -> HttpResponse:
    """Take a person's yes or no."""
    if proposals.proposal_of(request.user.pk, proposal_id) is None:
        raise Http404
    is_wished = request.POST.get("answer") == "yes"
    try:
        services.proposal_answer(actor=request.actor, proposal_id=proposal_id, is_wished=is_wished)
    except RefusedError as refused:
        messages.error(request, refused.message)
    else:
        said = _("Thank you. Your union knows.") if is_wished else _("Understood. Nothing is done, and nobody will ask why.")  # fmt: skip
        messages.success(request, said)
    return redirect("eligibility:proposal_own", proposal_id)


@officer
@require_safe
def count_list(request: Request) -> HttpResponse:
    """Show how many people of a union policies fit, small groups kept back."""
    union = counts.union_of(request.actor, request.GET.get("union", "")[:32])
    if union is None:
        raise Http404
    shown = {"union": union, "table": counts.table_of(union), "below": counts.below(union)}
    shown["is_nightly"] = matching.is_possible()
    return render(request, "eligibility/count_list.html", shown)
