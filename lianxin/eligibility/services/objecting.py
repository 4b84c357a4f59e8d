"""Objections: a person says that a policy came out wrong for her, and a person answers (PIPL art. 24)."""

from __future__ import annotations

import uuid

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.audit import api as audit
from lianxin.eligibility import policies
from lianxin.eligibility.models import Objection, PolicyVersion
from lianxin.eligibility.services.recomputing import outcomes_recompute
from lianxin.kit import clock, workdays
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.members.api import Member, member_of
from lianxin.notify import api as notify
from lianxin.orgs.api import Actor, Level, Organisation, Role, ancestor_at, holders_at, line_of
from lianxin.vault import api as vault

ANSWER_DAYS = 5  # working days
LONGEST = 2_000
PURPOSE = "eligibility.objection"


def objection_lodge(*, actor: Actor, policy_id: uuid.UUID, outcome: str, words: str) -> Objection:
    """Object to how a policy came out for oneself; a person answers within five working days.

    It goes to the district (or city) of her union, never to the union at her workplace. While one
    waits a repeat hands that one back.
    """
    member = member_of(actor.account_id)
    if member is None:
        raise ForbiddenError(_("An objection needs a real name. Link your membership first."))
    words = _words(words, _("Tell us in a few words what is not right."))
    with atomic():
        Member.objects.select_for_update().filter(pk=member.pk).first()
        waiting = Objection.objects.filter(member=member, policy_id=policy_id, state=Objection.State.OPEN)  # fmt: skip
        if (found := waiting.first()) is not None:
            return found
        policy = PolicyVersion.objects.filter(pk=policy_id).first()
        if policy is None:
            raise RefusedError(_("There is no such policy."))
        made = Objection.objects.create(
            member=member,
            policy=policy,
            organisation=_answering(member),
            outcome=outcome,
            words=words,
            lodged_at=clock.now(),
            due_at=workdays.due_at(clock.now(), ANSWER_DAYS),
        )
        _note(actor, made, "eligibility.objection_lodged")
        _tell_officers(made)
    return made


def objection_answer(*, actor: Actor, objection_id: uuid.UUID, is_upheld: bool, answer: str) -> Objection:  # fmt: skip
    """Answer an objection with reasons, once; she reads them in her inbox.

    If she is right she is looked at anew: what was put right meanwhile counts at once.
    """
    answer = _words(answer, _("Write down the reason; the person will read it."))
    with atomic():
        found = _locked(actor, objection_id)
        state = Objection.State.UPHELD if is_upheld else Objection.State.DISMISSED
        if found.state != Objection.State.OPEN:
            if found.state == state:
                return found
            raise StaleError(_("A colleague has answered this objection already."))
        found.state, found.answer = state, answer
        found.answered_at, found.answered_by = clock.now(), actor.account_id
        found.save()
        _note(actor, found, f"eligibility.objection_{state}")
        if found.member.account_id is not None:
            notify.notify(
                account_id=found.member.account_id,
                kind="eligibility.objection",
                title=gettext_lazy("Your objection has been answered"),
                body=gettext_lazy("A person looked into it. Open this message to read what she found."),
                url=reverse("eligibility:objection_mine", args=[found.pk]),
                discreet=True,
                key=f"eligibility.objection:{found.pk}",
            )  # fmt: skip
    if is_upheld:
        outcomes_recompute(member_id=found.member_id)
    return found


def objection_open(actor: Actor, objection: Objection) -> str:
    """Open the words of an objection for an officer who may answer it; the person sees that."""
    if not policies.may_answer(actor, objection):
        raise ForbiddenError(_("Another place answers this objection."))
    return vault.open_sealed(
        objection,
        "words",
        actor_id=actor.account_id,
        purpose=PURPOSE,
        subject_id=objection.member.account_id,
    )


def objection_read_own(actor: Actor, objection: Objection) -> tuple[str, str]:
    """Return one's own words, and the answer to them."""
    if not policies.may_look(actor, objection.member):
        raise ForbiddenError(_("This objection is not yours."))
    # Not an opening of somebody's data: the writer, and the one the answer is for, reads it.
    return vault.reveal(objection, "words"), vault.reveal(objection, "answer")


def objections_remind() -> int:
    """Tell those above who should have answered by now, once an objection; say of how many."""
    late = Objection.objects.filter(state=Objection.State.OPEN, due_at__lt=clock.now())
    rows = list(late.select_related("member", "organisation", "policy"))
    with atomic():
        for row in rows:
            above = line_of(row.organisation)[:-1] or [row.organisation]
            _tell(row, above[-1].pk, gettext_lazy("An objection waits beyond its day"), "late")
    return len(rows)


def objections_export(member_id: uuid.UUID) -> list[dict[str, str]]:
    """Give a person a copy of her objections and the answers to them."""
    rows = Objection.objects.filter(member_id=member_id).select_related("policy")
    return [
        {
            "policy": row.policy.code,
            "version": str(row.policy.version),
            "on": row.lodged_at.isoformat(),
            "state": row.state,
            # Her own copy: no opening of somebody else's data.
            "words": vault.reveal(row, "words"),
            "answer": vault.reveal(row, "answer"),
        }
        for row in rows.order_by("lodged_at")
    ]


def _locked(actor: Actor, objection_id: uuid.UUID) -> Objection:
    rows = Objection.objects.select_for_update(of=("self",)).select_related("member", "organisation", "policy")  # fmt: skip
    found = rows.filter(pk=objection_id).first()
    if found is None or not policies.may_answer(actor, found):
        raise ForbiddenError(_("Another place answers this objection."))
    return found


def _answering(member: Member) -> Organisation:
    """Her district, else her city, else the top: the workplace does not learn of it."""
    place = member.organisation
    return ancestor_at(place, Level.DISTRICT) or ancestor_at(place, Level.CITY) or line_of(place)[0]


def _words(typed: str, nothing: str) -> str:
    words = clean(typed)
    if not words:
        raise RefusedError(nothing, field="words")
    if len(words) > LONGEST:
        raise RefusedError(_("Please keep it under 2,000 characters."), field="words")
    return words


def _tell_officers(made: Objection) -> None:
    title = gettext_lazy("Somebody says a policy came out wrong for her")
    _tell(made, made.organisation_id, title, "new")


def _tell(about: Objection, place_id: uuid.UUID, title: object, what: str) -> None:
    for post in holders_at(place_id, [Role.CHAIR, Role.OFFICER]):
        if post.account_id != about.member.account_id:
            notify.notify(
                account_id=post.account_id,
                kind="eligibility.objection",
                title=title,  # type: ignore[arg-type]  # a lazy sentence
                body=gettext_lazy("Please answer within five working days, with your reasons."),
                url=reverse("eligibility:objection_page", args=[about.pk]),
                discreet=True,
                key=f"eligibility.objection.{what}:{about.pk}",
            )


def _note(actor: Actor, objection: Objection, action: str) -> None:
    audit.record(
        actor_id=actor.account_id,
        action=action,
        kind="eligibility.Objection",
        object_id=objection.pk,
        subject_id=objection.member.account_id,
        detail={"policy": objection.policy.code, "version": objection.policy.version},
    )
