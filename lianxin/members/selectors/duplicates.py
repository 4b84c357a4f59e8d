"""People entered twice, as the desk compares them: masked, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lianxin.members import policies
from lianxin.members.models import Member, Suspicion
from lianxin.members.rules.people import id_masked, phone_masked
from lianxin.members.selectors.dictionary import fact_entry
from lianxin.members.selectors.membership import STANDINGS
from lianxin.orgs.api import Actor
from lianxin.vault import api as vault

SIGNS = {
    "same_number": _("the same identity number"),
    "name_and_phone": _("the same name and phone"),
    "name_birth_employer": _("the same name, birthday and employer"),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the comparison."""

    label: Any
    first: str
    second: str

    @property
    def is_same(self) -> bool:
        """Say whether both have it, and the same."""
        return self.first == self.second and bool(self.first)


def suspicions_of(actor: Actor, *, settled: bool = False) -> QuerySet[Suspicion]:
    """List the pairs in the reach of an officer that wait for a judgement; `settled`: also the others."""
    rows = Suspicion.objects.select_related("first__organisation", "second__organisation")
    if not settled:
        rows = rows.filter(state=Suspicion.State.OPEN)
    return rows.filter(policies.both_in_reach(actor))


def compared(pair: Suspicion) -> list[Compared]:
    """Compare two entries; numbers show their ends alone, and whether they are the same."""
    sides = [_side(pair.first), _side(pair.second)]
    return [
        Compared(label, one, other)
        for (label, one), (_label, other) in zip(sides[0], sides[1], strict=True)
    ]


def signs_in_words(pair: Suspicion) -> list[str]:
    """Say what two entries have in common."""
    return [str(SIGNS[sign]) for sign in pair.signs if sign in SIGNS]


def _side(member: Member) -> list[tuple[Any, str]]:
    form = fact_entry("employment_form")
    words = {choice.code: str(choice.label) for choice in form.choices} if form else {}
    return [
        (_("Name"), member.name),
        (_("Union"), member.organisation.name),
        (_("Membership"), str(STANDINGS.get(member.state, ""))),
        # Opened for their masked ends alone; nobody sees the rest.
        (_("Identity number"), id_masked(vault.reveal(member, "id_number"))),
        (_("Phone"), phone_masked(vault.reveal(member, "phone"))),
        (_("Born on"), member.birth_on.isoformat() if member.birth_on else ""),
        (_("Employer"), member.employer_name),
        (_("Form of employment"), words.get(member.employment_form, "")),
        (_("Job"), member.occupation),
        (_("Joined on"), member.joined_on.isoformat() if member.joined_on else ""),
        (_("Signs in"), str(_("yes")) if member.account_id else str(_("no"))),
    ]
