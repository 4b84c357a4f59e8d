"""The person's yes to what an officer filled in with her: a code on her phone, or her signature."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.files import api as files
from lianxin.jobs import api as jobs
from lianxin.kit.errors import RefusedError
from lianxin.kit.ids import new_id
from lianxin.kit.transactions import atomic
from lianxin.notify import api as notify
from lianxin.orgs.api import Actor
from lianxin.procedures.constants import (
    CONFIRM_HOURS,
    CONFIRM_PAPER_DAYS,
    CONFIRM_RESEND_SECONDS,
    CONFIRM_RESENDS_A_DAY,
    CONFIRM_TRIES,
    SIGNATURE,
    SIGNED,
)
from lianxin.procedures.events import DossierMoved
from lianxin.procedures.models import Dossier, EvidencePaper, Recusal
from lianxin.procedures.policies import holds, is_unopened, may_carry
from lianxin.procedures.rules.machine import Outcome, Verb, Who, begin
from lianxin.procedures.services.setting_out import set_out
from lianxin.procedures.services.steps import closed
from lianxin.procedures.services.telling import person_tell
from lianxin.procedures.services.turns import (
    Turn,
    entry_add,
    refusal,
    turn_begin,
    turn_end,
    turn_judge,
)
from lianxin.vault import api as vault

LAPSE_JOB = "procedures.confirm_lapse"
RESENT = "dossier.code_resent"


def dossier_confirm(*, actor: Actor, dossier_id: uuid.UUID, code: str, key: str) -> Dossier:
    """Say yes to what was filled in, with the code sent to the person. Publishes DossierSubmitted.

    Raises:
        RefusedError: a wrong or old code, too many tries, or confirmed before.
    """
    with atomic():
        mine = turn_begin(actor=actor, dossier_id=dossier_id, verb=Verb.CONFIRM, key=key)
        if mine.is_repeat:
            return mine.dossier
        move = turn_judge(mine)
        sentence = _code_fault(mine.dossier, code, mine.now)
        if not sentence:
            mine.dossier.state = move.state
            mine.dossier.confirm_index = ""
            set_out(mine)
    if sentence:
        # Raised outside: the count of tries must be kept.
        raise RefusedError(sentence, field="code")
    return mine.dossier


def dossier_confirm_paper(
    *, actor: Actor, dossier_id: uuid.UUID, file_ids: Sequence[uuid.UUID], key: str
) -> Dossier:
    """Say yes with a photo of what the person signed; who helped has no say in the case from here on.

    Where the person has never signed in, the officer carries the case (answers, withdraws, objects)
    until she does. Publishes DossierSubmitted.

    Raises:
        ForbiddenError: not the officer who filled it in.
        RefusedError: no photo, too late, or confirmed before.
    """
    with atomic():
        mine = turn_begin(actor=actor, dossier_id=dossier_id, verb=Verb.CONFIRM, key=key)
        if mine.is_repeat:
            return mine.dossier
        move = turn_judge(mine)
        if mine.who is not Who.HELPER:
            raise refusal("not_yours")
        if not file_ids:
            raise RefusedError(
                _("Please take a photo of the page the person signed."), field="signed"
            )
        if mine.dossier.confirm_until is None or mine.now >= mine.dossier.confirm_until:
            raise RefusedError(_("This waited too long and is over. Please fill it in anew."))
        for file_id in dict.fromkeys(file_ids):
            EvidencePaper.objects.create(dossier=mine.dossier, code=SIGNATURE, file_id=file_id)
        files.claim(
            file_ids, object_kind=SIGNED, object_id=dossier_id, owner_id=actor.account_id,
            subject_id=mine.dossier.applicant_id,
        )  # fmt: skip
        _judges_not(mine.dossier, actor)
        mine.dossier.state, mine.dossier.confirm_index = move.state, ""
        if is_unopened(mine.dossier):
            mine.dossier.carried_by_id = actor.account_id
        set_out(mine, signed=True)
    return mine.dossier


def confirm_code_resend(*, actor: Actor, dossier_id: uuid.UUID) -> None:
    """Send the person a new code; the old one no longer works.

    Each code brings fresh tries, so there are only a few a day: nobody who filled in with her
    guesses the yes, and nobody's phone is flooded.

    Raises:
        RefusedError: one went out a moment ago, or enough went out today.
    """
    with atomic():
        mine = turn_begin(actor=actor, dossier_id=dossier_id, verb=Verb.CONFIRM, key=str(new_id()))
        turn_judge(mine)
        _resend_judge(mine)
        _code_send(mine.dossier, mine.now)
        mine.dossier.save()
        audit.record(
            actor_id=actor.account_id, action=RESENT, kind="dossier", object_id=mine.dossier.pk,
            subject_id=mine.dossier.applicant_id,
        )  # fmt: skip


def _resend_judge(mine: Turn) -> None:
    until = mine.dossier.confirm_until if mine.dossier.confirm_index else None
    sent_at = until - timedelta(hours=CONFIRM_HOURS) if until else None
    if sent_at is not None and mine.now < sent_at + timedelta(seconds=CONFIRM_RESEND_SECONDS):
        raise RefusedError(
            _("A code is on its way. Please wait a minute before asking for another.")
        )
    sent = audit.history_of("dossier", mine.dossier.pk).filter(
        action=RESENT, at__gt=mine.now - timedelta(days=1)
    )
    if sent.count() >= CONFIRM_RESENDS_A_DAY:
        raise RefusedError(_("Enough codes were sent today. Please try again tomorrow."))


def dossier_carry(*, actor: Actor, dossier_id: uuid.UUID, key: str) -> Dossier:
    """Take over from the officer who carries a case for a person; again changes nothing.

    Raises:
        ForbiddenError: nobody carries it, or the actor does not help the people of its union.
        RefusedError: she has it on her own desk, so she cannot act for the person as well.
    """
    with atomic():
        rows = Dossier.objects.select_for_update(of=("self",), no_key=True)
        dossier = rows.select_related("organisation", "applicant").filter(pk=dossier_id).first()
        if dossier is None or not may_carry(actor, dossier):
            raise refusal("not_yours")
        if dossier.carried_by_id == actor.account_id:
            return dossier
        if holds(actor, dossier):
            raise RefusedError(
                _("This case lies on your own desk. Let a colleague act for the person.")
            )
        before, dossier.carried_by_id = dossier.carried_by_id, actor.account_id
        _judges_not(dossier, actor)
        mine = Turn(actor, Verb.CONFIRM, f"carry:{key}"[:96], dossier, None, Who.HELPER)
        turn_end(mine, None, data={"kind": "carried"})
        audit.record(
            actor_id=actor.account_id, action="dossier.carried", kind="dossier", object_id=dossier.pk,
            subject_id=dossier.applicant_id, detail={"from": str(before)},
        )  # fmt: skip
    return dossier


def confirm_lapse(*, dossier_id: uuid.UUID) -> None:
    """End a helped application nobody confirmed in time."""
    with atomic():
        mine = turn_begin(actor=Actor.system(), dossier_id=dossier_id, verb=Verb.CLOSE, key="lapse")
        until = mine.dossier.confirm_until
        if mine.is_repeat or mine.dossier.state != begin(is_helped=True):
            return
        if until is None or mine.now < until:
            return
        move = turn_judge(mine)
        closed(mine.dossier, mine.now, Outcome.LAPSED)
        turn_end(mine, move, data={"kind": "lapsed"})


def await_confirmation(mine: Turn) -> None:
    """Wait for her yes: by the code sent to her phone, or where there is none by her signature."""
    entry = entry_add(mine, data={"kind": "helped"})
    if _phone_of(mine.dossier):
        _code_send(mine.dossier, mine.now)
    else:
        _wait_until(mine.dossier, mine.now + timedelta(days=CONFIRM_PAPER_DAYS))
    mine.dossier.save()
    audit.record(
        actor_id=mine.actor.account_id, action="dossier.helped", kind="dossier",
        object_id=mine.dossier.pk, subject_id=mine.dossier.applicant_id, detail={"seq": entry.seq},
    )  # fmt: skip
    jobs.publish(
        DossierMoved(
            dossier_id=mine.dossier.pk, verb=mine.verb, state=mine.dossier.state, seq=entry.seq
        )
    )
    person_tell(mine.dossier, "confirm")


def _judges_not(dossier: Dossier, actor: Actor) -> None:
    """Whoever brought what a person signed, or acted for her, has no say in the case."""
    Recusal.objects.get_or_create(
        dossier=dossier, account_id=actor.account_id, defaults={"reason": Recusal.Reason.CARRIES}
    )


def _code_send(dossier: Dossier, now: datetime) -> None:
    code = f"{secrets.randbelow(10**6):06d}"
    dossier.confirm_index = _code_index(dossier, code)
    dossier.confirm_tries = 0
    _wait_until(dossier, now + timedelta(hours=CONFIRM_HOURS))
    if dossier.applicant_id is None:
        return
    phone = _phone_of(dossier)
    if not phone:
        raise RefusedError(
            _("We have no phone number of this person. Please take the signature on paper.")
        )
    with notify.words_for(dossier.applicant_id):
        notify.sms_send(
            phone,
            _(
                "Lianxin: %(code)s confirms the application filled in with you. Not yours? Ignore it."
            )
            % {"code": code},
            key=f"case.code:{dossier.pk}:{dossier.confirm_index[-24:]}",
        )


def _wait_until(dossier: Dossier, until: datetime) -> None:
    dossier.confirm_until = until
    jobs.enqueue(
        LAPSE_JOB, payload={"dossier_id": str(dossier.pk)}, run_at=until,
        key=f"{LAPSE_JOB}:{dossier.pk}:{until:%Y%m%d%H%M%S}",
    )  # fmt: skip


def _phone_of(dossier: Dossier) -> str:
    return (notify.address_of(dossier.applicant_id).phone or "") if dossier.applicant_id else ""


def _code_index(dossier: Dossier, code: str) -> str:
    return vault.blind_index(f"{dossier.pk}:{code.strip()}", purpose="dossier_code")


def _code_fault(dossier: Dossier, code: str, now: datetime) -> str:
    """Return the sentence why a code does not do, and count the try."""
    if dossier.confirm_tries >= CONFIRM_TRIES:
        return _("That was wrong too often. Please have a new code sent.")
    if dossier.confirm_until is None or now >= dossier.confirm_until:
        return _("This code is too old. Please have a new one sent.")
    if not secrets.compare_digest(_code_index(dossier, code), dossier.confirm_index):
        Dossier.objects.filter(pk=dossier.pk).update(confirm_tries=dossier.confirm_tries + 1)
        return _("This is not the code we sent. Please look at the newest message.")
    return ""
