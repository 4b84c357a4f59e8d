"""Opening the list of who comes, and letting it go two weeks after."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lianxin.activities import policies
from lianxin.activities.models import Session, Telling
from lianxin.activities.rules.groups import Details
from lianxin.activities.rules.opinions import KEPT
from lianxin.activities.selectors.plans import came_in
from lianxin.activities.selectors.running import Opened, claims_coming, coming_of
from lianxin.activities.services.helping import shifts_keep
from lianxin.activities.services.holding import noted
from lianxin.activities.services.opinions import opinions_forget
from lianxin.allocation.api import Claim, claims_forget
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, StaleError
from lianxin.kit.paging import page_of
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor
from lianxin.vault import api as vault

RUN = "activity.run"
AT_ONCE = 200
A_PAGE = 100  # opened in one transaction


def people_open(*, actor: Actor, session: Session, after: str | None = None) -> Opened:
    """Open a page of who comes, with whom and what they answered; each who stands in it sees that.

    Raises:
        ForbiddenError: the actor holds no post at the union itself.
        StaleError: it was two weeks ago; the list is closed.
    """
    if not policies.may_list(actor, session):
        raise ForbiddenError(_("Only officers at the union itself see the names, to run it."))
    if session.forgotten_at is not None or session.ends_at + KEPT < clock.now():
        raise StaleError(_("Two weeks after the end the list is closed for good."))
    with atomic():
        page = page_of(claims_coming(session), after, size=A_PAGE, order=("made_at", "id"))
        found = [coming_of(session, one, _told(actor, one)) for one in page.rows]
        noted(actor, session.activity, "people_opened", session=str(session.pk), count=len(found))
    return Opened(found, page.next_token)


def sessions_forget() -> int:
    """Let go who came to what was over two weeks ago; return how many sessions. Again changes nothing."""
    before = clock.now() - KEPT
    due = Session.objects.filter(forgotten_at=None, ends_at__lt=before)
    count = 0
    for session in due.select_related("activity").order_by("ends_at")[:AT_ONCE]:
        with atomic():
            # Before it is forgotten who came.
            shifts_keep(session)
            came = came_in([session.pool_id])[session.pool_id] if session.pool_id else None
            if session.pool_id is not None:
                claims_forget(pool_id=session.pool_id)
            opinions_forget(session)
            Telling.objects.filter(session=session).delete()
            Session.objects.filter(pk=session.pk).update(forgotten_at=clock.now(), came=came)
        count += 1
    return count


def _told(actor: Actor, claim: Claim) -> Details:
    """Open what was told for a claim; her name alone, where nothing was asked, leaves the same trace."""
    if not claim.details:
        vault.note_opening(
            actor_id=actor.account_id, kind=claim._meta.label, object_id=claim.pk, fields=["name"],
            purpose=RUN, subject_id=claim.account_id,
        )  # fmt: skip
        return Details()
    text = vault.open_sealed(
        claim, "details", actor_id=actor.account_id, purpose=RUN, subject_id=claim.account_id
    )
    return Details.read(text)
