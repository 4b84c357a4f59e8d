"""An application to join, handed in by another system: once, checked as the form does, not yet a yes.

The person gets a code on her phone and confirms the application herself, as with any application
somebody filled in for her. Until then nothing moves, and her consents are not written down.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.accounts import api as accounts
from lianxin.audit import api as audit
from lianxin.catalogue.api import Offer
from lianxin.gateway import policies
from lianxin.gateway.models import Client, JoinPush
from lianxin.gateway.rules.joining import CONFIRM_HOURS, OVER, PushStatus
from lianxin.gateway.rules.webhooks import Topic
from lianxin.gateway.selectors import join_offer, push_status
from lianxin.gateway.services.sending import word_send
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError, StaleError
from lianxin.kit.ids import new_id
from lianxin.kit.transactions import atomic
from lianxin.members.api import consent_give, member_of, missing_consents
from lianxin.notify import api as notify
from lianxin.orgs.api import Actor, Organisation
from lianxin.procedures.api import AnswersError, Dossier, answers_check, dossier_submit
from lianxin.vault import api as vault

STATUS_JOB = "gateway.tell_status"
CONFIRMED = frozenset({PushStatus.REVIEW, PushStatus.ASKED, PushStatus.GRANTED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Consented:
    """A yes the pushing system says it holds, with where its evidence can be found."""

    purpose: str
    given_at: dt.datetime
    evidence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Application:
    """What another system says of somebody who wants to join."""

    organisation_code: str
    phone: str
    answers: Mapping[str, Any]
    consents: Sequence[Consented]
    reference: str = ""


class KeyReusedError(RefusedError):
    """The key was used for another application."""


def join_push(*, client: Client, key: str, application: Application) -> tuple[JoinPush, bool]:
    """Take an application; return it, and whether it is new. The same key again is the same one.

    Raises:
        AnswersError: something is missing or odd, by field.
        RefusedError: no such organisation in reach, a consent is missing, or nobody can join now.
        StaleError: this person's application is under way already.
        KeyReusedError: the key came before with other content.
    """
    marks = _marks(application)
    before = JoinPush.objects.select_related("dossier", "organisation").filter(
        client=client, key=key
    )
    if (found := before.first()) is not None:
        return _repeated(found, marks)
    offer = join_offer()
    organisation = (
        policies.organisations_of(client).filter(code=application.organisation_code).first()
    )
    if organisation is None:
        raise RefusedError(
            _("There is no organisation of this code in your reach."), field="organisation"
        )
    if organisation.state != Organisation.State.IN_FORCE:
        raise RefusedError(_("This organisation takes in nobody at present."), field="organisation")
    _check_consents(offer, application.consents)
    with atomic():
        # One after the other: of two with the same key the second finds the first.
        Client.objects.select_for_update(no_key=True).get(pk=client.pk)
        if (found := before.first()) is not None:
            return _repeated(found, marks)
        push = _taken(client, key, offer, organisation, application, marks[0])
    return push, True


def status_told(*, dossier_id: uuid.UUID | None = None, push_id: uuid.UUID | None = None) -> None:
    """Tell the client that handed an application in where it stands now; the same again tells nothing.

    Once the person has confirmed, her consents are written down as hers.
    """
    wanted = {"dossier_id": dossier_id} if dossier_id else {"pk": push_id}
    with atomic():
        rows = JoinPush.objects.select_for_update(of=("self",))
        push = rows.select_related("client", "dossier", "organisation").filter(**wanted).first()
        if push is None or (status := push_status(push)) == push.told_status:
            return
        if push.told_status == PushStatus.AWAITING and status in CONFIRMED:
            _consents_keep(push)
        push.told_status = status
        push.save(update_fields=["told_status"])
        seq = push.dossier.seq if push.dossier else 0
        word_send(
            client_ids=[push.client_id],
            topic=Topic.JOIN_UPDATED,
            source=f"join:{push.pk}:{seq}:{status}",
            data={"id": str(push.pk), "reference": push.reference, "status": status.value},
        )


def person_export(account_id: uuid.UUID | None) -> list[dict[str, Any]]:
    """List which systems handed in an application for a person, for her own copy."""
    rows = JoinPush.objects.filter(applicant_id=account_id).exclude(applicant=None)
    return [
        {
            "system": row.client.name,
            "organisation": row.organisation.code,
            "at": row.created_at.isoformat(),
            "consents": row.consents,
        }
        for row in rows.select_related("client", "organisation").order_by("created_at")
    ]


def person_erase(account_id: uuid.UUID | None) -> None:
    """Forget whom an application was handed in for, and what was said of her consents."""
    if account_id is None:
        return
    with atomic():
        JoinPush.objects.filter(applicant_id=account_id).update(
            applicant=None, consents=[], reference="", request_mark=""
        )


def unconfirmed_purge() -> int:
    """Let go of accounts begun for people who never confirmed, joined or signed in; return how many."""
    lapsed = JoinPush.objects.filter(
        told_status=PushStatus.LAPSED,
        dossier__isnull=False,
        applicant__is_active=True,
        applicant__phone_verified_at=None,
    )
    count = 0
    for person_id in set(lapsed.values_list("applicant_id", flat=True)):
        with atomic():
            # Whoever hands in the next one for her waits.
            accounts.User.objects.select_for_update().get(pk=person_id)
            others = Dossier.objects.filter(applicant_id=person_id).exclude(outcome="lapsed")
            if not others.exists() and member_of(person_id) is None:
                count += accounts.account_discard(account_id=person_id)
    return count


def _taken(  # noqa: PLR0917  (one row, and all it is made of)
    client: Client,
    key: str,
    offer: Offer,
    organisation: Organisation,
    application: Application,
    mark: str,
) -> JoinPush:
    # Which union she wants to join is one of the form's own questions.
    answers = {**application.answers, offer.definition.origin: organisation.code}
    person = _person(client, application)
    _check_running(client, person.pk)
    push_id = new_id()
    try:
        dossier = _case(client, push_id, offer, organisation, answers, person.pk)
    except AnswersError as error:
        raise AnswersError(_named(offer, error.errors)) from error
    push = JoinPush.objects.create(
        id=push_id,
        client=client,
        key=key,
        request_mark=mark,
        reference=application.reference,
        organisation=organisation,
        applicant_id=person.pk,
        dossier=dossier,
        told_status=PushStatus.AWAITING,
        consents=[
            {"purpose": one.purpose, "given_at": one.given_at.isoformat(), "evidence": one.evidence}
            for one in application.consents
        ],
    )
    if dossier is None:
        _member_tell(push, person.pk)
    audit.record(
        actor_id=client.pk, action="gateway.join_pushed", kind="gateway.JoinPush",
        object_id=push.pk, subject_id=person.pk,
        detail={"organisation": organisation.code, "dossier": str(dossier.pk) if dossier else None},
    )  # fmt: skip
    return push


def _person(client: Client, said: Application) -> accounts.User:
    """Return the account of the one applied for; one that is let go of this moment is none."""
    while True:
        person = accounts.account_create(
            phone=said.phone,
            display_name=str(said.answers.get("name", ""))[:64],
            actor_id=client.pk,
        )
        held = accounts.User.objects.select_for_update(no_key=True).filter(pk=person.pk)
        if held.filter(is_active=True).first() is not None:
            return person


def _case(  # noqa: PLR0917  (see above)
    client: Client,
    push_id: uuid.UUID,
    offer: Offer,
    organisation: Organisation,
    answers: Mapping[str, Any],
    person_id: uuid.UUID,
) -> Dossier | None:
    """Begin her case. Of a member none begins: the form is checked alike, and the client learns nothing."""
    if _is_member(person_id):
        if errors := answers_check(offer.definition, answers, organisation=organisation).errors:
            raise AnswersError(errors)
        return None
    return dossier_submit(
        # The case belongs to the person; no officer helped her, a machine did.
        actor=Actor.system(),
        version_id=offer.procedure_id,
        answers=answers,
        papers={},
        key=f"rest:{push_id}",
        applicant_id=person_id,
        organisation_id=organisation.pk,
        sources=dict.fromkeys(answers, client.name),
    )


def _named(offer: Offer, errors: Mapping[str, str]) -> dict[str, str]:
    """Name fields as the API does."""
    return {
        "organisation" if field == offer.definition.origin else f"answers.{field}": sentence
        for field, sentence in errors.items()
    }


def _repeated(push: JoinPush, marks: list[str]) -> tuple[JoinPush, bool]:
    if push.request_mark not in marks:
        raise KeyReusedError(
            _("This Idempotency-Key came before with another application. Take a new key.")
        )
    return push, False


def _marks(said: Application) -> list[str]:
    """Digest what was sent, with every key there is: numbers of people are few enough to be guessed."""
    yeses = [[one.purpose, one.given_at.isoformat(), one.evidence] for one in said.consents]
    all_of_it = [said.organisation_code, said.phone, dict(said.answers), said.reference, yeses]
    whole = json.dumps(all_of_it, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return vault.blind_indexes(whole, purpose="rest_request")


def _check_consents(offer: Offer, consents: Sequence[Consented]) -> None:
    stated = {one.purpose for one in consents}
    asked = set(offer.card.consents)
    if len(stated) < len(consents) or stated - asked:
        raise RefusedError(
            _("State each consent once, and only those the form asks for."), field="consents"
        )
    if asked - stated:
        raise RefusedError(
            _("The form asks for consents that are not stated: %(names)s.")
            % {"names": ", ".join(sorted(asked - stated))},
            field="consents",
        )
    if any(one.given_at > clock.now() + dt.timedelta(minutes=5) for one in consents):
        raise RefusedError(_("A consent cannot lie in the future."), field="consents")


def _check_running(client: Client, person_id: uuid.UUID) -> None:
    """One application at a time: nobody's phone is flooded with codes."""
    rows = policies.pushes_of(client).filter(applicant_id=person_id).select_related("dossier")
    if any(push_status(row) not in OVER for row in rows):
        raise StaleError(
            _("You have handed in an application of this person already; it is running.")
        )


def _is_member(person_id: uuid.UUID) -> bool:
    member = member_of(person_id)
    return member is not None and member.state == member.State.IN_FORCE


def _member_tell(push: JoinPush, person_id: uuid.UUID) -> None:
    notify.notify(
        account_id=person_id,
        kind="gateway.already_member",
        title=gettext_lazy("Somebody wanted to sign you up"),
        body=lazy(_already, str)(push.client.name),
        url="",
        key=f"gateway.already:{push.pk}",
    )
    jobs.enqueue(
        STATUS_JOB,
        payload={"push_id": str(push.pk)},
        run_at=push.created_at + dt.timedelta(hours=CONFIRM_HOURS, seconds=5),
    )


def _already(name: str) -> str:
    said = _("%(name)s handed in an application to join for you. You are a member already, so there is nothing to do, and it was not told so.")  # fmt: skip
    return said % {"name": name}


def _consents_keep(push: JoinPush) -> None:
    if push.applicant_id is None:
        return
    herself = Actor(account_id=push.applicant_id)
    for purpose in missing_consents(push.applicant_id, [one["purpose"] for one in push.consents]):
        consent_give(actor=herself, purpose=purpose)
