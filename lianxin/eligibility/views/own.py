"""What was found for a person, and one policy with its reasons."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianxin.eligibility import services
from lianxin.eligibility.forms import FactsForm
from lianxin.eligibility.selectors import answers, asking_next, shelf, showcase, showing
from lianxin.eligibility.selectors.answers import Explained, Knowledge
from lianxin.eligibility.selectors.dictionary import purposes
from lianxin.eligibility.views.persons import own_member, said_place
from lianxin.kit import clock
from lianxin.kit.access import public, signed_in
from lianxin.kit.errors import RefusedError
from lianxin.members.api import Member, consent_given, member_of
from lianxin.orgs.api import Request

MOST = 60


@signed_in
@require_safe
def found(request: Request) -> HttpResponse:
    """Show all that was found, what is still open, and for which kinds of help we look."""
    member = member_of(request.user.pk)
    rows = answers.outcomes_of(member.account_id, MOST) if member and member.account_id else []
    refused = answers.refused_purposes(member.pk) if member else set()
    may_look = consent_given(request.user.pk, answers.PURPOSE)
    waiting = asking_next.NOTHING
    if member is not None and may_look and request.user.pk is not None:
        waiting = asking_next.still_open(member, actor_id=request.user.pk, refused=refused)
    shown = {
        "cards": showing.cards_of(rows),
        "waiting": waiting,
        "member": member,
        "may_look": may_look,
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
def policy_all(request: Request) -> HttpResponse:
    """List all policies by kind of help: for whom, and what they give; of her own place if it is known."""
    member = own_member(request)
    place, places = said_place(request)
    region = place or (member.organisation.code if member else None)
    shown = {
        "kinds": showcase.kinds_of_help(clock.today(), region),
        "places": places,
        "place": place,
    }
    return render(request, "eligibility/policy_all.html", shown)


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
    """Gather a policy page; with `is_if` what was typed stands over what is known, if it can be read."""
    member, place = own_member(request), said_place(request)[0]
    ready = shelf.one_shown(code, clock.today(), member.organisation.code) if member else None
    if ready is None:  # of another place than hers: shown as to anybody
        member, ready = None, shelf.one_shown(code, clock.today(), place)
    if ready is None:
        raise Http404
    names = answers.asked_by([ready])
    region = member.organisation.code if member else place
    refused = answers.refused_purposes(member.pk) if member else ()
    beside = shelf.bound([ready], ready.as_of, region, refused=refused)
    plan, knowledge = shelf.plan_at(ready.as_of), Knowledge({}, {})
    if member is not None:
        asked = answers.asked_by(beside, plan)
        knowledge = answers.knowledge_of(member, actor_id=request.user.pk, names=asked)
    form = FactsForm(request.POST if is_if else None, names=names, values=knowledge.values)
    is_if = is_if and form.is_valid()
    if is_if:
        others = {name: value for name, value in knowledge.values.items() if name not in names}
        knowledge = Knowledge({**others, **form.told}, {})
    result = answers.first_of(beside, knowledge.values, plan, region)
    return _shown(result, knowledge, member) | {"is_if": is_if, "form": form, "place": place}


def _shown(result: Explained, knowledge: Knowledge, member: Member | None) -> dict[str, object]:
    policy, today = result.ready.policy, clock.today()
    return {
        "policy": policy,
        "answer": result.answer,
        "amount_fen": result.amount_fen,
        "conditions": showing.conditions(result, knowledge, member),
        "yields": showing.yields(result),
        "choices": showing.choices(result),
        "others": showing.others(result),
        "amount_missing": showing.amount_missing(result, member),
        "link": showing.service_link(result),
        "is_over": policy.valid_until is not None and policy.valid_until < today,
        "is_ahead": policy.valid_from > today,
        "is_no": result.answer.outcome == "no",
        "member": member,
    }
