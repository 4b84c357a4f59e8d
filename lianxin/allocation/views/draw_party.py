"""What somebody who watches over a draw does: lock a secret, open it, read the value."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianxin.allocation.forms.draws import LockForm, SecretForm, ValueForm
from lianxin.allocation.models import Draw, DrawParty
from lianxin.allocation.rules.draws_steps import Stage
from lianxin.allocation.selectors.draw_showing import public_name, sentence_of, stations_of
from lianxin.allocation.services.drawing_parties import draw_commit, draw_reveal
from lianxin.allocation.services.drawing_results import draw_value_read
from lianxin.allocation.services.drawing_steps import draw_step
from lianxin.kit import clock
from lianxin.kit.access import signed_in
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Request


@signed_in
@require_safe
def draw_party(request: Request, draw_id: uuid.UUID) -> HttpResponse:
    """Show a party what is asked of her now."""
    return _page(request, _party(request, draw_id))


@signed_in
@require_POST
def commit(request: Request, draw_id: uuid.UUID) -> HttpResponse:
    """Lock a secret away: only its lock is sent."""
    party, form = _party(request, draw_id), LockForm(request.POST)
    return _done(
        request, party, form,
        lambda told: draw_commit(actor=request.actor, draw_id=draw_id, lock=told["lock"]),
        _("Locked. Keep your secret until it is opened; nobody else has it."),
    )  # fmt: skip


@signed_in
@require_POST
def reveal(request: Request, draw_id: uuid.UUID) -> HttpResponse:
    """Open a secret."""
    party, form = _party(request, draw_id), SecretForm(request.POST)
    return _done(
        request, party, form,
        lambda told: draw_reveal(actor=request.actor, draw_id=draw_id, secret=told["secret"]),
        _("Opened. Thank you: everybody can read it now."),
    )  # fmt: skip


@signed_in
@require_POST
def value(request: Request, draw_id: uuid.UUID) -> HttpResponse:
    """Enter the public value as one read it."""
    party, form = _party(request, draw_id), ValueForm(request.POST)
    return _done(
        request, party, form,
        lambda told: draw_value_read(actor=request.actor, draw_id=draw_id, typed=told["value"]),
        _("Noted. As soon as a second person has read the same, the draw runs."),
    )  # fmt: skip


def _party(request: Request, draw_id: uuid.UUID) -> DrawParty:
    found = DrawParty.objects.filter(draw_id=draw_id, account_id=request.user.pk)
    if not found.exclude(draw__stage=Stage.PLANNED).exists():
        raise Http404
    draw_step(draw_id)
    return found.select_related("draw__pool__organisation").get()


def _done(
    request: Request,
    party: DrawParty,
    form: forms.Form,
    act: Callable[[dict[str, str]], object],
    words: str,
) -> HttpResponse:
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except RefusedError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, words)
            return redirect("allocation:draw_party", draw_id=party.draw_id)
    return _page(request, party, form)


def _page(request: Request, party: DrawParty, form: forms.Form | None = None) -> HttpResponse:
    draw = Draw.objects.select_related("pool__organisation").prefetch_related("parties").get(pk=party.draw_id)  # fmt: skip
    context = {
        "draw": draw,
        "party": party,
        "asks": _asks(draw, party),
        "form": form or _form(draw, party),
        "sentence": sentence_of(draw),
        "stations": stations_of(draw),
        "public_name": public_name(draw),
        "link": draw.rule["public"]["link"],
        "own_reading": draw.values_read.filter(read_by_id=request.user.pk).first(),
    }
    return render(request, "allocation/draw_party.html", context)


def _asks(draw: Draw, party: DrawParty) -> str:
    """Say which of the three forms stands on the page: lock, secret, value, or none."""
    if draw.standing is Stage.FROZEN and not party.lock:
        return "lock"
    if draw.standing is Stage.COMMITTED and party.lock and not party.secret:
        return "secret"
    is_known = draw.standing is Stage.REVEALED and clock.now() >= draw.known_at
    return "value" if is_known and not draw.value else ""


def _form(draw: Draw, party: DrawParty) -> forms.Form:
    kinds: dict[str, type[forms.Form]] = {"lock": LockForm, "secret": SecretForm}
    return kinds.get(_asks(draw, party), ValueForm)()
