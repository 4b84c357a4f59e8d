"""“What could I get?”: a few questions, of anybody; a member starts from what is known of her.

Answers travel in the form and are kept nowhere, hers too.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lianxin.eligibility.forms.trying import Trial
from lianxin.eligibility.selectors import answers, asking_next, shelf, showing, trying
from lianxin.eligibility.views.persons import own_member, said_place
from lianxin.kit import clock
from lianxin.kit.access import public
from lianxin.orgs.api import Request


@public
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request) -> HttpResponse:
    """Ask the best next question first, and show what is settled so far."""
    member, (place, places) = own_member(request), said_place(request)
    region, today = member.organisation.code if member else place, clock.today()
    refused = answers.refused_purposes(member.pk) if member else ()
    policies, plan = shelf.wanted(shelf.of_place(today, region), refused), shelf.plan_at(today)
    names = answers.asked_by(policies, plan)
    known = answers.knowledge_of(member, actor_id=request.user.pk, names=names).values if member else {}  # fmt: skip
    trial = Trial(request.POST, names, known, change=request.GET.get("change", ""))
    found = answers.together(policies, trial.values, plan, region)
    questions = asking_next.gently(found) if member else answers.questions(found)
    trial.ask(questions, lambda name: showing.question_of(found, name))
    before = answers.together(policies, known, plan, region) if member and trial.told else []
    shown = trying.compared(found, before, is_own=member is not None) | trial.shown(found)
    shown |= {"member": member, "place": place, "places": [] if member else places}
    response = render(request, "eligibility/check.html", shown)
    response["Cache-Control"] = "no-store"
    return response
