"""How a member who never signed in can say yes: what the phone on the roll is good for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from lianxin.accounts import api as accounts
from lianxin.members.models import Member
from lianxin.members.rules.membership import HELD
from lianxin.members.rules.people import mobile_of
from lianxin.orgs.api import Actor
from lianxin.vault import api as vault


class YesBy(StrEnum):
    """The ways to a yes, and what stands in the way of a code."""

    CODE = "code"
    NO_PHONE = "no_phone"
    SHARED = "shared"
    TAKEN = "taken"
    OWN = "own"


_HINDERS = {
    YesBy.TAKEN: _(
        "The phone number on the roll already signs in to an account. If it is this person’s, one tap there on “Find me on the union’s roll” is enough. If it is not, put the number on the roll right first."
    ),
    YesBy.OWN: _(
        "The phone number on the roll is your own. Nobody fills in for herself: apply on your own phone, or put the number on the roll right."
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beginning:
    """The way for one member, and the number an account begun for her has ("" for none)."""

    way: YesBy
    phone: str = ""

    @property
    def hindrance(self) -> str:
        """Say why nothing can be begun, or ""."""
        return str(_HINDERS.get(self.way, ""))


def beginning_of(actor: Actor, member: Member) -> Beginning:
    """Look at the number on the roll; for the machine, it is shown to nobody.

    A number that stands with two people is nobody's: a code sent to it proves no yes.
    """
    phone = mobile_of(vault.reveal(member, "phone"))
    if not phone:
        return Beginning(YesBy.NO_PHONE)
    others = Member.objects.filter(
        phone_index__in=vault.blind_indexes(phone, purpose="phone"),
        state__in=HELD,
        merged_into=None,
    )
    if others.exclude(pk=member.pk).exists():
        return Beginning(YesBy.SHARED)
    holder = accounts.user_by_phone(phone)
    if holder is not None:
        return Beginning(YesBy.OWN if holder.pk == actor.account_id else YesBy.TAKEN)
    return Beginning(YesBy.CODE, phone)
