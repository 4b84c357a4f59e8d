"""Factories for tests and the demo: the small federation with Lin, Wang, Zhao and those around."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field

from lianxin.accounts.api import User
from lianxin.members.models import ImportRun, Member
from lianxin.members.rules.identity import check_digit
from lianxin.members.selectors.people import TAIL
from lianxin.members.selectors.pinyin import sort_key_of
from lianxin.members.services.card import card_issue, card_revoke, card_token
from lianxin.members.services.relatives import relative_add
from lianxin.orgs.api import Actor, Organisation, below_q, codes_above, line_of
from lianxin.orgs.testing import PEOPLE, WOMEN, Tree, invented_phone, tree
from lianxin.vault import api as vault

_SERIALS = {key: serial for serial, (key, *_rest) in enumerate(PEOPLE, start=1)}


@dataclass
class Federation(Tree):
    """The tree and its people, and their entries on the union's roll."""

    members: dict[str, Member] = field(default_factory=dict)

    def member(self, key: str) -> Member:
        return self.members[key]

    def member_id(self, key: str) -> uuid.UUID:
        return self.members[key].pk


def invented_id_number(birth_on: dt.date, serial: int) -> str:
    """Make a well-formed identity number nobody can hold: area 999999 does not exist."""
    first = f"999999{birth_on:%Y%m%d}{serial % 1000:03d}"
    return first + check_digit(first)


def birth_of(key: str) -> dt.date:
    """Return when one of the federation's people was born."""
    return dt.date(1980 + _SERIALS[key], 5, 17)


def id_number_of(key: str) -> str:
    """Return the identity number of one of the federation's people; its 17th digit is even for women."""
    return invented_id_number(birth_of(key), 2 * _SERIALS[key] + (key not in WOMEN))


def member_make(
    name: str,
    organisation: Organisation,
    *,
    serial: int,
    account: User | None = None,
    birth_on: dt.date = dt.date(1990, 5, 17),
    id_number: str = "",
) -> Member:
    id_number = id_number or invented_id_number(birth_on, serial)
    phone = invented_phone(serial)
    return Member.objects.create(
        name=name,
        organisation=organisation,
        **codes_above(line_of(organisation)),
        sort_key=sort_key_of(name),
        account=account,
        id_number=id_number,
        id_index=vault.blind_index(id_number, purpose="id_number"),
        phone=phone,
        phone_index=vault.blind_index(phone, purpose="phone"),
        tail_index=vault.blind_index(phone[-4:], purpose="phone_tail")[:TAIL],
        birth_on=birth_on,
        sex="1" if int(id_number[16]) % 2 else "2",
        employer_name=organisation.name.removesuffix("工会"),
        employment_form="contract",
        occupation="车工",
        skill_level="5",
        joined_on=dt.date(2015, 3, 1),
        source="roll",
    )


def federation() -> Federation:
    """Build the small federation all tests share.

    Ask it for `made.actor("wang")`, `made.account("lin")`, `made.member("lin")`,
    `made.organisation("yangtze")`; the keys stand in `lianxin.orgs.testing`. Tang, a courier, has
    an account but stands on no roll.
    """
    made = Federation()
    tree(made)
    for key, name, organisation, _role, _reach in PEOPLE:
        if organisation:
            made.members[key] = member_make(
                name,
                made.organisations[organisation],
                serial=_SERIALS[key],
                account=made.accounts[key],
                birth_on=birth_of(key),
                id_number=id_number_of(key),
            )
    return made


def couple_made(made: Federation, first: str, second: str) -> None:
    """Let two of the federation declare each other husband and wife."""
    for who, other in ((first, second), (second, first)):
        relative_add(
            actor=made.actor(who), relation="spouse", name=made.member(other).name,
            id_number=id_number_of(other),
        )  # fmt: skip


def counts_right() -> None:
    """Count who is in force at and below each organisation: factories put people there uncounted."""
    for organisation in Organisation.objects.all():
        within = Member.objects.filter(below_q(organisation.path), state=Member.State.IN_FORCE)
        Organisation.objects.filter(pk=organisation.pk).update(member_count=within.count())


def card_shown(actor: Actor) -> str:
    """Give a member her card and return what its QR code says now."""
    return card_token(card_issue(actor=actor))


def card_lost(actor: Actor, member: Member) -> None:
    """Revoke the card of a member."""
    card_revoke(actor=actor, member=member)


def import_made(organisation: Organisation, began: dt.datetime) -> uuid.UUID:
    """Say that a roll was read into a union, from a moment on."""
    run = ImportRun(organisation=organisation, file_digest="x", file_name="roll.xlsx")
    run.started_at = began
    run.save(force_insert=True)
    return run.pk
