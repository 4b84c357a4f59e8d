"""Telling the parties of a draw what is due, and those who applied what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.allocation.models import Claim, Draw, DrawParty
from lianxin.allocation.rules.claims import State
from lianxin.allocation.rules.draws_steps import Stage
from lianxin.jobs import api as jobs
from lianxin.notify.api import notify, words_for
from lianxin.ui.templatetags.ui import daytime

TELL_JOB = "allocation.tell_draw"
REMIND_JOB = "allocation.remind_parties"
AT_ONCE = 200


def parties_tell(draw: Draw, parties: Iterable[DrawParty], what: str) -> None:
    """Write to each party what is due: `named`, `commit`, `reveal`, `void`; one letter each."""
    for party in parties:
        if party.account_id is None:
            continue
        with words_for(party.account_id):
            title, body = _party_words(draw, what)
        notify(
            account_id=party.account_id,
            kind="allocation.draw_party",
            title=title,
            body=body,
            url=reverse("allocation:draw_party", args=[draw.pk]),
            urgent=what.startswith("last_"),
            key=f"draw:{draw.pk}:{what}:{party.number}",
        )


def applicants_tell(draw: Draw, what: str) -> None:
    """Have all who applied told, in the background: `rule` (published or changed), `void`."""
    jobs.enqueue(
        TELL_JOB,
        payload={"draw_id": str(draw.pk), "what": what, "after": ""},
        key=f"{TELL_JOB}:{draw.pk}:{what}",
    )


def draw_tell(*, draw_id: uuid.UUID, what: str, after: str) -> str:
    """Tell the next of those who applied; return after whom to go on, "" when all know."""
    draw = Draw.objects.select_related("pool").get(pk=draw_id)
    if draw.pool.off_at is not None:  # each is told that it was called off
        return ""
    applied = Claim.objects.filter(
        pool_id=draw.pool_id, state=State.APPLIED, account__isnull=False
    ).order_by("pk")
    if after:
        applied = applied.filter(pk__gt=after)
    rows = list(applied.values_list("pk", "account_id")[:AT_ONCE])
    for pk, account_id in rows:
        with words_for(account_id):
            title, body = _applicant_words(draw, what)
        notify(
            account_id=account_id,
            kind="allocation.draw",
            title=title,
            body=body,
            url=reverse("allocation:claim", args=[pk]),
            key=f"draw:{draw.pk}:{what}:{pk}",
        )
    if len(rows) < AT_ONCE:
        return ""
    last = str(rows[-1][0])
    jobs.enqueue(
        TELL_JOB,
        payload={"draw_id": str(draw_id), "what": what, "after": last},
        key=f"{TELL_JOB}:{draw_id}:{what}:{last}",
    )
    return last


def parties_remind(*, draw_id: uuid.UUID, stage: str) -> int:
    """Remind those who have not locked, or not opened, their secret in this stage; return how many."""
    draw = Draw.objects.select_related("pool").get(pk=draw_id)
    if draw.stage != stage:
        return 0
    is_locking = draw.standing is Stage.FROZEN
    committed = draw.parties.exclude(lock="")
    rows = list(draw.parties.filter(lock="") if is_locking else committed.filter(secret=""))
    parties_tell(draw, rows, "last_commit" if is_locking else "last_reveal")
    return len(rows)


def _party_words(draw: Draw, what: str) -> tuple[str, str]:
    names = {"what": draw.pool.title}
    match what:
        case "commit" | "last_commit":
            return (
                _("Your secret is needed for the draw: %(what)s") % names,
                _("The list is fixed. Please lock your secret away by %(until)s; three minutes are enough.")
                % {"until": daytime(draw.commit_until)},
            )  # fmt: skip
        case "reveal" | "last_reveal":
            return (
                _("Please open your secret for the draw: %(what)s") % names,
                _("Until %(until)s. Later it does not count, and the draw goes on without it.")
                % {"until": daytime(draw.reveal_until)},
            )
        case "void":
            return (
                _("The draw is void: %(what)s") % names,
                _("You need do nothing more. The reason stands on the page of the draw."),
            )
    return (
        _("You watch over a draw: %(what)s") % names,
        _("The list is fixed on %(when)s; then we ask you to lock a secret away.")
        % {"when": daytime(draw.closes_at)},
    )


def _applicant_words(draw: Draw, what: str) -> tuple[str, str]:
    names = {"what": draw.pool.title}
    if what == "void":
        return (
            _("The draw is held again: %(what)s") % names,
            _(
                "It was declared void before anybody could know the result. Your application stands."
            ),
        )
    return (
        _("How the places are drawn: %(what)s") % names,
        _("The rule is published. You need do nothing; if you do not agree, give your place back."),
    )
