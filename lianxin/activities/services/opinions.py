"""Asking once how it was, and taking what is said without a name."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from lianxin.activities.models import Asking, Opinion, Session, Telling
from lianxin.activities.rules.opinions import SHOWN_FROM, Said
from lianxin.activities.selectors.opinions import is_worth_asking, sessions_to_ask
from lianxin.activities.services.telling import telling_begin
from lianxin.kit.errors import RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic

AT_ONCE = 200
LONGEST = 100


def people_ask() -> int:
    """Begin to ask whoever came to what ended before today; return of how many sessions. Again asks nobody twice."""
    begun = 0
    for session in sessions_to_ask()[:AT_ONCE]:
        with atomic():
            telling = telling_begin(session, Telling.Kind.HOW, key="how", whom=Telling.Whom.CAME)
            # Of fewer than can hide among each other nothing would ever be shown: nobody is asked.
            if session.pool_id is None or not is_worth_asking(session.pool_id):
                telling.stopped_at = telling.made_at
                telling.save(update_fields=["stopped_at"])
        begun += 1
    return begun


def opinion_give(*, session_id: uuid.UUID, account_id: uuid.UUID, said: str, line: str) -> bool:
    """Take what somebody says of a session, once; return whether it was taken now.

    What is written down has no name, no time and no line in the trail: who answered is told from
    who did not by one deleted row, and what she said by nothing.

    Raises:
        RefusedError: it is none of the three words, or the line is too long.
    """
    words = clean(line)
    if said not in set(Said):
        raise RefusedError(_("Please choose one of the three."), field="said")
    if len(words) > LONGEST:
        raise RefusedError(_("One line, please: at most a hundred characters."), field="line")
    with atomic():
        is_due, _rows = Asking.objects.filter(session_id=session_id, account_id=account_id).delete()
        if not is_due:
            return False
        Opinion.objects.create(session_id=session_id, said=said, line=words)
    return True


def opinions_forget(session: Session) -> None:
    """Let go who was asked, and what will never be shown because too few said it; inside `atomic`."""
    Asking.objects.filter(session=session).delete()
    said = Opinion.objects.filter(session=session)
    if said.count() < SHOWN_FROM:
        said.delete()
