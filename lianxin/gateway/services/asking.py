"""Secrets asked for at the desk: by one administrator, with a second one's yes where persons are in reach.

A secret is the system it belongs to: whoever has it calls in its name. So it is shown once, to the
one who asked, and where the scopes reach persons nobody has it by herself.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.gateway import policies
from lianxin.gateway.constants import MOST_OVERLAP_HOURS, REQUEST_DAYS
from lianxin.gateway.models import Client, ClientRequest
from lianxin.gateway.rules.access import ClientState, Scope, needs_second
from lianxin.gateway.services.clients import (
    client_locked,
    client_put,
    note,
    secret_add,
    secret_renew,
)
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.notify import api as notify
from lianxin.orgs.api import Actor, Organisation, Reach, Role, holders_at, line_of

State, Kind = ClientRequest.State, ClientRequest.Kind
RUNNING = (State.OPEN, State.CONFIRMED)


def client_ask(
    *,
    actor: Actor,
    name: str,
    organisation: Organisation,
    reach: Reach,
    scopes: Collection[Scope],
    expires_on: dt.date | None = None,
) -> ClientRequest:
    """Ask for a client; it may call once its secret is drawn. Asked before, it is the same request.

    Raises:
        ForbiddenError: the organisation is out of the actor's reach.
        RefusedError: no name or scope, a name that is taken, or nobody who could say yes.
    """
    _managers_only(actor, organisation)
    name = clean(name)[:80]
    if not name:
        raise RefusedError(_("Please give it a name."), field="name")
    if expires_on is not None and expires_on < clock.today():
        raise RefusedError(_("This day is over."), field="expires_on")
    with atomic():
        wanted = (sorted(scope.value for scope in scopes), reach, expires_on)
        running = _asked_before(actor, name, organisation, wanted)
        if running is not None:
            return running
        client = client_put(
            name=name, organisation=organisation, reach=reach, scopes=scopes,
            expires_on=expires_on, state=ClientState.WAITING,
        )  # fmt: skip
        detail: dict[str, object] = {"scopes": client.scopes, "reach": client.reach}
        return _asked(actor, client, "gateway.client_asked", detail, kind=Kind.CREATE)


def rotation_ask(*, actor: Actor, client_id: uuid.UUID, overlap_hours: int) -> ClientRequest:
    """Ask for a new secret; the one before holds so many hours after the new one was drawn.

    Raises:
        ForbiddenError: out of the actor's reach.
        RefusedError: it ended, the hours are none, or nobody could say yes.
    """
    if not 0 <= overlap_hours <= MOST_OVERLAP_HOURS:
        raise RefusedError(_("Please choose between no hour and a week."), field="overlap_hours")
    with atomic():
        client = client_locked(client_id)
        _managers_only(actor, client.organisation)
        running = _running(client)
        if running is not None:
            return running
        return _asked(
            actor, client, "gateway.rotation_asked", {"hours": overlap_hours},
            kind=Kind.ROTATE, overlap_hours=overlap_hours,
        )  # fmt: skip


def request_confirm(*, actor: Actor, request_id: uuid.UUID) -> ClientRequest:
    """Say yes as the second person; again changes nothing.

    Raises:
        ForbiddenError: one's own request, or out of reach.
        RefusedError: answered otherwise, or lapsed.
    """
    with atomic():
        request = _locked(request_id)
        if not policies.may_agree(actor, request):
            raise ForbiddenError(_("Only a second security administrator can say yes."))
        if request.state == State.CONFIRMED and request.confirmed_by_id == actor.account_id:
            return request
        _judge(request, State.OPEN)
        request.state, request.confirmed_by_id = State.CONFIRMED, actor.account_id
        request.save(update_fields=["state", "confirmed_by"])
        note(request.client, "gateway.request_confirmed", actor=actor)
        _tell(
            request, [request.asked_by_id], gettext_lazy("You can draw the secret now"), "confirmed"
        )
    return request


def request_refuse(*, actor: Actor, request_id: uuid.UUID) -> ClientRequest:
    """Say no as the second person, or take one's own request back; a client that waited for it ends.

    Raises:
        ForbiddenError: out of reach.
        RefusedError: the secret was drawn, or it lapsed.
    """
    with atomic():
        request = _locked(request_id)
        if not (policies.may_agree(actor, request) or policies.may_draw(actor, request)):
            raise ForbiddenError(_("Only a second security administrator can say no."))
        if request.state == State.REFUSED:
            return request
        _judge(request, *RUNNING)
        _settle(request, State.REFUSED)
        note(request.client, "gateway.request_refused", actor=actor)
    return request


def secret_draw(*, actor: Actor, request_id: uuid.UUID) -> str:
    """Return the secret, once; "" if it was drawn before. From now on it opens what it may.

    Raises:
        ForbiddenError: not the one who asked.
        RefusedError: no second person's yes yet, refused, lapsed, or two secrets hold already.
    """
    with atomic():
        request = _locked(request_id)
        if not policies.may_draw(actor, request):
            raise ForbiddenError(_("Only the one who asked draws the secret."))
        if request.state == State.DRAWN:
            return ""
        _judge(request, State.CONFIRMED)
        client = request.client
        if request.kind == Kind.CREATE:
            client.state = ClientState.ACTIVE
            client.save(update_fields=["state"])
            secret = secret_add(client)
        else:
            secret = secret_renew(client, overlap=dt.timedelta(hours=request.overlap_hours))
        _settle(request, State.DRAWN)
        note(client, "gateway.secret_drawn", actor=actor, detail={"kind": request.kind})
    return secret


def requests_lapse() -> int:
    """Settle the requests nobody answered or drew in time; return how many."""
    late = ClientRequest.objects.filter(state__in=RUNNING, expires_at__lte=clock.now())
    count = 0
    for request_id in list(late.values_list("pk", flat=True)):
        with atomic():
            request = _locked(request_id)
            if request.state in RUNNING:
                _settle(request, State.LAPSED)
                count += 1
    return count


def requests_export(account_id: uuid.UUID | None) -> list[dict[str, Any]]:
    """List which secrets an administrator asked for or agreed to, for her own copy."""
    if account_id is None:
        return []
    rows = ClientRequest.objects.filter(Q(asked_by=account_id) | Q(confirmed_by=account_id))
    return [
        {
            "system": row.client.name,
            "kind": row.kind,
            "at": row.asked_at.isoformat(),
            "state": row.state,
        }
        for row in rows.select_related("client").order_by("asked_at")
    ]


def _asked(
    actor: Actor, client: Client, action: str, detail: dict[str, object], **given: Any
) -> ClientRequest:
    if actor.account_id is None:
        raise ForbiddenError(_("This page is for the security administrator."))
    seconds = _seconds(client.organisation) - {actor.account_id}
    takes_two = needs_second(client.scopes)
    if takes_two and not seconds:
        raise RefusedError(
            _("Nobody else could say yes. Let a second security administrator be appointed, or ask whoever runs the system: they can do it at the console.")
        )  # fmt: skip
    request = ClientRequest.objects.create(
        client=client,
        state=State.OPEN if takes_two else State.CONFIRMED,
        asked_by_id=actor.account_id,
        expires_at=clock.now() + dt.timedelta(days=REQUEST_DAYS),
        **given,
    )
    note(client, action, actor=actor, detail=detail)
    if takes_two:
        title = gettext_lazy("Another system is to get a secret: your yes is needed")
        _tell(request, sorted(seconds), title, "asked")
    return request


def _asked_before(
    actor: Actor, name: str, organisation: Organisation, wanted: tuple[list[str], str, Any]
) -> ClientRequest | None:
    waiting = Client.objects.filter(name=name, organisation=organisation, state=ClientState.WAITING)
    client = waiting.select_for_update().first()
    if client is None or (client.scopes, client.reach, client.expires_on) != wanted:
        return None
    running = _running(client)
    return running if running is not None and running.asked_by_id == actor.account_id else None


def _running(client: Client) -> ClientRequest | None:
    """Return the request that runs; one that ran out is settled on the way."""
    request = client.requests.filter(state__in=RUNNING).select_related("client").first()
    if request is not None and request.expires_at <= clock.now():
        _settle(request, State.LAPSED)
        return None
    return request


def _locked(request_id: uuid.UUID) -> ClientRequest:
    client_id = ClientRequest.objects.values_list("client_id", flat=True).get(pk=request_id)
    Client.objects.select_for_update().get(pk=client_id)
    rows = ClientRequest.objects.select_for_update(of=("self",))
    return rows.select_related("client__organisation").get(pk=request_id)


def _judge(request: ClientRequest, *wanted: ClientRequest.State) -> None:
    if request.state in RUNNING and request.expires_at <= clock.now():
        raise RefusedError(_("This waited too long and is over. Please ask anew."))
    if request.state == State.OPEN and State.OPEN not in wanted:
        raise RefusedError(_("A second security administrator has to say yes first."))
    if request.state not in wanted:
        raise RefusedError(_("This was settled already."))


def _settle(request: ClientRequest, state: ClientRequest.State) -> None:
    request.state, request.settled_at = state, clock.now()
    request.save(update_fields=["state", "settled_at"])
    client = request.client
    if state in {State.REFUSED, State.LAPSED} and client.state == ClientState.WAITING:
        client.state, client.ended_at = ClientState.ENDED, clock.now()
        client.save(update_fields=["state", "ended_at"])


def _managers_only(actor: Actor, organisation: Organisation) -> None:
    if not policies.may_manage(actor, organisation):
        raise ForbiddenError(_("This page is for the security administrator."))


def _seconds(organisation: Organisation) -> set[uuid.UUID]:
    """Return the accounts that may say yes: security administrators over an organisation."""
    return {
        post.account_id
        for stop in line_of(organisation)
        for post in holders_at(stop.pk, (Role.SECURITY_ADMIN,), also_away=True)
        if stop.pk == organisation.pk or post.reach == Reach.BELOW
    }


def _tell(request: ClientRequest, accounts: Collection[uuid.UUID], title: Any, what: str) -> None:
    for account_id in accounts:
        notify.notify(
            account_id=account_id,
            kind=f"gateway.request_{what}",
            title=title,
            body=request.client.name,
            url=reverse("gateway:client", args=[request.client_id]),
            urgent=what == "asked",
            key=f"gateway.request:{request.pk}:{what}",
        )
