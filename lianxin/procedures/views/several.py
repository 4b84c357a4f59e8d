"""Harmless bulk: take several, and pass on several where the step asks nothing of its officer."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Request
from lianxin.procedures import selectors, services
from lianxin.procedures.rules.definition import StepKind
from lianxin.procedures.selectors import Bundle
from lianxin.procedures.views.attempts import key_of

MOST = 50
PLAIN = {StepKind.REVIEW, StepKind.CHECK}


@officer
@require_POST
def dossier_several(request: Request) -> HttpResponse:
    """Take or pass on the ticked dossiers, each by itself; say what was left and why."""
    act = {"take": _take, "pass": _pass}.get(request.POST.get("verb", ""))
    ids = _ticked(request)
    if act is None or not ids:
        messages.info(request, _("Nothing was ticked, so nothing was changed."))
        return redirect("desk:queue")
    refused = [sentence for one in ids if (sentence := _tried(request, act, one))]
    done = len(ids) - len(refused)
    if done:
        said = ngettext("%(n)d case is done.", "%(n)d cases are done.", done)
        messages.success(request, said % {"n": done})
    for sentence in refused[:10]:
        messages.warning(request, sentence)
    return redirect("desk:queue")


def _ticked(request: Request) -> list[tuple[uuid.UUID, int | None]]:
    found = []
    for text in request.POST.getlist("dossier")[:MOST]:
        pk, _colon, seen = text.partition(":")
        try:
            found.append((uuid.UUID(pk), int(seen) if seen.isdecimal() else None))
        except ValueError:
            continue
    return found


def _tried(
    request: Request,
    act: Callable[[Request, Bundle, int | None], None],
    ticked: tuple[uuid.UUID, int | None],
) -> str:
    bundle = selectors.dossier_bundle(request.actor, ticked[0])
    if bundle is None or bundle.is_for_person:
        return _("One case is no longer on your desk.")
    try:
        act(request, bundle, ticked[1])
    except RefusedError as refused:
        return f"{bundle.dossier.number}: {refused.message}"
    return ""


def _take(request: Request, bundle: Bundle, _seen: int | None) -> None:
    services.task_take(
        actor=request.actor, dossier_id=bundle.dossier.pk, key=_key(request, bundle), seen=None
    )


def _pass(request: Request, bundle: Bundle, seen: int | None) -> None:
    step = bundle.dossier.step
    key = _key(request, bundle)
    is_repeat = any(entry.key == f"approve:{key}" for entry in bundle.entries)
    if not is_repeat and (step.kind not in PLAIN or step.fields):
        raise RefusedError(_("this step needs your own words, so please open it."))
    services.step_approve(actor=request.actor, dossier_id=bundle.dossier.pk, key=key, seen=seen)


def _key(request: Request, bundle: Bundle) -> str:
    return f"{key_of(request)}:{bundle.dossier.pk.hex[-12:]}"
