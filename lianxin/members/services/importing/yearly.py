"""The yearly check (年检): who stands on the roll and not in the file, and what becomes of them.

Nobody is removed because a file forgot her: an officer says of each what is so.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.members import policies
from lianxin.members.models import ImportMark, ImportRun, Member
from lianxin.members.rules.membership import FINAL, Move
from lianxin.members.services.membership import membership_change
from lianxin.orgs.api import Actor, below_q

HERE = "here"
# What an officer may say of people a file does not name; a move to another union has its own way.
ANSWERS = {
    HERE: gettext_lazy("Still a member here: the file forgot them"),
    "retired": gettext_lazy("Retired: retain the membership"),
    "unemployed": gettext_lazy("Out of work: retain the membership"),
    "laid_off": gettext_lazy("Laid off, waiting for work: retain the membership"),
    "own_wish": gettext_lazy("Have said that they leave the union"),
    "died": gettext_lazy("Died: the membership ends for good"),
}
_MOVES = {"own_wish": Move.LEAVE, "died": Move.END}


def missing_of(run: ImportRun) -> QuerySet[Member]:
    """List the members in force whom the file of a yearly check does not name, by name."""
    marks = ImportMark.objects.filter(run=run, member=OuterRef("pk"))
    own = Q(organisation_id=run.organisation_id)
    unions = below_q(run.organisation.path) if run.takes_below else own
    there = Member.objects.filter(unions, state=Member.State.IN_FORCE)
    return there.filter(~Exists(marks), created_at__lte=run.started_at).select_related(
        "organisation"
    )


def missing_settle(
    *,
    actor: Actor,
    run: ImportRun,
    member_ids: Collection[uuid.UUID],
    answer: str,
    is_sure: bool = False,
) -> int:
    """Settle what is so with people a yearly check did not find; return how many were settled.

    Each in her own transaction and her own history; settled before, nothing changes. Of herself an
    officer says nothing. What nobody comes back from needs a second word (`is_sure`).
    """
    if not policies.may_follow(actor, run):
        raise ForbiddenError(_("You may not import members into this union."))
    if answer not in ANSWERS or run.state != ImportRun.State.DONE:
        raise RefusedError(_("Please say what is so with them."), field="answer")
    if answer in FINAL and not is_sure:
        raise RefusedError(
            _("Nobody comes back from this. Please compare each name, and tick that you did."),
            field="is_sure",
        )
    count = 0
    for member in missing_of(run).filter(pk__in=list(member_ids)):
        if policies.is_self(actor, member):
            continue
        if answer == HERE:
            with atomic():
                ImportMark.objects.bulk_create(
                    [ImportMark(run=run, member=member)], ignore_conflicts=True
                )
        else:
            membership_change(
                actor=actor, member=member, move=_MOVES.get(answer, Move.RETAIN), reason=answer
            )
        count += 1
    return count
