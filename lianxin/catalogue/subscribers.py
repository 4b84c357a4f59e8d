"""What the catalogue does when procedures tell it something."""

from __future__ import annotations

from lianxin.catalogue import services
from lianxin.kit.events import subscribe
from lianxin.procedures.events import DossierDecided, DossierSubmitted


def on_submitted(event: DossierSubmitted) -> None:
    """Remember what was told, so that it is not asked again."""
    services.told_remember(dossier_id=event.dossier_id)


def on_decided(event: DossierDecided) -> None:
    """Write down what was granted."""
    services.grants_write(dossier_id=event.dossier_id)


def subscribe_all() -> None:
    subscribe(DossierSubmitted, on_submitted)
    subscribe(DossierDecided, on_decided)
