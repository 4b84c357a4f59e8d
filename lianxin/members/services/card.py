"""Membership cards: issued once, signed anew every few hours, checked by anyone, revoked at once."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.kit import clock, tokens
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.members import conf, policies
from lianxin.members.models import Card, Member
from lianxin.members.rules import card as rules
from lianxin.members.rules.card import CardFace, Fault
from lianxin.members.rules.membership import HELD
from lianxin.members.selectors.people import member_of
from lianxin.orgs.api import Actor
from lianxin.vault import api as vault

PURPOSE = "card"


@dataclass(frozen=True, kw_only=True, slots=True)
class CardVerdict:
    """What a card is worth this moment. Names are masked; no number of the person is in it."""

    is_valid: bool
    fault: str = ""  # a code of rules.card.Fault; "" if it is valid
    card_id: uuid.UUID | None = None
    union_code: str = ""
    union_name: str = ""
    name: str = ""
    state: str = ""  # in_force or retained
    issued_at: dt.datetime | None = None
    expires_at: dt.datetime | None = None


def card_issue(*, actor: Actor) -> Card:
    """Give a member her card; the one she has is returned.

    Raises:
        ForbiddenError: not signed in.
        RefusedError: she stands on no roll, or her membership is over.
    """
    if actor.account_id is None:
        raise ForbiddenError(_("Please sign in first."))
    member = member_of(actor.account_id)
    if member is None:
        raise RefusedError(
            _("The card comes with membership. Join first, or find yourself on the roll.")
        )
    if member.state not in HELD:
        raise RefusedError(
            _("Your membership is over, so there is no card. You can join again at any time.")
        )
    with atomic():
        held = Card.objects.filter(member=member, revoked_at=None).first()
        if held is not None:
            return held
        try:
            with transaction.atomic():
                card = Card.objects.create(member=member)
        except IntegrityError:  # a second tap was faster
            return Card.objects.get(member=member, revoked_at=None)
        _record(actor.account_id, "members.card_issued", card, member)
    return card


def card_renew(*, actor: Actor) -> Card:
    """Give a member a new card; the one before holds no more (a lost phone)."""
    member = member_of(actor.account_id)
    if member is None:
        raise ForbiddenError(_("Please sign in first."))
    with atomic():
        cards_revoke(member, actor_id=actor.account_id, reason="renewed")
        return card_issue(actor=actor)


def card_revoke(*, actor: Actor, member: Member) -> None:
    """Revoke a member's card: she herself, or an officer who serves her. Again changes nothing."""
    if not policies.may_open(actor, member):
        raise ForbiddenError(_("You may not revoke this card."))
    with atomic():
        cards_revoke(member, actor_id=actor.account_id, reason="asked")


def cards_revoke(member: Member, *, actor_id: uuid.UUID | None, reason: str) -> int:
    """Revoke whatever card a member has, for the services of this app. Inside `atomic`."""
    held = list(Card.objects.select_for_update().filter(member=member, revoked_at=None))
    for card in held:
        card.revoked_at, card.revoked_for = clock.now(), reason
        card.save(update_fields=["revoked_at", "revoked_for"])
        _record(actor_id, "members.card_revoked", card, member, reason=reason)
    return len(held)


def card_token(card: Card) -> str:
    """Sign what a card shows now; within one window of hours it is the same."""
    member = card.member
    now = int(clock.now().timestamp())
    issued_at, expires_at = rules.window_of(
        now, conf.card_refresh_seconds(), conf.card_life_seconds()
    )
    signer = vault.signer_of(PURPOSE)
    face = CardFace(
        key_id=signer.key_id,
        card_id=card.pk,
        union_code=member.organisation.code,
        name=rules.name_on_card(member.name),
        state=member.state,
        issued_at=issued_at,
        expires_at=expires_at,
    )
    return tokens.signed(rules.card_payload(face), signer.sign)


def card_verify(token: str) -> CardVerdict:
    """Say what a card is worth: signature, time, whether it was revoked, and the roll today.

    Takes the token or the whole address of the QR code. Never raises; two queries at most.
    """
    keys = {key.key_id: key.fits for key in keys_published()}
    now = int(clock.now().timestamp())
    try:
        face = rules.card_read(tokens.token_of(token), keys, now=now)
    except rules.CardError as error:
        return _verdict(error.face, error.fault)
    card = Card.objects.select_related("member__organisation").filter(pk=face.card_id).first()
    if card is None or card.revoked_at is not None:
        return _verdict(face, Fault.REVOKED)
    if card.member.state not in HELD:
        return _verdict(face, Fault.ENDED)
    return _verdict(face, None, union_name=card.member.organisation.name)


def keys_published() -> list[vault.PublishedKey]:
    """List the keys with which cards that may still hold were signed. One query."""
    return vault.signing_keys(PURPOSE, life=dt.timedelta(seconds=conf.card_life_seconds()))


def revoked_token() -> str:
    """Sign the list of cards that were revoked while what they show may still look good."""
    life = conf.card_life_seconds() + rules.SKEW_SECONDS
    since = clock.now() - dt.timedelta(seconds=life)
    ids = list(Card.objects.filter(revoked_at__gte=since).values_list("pk", flat=True))
    signer = vault.signer_of(PURPOSE)
    payload = rules.revoked_payload(signer.key_id, ids, int(clock.now().timestamp()))
    return tokens.signed(payload, signer.sign)


def card_key_change(*, actor: Actor) -> str:
    """Sign with a new key from now on; return its id. Cards shown before stay good."""
    if not actor.is_system:
        raise ForbiddenError(_("Keys are changed at the console."))
    return vault.signing_key_change(PURPOSE, actor_id=actor.account_id)


def _verdict(face: CardFace | None, fault: Fault | None, *, union_name: str = "") -> CardVerdict:
    if face is None:
        return CardVerdict(is_valid=False, fault=fault or Fault.FORM)
    return CardVerdict(
        is_valid=fault is None,
        fault=fault or "",
        card_id=face.card_id,
        union_code=face.union_code,
        union_name=union_name,
        name=face.name,
        state=face.state,
        issued_at=_at(face.issued_at),
        expires_at=_at(face.expires_at),
    )


def _at(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC)


def _record(
    actor_id: uuid.UUID | None, action: str, card: Card, member: Member, reason: str = ""
) -> None:
    audit.record(
        actor_id=actor_id,
        action=action,
        kind="members.Card",
        object_id=card.pk,
        subject_id=policies.subject_of(member),
        detail={"reason": reason} if reason else {},
    )
