"""The door of the members app."""

from __future__ import annotations

from lianxin.members.models import Consent, Fact, Member, Relative
from lianxin.members.policies import may_open, may_view, visible_to
from lianxin.members.rules.facts import FactEntry, FactKind, Purpose
from lianxin.members.rules.identity import Identity, IdentityError, IdKind, identity_of
from lianxin.members.rules.privacy import (
    ErasePart,
    ExportPart,
    Person,
    PersonLink,
    opening_words,
    person_links,
    privacy_erase,
    privacy_export,
)
from lianxin.members.selectors.consents import consent_given, missing_consents
from lianxin.members.selectors.dictionary import fact_entry, fact_names, purposes
from lianxin.members.selectors.facts import FactValue, facts_known, facts_of
from lianxin.members.selectors.many import (
    agreed_of_many,
    changed_since,
    facts_of_many,
    members_agreed,
)
from lianxin.members.selectors.people import (
    member_by_id_number,
    member_of,
    member_page,
    members_by_id,
    relatives_of,
)
from lianxin.members.services.card import CardVerdict, card_verify
from lianxin.members.services.consents import consent_give, consent_withdraw
from lianxin.members.services.facts import fact_save
from lianxin.members.services.linking import answer_matches, member_link
from lianxin.members.services.relatives import relative_add, relative_remove
from lianxin.members.services.roll import (
    Changes,
    member_create,
    member_move,
    member_set_state,
    member_update,
)

__all__ = [
    "CardVerdict",
    "Changes",
    "Consent",
    "ErasePart",
    "ExportPart",
    "Fact",
    "FactEntry",
    "FactKind",
    "FactValue",
    "IdKind",
    "Identity",
    "IdentityError",
    "Member",
    "Person",
    "PersonLink",
    "Purpose",
    "Relative",
    "agreed_of_many",
    "answer_matches",
    "card_verify",
    "changed_since",
    "consent_give",
    "consent_given",
    "consent_withdraw",
    "fact_entry",
    "fact_names",
    "fact_save",
    "facts_known",
    "facts_of",
    "facts_of_many",
    "identity_of",
    "may_open",
    "may_view",
    "member_by_id_number",
    "member_create",
    "member_link",
    "member_move",
    "member_of",
    "member_page",
    "member_set_state",
    "member_update",
    "members_agreed",
    "members_by_id",
    "missing_consents",
    "opening_words",
    "person_links",
    "privacy_erase",
    "privacy_export",
    "purposes",
    "relative_add",
    "relative_remove",
    "relatives_of",
    "visible_to",
]
