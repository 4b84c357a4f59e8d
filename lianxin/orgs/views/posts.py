"""The desk of those who give posts, and each officer's own posts with who stands in for her."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.orgs import policies, selectors, services
from lianxin.orgs.forms.posts import DeputyForm, EndForm, PostForm
from lianxin.orgs.middleware import Request
from lianxin.orgs.models import Organisation, Post, PostProposal
from lianxin.orgs.rules import Reach, Role, is_sensitive


@officer
@require_GET
def post_list(request: Request) -> HttpResponse:
    """Show who holds which post at one union in reach, and what waits for a second person."""
    union = _union(request)
    search = request.GET.get("q", "")
    shown = {
        "union": union,
        "search": search,
        "unions": selectors.unions_for_posts(request.actor, search) if search else [],
        "rows": selectors.post_rows(request.actor, union),
        "proposals": selectors.proposal_rows(request.actor, union),
        "resets": selectors.resets_at(request.actor, union),
        "may_grant": policies.may_grant(request.actor, union, None),
    }
    return render(request, "orgs/post_list.html", shown)


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def post_new(request: Request) -> HttpResponse:
    """Give a post; a sensitive one is proposed and waits for a second person."""
    union = _union(request)
    if not policies.may_grant(request.actor, union, None):
        raise Http404
    form = PostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _give(request, union, form.cleaned_data))
            return redirect(_list_of(union))
        except RefusedError as error:
            form.refuse(error)
    return render(request, "orgs/post_new.html", {"union": union, "form": form})


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def post_end(request: Request, post_id: int) -> HttpResponse:
    """End a post with a day."""
    post = _seen(request, post_id)
    if not policies.may_end(request.actor, post):
        raise Http404
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.post_end(actor=request.actor, post=post, ends_on=form.cleaned_data["ends_on"])
        messages.success(request, _("Noted. What waits there finds another hand in time."))
        return redirect(_list_of(post.organisation))
    shown = {"post": selectors.post_row(request.actor, post), "form": form}
    return render(request, "orgs/post_end.html", shown)


@officer
@require_POST
def proposal_answer(request: Request, proposal_id: uuid.UUID) -> HttpResponse:
    """Say yes or no to a proposal, or take one's own back."""
    rows = PostProposal.objects.select_related("organisation")
    found = get_object_or_404(policies.proposals_visible_to(request.actor, rows), pk=proposal_id)
    try:
        if "confirm" in request.POST:
            services.proposal_confirm(actor=request.actor, proposal_id=proposal_id)
            messages.success(request, _("Confirmed. It holds from its first day on."))
        else:
            services.proposal_refuse(actor=request.actor, proposal_id=proposal_id)
            messages.success(request, _("Answered. Whoever proposed it can read it."))
    except RefusedError as error:
        messages.error(request, error.message)
    if policies.may_see_posts(request.actor, found.organisation):
        return redirect(_list_of(found.organisation))
    return redirect("orgs:own_posts")


@officer
@require_GET
def own_posts(request: Request) -> HttpResponse:
    """Show an officer her own posts, their terms, and who stands in for whom."""
    shown = selectors.own_post_rows(request.actor)
    return render(request, "orgs/post_own.html", {"rows": shown})


@officer
@require_POST
def post_away(request: Request, post_id: int) -> HttpResponse:
    """Say that one is on leave (no new work comes), or back."""
    post = _seen(request, post_id)
    services.post_set_away(actor=request.actor, post=post, is_away="away" in request.POST)
    messages.success(request, _("Noted. New work goes where somebody is."))
    return _back(request, post)


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def deputy(request: Request, post_id: int) -> HttpResponse:
    """Name who stands in for the holder of a post, from a day to a day."""
    post = _seen(request, post_id)
    if not policies.may_deputise(request.actor, post):
        raise Http404
    form = DeputyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _stand_in(request, post, form.cleaned_data))
            return _back(request, post)
        except RefusedError as error:
            form.refuse(error)
    shown = {"post": selectors.post_row(request.actor, post), "form": form}
    return render(request, "orgs/post_deputy.html", shown)


@officer
@require_POST
def deputy_end(request: Request, post_id: int) -> HttpResponse:
    """End a deputy's standing in today."""
    post = _seen(request, post_id)
    services.deputy_end(actor=request.actor, post=post)
    messages.success(request, _("Nobody stands in any more."))
    return _back(request, post)


def _union(request: Request) -> Organisation:
    """Return the union a page is about: the one asked for, else the actor's first."""
    code = request.GET.get("union", "")
    union = selectors.organisation_by_code(code) if code else selectors.union_of(request.actor)
    if union is None or not policies.may_see_posts(request.actor, union):
        raise Http404
    return union


def _seen(request: Request, post_id: int) -> Post:
    rows = Post.objects.select_related("organisation", "account", "deputy")
    return get_object_or_404(policies.posts_visible_to(request.actor, rows), pk=post_id)


def _list_of(union: Organisation) -> str:
    return reverse("orgs:post_list", query={"union": union.code})


def _back(request: Request, post: Post) -> HttpResponse:
    own = post.account_id == request.actor.account_id
    return redirect(reverse("orgs:own_posts") if own else _list_of(post.organisation))


def _give(request: Request, union: Organisation, typed: dict[str, Any]) -> str:
    role, reach = Role(typed["role"]), Reach(typed["reach"])
    give = services.post_propose if is_sensitive(role, reach) else services.post_grant
    give(
        actor=request.actor, account_id=typed["person"].pk, organisation=union, role=role,
        reach=reach, starts_on=typed["starts_on"], ends_on=typed["ends_on"],
    )  # fmt: skip
    if is_sensitive(role, reach):
        return _("Proposed. A second person has been asked to say yes.")
    return _("Given. It holds from its first day on.")


def _stand_in(request: Request, post: Post, typed: dict[str, Any]) -> str:
    waits = is_sensitive(Role(post.role), Reach(post.reach))
    name = services.deputy_propose if waits else services.deputy_name
    name(
        actor=request.actor, post=post, account_id=typed["person"].pk,
        starts_on=typed["starts_on"], ends_on=typed["ends_on"],
    )  # fmt: skip
    if waits:
        return _("Proposed. A second person has been asked to say yes.")
    return _("Noted. She sees the work of this post during these days.")
