"""What the page of a person's copy says: facts, openings and posts in words, sums in yuan.

The same stands in the copy for machines as codes, fen and ids (`services.privacy`).
"""

from __future__ import annotations

from typing import Any

from lianxin.members.models import Consent, Member, Relative
from lianxin.members.rules.facts import FactKind
from lianxin.members.rules.privacy import Person
from lianxin.members.selectors.dictionary import dictionary, purposes
from lianxin.members.selectors.facts import FactValue, facts_known, facts_read
from lianxin.members.selectors.membership import PHASES, history_of
from lianxin.members.selectors.people import members_by_id
from lianxin.members.selectors.showing import looks_all, value_in_words
from lianxin.members.services.exporting import PURPOSE_WORDS
from lianxin.members.services.privacy import members_export, posts_export
from lianxin.members.services.relatives import RELATION_WORDS
from lianxin.orgs.api import ROLE_WORDS
from lianxin.vault import api as vault


def members_page(person: Person) -> dict[str, Any]:
    """Return what is known of a person as she reads it: each fact with source, days and purpose."""
    told = members_export(person)
    for name in ("facts", "sources", "told"):
        told.pop(name, None)
    told["consents"] = [_consent(row) for row in _consents(person)]
    for name in ("lists", "lists_taken_out"):
        told[name] = [{**row, "for": _purpose_of_list(row["for"])} for row in told.get(name, ())]
    found = members_by_id([person.member_id]) if person.member_id else {}
    if member := next(iter(found.values()), None):
        facts = facts_read(member, facts_known(member))
        told = {"facts": {fact.label: _fact(member, fact) for fact in facts.values()}} | told
        told["membership"] |= _membership(member, told["membership"]["transfers"])
        told["family"] = [
            {"relation": str(RELATION_WORDS[row.relation]), "name": vault.reveal(row, "name")}
            for row in Relative.objects.filter(member=member)
        ]
    return told


def openings_page(person: Person) -> list[dict[str, Any]]:
    """Return who looked at a person's data: by name, at what and what for, as her own page says."""
    return [
        {
            "at": look.at.isoformat(),
            "who": look.who,
            "where": look.where,
            "what": ", ".join(look.what),
            "for": look.why,
        }
        for look in looks_all(person.account_id, person.member_id)
    ]


def posts_page(person: Person) -> list[dict[str, Any]]:
    """Return the posts of a person with their roles in words."""
    return [
        {**row, "role": str(ROLE_WORDS[row["role"]])} if "role" in row else row
        for row in posts_export(person)
    ]


def _fact(member: Member, fact: FactValue) -> dict[str, Any]:
    entry = dictionary().facts[fact.name]
    is_union = entry.kind is FactKind.ORGANISATION
    return {
        # Her own copy: nothing of it is masked.
        "value": member.organisation.name
        if is_union
        else value_in_words(entry, fact.value, is_masked=False),
        "source": fact.source_label,
        "recorded_at": fact.recorded_at.isoformat(),
        "expires_on": fact.expires_on.isoformat() if fact.expires_on else "",
        "for": str(purposes()[entry.purpose].sentence),
    }


def _membership(member: Member, transfers: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "history": [
            {
                "on": line.on.isoformat(),
                "what": line.words,
                "union": line.union,
                "reason": line.reason_words,
            }
            for line in history_of(member)
        ],
        "transfers": [{**row, "phase": str(PHASES[row["phase"]])} for row in transfers],
    }


def _consents(person: Person) -> list[Consent]:
    return list(Consent.objects.filter(account_id=person.account_id).order_by("given_at"))


def _consent(row: Consent) -> dict[str, Any]:
    known = purposes().get(row.purpose)
    return {
        "purpose": str(known.sentence) if known else row.purpose,
        "given_at": row.given_at.isoformat(),
        "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else "",
    }


def _purpose_of_list(code: str) -> str:
    return str(PURPOSE_WORDS.get(code, code))
