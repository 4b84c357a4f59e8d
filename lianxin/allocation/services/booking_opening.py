"""Opening what was told for a booking, by whoever keeps the thing; the person sees that."""

from __future__ import annotations

import json

from django.utils.translation import gettext as _

from lianxin.allocation import policies
from lianxin.allocation.models import Booking
from lianxin.kit.errors import ForbiddenError
from lianxin.orgs.api import Actor
from lianxin.vault import api as vault

RUN = "allocation.run_booking"


def details_open(*, actor: Actor, booking: Booking) -> dict[str, str]:
    """Open name, telephone and purpose; noted, and shown to whoever booked.

    Raises:
        ForbiddenError: the actor neither keeps the thing nor speaks for the union.
    """
    if not (policies.may_drop(actor, booking) or policies.may_change_booking(actor, booking)):
        raise ForbiddenError(_("This booking is not yours to read."))
    if not booking.details:
        return {}
    text = vault.open_sealed(
        booking,
        "details",
        actor_id=actor.account_id,
        purpose=RUN,
        subject_id=booking.account_id,
    )
    return {str(name): str(value) for name, value in json.loads(text).items()}
