"""Sending a suggestion, and answering it."""

from __future__ import annotations

import uuid

from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.kit import clock, workdays
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.notify.api import notify
from lianxin.orgs.api import Ability, Actor
from lianxin.vault import api as vault
from lianxin.voice import policies, rules, selectors
from lianxin.voice.models import Suggestion


def suggestion_send(
    *,
    actor: Actor,
    organisation_id: uuid.UUID,
    kind: str,
    words: str,
    is_named: bool,
    about_page: str,
    key: uuid.UUID,
) -> tuple[Suggestion, str]:
    """Take a suggestion in, and return it with the code that follows it up.

    The code is derived from the sender's key, so that a second tap returns the same one.

    Raises:
        RefusedError: no words, or too many.
    """
    words = clean(words)
    if not words:
        raise RefusedError(_("Please write a few words."), field="words")
    if len(words) > rules.LONGEST:
        raise RefusedError(_("Please keep it under 3,000 characters."), field="words")
    key_index = vault.blind_index(str(key), purpose="voice_key")
    code = rules.code_from(key_index)
    with atomic():
        if repeated := Suggestion.objects.filter(key_index=key_index).first():
            return repeated, code
        suggestion = Suggestion.objects.create(
            organisation_id=organisation_id,
            kind=kind,
            account_id=actor.account_id if is_named else None,
            key_index=key_index,
            follow_index=selectors.follow_index(code),
            about_page=rules.page_of_anybody(about_page),
            words=words,
            received_on=clock.today(),
            due_on=workdays.add_workdays(clock.today(), rules.ANSWER_DAYS),
        )
        if is_named:
            audit.record(
                actor_id=actor.account_id,
                action="suggestion.sent",
                kind="suggestion",
                object_id=suggestion.pk,
                subject_id=actor.account_id,
            )
    return suggestion, code


def suggestion_answer(*, actor: Actor, suggestion_id: uuid.UUID, answer: str) -> Suggestion:
    """Answer once; the writer reads it by her code, or finds it in her inbox.

    Raises:
        ForbiddenError: addressed to another organisation, or one's own.
        StaleError: a colleague answered differently before.
    """
    answer = clean(answer)
    if not answer:
        raise RefusedError(_("Write the answer; the person is waiting for it."), field="answer")
    with atomic():
        suggestion = Suggestion.objects.select_for_update(of=("self",)).get(pk=suggestion_id)
        if not policies.may_answer(actor, suggestion):
            raise ForbiddenError(_("This was addressed to another organisation."))
        if suggestion.answered_on:
            if (
                vault.reveal(suggestion, "answer") == answer
            ):  # compared by the machine, shown to nobody
                return suggestion
            raise StaleError(_("A colleague has answered already."))
        suggestion.answer, suggestion.answered_on = answer, clock.today()
        suggestion.answered_by_id = actor.account_id
        suggestion.save()
        audit.record(
            actor_id=actor.account_id,
            action="suggestion.answered",
            kind="suggestion",
            object_id=suggestion.pk,
            subject_id=suggestion.account_id,
            detail=actor.stands_in(Ability.SUGGESTION_ANSWER, suggestion.organisation.path),
        )
        if suggestion.account_id:
            notify(
                account_id=suggestion.account_id,
                kind="suggestion.answered",
                title=_("Your suggestion has an answer"),
                body=_("Open it to read what we say to it."),
                url=reverse("voice:suggestion_mine"),
                key=f"suggestion.answered:{suggestion.pk}",
            )
    return suggestion


def suggestion_open(*, actor: Actor, suggestion: Suggestion) -> str:
    """Open the words for an officer who may answer; a named writer sees that.

    Raises:
        ForbiddenError: addressed to another organisation.
    """
    if not policies.may_answer(actor, suggestion):
        raise ForbiddenError(_("This was addressed to another organisation."))
    return vault.open_sealed(
        suggestion,
        "words",
        actor_id=actor.account_id,
        purpose="suggestion.answer",
        subject_id=suggestion.account_id,
    )


def suggestion_read_own(suggestion: Suggestion) -> tuple[str, str]:
    """Return words and answer for the writer herself, known by her code or her account."""
    # No opening of another's data: who holds the code wrote the words.
    return vault.reveal(suggestion, "words"), vault.reveal(suggestion, "answer")


def account_export(account_id: uuid.UUID | None) -> list[dict[str, str]]:
    """List what a person sent under her name; the nameless ones nobody can tie to her."""
    return [
        {
            "on": row.received_on.isoformat(),
            "to": str(row.organisation),
            "words": words,
            "answer": answer,
        }
        for row in selectors.mine(account_id)
        for words, answer in [suggestion_read_own(row)]
    ]


def account_erase(account_id: uuid.UUID | None) -> None:
    """Delete what is answered; what still waits stays, without a name."""
    if account_id is None:
        return
    with atomic():
        named = Suggestion.objects.filter(account_id=account_id)
        named.filter(answered_on__isnull=False).delete()
        named.update(account=None)
