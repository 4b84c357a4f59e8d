"""How a dossier begins: sent in by the person, or filled in with an officer and confirmed by code."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.ids import new_id
from lianxin.kit.text import Bilingual
from lianxin.kit.transactions import atomic
from lianxin.kit.workdays import SHANGHAI
from lianxin.members.api import Member
from lianxin.orgs.api import Ability, Actor, Organisation, Role, organisation_by_code
from lianxin.procedures.constants import REFUSALS
from lianxin.procedures.models import Dossier, ProcedureVersion
from lianxin.procedures.rules.check import faults_of
from lianxin.procedures.rules.definition import Definition, StepKind, dump
from lianxin.procedures.rules.machine import Verb, Who, begin
from lianxin.procedures.selectors.registry import (
    Subject,
    answers_faults,
    member_for,
    step_kinds,
    subject_of,
)
from lianxin.procedures.services.answering import (
    AnswersError,
    Papers,
    answers_check,
    answers_write,
    checked_or_raise,
    papers_write,
)
from lianxin.procedures.services.confirming import await_confirmation
from lianxin.procedures.services.setting_out import set_out
from lianxin.procedures.services.turns import Turn


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
            await_confirmation(mine)
        else:
            set_out(mine)
    return dossier


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
