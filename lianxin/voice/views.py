"""Pages to tell us what to better, to follow it up, and to answer."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lianxin.kit import clock
from lianxin.kit.access import officer, public, signed_in
from lianxin.kit.errors import RefusedError
from lianxin.kit.paging import page_of
from lianxin.orgs.api import Ability, Request
from lianxin.ui.fields import refusal_show
from lianxin.voice import policies, rules, selectors, services
from lianxin.voice.forms import AnswerForm, CodeForm, SuggestionForm

SENT = "voice_tally"


@public
@require_http_methods(["GET", "POST"])
def suggestion_new(request: Request) -> HttpResponse:
    """Take a suggestion from anybody, with or without a name."""
    account_id = request.user.pk if request.user.is_authenticated else None
    form = SuggestionForm(
        request.POST or None,
        readers=selectors.readers_for(account_id),
        may_be_named=account_id is not None,
        initial={"key": uuid.uuid4(), "about_page": request.GET.get("from", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _sent(request, form)
        except RefusedError as error:
            refusal_show(form, error)
    return render(request, "voice/suggestion_new.html", {"form": form})


def _sent(request: Request, form: SuggestionForm) -> HttpResponse:
    # The count lives in the browser alone: nothing on our side ties two suggestions together.
    tally = rules.Tally.read(request.get_signed_cookie(SENT, default="") or "", today=clock.today())
    if tally.is_spent():
        raise RefusedError(
            _("That is a lot for one day. Please call 12351, a person listens there.")
        )
    given = form.cleaned_data
    suggestion, code = services.suggestion_send(
        actor=request.actor,
        organisation_id=uuid.UUID(given["reader"]),
        kind=given["kind"],
        words=given["words"],
        is_named=given.get("is_named", False),
        about_page=given["about_page"],
        key=given["key"],
    )
    answer = render(request, "voice/suggestion_sent.html", {"suggestion": suggestion, "code": code})
    answer.set_signed_cookie(
        SENT, tally.plus_one(), max_age=86_400, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return answer


@public
@require_http_methods(["GET", "POST"])
def suggestion_follow(request: Request) -> HttpResponse:
    """Show what became of a suggestion to whoever holds its code."""
    form = CodeForm(request.POST or None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        found = selectors.by_code(form.cleaned_data["code"])
        if found:
            words, answer = services.suggestion_read_own(found)
            context |= {"suggestion": found, "words": words, "answer": answer}
        else:
            form.add_error("code", _("We find nothing under this code. Please check each letter."))
    return render(request, "voice/suggestion_follow.html", context)


@signed_in
@require_GET
def suggestion_mine(request: Request) -> HttpResponse:
    """List what one sent under one's name, with the answers."""
    page = page_of(
        selectors.mine(request.user.pk),
        request.GET.get("after"),
        size=20,
        order=("-received_on", "-id"),
    )
    rows = [(row, *services.suggestion_read_own(row)) for row in page.rows]
    return render(request, "voice/suggestion_mine.html", {"page": page, "rows": rows})


@officer
@require_GET
def suggestion_list(request: Request) -> HttpResponse:
    """List what waits for an answer, the oldest promise first."""
    if not request.actor.can(Ability.SUGGESTION_ANSWER):
        raise Http404
    waiting = (
        policies.visible_to(request.actor)
        .filter(answered_on__isnull=True)
        .select_related("organisation")
    )
    page = page_of(waiting, request.GET.get("after"), order=("due_on", "id"))
    return render(request, "voice/suggestion_list.html", {"page": page})


@officer
@require_http_methods(["GET", "POST"])
def suggestion_page(request: Request, suggestion_id: uuid.UUID) -> HttpResponse:
    """Read one suggestion and answer it."""
    suggestion = get_object_or_404(policies.visible_to(request.actor), pk=suggestion_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.suggestion_answer(
                actor=request.actor, suggestion_id=suggestion_id, answer=form.cleaned_data["answer"]
            )
        except RefusedError as error:
            form.add_error("answer", error.message)
        else:
            messages.success(request, _("Answered. The writer can read it now."))
            return redirect("voice:suggestion_list")
    words = services.suggestion_open(actor=request.actor, suggestion=suggestion)
    return render(
        request,
        "voice/suggestion_page.html",
        {"suggestion": suggestion, "form": form, "words": words},
    )
