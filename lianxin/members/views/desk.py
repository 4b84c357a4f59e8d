"""The officer's pages: the members in her reach, one of them, and what she opens of her."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.members import policies
from lianxin.members.forms import FilterForm, MemberForm, OpenForm
from lianxin.members.models import Member
from lianxin.members.rules.privacy import person_links
from lianxin.members.selectors.facts import facts_of
from lianxin.members.selectors.membership import card_of
from lianxin.members.selectors.people import member_page
from lianxin.members.selectors.showing import facts_open, opened_in_words, sensitive_known
from lianxin.members.services.entering import signed_pages
from lianxin.members.services.roll import Changes, member_update
from lianxin.orgs.api import Ability, Request


@officer
@require_GET
def member_list(request: Request) -> HttpResponse:
    """List the members in reach, by name; find some by name, number, industry, union and more."""
    if not request.actor.can(Ability.MEMBER_VIEW):
        raise Http404
    form = FilterForm(request.GET)
    filters = form.filters
    page = member_page(request.actor, filters=filters, after=request.GET.get("after"))
    asked = urlencode({name: typed for name, typed in form.cleaned_data.items() if typed})
    shown = {"page": page, "form": form, "filters": filters, "asked": asked}
    shown["may_import"] = request.actor.can(Ability.MEMBER_IMPORT)
    shown["may_enter"] = request.actor.can(Ability.MEMBER_HELP) or shown["may_import"]
    shown["may_export"] = request.actor.can(Ability.MEMBER_HELP)
    return render(request, "members/member_list.html", shown)


@officer
@require_GET
def member(request: Request, member_id: uuid.UUID) -> HttpResponse:
    """Show one member: what anyone who serves her may know, the rest sealed."""
    return _person(request, _reached(request, member_id))


@officer
@require_POST
def member_open(request: Request, member_id: uuid.UUID) -> HttpResponse:
    """Open sealed data for a stated purpose; the member sees it."""
    found = _reached(request, member_id)
    if not policies.may_open(request.actor, found):
        raise Http404
    form = OpenForm(request.POST, known=sensitive_known(found))
    if not form.is_valid():
        return _person(request, found, form)
    opened = facts_of(
        found.pk,
        form.cleaned_data["fields_wanted"],
        actor_id=request.actor.account_id,
        purpose=form.cleaned_data["purpose"],
    )
    return _person(request, found, None, opened_in_words(opened))


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def member_correct(request: Request, member_id: uuid.UUID) -> HttpResponse:
    """Put right what stands on the roll."""
    found = _reached(request, member_id)
    if not policies.may_update(request.actor, found):
        raise Http404
    form = MemberForm(request.POST or None, member=found)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            changes = Changes(**{**typed, "phone": typed["phone"] or None})
            member_update(actor=request.actor, member=found, changes=changes)
            messages.success(request, _("Put right. The member can see that you did it."))
            return redirect("members:member", found.pk)
        except RefusedError as error:
            form.refuse(error)
    return render(request, "members/member_correct.html", {"member": found, "form": form})


def _reached(request: Request, member_id: uuid.UUID) -> Member:
    found = policies.visible_to(request.actor, Member.objects.select_related("organisation"))
    return get_object_or_404(found, pk=member_id)


def _person(
    request: Request,
    found: Member,
    form: OpenForm | None = None,
    opened: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    known = sensitive_known(found)
    links = (make(request.actor, found) for make in person_links)
    shown = {
        "member": found,
        "facts": facts_open(found),
        "form": form or OpenForm(known=known),
        "has_sealed": bool(known),
        "opened": opened,
        "may_open": policies.may_open(request.actor, found),
        "may_update": policies.may_update(request.actor, found),
        "may_carry": policies.may_carry(request.actor, found),
        "card": card_of(found) if policies.may_revoke(request.actor, found) else None,
        "signed": signed_pages(found, request.actor),
        "links": [link for link in links if link],
    }
    return render(request, "members/member.html", shown)
