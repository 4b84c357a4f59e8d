"""A new way in for an officer, in person: asked, agreed to, handed over; and stopped by herself."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.accounts.api import secret_held, secret_hold
from lianxin.kit import clock
from lianxin.kit.access import officer, signed_in
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.orgs import policies, selectors, services
from lianxin.orgs.forms.resets import ResetForm
from lianxin.orgs.middleware import Request
from lianxin.orgs.models import Post


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def reset_new(request: Request, post_id: int) -> HttpResponse:
    """Ask for a new first password for the holder of a post, who stands before one."""
    rows = Post.objects.select_related("organisation", "account")
    post = get_object_or_404(policies.posts_visible_to(request.actor, rows), pk=post_id)
    if not policies.may_end(request.actor, post):
        raise Http404
    posts = selectors.posts_borne(post.account_id)
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = services.reset_ask(
                actor=request.actor, post=post, also_factors=form.also_factors
            )
            return redirect("orgs:reset", found.pk)
        except RefusedError as error:
            form.add_error(None, error.message)
    shown = {"post": selectors.post_row(request.actor, post), "form": form}
    shown["in_reach"] = policies.may_reset(request.actor, post.account_id, posts)
    return render(request, "orgs/reset_new.html", shown)


@officer
@never_cache
@require_safe
def reset(request: Request, reset_id: uuid.UUID) -> HttpResponse:
    """Show one request: where it stands, what one may answer, and for a moment the password."""
    row = selectors.reset_of(request.actor, reset_id)
    if row is None:
        raise Http404
    page = {"row": row, "password": secret_held(request, f"reset:{reset_id}")}
    return render(request, "orgs/reset.html", page)


@officer
@require_POST
def reset_answer(request: Request, reset_id: uuid.UUID) -> HttpResponse:
    """Say yes or no as the second person, take it back, or hand the password over."""
    if selectors.reset_of(request.actor, reset_id) is None:
        raise Http404
    try:
        if "confirm" in request.POST:
            services.reset_confirm(actor=request.actor, reset_id=reset_id)
            messages.success(request, _("Noted. The one who asked can hand the password over now."))
        elif "hand" in request.POST:
            password = services.reset_hand(actor=request.actor, reset_id=reset_id)
            secret_hold(request, f"reset:{reset_id}", password)
        else:
            services.reset_refuse(actor=request.actor, reset_id=reset_id)
            messages.success(request, _("Answered with no. Nothing changes."))
    except ForbiddenError:
        raise
    except RefusedError as error:
        messages.error(request, error.message)
    return redirect("orgs:reset", reset_id)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def reset_own(request: Request, reset_id: uuid.UUID) -> HttpResponse:
    """Let the officer herself say that she knows of nothing."""
    found = selectors.own_reset(request.actor.account_id, reset_id)
    if found is None:
        raise Http404
    if request.method == "POST":
        try:
            services.reset_refuse(actor=request.actor, reset_id=reset_id)
            messages.success(request, _("Stopped. Nobody gets into your desk by it."))
        except RefusedError as error:
            messages.error(request, error.message)
        return redirect("orgs:reset_own", reset_id)
    is_running = found.state in services.RUNNING and found.expires_at > clock.now()
    return render(request, "orgs/reset_own.html", {"reset": found, "is_running": is_running})
