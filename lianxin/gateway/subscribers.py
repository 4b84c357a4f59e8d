"""What the door does when lower apps tell that something changed: it passes the word on."""

from __future__ import annotations

from lianxin.gateway import services
from lianxin.kit.events import subscribe
from lianxin.orgs.events import OrganisationFounded
from lianxin.procedures.events import DossierClosed, DossierDecided, DossierMoved, DossierSubmitted


def on_submitted(event: DossierSubmitted) -> None:
    services.status_told(dossier_id=event.dossier_id)


def on_moved(event: DossierMoved) -> None:
    services.status_told(dossier_id=event.dossier_id)


def on_decided(event: DossierDecided) -> None:
    services.status_told(dossier_id=event.dossier_id)


def on_closed(event: DossierClosed) -> None:
    services.status_told(dossier_id=event.dossier_id)


def on_founded(event: OrganisationFounded) -> None:
    services.founded_told(organisation_id=event.organisation_id)


def subscribe_all() -> None:
    """Join the handlers to their events; called once by apps.py."""
    subscribe(DossierSubmitted, on_submitted)
    subscribe(DossierMoved, on_moved)
    subscribe(DossierDecided, on_decided)
    subscribe(DossierClosed, on_closed)
    subscribe(OrganisationFounded, on_founded)
