"""What a person does with her own case: change it, answer, object, take it back, say how it went."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from lianxin.kit.access import signed_in
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Request
from lianxin.procedures import services
from lianxin.procedures.forms import (
    AccountForm,
    CodeForm,
    RateForm,
    WordsForm,
)
from lianxin.procedures.rules.machine import Verb
from lianxin.procedures.selectors import Bundle
from lianxin.procedures.selectors.timeline import note_of
from lianxin.procedures.views.attempts import Attempt, attempt, key_of, seen_of
from lianxin.procedures.views.cases import own_bundle
from lianxin.procedures.views.shown import answers_of, papers_of

Words = str | Promise


@dataclass(frozen=True)
class Deed:
    """One thing a person may do with her case, and the words around its form."""

    verb: Verb
    title: Words
    button: Words
    done: Words
    make: Callable[[Request, Bundle], forms.Form]
    act: Callable[[Request, Bundle, Any], object]
    intro: Callable[[Bundle], str] = lambda _bundle: ""
    template: str = "procedures/case_form.html"


def deed_page(request: Request, dossier_id: uuid.UUID, deed: Deed) -> HttpResponse:
    bundle = own_bundle(request, dossier_id)
    if request.method == "GET" and deed.verb not in bundle.verbs:
        messages.info(request, _("There is nothing to do here any more. This is how it stands."))
        return redirect("procedures:case", dossier_id)
    form, tried = deed.make(request, bundle), Attempt(is_done=False)
    if request.method == "POST":
        tried = attempt(form, lambda: deed.act(request, bundle, form))
        if tried.is_done:
            messages.success(request, str(deed.done))
            return redirect("procedures:case", dossier_id)
        bundle = own_bundle(request, dossier_id)
    shown = {
        "deed": deed,
        "dossier": bundle.dossier,
        "form": form,
        "key": key_of(request),
        "intro": deed.intro(bundle),
        "stale": tried.stale,
    }
    if deed.verb is Verb.CONFIRM:
        shown["answers"] = answers_of(bundle)
        shown["papers"] = papers_of(bundle, request.user.pk)
    return render(request, deed.template, shown)


def _sent(request: Request) -> dict[str, Any]:
    return {"key": key_of(request), "seen": seen_of(request)}


# --- confirm what an officer filled in with her


CONFIRM = Deed(
    verb=Verb.CONFIRM,
    title=gettext_lazy("Is it right like this?"),
    button=gettext_lazy("Yes, it is right"),
    done=gettext_lazy("Thank you. It is on its way now."),
    make=lambda request, _bundle: CodeForm(request.POST or None),
    act=lambda request, bundle, form: services.dossier_confirm(
        actor=request.actor,
        dossier_id=bundle.dossier.pk,
        code=form.cleaned_data["code"],
        key=key_of(request),
    ),
    template="procedures/case_confirm.html",
)
WITHDRAW = Deed(
    verb=Verb.WITHDRAW,
    title=gettext_lazy("Withdraw it?"),
    button=gettext_lazy("Yes, withdraw it"),
    done=gettext_lazy("Withdrawn. You can apply again at any time."),
    make=lambda request, _bundle: WordsForm(
        request.POST or None, label=gettext_lazy("Why, if you like to say"), required=False
    ),
    act=lambda request, bundle, form: services.dossier_withdraw(
        actor=request.actor,
        dossier_id=bundle.dossier.pk,
        reason=form.cleaned_data["words"],
        **_sent(request),
    ),
    intro=lambda _bundle: _(
        "Nobody will ask you why. What you sent is kept as the law says, then removed."
    ),
)
OBJECT = Deed(
    verb=Verb.OBJECT,
    title=gettext_lazy("I do not agree"),
    button=gettext_lazy("Have it looked at again"),
    done=gettext_lazy("We have your objection. Somebody else, one level up, looks at it again."),
    make=lambda request, _bundle: WordsForm(
        request.POST or None, label=gettext_lazy("What did we get wrong?")
    ),
    act=lambda request, bundle, form: services.dossier_object(
        actor=request.actor,
        dossier_id=bundle.dossier.pk,
        words=form.cleaned_data["words"],
        **_sent(request),
    ),
    intro=lambda _bundle: _(
        "Whoever decided will not look at it again. It costs nothing and is never held against you."
    ),
)
ACCOUNT = Deed(
    verb=Verb.ANSWER,
    title=gettext_lazy("The right account"),
    button=gettext_lazy("Send it again to this account"),
    done=gettext_lazy("Thank you. The money goes out again with the next payment run."),
    make=lambda request, _bundle: AccountForm(request.POST or None),
    act=lambda request, bundle, form: services.payment_account_correct(
        actor=request.actor,
        dossier_id=bundle.dossier.pk,
        account=form.cleaned_data["account"],
        **_sent(request),
    ),
    intro=lambda bundle: note_of(bundle.asked.entry) if bundle.asked else "",
)
RATE = Deed(
    verb=Verb.RATE,
    title=gettext_lazy("How was it?"),
    button=gettext_lazy("Send"),
    done=gettext_lazy("Thank you for telling us."),
    make=lambda request, _bundle: RateForm(request.POST or None),
    act=lambda request, bundle, form: services.dossier_rate(
        actor=request.actor,
        dossier_id=bundle.dossier.pk,
        level=form.cleaned_data["level"],
        words=form.cleaned_data["words"],
        key=key_of(request),
    ),
    intro=lambda _bundle: _(
        "For this case only. It helps us put things right; nobody is ranked by it."
    ),
)


@signed_in
@require_http_methods(["GET", "POST"])
def case_confirm(request: Request, dossier_id: uuid.UUID) -> HttpResponse:
    """Read what was filled in and say yes with the code."""
    return deed_page(request, dossier_id, CONFIRM)


@signed_in
@require_POST
def case_code(request: Request, dossier_id: uuid.UUID) -> HttpResponse:
    """Send the code once more."""
    own_bundle(request, dossier_id)
    try:
        services.confirm_code_resend(actor=request.actor, dossier_id=dossier_id)
    except RefusedError as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, _("A new code is on its way to your phone."))
    return redirect("procedures:case_confirm", dossier_id)


@signed_in
@require_http_methods(["GET", "POST"])
def case_withdraw(request: Request, dossier_id: uuid.UUID) -> HttpResponse:
    """Take one's application back."""
    return deed_page(request, dossier_id, WITHDRAW)


@signed_in
@require_http_methods(["GET", "POST"])
def case_object(request: Request, dossier_id: uuid.UUID) -> HttpResponse:
    """Object to a refusal."""
    return deed_page(request, dossier_id, OBJECT)


@signed_in
@require_http_methods(["GET", "POST"])
def case_account(request: Request, dossier_id: uuid.UUID) -> HttpResponse:
    """Give the right account after the bank sent a payment back."""
    return deed_page(request, dossier_id, ACCOUNT)


@signed_in
@require_http_methods(["GET", "POST"])
def case_rate(request: Request, dossier_id: uuid.UUID) -> HttpResponse:
    """Say how it went, in five levels."""
    return deed_page(request, dossier_id, RATE)
