"""A draw within a route: cases that reach the step take part by themselves, and go on when drawn.

A round is a pool of `allocation`, opened by an officer at the union where the step stands or above.
Nobody claims in it by hand: the claim carries the case in its key. Where no round is open, places are
not short, and the officer passes the case on as at any other step. A machine never refuses: whoever
waits when a round is over takes part in the next, or hears a no from a person.

Who is in the list when it closes is in the draw. A question to the person takes nobody out (else a
question one minute before would choose); a case that is withdrawn or refused leaves by itself.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from lianxin.allocation.api import (
    Admission,
    Ask,
    Claim,
    Pool,
    State,
    admission_of,
    claim_cancel,
    claim_take,
    claims_moved,
    draw_of_pool,
)
from lianxin.catalogue.constants import DRAW_STEP, FOLLOW_DRAW, GATHER_DRAW, JOIN_DRAW
from lianxin.catalogue.selectors.drawn import (
    case_of,
    claim_of_case,
    draw_stand,
    hindrance_words,
    is_over,
    key_of_case,
    round_open,
    stands_at_draw,
    subject_of,
)
from lianxin.jobs import api as jobs
from lianxin.kit import workdays
from lianxin.kit.errors import RefusedError
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor
from lianxin.procedures.api import (
    Dossier,
    Outcome,
    Step,
    Task,
    dossier_withdraw,
    step_approve,
    step_prolong,
)

AT_ONCE = 200
GRACE_WORKDAYS = 5  # after a result is due, or a class has begun, somebody looks at who still waits


class DrawStep:
    """Has a case take part in the round that is open where the step stands."""

    def entered(self, dossier: Dossier, task: Task, step: Step) -> None:  # noqa: ARG002  (the same for all)
        """Join in the background: a round is locked for a moment by each who does."""
        jobs.enqueue(JOIN_DRAW, payload={"dossier_id": str(dossier.pk)}, key=f"{JOIN_DRAW}:{task.pk}")  # fmt: skip

    def hindrance(self, dossier: Dossier, task: Task, step: Step, *, is_system: bool) -> str:  # noqa: ARG002  (the same for all)
        """Nobody passes a case on that a draw decides, one that waits in its line, or one that came late."""
        return hindrance_words(draw_stand(dossier))


def round_words() -> str:
    """Say why nobody applies for a round by hand."""
    return _("Apply with the service: your case takes part by itself.")


def round_begin(pool: Pool) -> None:
    """Have the cases that wait at the step take part as soon as a round opens."""
    _gather_later(pool.pk, "opened", run_at=pool.opens_at)


def round_announced(*, pool_id: uuid.UUID, draw_id: uuid.UUID) -> None:
    """Have the clocks of its cases run until the result once a draw says when that is."""
    _gather_later(pool_id, str(draw_id))


def round_gather(*, pool_id: uuid.UUID, cause: str = "", after: str = "") -> int:
    """Let the cases that stand at the step below this union take part, some at a time; return how many it asked.

    Again adds nobody. A case that cannot go on holds up no other.
    """
    pool = Pool.objects.select_related("organisation").get(pk=pool_id)
    path = pool.organisation.path
    tasks = Task.objects.live().filter(kind=DRAW_STEP, dossier__organisation__path__startswith=path)
    if after:
        tasks = tasks.filter(pk__gt=after)
    rows = list(tasks.order_by("pk").values_list("pk", "dossier_id")[:AT_ONCE])
    ids = [pk for _task, pk in rows]
    asked = jobs.each_alone(ids, lambda pk: case_join(dossier_id=pk), what="case at a draw")
    if len(rows) == AT_ONCE:
        _gather_later(pool_id, cause, after=str(rows[-1][0]))
    return asked


def case_join(*, dossier_id: uuid.UUID) -> Claim | None:
    """Let a case take part in the round that closes first; None if there is none for it. Again changes nothing."""
    with atomic():
        rows = Dossier.objects.select_for_update(of=("self",), no_key=True)
        dossier = rows.select_related("version", "organisation").get(pk=dossier_id)
        if not stands_at_draw(dossier) or dossier.applicant_id is None:
            return None
        claim = claim_of_case(dossier_id)
        if claim is None or not claim.lives or is_over(claim.pool):
            claim = _taken(dossier)
        if claim is not None:
            _clock(dossier, claim)
        return claim


def case_follow(*, dossier_id: uuid.UUID) -> None:
    """Bring a case on that was asked for something, or lives again: drawn meanwhile it goes on, else it joins."""
    claim = claim_of_case(dossier_id)
    if claim is not None and claim.standing is State.CONFIRMED:
        _follow(claim, dossier_id)
    else:
        case_join(dossier_id=dossier_id)


def round_follow(*, pool_id: uuid.UUID, from_seq: int, to_seq: int) -> None:
    """Bring cases to where their claims went, each on its own; told late or twice it comes to the same.

    Raises:
        RefusedError: some could not go on; the others have.
    """
    last = min(to_seq, from_seq + AT_ONCE - 1)
    if last < to_seq:
        follow_later(pool_id, last + 1, to_seq)
    moved = {case_of(claim.key): claim for claim in claims_moved(pool_id, from_seq, last)}
    cases = [pk for pk in moved if pk is not None]
    done = jobs.each_alone(cases, lambda pk: _follow(moved[pk], pk), what="case of a draw")
    if done < len(cases):
        raise RefusedError(f"{len(cases) - done} cases of a draw could not go on")


def follow_later(pool_id: uuid.UUID, from_seq: int, to_seq: int) -> None:
    """Have cases follow what these lines of a round's ledger say."""
    told = {"pool_id": str(pool_id), "from_seq": from_seq, "to_seq": to_seq}
    jobs.enqueue(FOLLOW_DRAW, payload=told, key=f"{FOLLOW_DRAW}:{pool_id}:{from_seq}:{to_seq}")


def case_closed(*, dossier_id: uuid.UUID) -> None:
    """Let go what a case had in a draw that was refused or taken back before it was granted."""
    claim = claim_of_case(dossier_id)
    if claim is None or not claim.lives or claim.used:
        return
    granted = Dossier.objects.filter(pk=dossier_id, outcome=Outcome.GRANTED)
    if not granted.exists():
        claim_cancel(actor=Actor.system(), claim_id=claim.pk)


def _taken(dossier: Dossier) -> Claim | None:
    pool = round_open(dossier)
    subject = subject_of(dossier)
    if pool is None or dossier.applicant_id is None or subject is None:
        return None
    admission = admission_of(pool, dossier.applicant_id, subject=subject, by_case=True)
    if not isinstance(admission, Admission):
        return None
    claim = claim_take(Ask(admission=admission, key=key_of_case(dossier))).claim
    # The one place of a family, or of a child, may be another case's already.
    return claim if claim is not None and case_of(claim.key) == dossier.pk else None


def _follow(claim: Claim, case_id: uuid.UUID) -> None:
    dossier = Dossier.objects.select_related("version").filter(pk=case_id).first()
    if dossier is None:
        return
    match claim.standing:
        case State.CANCELLED:
            _taken_back(claim, dossier)
        case State.CONFIRMED if stands_at_draw(dossier):
            key = f"drawn:{claim.pk}:{dossier.seq}"
            step_approve(actor=Actor.system(), dossier_id=case_id, key=key, seen=None)
        case State.WAITING | State.OFFERED:
            _clock(dossier, claim)
        case State.DROPPED | State.LAPSED:
            case_join(dossier_id=case_id)


def _taken_back(claim: Claim, dossier: Dossier) -> None:
    """End a case whose place she gave back before it was decided."""
    # A case that was opened again since has nothing to do with what it gave back before.
    lived = Task.objects.live().filter(dossier=dossier, opened_at__lte=claim.settled_at)
    if dossier.outcome or dossier.applicant_id is None or not lived.exists():
        return
    dossier_withdraw(
        actor=Actor(account_id=dossier.applicant_id),
        dossier_id=dossier.pk,
        key=f"drawn.back:{claim.pk}",
        seen=None,
        reason=_("The place in the draw was given back."),
    )


def _clock(dossier: Dossier, claim: Claim) -> None:
    """Let the step fall due when something is known: the result, or that the class has begun without her."""
    pool = claim.pool
    if claim.standing is State.APPLIED:
        draw = draw_of_pool(pool.pk)
        known: dt.datetime | None = draw.known_at if draw and not pool.drawn_at else pool.closes_at
    else:
        known = pool.starts_at
    if known is not None:
        until = workdays.due_at(known, GRACE_WORKDAYS)
        step_prolong(dossier_id=dossier.pk, kind=DRAW_STEP, until=until)


def _gather_later(
    pool_id: uuid.UUID, cause: str, *, after: str = "", run_at: dt.datetime | None = None
) -> None:
    told = {"pool_id": str(pool_id), "cause": cause, "after": after}
    key = f"{GATHER_DRAW}:{pool_id}:{cause}:{after}"
    jobs.enqueue(GATHER_DRAW, payload=told, run_at=run_at, key=key)
