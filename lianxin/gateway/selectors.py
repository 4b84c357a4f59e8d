"""What the door reads: organisations, the form to join, the list of clients at the desk."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lianxin.catalogue.api import Offer, shelf
from lianxin.gateway import policies
from lianxin.gateway.constants import SCOPES
from lianxin.gateway.models import Client, ClientRequest, JoinPush, Subscription
from lianxin.gateway.rules.access import ClientState
from lianxin.gateway.rules.joining import PushStatus, status_of, status_without_case
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.paging import Page, page_of
from lianxin.orgs.api import Ability, Actor, Level, Organisation

JOINING = "membership-joining"
_SOON = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ShownClient:
    """One client as the desk shows it."""

    client: Client
    tone: str  # a class of chips
    word: str
    scopes: list[str]
    secrets: int
    receivers: list[Subscription]


@dataclass(frozen=True, slots=True)
class ShownRequest:
    """A request for a secret, with what its reader may do about it."""

    request: ClientRequest
    may_confirm: bool
    may_draw: bool
    may_refuse: bool
    is_own: bool


def join_offer() -> Offer:
    """Return the form by which people join.

    Raises:
        RefusedError: the catalogue offers none now.
    """
    offer = shelf().offer(JOINING)
    if offer is None or not offer.window(clock.today()).is_open:
        raise RefusedError(_("Nobody can apply to join here at the moment."))
    return offer


def organisation_found(client: Client, code: str) -> Organisation | None:
    """Return an organisation in the client's reach by its code."""
    found: Organisation | None = policies.organisations_of(client).filter(code=code).first()
    return found


def parent_codes(organisations: list[Organisation]) -> dict[str, str]:
    """Return the codes of the parents by path. One query."""
    step = Organisation.steplen
    paths = {row.path[:-step] for row in organisations if len(row.path) > step}
    return dict(Organisation.objects.filter(path__in=paths).values_list("path", "code"))


def organisation_page(
    client: Client, *, after: str, size: int, level: Level | None, credit_code: str | None = None
) -> Page[Organisation]:
    """List the organisations in the client's reach in the order of the tree, a page at a time."""
    found: QuerySet[Organisation] = policies.organisations_of(client)
    if level is not None:
        found = found.filter(level=level)
    if credit_code:
        found = found.filter(Q(uscc=credit_code) | Q(employer_uscc=credit_code))
    return page_of(found, after, size=size, order=("path",))


def push_found(client: Client, push_id: uuid.UUID) -> JoinPush | None:
    """Return an application the client handed in itself."""
    rows = policies.pushes_of(client).select_related("dossier", "organisation")
    return rows.filter(pk=push_id).first()


def push_status(push: JoinPush) -> PushStatus:
    """Say where an application stands at this moment."""
    if push.dossier is None:
        return status_without_case(push.created_at, clock.now())
    return status_of(push.dossier.state, push.dossier.outcome)


def client_page(actor: Actor, after: str | None) -> tuple[list[ShownClient], Page[Client]]:
    """List the clients an administrator may see, newest first; three queries a page."""
    rows = policies.visible_to(actor).select_related("organisation")
    page = page_of(
        rows.prefetch_related("subscriptions", "secrets"), after, order=("-created_at", "-id")
    )
    return [_shown(client) for client in page.rows], page


def client_of(actor: Actor, client_id: uuid.UUID) -> ShownClient | None:
    """Return one client to an administrator who may see it."""
    rows = policies.visible_to(actor).select_related("organisation")
    found = rows.prefetch_related("subscriptions", "secrets").filter(pk=client_id).first()
    return _shown(found) if found else None


def request_of(actor: Actor, client: Client) -> ShownRequest | None:
    """Return the request of a client that runs, with what this administrator may do about it."""
    rows = client.requests.select_related("client__organisation", "asked_by", "confirmed_by")
    found = rows.filter(state__in=["open", "confirmed"], expires_at__gt=clock.now()).first()
    if found is None:
        return None
    is_open = found.state == ClientRequest.State.OPEN
    may_agree, may_draw = policies.may_agree(actor, found), policies.may_draw(actor, found)
    return ShownRequest(
        request=found,
        may_confirm=is_open and may_agree,
        may_draw=may_draw and not is_open,
        may_refuse=may_agree or may_draw,
        is_own=may_draw,
    )


def home_code(actor: Actor) -> str:
    """Return the code of the organisation an administrator makes clients for most likely: her own."""
    posts = actor.with_ability(Ability.CLIENT_MANAGE)
    own = Organisation.objects.filter(pk__in=[post.organisation_id for post in posts])
    return own.order_by("path").values_list("code", flat=True).first() or ""


def _shown(client: Client) -> ShownClient:
    tone, word = _standing(client)
    now = clock.now()
    held = [row for row in client.secrets.all() if row.expires_at is None or row.expires_at > now]
    receivers = [row for row in client.subscriptions.all() if row.ended_at is None]
    scopes = [_(words) for scope, words in SCOPES.items() if scope in client.scopes]
    return ShownClient(client, tone, word, scopes, len(held), receivers)


def _standing(client: Client) -> tuple[str, str]:
    today = clock.today()
    if client.state == ClientState.ENDED:
        return "", _("ended")
    if client.state == ClientState.WAITING:
        return "ask", _("waits for its secret")
    if client.expires_on is not None and client.expires_on < today:
        return "late", _("expired")
    if client.expires_on is not None and client.expires_on < today + _SOON:
        return "soon", _("expires soon")
    return "yes", _("active")
