"""What somebody who watches over a draw does: lock a secret, open it, read the value."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianxin.allocation.forms.draws import DrawForm, LockForm, SecretForm, ValueForm
from lianxin.allocation.models import Draw, DrawParty
from lianxin.allocation.rules.draws_steps import Stage
from lianxin.allocation.selectors.draw_showing import public_name, sentence_of, stations_of
from lianxin.allocation.services.drawing_parties import draw_commit, draw_reveal
from lianxin.allocation.services.drawing_results import draw_value_read
from lianxin.allocation.services.drawing_steps import draw_step
from lianxin.kit import clock
from lianxin.kit.access import signed_in
from lianxin.orgs.api import Request

FORMS: dict[str, type[DrawForm]] = {"lock": LockForm, "secret": SecretForm, "value": ValueForm}


@signed_in
@require_safe
def draw_party(request: Request, draw_id: uuid.UUID) -> HttpResponse:
    """Show a party what is asked of her now."""
    return _page(request, _party(request, draw_id))


@signed_in
@require_POST
def commit(request: Request, draw_id: uuid.UUID) -> HttpResponse:
    """Lock a secret away: only its lock is sent."""
    words = _("Locked. Keep your secret until it is opened; nobody else has it.")
    return _done(request, draw_id, LockForm, draw_commit, words)


@signed_in
@require_POST
def reveal(request: Request, draw_id: uuid.UUID) -> HttpResponse:
    """Open a secret."""
    words = _("Opened. Thank you: everybody can read it now.")
    return _done(request, draw_id, SecretForm, draw_reveal, words)


@signed_in
@require_POST
def value(request: Request, draw_id: uuid.UUID) -> HttpResponse:
    """Enter the public value as one read it."""
    words = _("Noted. As soon as a second person has read the same, the draw runs.")
    return _done(request, draw_id, ValueForm, draw_value_read, words)


def _party(request: Request, draw_id: uuid.UUID) -> DrawParty:
    found = DrawParty.objects.filter(draw_id=draw_id, account_id=request.user.pk)
    if not found.exclude(draw__stage=Stage.PLANNED).exists():
        raise Http404
    draw_step(draw_id)
    return found.select_related("draw__pool__organisation").get()


def _done(
    request: Request,
    draw_id: uuid.UUID,
    kind: type[DrawForm],
    act: Callable[..., object],
    words: str,
) -> HttpResponse:
    party, form = _party(request, draw_id), kind(request.POST)
    if form.done(lambda: act(actor=request.actor, draw_id=draw_id, **form.cleaned_data)):
        messages.success(request, words)
        return redirect("allocation:draw_party", draw_id=draw_id)
    return _page(request, party, form)


def _page(request: Request, party: DrawParty, form: DrawForm | None = None) -> HttpResponse:
    draw = Draw.objects.select_related("pool__organisation").prefetch_related("parties").get(pk=party.draw_id)  # fmt: skip
    party = next(one for one in draw.parties.all() if one.pk == party.pk)  # as she stands now
    asks = _asks(draw, party)
    asked = FORMS[asks]() if asks else None
    if form is not None and type(form) is not type(asked):  # sent late, or twice
        messages.error(request, form.first_fault)
        form = None
    context = {
        "draw": draw,
        "party": party,
        "asks": asks,
        "form": form or asked,
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
