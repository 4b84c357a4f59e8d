"""Taking a place for somebody who asks by telephone or in person; she is told who did, and gives it back as anybody.

She comes neither earlier nor later than by her own phone: the same doors, the same line. Who never
signed in gets an account from the roll, as when an officer fills in with her, and finds the place in
it the day she does.
"""

from __future__ import annotations

import uuid

from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.accounts.api import User
from lianxin.allocation import policies
from lianxin.allocation.models import Claim, Pool
from lianxin.allocation.rules.claims import State
from lianxin.allocation.rules.opening import Told
from lianxin.allocation.selectors.admitting import Hindrance, admission_made, looked_at
from lianxin.allocation.selectors.faulting import fault_words
from lianxin.allocation.selectors.showing import claim_sentence
from lianxin.allocation.services.taking import Ask, Taken, claim_take
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.members.api import account_begin, members_by_id
from lianxin.notify.api import notify, words_for
from lianxin.orgs.api import Actor


def claim_take_for(
    *, actor: Actor, pool_id: uuid.UUID, member_id: uuid.UUID, told: Told, key: str
) -> Taken:
    """Take places for a member who asks an officer, and tell her; again with the same key is the same.

    Whoever has a place already keeps that one, and nothing is told.

    Raises:
        ForbiddenError: the actor does not arrange these places, or does not serve this person.
        RefusedError: she may not claim, or nothing is left; then no account was begun either.
    """
    pool = Pool.objects.select_related("organisation").get(pk=pool_id)
    member = members_by_id([member_id]).get(member_id)
    if not policies.may_claim_for(actor, pool):
        raise ForbiddenError(_("You do not arrange places for this organisation."))
    if member is None or not policies.may_sign_up(actor, member):
        raise ForbiddenError(_("You can sign up only people of your own union."))
    # Before anything that a refusal undoes: what her facts answered stays on her page as asked.
    looked = looked_at(pool, member, asked_by=actor.account_id)
    if isinstance(looked, Hindrance):
        raise RefusedError(_("For this person: %(why)s") % {"why": looked.words})
    with atomic():
        account_id = account_begin(actor=actor, member_id=member_id)
        admission = admission_made(pool, account_id, looked)
        taken = claim_take(
            Ask(admission, key, told.size, told.details, told.seats, actor.account_id), seen=pool
        )
        if taken.claim is None:
            raise RefusedError(fault_words(taken.fault, pool, is_for_other=True))
        if taken.is_new:
            _tell(taken.claim, account_id, actor)
    return taken


def _tell(claim: Claim, account_id: uuid.UUID, actor: Actor) -> None:
    officer = User.objects.filter(pk=actor.account_id).first() if actor.account_id else None
    with words_for(account_id):
        title = {
            State.CONFIRMED: _("You have a place: %(what)s"),
            State.WAITING: _("You are on the waiting list: %(what)s"),
        }.get(claim.standing, _("You are in the draw: %(what)s")) % {"what": claim.pool.title}
        body = _("%(who)s signed you up, as you asked by telephone or in person. %(stands)s If you cannot come, or did not ask for it, give it back here or call %(union)s.") % {
            "who": officer.display_name if officer else claim.pool.organisation.name,
            "stands": claim_sentence(claim),
            "union": claim.pool.organisation.name,
        }  # fmt: skip
    notify(
        account_id=account_id,
        kind="allocation.signed_up",
        title=title,
        body=body,
        url=reverse("allocation:claim", args=[claim.pk]),
        urgent=True,  # it goes to her phone: she may be on the line with nothing else
        key=f"allocation.signed_up:{claim.pk}",
    )
