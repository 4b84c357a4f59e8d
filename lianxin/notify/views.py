"""The pages of the inbox, and the outbox page of demo mode."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lianxin.kit.access import demo_only, signed_in
from lianxin.notify import selectors, services
from lianxin.notify.models import InboxMessage


@require_GET
@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    """List one's own messages, newest first."""
    letters, page = selectors.inbox_page(request.user.pk, request.GET.get("after"))
    unread = selectors.unread_count(request.user.pk)
    return render(
        request, "notify/inbox.html", {"letters": letters, "page": page, "unread": unread}
    )


@require_GET
@signed_in
def message(request: HttpRequest, message_id: uuid.UUID) -> HttpResponse:
    """Show one message; whoever opens it has read it."""
    try:
        row = services.message_mark_read(account_id=request.user.pk, message_id=message_id)
    except InboxMessage.DoesNotExist as error:
        raise Http404 from error
    return render(request, "notify/message.html", {"letter": selectors.letter_of(row)})


@require_POST
@signed_in
def all_read(request: HttpRequest) -> HttpResponse:
    """Mark all of one's own messages as read."""
    if services.all_mark_read(account_id=request.user.pk):
        messages.success(request, _("Everything is marked as read."))
    return redirect("notify:inbox")


@require_GET
@demo_only
def outbox(request: HttpRequest) -> HttpResponse:
    """Show what the twins of SMS and mail would have sent."""
    answer = render(request, "notify/outbox.html", {"sent": selectors.twin_messages()})
    answer["Cache-Control"] = "no-store"
    return answer
