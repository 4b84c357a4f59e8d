"""What was found for a person, and one policy with its reasons."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianxin.eligibility import policies, services
from lianxin.eligibility.forms import FactsForm
from lianxin.eligibility.selectors import answers, shelf, showing
from lianxin.eligibility.selectors.answers import Knowledge
from lianxin.eligibility.selectors.dictionary import purposes
from lianxin.kit import clock
from lianxin.kit.access import public, signed_in
from lianxin.kit.errors import RefusedError
from lianxin.members.api import consent_given, member_of
from lianxin.orgs.api import Request

MOST = 60


@signed_in
@require_safe
def found(request: Request) -> HttpResponse:
    """Show all that was found, and for which kinds of help we look."""
    member = member_of(request.user.pk)
    rows = answers.outcomes_of(member.account_id, MOST) if member and member.account_id else []
    refused = answers.refused_purposes(member.pk) if member else set()
    shown = {
        "cards": showing.cards_of(rows),
        "member": member,
        "may_look": consent_given(request.user.pk, answers.PURPOSE),
        "kinds": [(code, str(label), code in refused) for code, label in purposes().items()],
    }
    return render(request, "eligibility/found.html", shown)


@signed_in
@require_POST
def look(request: Request, purpose: str) -> HttpResponse:
    """Stop looking for me for one kind of help, or look again."""
    act = services.look_allow if request.POST.get("look") == "yes" else services.look_refuse
    try:
        act(actor=request.actor, purpose=purpose)
    except RefusedError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Done. It is as you wish."))
    return redirect("eligibility:found")


@public
@require_safe
def policy_page(request: Request, code: str) -> HttpResponse:
    """Show one policy: to a member with her own answer, to everybody else with its conditions."""
    return render(request, "eligibility/policy_page.html", _policy(request, code))


@public
@require_POST
def policy_if(request: Request, code: str) -> HttpResponse:
    """Show how a policy would come out if something changed; keeps nothing."""
    return render(request, "eligibility/policy_page.html", _policy(request, code, is_if=True))


def _policy(request: Request, code: str, *, is_if: bool = False) -> dict[str, object]:
    """Gather a policy page; with `is_if` what was typed stands over what is known."""
    member = member_of(request.user.pk) if request.user.is_authenticated else None
    region = member.organisation.code if member else None
    ready = shelf.one_in_force(code, clock.today(), region)
    if ready is None:
        raise Http404
    names = answers.asked_by([ready])
    beside, plan = shelf.bound([ready], ready.as_of, region), shelf.plan_at(ready.as_of)
    knowledge = Knowledge({}, {})
    if member is not None and policies.may_look(request.actor, member):
        asked = answers.asked_by(beside, plan)
        knowledge = answers.knowledge_of(member, actor_id=request.user.pk, names=asked)
    form = FactsForm(request.POST if is_if else None, names=names, values=knowledge.values)
    if is_if and form.is_valid():
        others = {name: value for name, value in knowledge.values.items() if name not in names}
        knowledge = Knowledge({**others, **form.told}, {})
    result = answers.first_of(beside, knowledge.values, plan, region)
    return {
        "policy": ready.policy,
        "answer": result.answer,
        "amount_fen": result.amount_fen,
        "conditions": showing.conditions(result, knowledge, member),
        "yields": showing.yields(result),
        "choices": showing.choices(result),
        "others": showing.others(result),
        "amount_missing": showing.amount_missing(result, member),
        "link": showing.service_link(result),
        "member": member,
        "is_if": is_if,
        "form": form,
    }
