"""The officer's hand on a membership: its history, retaining, restoring, ending it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.members import policies
from lianxin.members.forms import MembershipForm
from lianxin.members.models import Member
from lianxin.members.selectors.membership import history_of
from lianxin.members.services.membership import membership_change, under_way
from lianxin.orgs.api import Request


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def membership(request: Request, member_id: uuid.UUID) -> HttpResponse:
    """Show what happened to a membership, and change where it stands."""
    rows = policies.visible_to(request.actor, Member.objects.select_related("organisation"))
    member = get_object_or_404(rows, pk=member_id)
    if not policies.may_change(request.actor, member):
        raise Http404
    form = MembershipForm(request.POST or None, state=member.state)
    if request.method == "POST" and form.is_valid():
        try:
            move, reason = form.wish
            membership_change(
                actor=request.actor, member=member, move=move, reason=reason,
                on=form.cleaned_data["on"],
            )  # fmt: skip
            messages.success(request, _("Written into the history of the membership."))
            return redirect("members:membership", member.pk)
        except RefusedError as refused:
            form.refuse(refused)
    shown = {"member": member, "form": form, "history": history_of(member)}
    shown["transfer"] = under_way(member.pk)
    return render(request, "members/membership.html", shown)
