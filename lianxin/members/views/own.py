"""What a person sees and decides about her own data."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianxin.accounts import api as accounts
from lianxin.kit.access import signed_in
from lianxin.kit.errors import RefusedError
from lianxin.members.forms import ConsentForm, FactForm, LinkForm, RelativeForm
from lianxin.members.models import Member
from lianxin.members.rules.facts import FactEntry
from lianxin.members.selectors.consents import consent_given, consents_of
from lianxin.members.selectors.dictionary import fact_entry, purposes
from lianxin.members.selectors.facts import facts_read
from lianxin.members.selectors.membership import STANDINGS
from lianxin.members.selectors.people import member_of, number_is_held
from lianxin.members.selectors.showing import (
    crowd_shown,
    fact_groups,
    fact_past,
    fact_shown,
    looks_at,
)
from lianxin.members.services.consents import consent_give, consent_withdraw
from lianxin.members.services.correcting import phone_take
from lianxin.members.services.facts import SELF, fact_save
from lianxin.members.services.linking import ASKED, member_link
from lianxin.members.services.relatives import relative_add, relative_remove, relatives_shown
from lianxin.orgs.api import Request


@signed_in
@require_GET
def facts(request: Request) -> HttpResponse:
    """Show what is kept, from where, since when, until when."""
    member = member_of(request.actor.account_id)
    groups = fact_groups(member) if member else []
    standing = STANDINGS[member.state] if member else ""
    page = {"member": member, "groups": groups, "standing": standing}
    return render(request, "members/fact_list.html", page)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def number(request: Request) -> HttpResponse:
    """Put the number one signs in with onto the roll."""
    member = member_of(request.actor.account_id)
    if member is None or request.actor.account_id is None:
        raise Http404
    if request.method == "POST":
        try:
            phone_take(actor=request.actor)
            messages.success(request, _("Done: your union reaches you under this number."))
            return redirect("members:facts")
        except RefusedError as error:
            messages.warning(request, error.message)
    proved = accounts.proved_phone(request.actor.account_id)  # her own, and masked
    page = {
        "held": fact_shown(member, "phone"),
        "proved": accounts.masked_phone(proved) if proved else "",
        "is_same": number_is_held(member, proved),
    }
    return render(request, "members/number.html", page)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def fact(request: Request, name: str) -> HttpResponse:
    """Correct one fact, or tell it for the first time."""
    member, entry = _own_fact(request, name)
    held = facts_read(member, [name]).get(name)
    asks = entry.is_sensitive and not consent_given(request.actor.account_id, entry.purpose)
    form = FactForm(
        request.POST or None, entry=entry, value=held.value if held else None, asks_consent=asks
    )
    if request.method == "POST" and form.is_valid():
        try:
            if asks:
                guardian = form.cleaned_data.get("guardian_name", "")
                consent_give(actor=request.actor, purpose=entry.purpose, guardian_name=guardian)
            _tell(request, member, name, form.cleaned_data["value"])
            messages.success(request, _("Thank you. We keep it like this from now on."))
            return redirect(_way_back(request))
        except RefusedError as error:
            form.refuse(error)
    page = {
        "form": form,
        "entry": entry,
        "name": name,
        "held": held,
        "past": fact_past(member, name),
    }
    return render(request, "members/fact_form.html", page)


@signed_in
@require_POST
def fact_forget(request: Request, name: str) -> HttpResponse:
    """Take back a fact one told."""
    member, _entry = _own_fact(request, name)
    _tell(request, member, name, None)
    messages.success(request, _("We no longer use it. The history of changes stays for the audit."))
    return redirect("members:facts")


@signed_in
@require_GET
def consents(request: Request) -> HttpResponse:
    """Show every purpose, one sentence each, with the person's yes or without."""
    given = consents_of(request.user.pk) if request.user.pk else {}
    rows = [
        {
            "code": code,
            "entry": entry,
            "given": given.get(code),
            "is_old": code in given and given[code].wording != entry.version,
        }
        for code, entry in purposes().items()
    ]
    return render(request, "members/consent_list.html", {"rows": rows, "form": ConsentForm()})


@signed_in
@require_POST
def consent_change(request: Request, purpose: str) -> HttpResponse:
    """Say yes to one purpose, or take it back."""
    if purpose not in purposes():
        raise Http404
    try:
        if "withdraw" in request.POST:
            consent_withdraw(actor=request.actor, purpose=purpose)
            messages.success(request, _("Taken back. From now on we act accordingly."))
        else:
            guardian = request.POST.get("guardian_name", "")
            consent_give(actor=request.actor, purpose=purpose, guardian_name=guardian)
            messages.success(request, _("Thank you. You can take this back at any time."))
    except RefusedError as error:
        messages.error(request, error.message)
    return redirect("members:consents")


@signed_in
@require_GET
def looked(request: Request) -> HttpResponse:
    """Show who opened the person's sensitive data, when, what, and why."""
    member = member_of(request.actor.account_id)
    account_id = request.user.pk or uuid.UUID(int=0)
    looks, after = looks_at(account_id, member, request.GET.get("after"))
    crowd = [] if request.GET.get("after") else crowd_shown(member)
    return render(request, "members/looked.html", {"looks": looks, "after": after, "crowd": crowd})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def family(request: Request) -> HttpResponse:
    """Show the declared family, and add to it."""
    member = member_of(request.actor.account_id)
    form = RelativeForm(request.POST or None)
    if request.method == "POST" and member is not None and form.is_valid():
        try:
            _declare(request, form)
            messages.success(request, _("Noted. This person will never decide about your case."))
            return redirect("members:family")
        except RefusedError as error:
            form.refuse(error)
    shown = relatives_shown(member) if member else []
    return render(request, "members/family.html", {"member": member, "form": form, "rows": shown})


@signed_in
@require_POST
def family_remove(request: Request, relative_id: uuid.UUID) -> HttpResponse:
    """Take a declared relative away."""
    relative_remove(actor=request.actor, relative_id=relative_id)
    messages.success(request, _("Removed."))
    return redirect("members:family")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: Request) -> HttpResponse:
    """Join one's sign-in to the entry on the roll: name and identity number, once."""
    if member_of(request.actor.account_id) is not None:
        return redirect("accounts:next_step")
    if "later" in request.POST:
        request.session[ASKED] = True
        return redirect("accounts:next_step")
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            for purpose in form.cleaned_data["consent"]:
                consent_give(actor=request.actor, purpose=purpose)
            named = {key: form.cleaned_data[key] for key in ("name", "id_number")}
            member = member_link(actor=request.actor, **named)
            said = _("Found you: %(union)s. Welcome!") % {"union": member.organisation.name}
            messages.success(request, said)
            return redirect("accounts:next_step")
        except RefusedError as error:
            form.refuse(error)
    return render(request, "members/member_link.html", {"form": form, "purposes": purposes()})


def _way_back(request: Request) -> str:
    """Lead back to the page of ours that asked the question, else to what is kept."""
    back = request.GET.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if is_ours else "members:facts"


def _own_fact(request: Request, name: str) -> tuple[Member, FactEntry]:
    member, entry = member_of(request.actor.account_id), fact_entry(name)
    if member is None or entry is None or not entry.may_correct:
        raise Http404
    return member, entry


def _tell(request: Request, member: Member, name: str, value: object) -> None:
    fact_save(actor=request.actor, member_id=member.pk, name=name, value=value, source=SELF)


def _declare(request: Request, form: RelativeForm) -> None:
    typed = dict(form.cleaned_data)
    if typed.pop("consent"):
        own = str(getattr(request.user, "display_name", "")) or "监护人"
        consent_give(actor=request.actor, purpose="child", guardian_name=own)
    birth_on: dt.date | None = typed.pop("birth_on")
    relative_add(actor=request.actor, birth_on=birth_on, **typed)
