"""The door of the members app."""

from __future__ import annotations

from lianxin.members.models import (
    Consent,
    Fact,
    Member,
    MembershipEvent,
    Relative,
    Suspicion,
    Transfer,
)
from lianxin.members.policies import may_open, may_view, visible_to
from lianxin.members.rules.card import name_on_card
from lianxin.members.rules.facts import FactEntry, FactKind, Purpose
from lianxin.members.rules.identity import Identity, IdentityError, IdKind, identity_of
from lianxin.members.rules.membership import HELD, OVER, Move
from lianxin.members.rules.merging import MergePart, member_merge
from lianxin.members.rules.privacy import (
    CrowdLook,
    ErasePart,
    ExportPart,
    FactLink,
    Hold,
    Person,
    PersonLink,
    crowd_looks,
    fact_links,
    opening_words,
    person_links,
    privacy_erase,
    privacy_export,
)
from lianxin.members.selectors.beginning import beginning_of
from lianxin.members.selectors.consents import consent_given, missing_consents
from lianxin.members.selectors.dictionary import fact_entry, fact_names, purposes
from lianxin.members.selectors.facts import FactValue, facts_known, facts_of, facts_opened
from lianxin.members.selectors.imports import import_began
from lianxin.members.selectors.many import (
    agreed_of_many,
    changed_since,
    facts_of_many,
    members_agreed,
)
from lianxin.members.selectors.past import Past, past_of
from lianxin.members.selectors.people import (
    family_of,
    member_by_id_number,
    member_here,
    member_locked,
    member_of,
    member_page,
    members_by_id,
    relatives_of,
)
from lianxin.members.selectors.showing import ShownFact, fact_shown
from lianxin.members.selectors.then import agreed_then, facts_then
from lianxin.members.services.card import CardVerdict, card_verify
from lianxin.members.services.consents import consent_give, consent_withdraw
from lianxin.members.services.correcting import (
    CHECKED,
    Correction,
    correction_fault,
    correction_hindrance,
    is_from_number,
    roll_correct,
)
from lianxin.members.services.duplicates import members_merge, suspicion_dismiss
from lianxin.members.services.facts import fact_save
from lianxin.members.services.following import rows_follow
from lianxin.members.services.helping import account_begin, account_let_go, beginning_check
from lianxin.members.services.importing.plain import table_rows
from lianxin.members.services.joining import Application, admission_hindrance, member_admit
from lianxin.members.services.linking import answer_matches, member_link
from lianxin.members.services.membership import (
    member_move,
    member_set_state,
    membership_change,
    membership_leave,
    under_way,
)
from lianxin.members.services.relatives import relative_add, relative_remove
from lianxin.members.services.roll import Changes, member_create, member_update, number_fault
from lianxin.members.services.transfer import transfer_follow

__all__ = [
    "CHECKED",
    "HELD",
    "OVER",
    "Application",
    "CardVerdict",
    "Changes",
    "Consent",
    "Correction",
    "CrowdLook",
    "ErasePart",
    "ExportPart",
    "Fact",
    "FactEntry",
    "FactKind",
    "FactLink",
    "FactValue",
    "Hold",
    "IdKind",
    "Identity",
    "IdentityError",
    "Member",
    "MembershipEvent",
    "MergePart",
    "Move",
    "Past",
    "Person",
    "PersonLink",
    "Purpose",
    "Relative",
    "ShownFact",
    "Suspicion",
    "Transfer",
    "account_begin",
    "account_let_go",
    "admission_hindrance",
    "agreed_of_many",
    "agreed_then",
    "answer_matches",
    "beginning_check",
    "beginning_of",
    "card_verify",
    "changed_since",
    "consent_give",
    "consent_given",
    "consent_withdraw",
    "correction_fault",
    "correction_hindrance",
    "crowd_looks",
    "fact_entry",
    "fact_links",
    "fact_names",
    "fact_save",
    "fact_shown",
    "facts_known",
    "facts_of",
    "facts_of_many",
    "facts_opened",
    "facts_then",
    "family_of",
    "identity_of",
    "import_began",
    "is_from_number",
    "may_open",
    "may_view",
    "member_admit",
    "member_by_id_number",
    "member_create",
    "member_here",
    "member_link",
    "member_locked",
    "member_merge",
    "member_move",
    "member_of",
    "member_page",
    "member_set_state",
    "member_update",
    "members_agreed",
    "members_by_id",
    "members_merge",
    "membership_change",
    "membership_leave",
    "missing_consents",
    "name_on_card",
    "number_fault",
    "opening_words",
    "past_of",
    "person_links",
    "privacy_erase",
    "privacy_export",
    "purposes",
    "relative_add",
    "relative_remove",
    "relatives_of",
    "roll_correct",
    "rows_follow",
    "suspicion_dismiss",
    "table_rows",
    "transfer_follow",
    "under_way",
    "visible_to",
]
