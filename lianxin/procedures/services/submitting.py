"""How a dossier begins: sent in by the person, or filled in with an officer and confirmed by code."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.ids import new_id
from lianxin.kit.text import Bilingual
from lianxin.kit.transactions import atomic
from lianxin.kit.workdays import SHANGHAI
from lianxin.members.api import Member
from lianxin.notify import api as notify
from lianxin.orgs.api import Ability, Actor, Organisation, Role, organisation_by_code
from lianxin.procedures.constants import (
    CONFIRM_HOURS,
    CONFIRM_RESEND_SECONDS,
    CONFIRM_RESENDS_A_DAY,
    CONFIRM_TRIES,
    REFUSALS,
)
from lianxin.procedures.events import DossierMoved, DossierSubmitted
from lianxin.procedures.models import Dossier, ProcedureVersion
from lianxin.procedures.rules.check import faults_of
from lianxin.procedures.rules.definition import Definition, StepKind, dump
from lianxin.procedures.rules.machine import Outcome, Verb, Who, begin
from lianxin.procedures.selectors.registry import (
    Subject,
    answers_faults,
    member_for,
    step_kinds,
    subject_of,
)
from lianxin.procedures.selectors.seats import seat_for
from lianxin.procedures.services.answering import (
    AnswersError,
    Papers,
    answers_check,
    answers_write,
    checked_or_raise,
    papers_write,
)
from lianxin.procedures.services.steps import closed, moved_data, next_step, step_enter
from lianxin.procedures.services.telling import officers_tell, person_tell
from lianxin.procedures.services.turns import Turn, entry_add, turn_begin, turn_end, turn_judge
from lianxin.vault import api as vault

LAPSE_JOB = "procedures.confirm_lapse"


def version_save(
    *, actor: Actor, code: str, name: Bilingual, definition: Definition
) -> ProcedureVersion:
    """Keep a definition as the newest version of its procedure; the same again is the same row."""
    if not actor.is_system:
        raise ForbiddenError(str(REFUSALS["not_yours"]))
    kinds = {*StepKind, *(kind for kind, _handler in step_kinds.items())}
    faults = faults_of(definition, roles=frozenset(Role), kinds=kinds)
    if faults:
        raise RefusedError(f"{code}: {'; '.join(faults)}")
    body = dump(definition)
    digest = hashlib.sha256(b"\n".join([body, name.en.encode(), name.zh_Hans.encode()])).hexdigest()
    with atomic():
        last = ProcedureVersion.objects.filter(code=code).order_by("-version").first()
        if last is not None and last.digest == digest:
            return last
        row = ProcedureVersion.objects.create(
            code=code,
            version=last.version + 1 if last else 1,
            name_en=name.en,
            name_zh_hans=name.zh_Hans,
            digest=digest,
            body=body.decode(),
        )
        audit.record(
            actor_id=actor.account_id, action="procedure.saved", kind="procedure",
            object_id=row.pk, detail={"code": code, "version": row.version},
        )  # fmt: skip
    return row


RESENT = "dossier.code_resent"


def dossier_submit(
    *,
    actor: Actor,
    version_id: uuid.UUID,
    answers: Mapping[str, Any],
    papers: Papers,
    key: str,
    applicant_id: uuid.UUID | None = None,
    subject_kind: str = "",
    subject_id: uuid.UUID | None = None,
    organisation_id: uuid.UUID | None = None,
    sources: Mapping[str, str] | None = None,
) -> Dossier:
    """Send an application in; with another's `applicant_id` it is helped, and waits for her code.

    A repeat of the same key returns the dossier that is there. Publishes DossierSubmitted, unless
    helped.

    Raises:
        AnswersError: something is missing or odd.
        ForbiddenError: not signed in, or no right to fill in for this person.
        RefusedError: no union is known to begin with, or nobody may handle it.
    """
    person_id = applicant_id or actor.account_id
    if person_id is None:
        raise ForbiddenError(_("Please sign in first."))
    repeated = Dossier.objects.filter(applicant_id=person_id, key=key).first()
    if repeated is not None:
        return repeated
    version = ProcedureVersion.objects.get(pk=version_id)
    member = member_for(person_id)
    subject = _subject(version.definition, member, subject_kind, subject_id)
    origin = _origin(version.definition, answers, member, subject, organisation_id)
    is_helped = person_id != actor.account_id
    if is_helped and not actor.can(Ability.MEMBER_HELP, origin.path):
        raise ForbiddenError(_("You can fill in only with people of your own union."))
    checked = answers_check(
        version.definition, answers, papers=papers, organisation=origin, sources=sources
    )
    values = checked_or_raise(checked)
    with atomic():
        # Asked again behind the lock of the person's row: two taps at once make one dossier.
        get_user_model().objects.select_for_update(no_key=True).get(pk=person_id)
        repeated = Dossier.objects.filter(applicant_id=person_id, key=key).first()
        if repeated is not None:
            return repeated
        if faults := answers_faults(version.code, person_id, values, origin):
            raise AnswersError(faults)
        dossier = Dossier(
            id=new_id(),
            number=_number(version.definition.number_prefix),
            version=version,
            applicant_id=person_id,
            applicant_name=member.name if member else _name_of(person_id),
            subject_kind=subject_kind or version.definition.subject_kind,
            subject_id=subject_id or _own_subject(version.definition, member, subject_kind),
            organisation=origin,
            respondent=_respondent(version.definition, values),
            confidentiality=version.definition.confidentiality,
            state=begin(is_helped=is_helped),
            key=key,
            helped_by_id=actor.account_id if is_helped else None,
            tier=checked.income.tier.code if checked.income and checked.income.tier else "",
        )
        dossier.save(force_insert=True)
        answers_write(dossier, values, actor=actor, sources=sources or {}, before={})
        papers_write(dossier, papers, actor=actor)
        mine = Turn(
            actor, Verb.SUBMIT, f"{Verb.SUBMIT}:{key}"[:96], dossier, None,
            Who.HELPER if is_helped else Who.PERSON,
        )  # fmt: skip
        if is_helped:
            _await_confirmation(mine)
        else:
            _set_out(mine)
    return dossier


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
            _set_out(mine)
    if sentence:
        # Raised outside: the count of tries must be kept.
        raise RefusedError(sentence, field="code")
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
    until = mine.dossier.confirm_until
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


def _set_out(mine: Turn) -> None:
    """Begin the route: from here on the clock runs."""
    dossier = mine.dossier
    for step in dossier.definition.route:
        # Found out now, not in the middle: is there a desk for every step?
        if dossier.respondent_id and seat_for(dossier, step) is None:
            next_step(dossier, dossier.definition.route.index(step))
    following = next_step(dossier, 0)
    if following.seat is None:
        raise RefusedError(_("This service has no step your union can do. Please call 12351."))
    dossier.submitted_at = mine.now
    task = step_enter(dossier, following, mine.now)
    helped = {"kind": "helped"} if mine.verb is Verb.SUBMIT and mine.who is Who.HELPER else {}
    turn_end(mine, None, data={**moved_data(following, task), **helped})
    if dossier.applicant_id is not None:
        jobs.publish(
            DossierSubmitted(
                dossier_id=dossier.pk, code=dossier.version.code, applicant_id=dossier.applicant_id
            )
        )
    person_tell(dossier, "submitted", task=task)
    if task is not None:
        officers_tell(
            dossier, task, [task.assignee_id] if task.assignee_id else following.seat.candidates
        )


def _await_confirmation(mine: Turn) -> None:
    entry = entry_add(mine, data={"kind": "helped"})
    _code_send(mine.dossier, mine.now)
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


def _code_send(dossier: Dossier, now: datetime) -> None:
    code = f"{secrets.randbelow(10**6):06d}"
    dossier.confirm_index = _code_index(dossier, code)
    dossier.confirm_until = now + timedelta(hours=CONFIRM_HOURS)
    dossier.confirm_tries = 0
    jobs.enqueue(
        LAPSE_JOB, payload={"dossier_id": str(dossier.pk)}, run_at=dossier.confirm_until,
        key=f"{LAPSE_JOB}:{dossier.pk}:{dossier.confirm_until:%Y%m%d%H%M%S}",
    )  # fmt: skip
    if dossier.applicant_id is None:
        return
    phone = notify.address_of(dossier.applicant_id).phone
    if not phone:
        raise RefusedError(_("We have no phone number of this person to send the code to."))
    with notify.words_for(dossier.applicant_id):
        notify.sms_send(
            phone,
            _(
                "Lianxin: %(code)s confirms the application filled in with you. Not yours? Ignore it."
            )
            % {"code": code},
            key=f"case.code:{dossier.pk}:{dossier.confirm_index[-24:]}",
        )


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


def _subject(
    definition: Definition, member: Member | None, kind: str, subject_id: uuid.UUID | None
) -> Subject | None:
    if subject_id is not None:
        found = subject_of(kind or definition.subject_kind, subject_id)
        if found is None:
            raise RefusedError(_("We cannot find whom this is about."))
        return found
    return subject_of("member", member.pk) if member else None


def _own_subject(definition: Definition, member: Member | None, kind: str) -> uuid.UUID | None:
    is_member = (kind or definition.subject_kind) == "member"
    return member.pk if member and is_member else None


def _origin(
    definition: Definition,
    answers: Mapping[str, Any],
    member: Member | None,
    subject: Subject | None,
    organisation_id: uuid.UUID | None,
) -> Organisation:
    if definition.origin and (
        named := organisation_by_code(str(answers.get(definition.origin, "")))
    ):
        return named
    if organisation_id is not None:
        found: Organisation = Organisation.objects.get(pk=organisation_id)
        return found
    if subject is not None and subject.organisation is not None:
        return subject.organisation
    if member is not None:
        return member.organisation
    raise RefusedError(
        _("We do not know your union yet. Please link your membership, or call 12351.")
    )


def _respondent(definition: Definition, values: Mapping[str, Any]) -> Organisation | None:
    code = values.get(definition.respondent) if definition.respondent else None
    return organisation_by_code(code) if code else None


def _name_of(account_id: uuid.UUID) -> str:
    return get_user_model().objects.get(pk=account_id).display_name


def _number(prefix: str) -> str:
    day = clock.now().astimezone(SHANGHAI)
    while True:
        number = f"{prefix}{day:%y%m%d}-{secrets.randbelow(10**6):06d}"
        if not Dossier.objects.filter(number=number).exists():
            return number
