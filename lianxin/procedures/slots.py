"""What procedures show elsewhere, and the duties they take over for lower apps."""

from __future__ import annotations

import uuid

from lianxin.files import api as files
from lianxin.orgs.api import Actor
from lianxin.procedures import policies
from lianxin.procedures.models import Dossier


def may_open_papers(actor: Actor, dossier_id: uuid.UUID) -> bool:
    """Whoever may see a dossier may open its papers; each opening is noted by `files`."""
    return policies.visible_to(actor, Dossier.objects.filter(pk=dossier_id)).exists()


def fill() -> None:
    """Fill the slots; called once by apps.py."""
    files.access.fill("dossier", may_open_papers)
