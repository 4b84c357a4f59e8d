"""Signing in by phone: number, code, who one is, agreement."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.accounts import conf, selectors, services
from lianxin.accounts.forms import AgreeForm, AnswerForm, CodeForm, PhoneForm
from lianxin.accounts.models import Challenge, SignIn
from lianxin.accounts.policies import check_of, sign_in_steps
from lianxin.accounts.rules import Stage, shown_phone
from lianxin.accounts.views import flow
from lianxin.kit.access import public, signed_in
from lianxin.kit.errors import RefusedError


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the number and send a code to it."""
    if request.user.is_authenticated and request.method != "POST":
        return redirect(flow.safe_next(request) or "/")
    browser = selectors.browser_of(request)
    outside = selectors.waiting_identity(request.POST.get("with", _with(request)), browser=browser)
    form = PhoneForm(flow.typed(request), initial={"phone": _demo_phone(request)})
    if request.method == "POST" and form.is_valid():
        try:
            run = services.code_send(
                browser=browser,
                next_url=flow.safe_next(request),
                outside=outside,
                **form.cleaned_data,
            )
        except RefusedError as error:
            form.refuse(error)
        else:
            return redirect("accounts:code", run_id=run.pk)
    response = render(request, "accounts/sign_in.html", _doors(request, form, outside))
    flow.with_ways_out(response, conf.providers())
    return flow.with_known_device(request, response)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Take the code; the right one leads on."""
    run = flow.run_here(request, run_id)
    if run is None or run.purpose != "sign_in":
        return flow.begin_again(request)
    form = CodeForm(flow.typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            proved = services.code_prove(
                run_id=run.pk, browser=run.browser, code=form.cleaned_data["code"]
            )
            return flow.forward(request, proved)
        except RefusedError as error:
            form.refuse(error)
    elif run.finished_at or run.phone is None:
        return flow.begin_again(request)
    elif selectors.stage_of(run) is not Stage.CODE:
        return flow.forward(request, run)
    page = {"form": form, "run": run, "phone": _shown(run), "outbox_url": flow.outbox_url()}
    return render(request, "accounts/code_enter.html", page)


@public
@require_POST
def code_again(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Send a new code; within a minute the one on its way counts."""
    run = flow.run_here(request, run_id)
    if run is None or run.phone is None or run.purpose != "sign_in":
        return flow.begin_again(request)
    try:
        fresh = services.code_send_again(run_id=run.pk, browser=run.browser)
    except RefusedError as error:
        messages.warning(request, error.message)
        return redirect("accounts:code", run_id=run.pk)
    messages.info(request, _on_its_way() if fresh.pk == run.pk else _sent_anew())
    return redirect("accounts:code", run_id=fresh.pk)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Ask the person behind the account who she is: we do not know this device."""
    run = flow.run_here(request, run_id)
    if run is None or selectors.stage_of(run) is not Stage.WHO:
        return flow.forward(request, run) if run and run.proved_at else flow.begin_again(request)
    account = selectors.holder_of(run)
    asked = check_of(account) if account else None
    form = AnswerForm(flow.typed(request), question=asked[1] if asked else "")
    if request.method == "POST" and form.is_valid():
        try:
            run = services.identity_prove(
                run_id=run.pk, browser=run.browser, answer=form.cleaned_data["answer"]
            )
            return flow.forward(request, run)
        except RefusedError as error:
            form.refuse(error)
    return render(request, "accounts/identity_prove.html", {"form": form, "run": run})


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def number_take_over(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Let the new holder of a number begin afresh."""
    run = flow.run_here(request, run_id)
    if run is None or run.way != selectors.PHONE or selectors.stage_of(run) is not Stage.WHO:
        return flow.forward(request, run) if run and run.proved_at else flow.begin_again(request)
    if request.method == "POST":
        run = services.number_take_over(run_id=run.pk, browser=run.browser)
        return flow.forward(request, run)
    return render(request, "accounts/number_take_over.html", {"run": run, "phone": _shown(run)})


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Show what is kept and ask for agreement before anything is."""
    run = flow.run_here(request, run_id)
    if run is None or selectors.stage_of(run) not in {Stage.AGREE, Stage.DONE}:
        return flow.begin_again(request)
    form = AgreeForm(flow.typed(request))
    if request.method == "POST" and "refuse" in request.POST:
        services.run_refuse(run_id=run.pk, browser=run.browser)
        return redirect("accounts:agreement_refused")
    if request.method == "POST" and form.is_valid():
        try:
            run = services.run_agree(
                run_id=run.pk, browser=run.browser, agreed=form.cleaned_data["agreed"]
            )
            return flow.forward(request, run)
        except RefusedError as error:
            form.refuse(error)
    page = {"form": form, "short": conf.policy().short}
    return render(request, "accounts/agreement_give.html", page)


@public
@require_safe
def agreement_refused(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/agreement_refused.html")


@signed_in
@require_safe
def next_step(request: HttpRequest) -> HttpResponse:
    """Lead a fresh sign-in through what higher apps still ask of it, then where it wanted to go."""
    user = flow.own_user(request)
    for step in sign_in_steps:
        page = step(request, user)
        if page:
            return redirect(page)
    return redirect(request.session.pop(flow.AFTER, "") or "/")


def _doors(request: HttpRequest, form: PhoneForm, outside: Challenge | None) -> dict[str, object]:
    """Gather what the page of doors shows: the number first, then whatever else is offered here."""
    return {
        "form": form,
        "next": flow.safe_next(request),
        "people": conf.demo_sign_ins(),
        "outside": outside,
        "outside_name": conf.provider_name(outside.kind) if outside else "",
        "providers": [(key, conf.provider_name(key)) for key in conf.providers()],
    }


def _with(request: HttpRequest) -> str:
    return request.GET.get("with", "")


def _shown(run: SignIn) -> str:
    return shown_phone(selectors.phone_of_run(run)) if run.phone else ""


def _demo_phone(request: HttpRequest) -> str:
    wanted = request.GET.get("demo", "")
    people = conf.demo_sign_ins()
    at = int(wanted) if wanted.isdigit() else -1
    return people[at].phone if 0 <= at < len(people) else ""


def _on_its_way() -> str:
    return _("The code is still on its way. A new one can be sent after a minute.")


def _sent_anew() -> str:
    return _("We have sent a new code. Only the newest one counts.")
