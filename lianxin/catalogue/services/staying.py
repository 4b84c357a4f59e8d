"""Nights in a youth station: what she holds goes into the application, and follows its decision.

The bed is a booking of `allocation`, kept from the moment its form is opened; the decision is a
dossier like any other, with its clock, papers and objection. Each act asks how far the case is now
and makes up for what is missing, so it may be told late, twice, or out of order.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from lianxin.allocation import api as allocation
from lianxin.allocation.api import Booking, BookingState, Wish
from lianxin.catalogue.constants import NIGHTS
from lianxin.catalogue.models import Draft
from lianxin.catalogue.selectors.staying import held_by, nights_words
from lianxin.catalogue.services.drafts import draft_begin, draft_keep
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.transactions import atomic
from lianxin.notify import api as notify
from lianxin.orgs.api import Actor, Organisation
from lianxin.procedures.api import Dossier, Outcome, State, case_facts, dossier_withdraw

RUNNING = (BookingState.HELD, BookingState.ASKED, BookingState.CONFIRMED)
GONE = (BookingState.REFUSED, BookingState.LAPSED)


def stay_begin(*, actor: Actor, booking_id: uuid.UUID) -> Draft:
    """Begin the application for what somebody holds, or go on with the one begun.

    Raises:
        StaleError: she holds nothing of the kind any more.
    """
    booking = allocation.booking_own(actor.account_id, booking_id)
    if booking is None:
        raise ForbiddenError(_("There is no such booking of yours."))
    if booking.standing is not BookingState.HELD or booking.bookable.service != NIGHTS:
        raise _gone()
    draft = draft_begin(actor=actor, code=NIGHTS)
    return draft_keep(actor=actor, draft_id=draft.pk, typed=stay_answers(booking))


def stay_answers(booking: Booking) -> dict[str, str]:
    """Return what the application says of the bed: whose it is, and which nights."""
    return {"union": booking.bookable.organisation.code, "nights": nights_words(booking)}


def stay_held(actor: Actor) -> Booking:
    """Return what somebody holds and applies for.

    Raises:
        StaleError: nothing any more.
    """
    booking = held_by(actor.account_id)
    if booking is None:
        raise _gone()
    return booking


def stay_keep_on(draft: Draft) -> None:
    """Hold the nights a little longer while the form is being filled in."""
    booking = held_by(draft.account_id)
    if booking is not None:
        actor = Actor(account_id=draft.account_id)
        minutes = booking.bookable.hold_minutes
        allocation.booking_keep_on(actor=actor, booking_id=booking.pk, minutes=minutes)


def stay_carry(booking: Booking, dossier: Dossier) -> None:
    """Let a dossier that was just sent carry the nights. Inside the transaction that sent it."""
    if dossier.applicant_id is not None:
        allocation.booking_carry(
            booking_id=booking.pk, account_id=dossier.applicant_id, case_id=dossier.pk
        )


def stay_check(
    applicant_id: uuid.UUID, _values: Mapping[str, Any], origin: Organisation
) -> dict[str, str]:
    """Say what is wrong with an application for nights before it sets out."""
    booking = held_by(applicant_id)
    if booking is None or booking.bookable.organisation_id != origin.pk:
        return {"nights": _gone().message}
    return {}


def stay_hindrance(dossier: Dossier) -> str:
    """Return the sentence why nights cannot be granted now, or ""."""
    booking = allocation.booking_of_case(dossier.pk)
    if booking is None or booking.standing not in RUNNING:
        return _("These nights were let go meanwhile. Please refuse, say so, and ask her to choose others.")  # fmt: skip
    return ""


def stay_follow(*, dossier_id: uuid.UUID) -> Booking | None:
    """Bring a booking to where its case stands: granted, refused, taken back. Again changes nothing."""
    case = case_facts(dossier_id, NIGHTS)
    booking = allocation.booking_of_case(dossier_id) if case else None
    if case is None or booking is None:
        return booking
    system, dossier = Actor.system(), case.dossier
    if dossier.outcome == Outcome.GRANTED:
        return _granted(dossier, booking)
    if booking.standing not in RUNNING:
        return booking
    if dossier.outcome == Outcome.REFUSED and booking.standing is BookingState.ASKED:
        words = _("The decision of your application says why.")
        return allocation.booking_refuse(actor=system, booking_id=booking.pk, reason=words)
    if dossier.state == State.CLOSED:
        return allocation.booking_cancel(actor=system, booking_id=booking.pk)
    return booking


def stay_gone(*, booking_id: uuid.UUID, case_id: uuid.UUID) -> None:
    """Take an application back whose nights were given back or called off before it was decided."""
    case = case_facts(case_id, NIGHTS)
    if case is None or case.dossier.applicant_id is None:
        return
    is_decided = bool(case.dossier.outcome) or case.dossier.state == State.CLOSED
    if is_decided:
        return
    dossier_withdraw(
        actor=Actor(account_id=case.dossier.applicant_id),
        dossier_id=case_id,
        key=f"nights:{booking_id}",
        seen=None,
        reason=_("The nights were given back or called off."),
    )


def _granted(dossier: Dossier, booking: Booking) -> Booking:
    if booking.standing in GONE:
        return _again(dossier, booking)
    if booking.standing in RUNNING:
        return allocation.booking_confirm(actor=Actor.system(), booking_id=booking.pk)
    return booking


def _again(dossier: Dossier, gone: Booking) -> Booking:
    """Take the same nights once more: a second look granted what a no had freed.

    Where they went meanwhile she is told to choose others; the decision stands.
    """
    if dossier.applicant_id is None:
        return gone
    wish = Wish(
        bookable_id=gone.bookable_id, first=gone.first, last=gone.last, size=gone.size,
        key=f"again-{dossier.pk}",
    )  # fmt: skip
    actor = Actor(account_id=dossier.applicant_id)
    try:
        held = allocation.booking_hold(actor=actor, wish=wish).booking
    except RefusedError:
        held = None
    if held is None:
        _tell_gone(dossier.pk, dossier.applicant_id)
        return gone
    allocation.booking_carry(
        booking_id=held.pk, account_id=dossier.applicant_id, case_id=dossier.pk
    )
    return allocation.booking_confirm(actor=Actor.system(), booking_id=held.pk)


def _tell_gone(dossier_id: uuid.UUID, account_id: uuid.UUID) -> None:
    with atomic(), notify.words_for(account_id):
        notify.notify(
            account_id=account_id,
            kind="nights",
            title=_("It is a yes, but those nights went to others meanwhile"),
            body=_("Please choose other nights, or call the union that keeps the station: the decision stands."),
            url=f"/cases/{dossier_id}/",
            key=f"nights.gone:{dossier_id}",
        )  # fmt: skip


def _gone() -> StaleError:
    return StaleError(
        _(
            "The nights you chose were let go meanwhile. Please choose again; what you typed is kept."
        )
    )
