"""The questions of an activity inside the form of its places, as allocation asks for them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from lianxin.activities.forms.signing import Known, SignUpForm
from lianxin.activities.models import Session
from lianxin.activities.rules.groups import Group
from lianxin.activities.selectors.helping import overlapping
from lianxin.activities.selectors.showing import when_words
from lianxin.activities.selectors.signing import details_of, known_for, session_of_pool
from lianxin.allocation.api import Claim, Pool, Told
from lianxin.kit.errors import RefusedError


def asked(
    pool: Pool,
    account_id: uuid.UUID | None,
    sent: Mapping[str, Any] | None,
    *,
    is_for_other: bool = False,
) -> dict[str, Any]:
    """Return what the template inside the form draws. Four queries at most."""
    session = session_of_pool(pool.object_id)
    if session is None:
        return {}
    form = _form_of(session, None if is_for_other else account_id, sent)
    is_stranger = form.group is Group.UNION and not form.known.unions
    return {"form": form, "is_stranger": is_stranger}


def told(
    pool: Pool,
    account_id: uuid.UUID | None,
    sent: Mapping[str, Any],
    *,
    is_for_other: bool = False,
) -> Told:
    """Read what was sent.

    Raises:
        RefusedError: something does not fit, or she has another shift at that time.
    """
    session = session_of_pool(pool.object_id)
    if session is None:
        return Told()
    other = overlapping(session, account_id) if account_id else None
    if other is not None and is_for_other:
        # Which one stands on her own page and at no desk.
        raise RefusedError(_("This person has another shift at that time and must give that one back first."))  # fmt: skip
    if other is not None:
        raise RefusedError(_("You have a shift at that time already: %(what)s, %(when)s. Give that one back first.") % {"what": other.activity.title, "when": when_words(other)})  # fmt: skip
    form = _form_of(session, None if is_for_other else account_id, sent)
    if form.group is Group.UNION and not form.known.unions:
        raise RefusedError(_("An officer of your union books this for you. Please ask her."))
    details = form.told()
    plain = details.written() if not form.is_empty else ""
    return Told(details=plain, size=details.size, subject=details.union)


def amending(
    session: Session, claim: Claim, account_id: uuid.UUID, sent: Mapping[str, Any] | None
) -> SignUpForm:
    """Return the form once more, with what was told; a union that booked stays the one it was."""
    before = details_of(claim)
    known = Known(**known_for(session, account_id))
    if before.union:
        own = [(code, name) for code, name in known.unions if code == before.union]
        known = replace(known, unions=own or [(before.union, before.union)])
    return SignUpForm(sent, activity=session.activity, known=known, before=before)


def _form_of(
    session: Session, account_id: uuid.UUID | None, sent: Mapping[str, Any] | None
) -> SignUpForm:
    known = Known(**known_for(session, account_id)) if account_id else Known()
    return SignUpForm(sent, activity=session.activity, known=known)
