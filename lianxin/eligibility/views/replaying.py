"""Why a policy came out so on that day: for the person herself, and for an officer with a purpose."""

from __future__ import annotations

import datetime as dt
import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.eligibility import policies, services
from lianxin.eligibility.forms.objecting import DayForm, LookBackForm
from lianxin.eligibility.selectors import drafts
from lianxin.eligibility.selectors.replay import replay_of
from lianxin.kit import clock
from lianxin.kit.access import officer, signed_in
from lianxin.members.api import Member, member_of, visible_to
from lianxin.orgs.api import Request


@signed_in
@require_safe
def policy_then(request: Request, code: str) -> HttpResponse:
    """Show a person how a policy came out for her on a day gone by."""
    member = member_of(request.user.pk)
    if member is None:
        raise Http404
    form = DayForm(request.GET if "day" in request.GET else None, initial={"day": clock.today()})
    shown: dict[str, object] = {"form": form, "code": code}
    if form.is_bound and form.is_valid():
        day: dt.date = form.cleaned_data["day"]
        shown |= {"day": day, "replay": replay_of(member, code, day, actor_id=request.user.pk, purpose="eligibility.replay")}  # fmt: skip
    return render(request, "eligibility/policy_then.html", shown)


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def member_then(request: Request, member_id: uuid.UUID) -> HttpResponse:
    """Look back for a member in reach, with the purpose named; she sees it."""
    people = visible_to(request.actor, Member.objects.select_related("organisation"))
    member = get_object_or_404(people, pk=member_id)
    if not policies.may_replay(request.actor, member):
        raise Http404
    known = [(line.version.code, line.title) for line in drafts.shelf_lines()]
    start = {"day": request.GET.get("day") or clock.today().isoformat(), "code": request.GET.get("code", "")}  # fmt: skip
    form = LookBackForm(request.POST or None, policies=list(dict(known).items()), initial=start)
    shown: dict[str, object] = {"form": form, "member": member}
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        services.replay_note(actor=request.actor, member=member, code=typed["code"], day=typed["day"], purpose=typed["purpose"])  # fmt: skip
        shown |= {"day": typed["day"], "replay": replay_of(member, typed["code"], typed["day"], actor_id=request.actor.account_id, purpose=typed["purpose"])}  # fmt: skip
    return render(request, "eligibility/member_then.html", shown)
