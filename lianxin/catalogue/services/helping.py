"""What helping leaves behind: what is agreed to on paper, and accounts that came to nothing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from lianxin.allocation.api import LIVE, Claim
from lianxin.catalogue.models import Draft
from lianxin.members.api import account_let_go, purposes
from lianxin.procedures.api import Dossier, Outcome

_NOTHING = (Outcome.LAPSED, Outcome.WITHDRAWN)


def consents_signed(dossier: Dossier) -> Sequence[str]:
    """Return the sentences a person agrees to by signing what was filled in with her."""
    draft = Draft.objects.select_related("version").filter(dossier_id=dossier.pk).first()
    if draft is None:
        return ()
    known = purposes()
    return [str(known[code].sentence) for code in draft.version.card.consents if code in known]


def begun_let_go(*, dossier_id: uuid.UUID) -> bool:
    """Undo the account begun for somebody who never said yes; one with anything else in it stays."""
    dossier = Dossier.objects.filter(pk=dossier_id).first()
    if dossier is None or dossier.applicant_id is None or dossier.helped_by_id is None:
        return False
    never_set_out = dossier.submitted_at is None and dossier.outcome in _NOTHING
    others = Dossier.objects.filter(applicant_id=dossier.applicant_id).exclude(
        submitted_at=None, outcome__in=_NOTHING
    )
    # A place she asked for by telephone is hers as much as a case.
    places = Claim.objects.filter(account_id=dossier.applicant_id, state__in=LIVE)
    if not never_set_out or others.exists() or places.exists():
        return False
    return account_let_go(account_id=dossier.applicant_id)
