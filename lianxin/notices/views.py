"""Pages of public notices: for everybody, for the one who objects, for the officer who answers."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianxin.kit.access import officer, public, signed_in
from lianxin.kit.errors import RefusedError
from lianxin.kit.paging import page_of
from lianxin.members import api as members
from lianxin.notices import policies, selectors, services
from lianxin.notices.forms import ObjectionForm, ReceiptForm, SettlementForm
from lianxin.notices.models import Notice, NoticeLine, Objection
from lianxin.orgs.api import Ability, Request


@public
@require_GET
def notice_list(request: Request) -> HttpResponse:
    """Show every running notice, the ones ending soonest first."""
    page = page_of(selectors.running(), request.GET.get("after"), order=("ends_at", "id"))
    return render(request, "notices/notice_list.html", {"page": page})


@public
@require_GET
def notice_page(request: Request, notice_id: uuid.UUID) -> HttpResponse:
    """Show one notice while it runs; afterwards only that it is over."""
    return _notice(request, notice_id, ReceiptForm())


@public
@require_POST
def notice_find(request: Request, notice_id: uuid.UUID) -> HttpResponse:
    """Mark the line that belongs to a receipt."""
    form = ReceiptForm(request.POST)
    own = None
    if form.is_valid():
        own = selectors.line_by_receipt(notice_id, form.cleaned_data["receipt"])
        if own is None:
            form.add_error(
                "receipt", _("No line of this notice has this receipt. Please check each letter.")
            )
    return _notice(request, notice_id, form, own)


def _notice(
    request: Request, notice_id: uuid.UUID, form: ReceiptForm, own: NoticeLine | None = None
) -> HttpResponse:
    notice = get_object_or_404(Notice.objects.select_related("organisation"), pk=notice_id)
    lines = (
        page_of(notice.lines.all(), request.GET.get("after"), order=("receipt_index",))
        if notice.is_running
        else None
    )
    context = {"notice": notice, "page": lines, "form": form, "own": own}
    answer = render(
        request, "notices/notice_page.html", context, status=200 if notice.is_running else 410
    )
    # A notice is taken down on its day; a copy in a search engine would outlive it.
    answer["X-Robots-Tag"] = "noindex, noarchive"
    return answer


@signed_in
@require_http_methods(["GET", "POST"])
def objection_new(request: Request, line_id: uuid.UUID) -> HttpResponse:
    """Object to one line under one's real name."""
    line = get_object_or_404(NoticeLine.objects.select_related("notice__organisation"), pk=line_id)
    form = ObjectionForm(request.POST or None, initial={"key": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.objection_lodge(
                actor=request.actor, line_id=line_id, **form.cleaned_data
            )
        except RefusedError as error:
            form.add_error("words", error.message)
        else:
            messages.success(
                request, _("We have your objection and will look into it within 5 working days.")
            )
            return redirect("notices:objection_mine", made.pk)
    known = members.member_of(request.user.pk) is not None if request.user.pk else False
    context = {"line": line, "form": form, "is_known": known}
    return render(request, "notices/objection_new.html", context)


@signed_in
@require_GET
def objection_mine(request: Request, objection_id: uuid.UUID) -> HttpResponse:
    """Show a person the objection she made, and the answer."""
    found = Objection.objects.filter(account_id=request.user.pk).select_related(
        "line__notice__organisation"
    )
    objection = get_object_or_404(found, pk=objection_id)
    words, answer = services.objection_read_own(request.actor, objection)
    context = {"objection": objection, "words": words, "answer": answer}
    return render(request, "notices/objection_mine.html", context)


@officer
@require_GET
def objection_list(request: Request) -> HttpResponse:
    """Show the objections an officer's organisation answers, the oldest unanswered first."""
    if not request.actor.can(Ability.NOTICE_MANAGE):
        raise Http404
    found = policies.objections_visible_to(request.actor).filter(state="open")
    page = page_of(
        found.select_related("line__notice"), request.GET.get("after"), order=("due_at", "id")
    )
    return render(request, "notices/objection_list.html", {"page": page})


@officer
@require_http_methods(["GET", "POST"])
def objection_page(request: Request, objection_id: uuid.UUID) -> HttpResponse:
    """Read one objection and answer it."""
    objection = get_object_or_404(
        policies.objections_visible_to(request.actor).select_related("line__notice__organisation"),
        pk=objection_id,
    )
    form = SettlementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        upheld = form.cleaned_data["outcome"] == "upheld"
        try:
            services.objection_settle(
                actor=request.actor,
                objection_id=objection_id,
                is_upheld=upheld,
                answer=form.cleaned_data["answer"],
            )
        except RefusedError as error:
            form.add_error("answer", error.message)
        else:
            messages.success(request, _("Answered. The person has been told."))
            return redirect("notices:objection_list")
    context = {
        "objection": objection,
        "form": form,
        "words": services.objection_open(request.actor, objection),
    }
    return render(request, "notices/objection_page.html", context)
