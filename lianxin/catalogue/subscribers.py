"""What the catalogue does when procedures or allocation tell it something."""

from __future__ import annotations

from lianxin.allocation.api import BookingState, DrawStage
from lianxin.allocation.events import BookingMoved, ClaimsMoved, DrawMoved
from lianxin.catalogue import services
from lianxin.catalogue.constants import CORRECTION, FOUNDING, JOINING, NIGHTS, ROUNDS, TRANSFER
from lianxin.kit.events import subscribe
from lianxin.procedures.events import (
    DossierClosed,
    DossierDecided,
    DossierMoved,
    DossierSubmitted,
)

# After these a case may stand at another step, or live again.
MOVES = {"approve", "object", "reopen"}
# After these a case that stood still at its draw goes on.
COMES_BACK = {"answer", "reopen"}


def on_submitted(event: DossierSubmitted) -> None:
    """Remember what was told, so that it is not asked again; what was proposed is begun now."""
    services.told_remember(dossier_id=event.dossier_id)
    services.proposed_follow(dossier_id=event.dossier_id)
    if event.code == TRANSFER:
        services.transfer_follow_case(dossier_id=event.dossier_id)


def on_moved(event: DossierMoved) -> None:
    """Let a membership follow the case of its transfer; have a case catch up with its draw."""
    if event.verb in MOVES:
        services.transfer_follow_case(dossier_id=event.dossier_id)
    if event.verb in COMES_BACK:
        services.case_follow(dossier_id=event.dossier_id)


def on_decided(event: DossierDecided) -> None:
    """Write down what was granted; take in who joins, carry over who moves, put right what was wrong."""
    services.grants_write(dossier_id=event.dossier_id)
    if event.code == FOUNDING:
        services.founding_follow(dossier_id=event.dossier_id)
    if event.code == JOINING:
        services.joining_follow(dossier_id=event.dossier_id)
    if event.code == NIGHTS:
        services.stay_follow(dossier_id=event.dossier_id)
    if event.code == TRANSFER:
        services.transfer_follow_case(dossier_id=event.dossier_id)
    if event.code == CORRECTION:
        services.correction_follow(dossier_id=event.dossier_id)


def on_closed(event: DossierClosed) -> None:
    """Let a membership stay where its transfer was refused; free a bed, a place in a draw; undo accounts nobody said yes in."""
    services.begun_let_go(dossier_id=event.dossier_id)
    if event.code == NIGHTS:
        services.stay_follow(dossier_id=event.dossier_id)
    if event.code == TRANSFER:
        services.transfer_follow_case(dossier_id=event.dossier_id)
    services.case_closed(dossier_id=event.dossier_id)


def on_claims(event: ClaimsMoved) -> None:
    """Have cases follow what a draw among them came to."""
    services.follow_later(event.pool_id, event.from_seq, event.to_seq)


def _of_rounds(event: ClaimsMoved) -> bool:
    # Told thousands of times in a rush, nearly always of places that no case waits for.
    return event.kind == ROUNDS


def on_draw(event: DrawMoved) -> None:
    """Let the clocks of cases run until the result, once a rule says when it is known."""
    if event.kind == ROUNDS and event.stage == DrawStage.COLLECTING:
        services.round_announced(pool_id=event.pool_id, draw_id=event.draw_id)


def on_booking(event: BookingMoved) -> None:
    """Take an application back whose nights are gone."""
    gone = {BookingState.CANCELLED, BookingState.DROPPED, BookingState.LAPSED}
    if event.case_id is not None and event.state in gone:
        services.stay_gone(booking_id=event.booking_id, case_id=event.case_id)


def subscribe_all() -> None:
    subscribe(DossierSubmitted, on_submitted)
    subscribe(DossierMoved, on_moved)
    subscribe(DossierDecided, on_decided)
    subscribe(DossierClosed, on_closed)
    subscribe(BookingMoved, on_booking)
    subscribe(ClaimsMoved, on_claims, when=_of_rounds)
    subscribe(DrawMoved, on_draw)
