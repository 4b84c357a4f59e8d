"""“What could I get?”: a few questions without signing in; answers travel in the form, kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lianxin.eligibility.forms import FactsForm, carried, told_by
from lianxin.eligibility.selectors import answers, shelf, showing
from lianxin.kit import clock
from lianxin.kit.access import public
from lianxin.orgs.api import Request


@public
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request) -> HttpResponse:
    """Ask the best next question first, and show what is settled so far."""
    policies, plan = shelf.in_force(clock.today()), shelf.plan_at(clock.today())
    names = answers.asked_by(policies, plan)
    told = told_by(request.POST, names)
    skipped = [name for name in request.POST.getlist("skipped") if name in names]
    asked = request.POST.get("asked", "")
    form = FactsForm(request.POST or None, names=[asked] if asked in names else [])
    is_wrong = bool(asked) and not form.is_valid()
    if asked in names and asked not in told and not is_wrong:
        skipped.append(asked)
    found = answers.together(policies, told, plan)
    open_questions = [name for name in answers.questions(found) if name not in skipped]
    if not is_wrong:
        asked = open_questions[0] if open_questions else ""
        form = FactsForm(names=[asked] if asked else [])
    if asked in form.fields:
        form.fields[asked].label = _question(found, asked) or form.fields[asked].label
        form.fields[asked].required = True  # as it is shown; whoever does not know says so
    shown = _shown(found, told) | {
        "form": form,
        "asked": asked,
        "skipped": dict.fromkeys(skipped),
        "settles": sum(asked in (*each.answer.missing, *each.amount_missing) for each in found),
    }
    response = render(request, "eligibility/check.html", shown)
    response["Cache-Control"] = "no-store"
    return response


def _question(found: list[answers.Explained], asked: str) -> str:
    """Ask as a policy does, where one of its conditions waits for this fact alone."""
    for each in found:
        for condition in each.answer.conditions:
            if condition.missing == condition.names == (asked,):
                return str(each.ready.wording[condition.code].unknown)
    return ""


def _shown(found: list[answers.Explained], told: Mapping[str, object]) -> dict[str, object]:
    fits = [each for each in found if each.answer.outcome == "yes"]
    nearly = [each for each in found if len(each.answer.missing) == 1]
    return {
        "fits": [showing.card_of_answer(each) for each in fits],
        "nearly": [showing.card_of_answer(each) for each in nearly][:4],
        "told": carried(told),
        "answered": len(told),
        "open": sum(each.answer.outcome == "unknown" for each in found),
        "total": len(found),
    }
