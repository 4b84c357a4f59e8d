"""Telling people where their bookings went, and those who answer that somebody asks."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.allocation.models import Booking, BookingEntry
from lianxin.allocation.rules.bookings import BookingState, BookingVerb
from lianxin.allocation.rules.offering import booking_owners
from lianxin.allocation.selectors.booking_words import run_words
from lianxin.allocation.selectors.bookings import levels_of, owners_of
from lianxin.notify.api import notify, words_for
from lianxin.ui.templatetags.ui import daytime

TITLES = {
    BookingVerb.ASKED: gettext_lazy("We have your request: %(what)s"),
    BookingVerb.CONFIRMED: gettext_lazy("It is yours: %(what)s"),
    BookingVerb.REFUSED: gettext_lazy("This time it is a no: %(what)s"),
    BookingVerb.CANCELLED: gettext_lazy("It was given back: %(what)s"),
    BookingVerb.DROPPED: gettext_lazy("Called off: %(what)s"),
    BookingVerb.LAPSED: gettext_lazy("Nobody answered in time: %(what)s"),
    BookingVerb.MOVED: gettext_lazy("Your booking was moved: %(what)s"),
    BookingVerb.CUT: gettext_lazy("Your booking ends earlier: %(what)s"),
}
URGENT = {BookingVerb.DROPPED, BookingVerb.MOVED, BookingVerb.LAPSED}


def booking_tell(*, booking_id: uuid.UUID, seq: int) -> None:
    """Tell of an entry in a booking's story; again tells nothing twice, and nothing that is outdated."""
    entry = (
        BookingEntry.objects.select_related("booking__bookable__organisation", "booking__union")
        .filter(booking_id=booking_id, seq=seq)
        .first()
    )
    if entry is None or entry.booking.state != entry.state:
        return
    booking, verb = entry.booking, BookingVerb(entry.verb)
    if booking.account_id is not None and not _is_own_deed(entry):
        _asker_told(entry, booking, booking.account_id)
    if verb is BookingVerb.ASKED and booking.case_id is None:
        deciders_tell(booking, level=0)
    if _is_given_back(entry):
        _owners_told(booking, owners_of(booking.bookable), verb, entry.seq)


def deciders_tell(booking: Booking, *, level: int, is_late: bool = False) -> None:
    """Tell those who may say yes that somebody waits; late: those a level further up as well."""
    levels = levels_of(booking.bookable)
    if not levels:
        return
    reached = levels[: min(level + 1, len(levels))] if is_late else levels[:1]
    owners = owners_of(booking.bookable)
    for account_id in dict.fromkeys(one for level_ in reached for one in level_):
        if account_id == booking.account_id:
            continue
        with words_for(account_id):
            title = _("A booking waits for your answer: %(what)s") if not is_late else _("A booking has waited too long: %(what)s")  # fmt: skip
            body = _("%(when)s. Please answer by %(due)s.") % {"when": run_words(booking), "due": daytime(booking.due_at)}  # fmt: skip
            notify(
                account_id=account_id,
                kind="allocation.booking_waits",
                title=title % {"what": booking.bookable.title},
                body=body,
                url=answer_url(booking, is_owner=account_id in owners),
                key=f"booking:{booking.pk}:{booking.seq}:due:{level}:{int(is_late)}",
            )


def answer_url(booking: Booking, *, is_owner: bool) -> str:
    """Return where a booking is answered: at the desk, or on the page of the thing's owner."""
    owners = booking_owners.get(booking.bookable.kind)
    if is_owner and owners:
        return owners.page(booking.pk)
    return reverse("allocation:booking_desk", args=[booking.pk])


def _is_own_deed(entry: BookingEntry) -> bool:
    """What she did herself on her own page she need not be told, but that we have it she is."""
    is_hers = entry.actor_id is not None and entry.actor_id == entry.booking.account_id
    return is_hers and entry.verb in {BookingVerb.CANCELLED, BookingVerb.LAPSED, BookingVerb.CUT}


def _is_given_back(entry: BookingEntry) -> bool:
    """Say whether something came free that somebody was asked for; who takes a booking back says why."""
    if entry.verb == BookingVerb.CUT:
        return not entry.words
    known = entry.booking.entries.filter(verb__in=[BookingVerb.ASKED, BookingVerb.CONFIRMED])
    return entry.verb == BookingVerb.CANCELLED and known.exists()


def _asker_told(entry: BookingEntry, booking: Booking, account_id: uuid.UUID) -> None:
    verb = BookingVerb(entry.verb)
    if verb is BookingVerb.LAPSED and booking.due_at is None and booking.case_id is None:
        return  # a form that was left: its page says so
    if booking.case_id is not None and verb in {BookingVerb.ASKED, BookingVerb.REFUSED}:
        return  # the dossier tells it, with its reasons
    with words_for(account_id):
        notify(
            account_id=account_id,
            kind=f"allocation.booking_{verb}",
            title=str(TITLES[verb] % {"what": booking.bookable.title}),
            body=_body(booking, verb),
            url=reverse("allocation:booking", args=[booking.pk]),
            urgent=verb in URGENT,
            key=f"booking:{booking.pk}:{entry.seq}",
        )


def _body(booking: Booking, verb: BookingVerb) -> str:
    """Say what she does now."""
    match booking.standing:
        case BookingState.ASKED if verb is BookingVerb.ASKED:
            said = _("%(when)s. You get an answer by %(due)s at the latest.")
        case BookingState.REFUSED | BookingState.DROPPED:
            said = _("%(when)s. The reason: %(reason)s")
        case BookingState.LAPSED:
            said = _("%(when)s. We are sorry. Please call %(union)s, or choose another time.")
        case BookingState.CANCELLED if booking.union is not None:
            said = _("%(when)s. An officer of %(whose)s gave it back.")
        case _ if verb is BookingVerb.MOVED:
            said = _("Now it is %(when)s. Look at it, and give it back if it does not suit you.")
        case _ if verb is BookingVerb.CUT:
            said = _("It lasts until %(until)s.")
        case _:
            said = "%(when)s"
    return said % {
        "when": run_words(booking),
        "due": daytime(booking.due_at),
        "reason": booking.reason,
        "union": booking.bookable.organisation.name,
        "whose": booking.union.name if booking.union else "",
        "until": daytime(booking.ends_at),
    }


def _owners_told(
    booking: Booking, owners: Iterable[uuid.UUID], verb: BookingVerb, seq: int
) -> None:
    """Tell a partner that what she had said yes to came free again."""
    for account_id in owners:
        with words_for(account_id):
            notify(
                account_id=account_id,
                kind=f"allocation.booking_{verb}",
                title=_("A booking was given back: %(what)s") % {"what": booking.bookable.title},
                body=run_words(booking),
                url=answer_url(booking, is_owner=True),
                key=f"booking:{booking.pk}:{seq}:owners",
            )
