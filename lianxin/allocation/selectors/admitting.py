"""Whether a person may claim, for whom it would be, and where she stands in the order of need."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from lianxin.allocation.models import Claim, Pool
from lianxin.allocation.rules.admission import (
    Admission,
    Audience,
    OnePer,
    is_of_subject,
    stratum_of,
    unit_of_family,
    unit_of_person,
    unit_of_subject,
)
from lianxin.allocation.rules.claims import State
from lianxin.allocation.rules.opening import pool_cases
from lianxin.eligibility import api as eligibility
from lianxin.kit import clock
from lianxin.members.api import Member, family_of, member_of

SALT = "lianxin.allocation.admission"
LIFE_SECONDS = 12 * 3600


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a person may not claim, in one sentence, and the facts that would settle it."""

    words: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """What a person's facts answered to the rules of a pool; reading them left its trace."""

    member: Member | None
    outcomes: dict[str, bool | None]


def admission_of(
    pool: Pool, account_id: uuid.UUID, *, subject: str = "", by_case: bool = False
) -> Admission | Hindrance:
    """Find out whether somebody may claim; `subject` names the child or team, where one is counted.

    `by_case`: her case does, in a pool that nobody claims in by hand.
    """
    looked = looked_at(pool, member_of(account_id), asked_by=account_id, by_case=by_case)
    if isinstance(looked, Hindrance):
        return looked
    return admission_made(pool, account_id, looked, subject=subject)


def looked_at(
    pool: Pool, member: Member | None, *, asked_by: uuid.UUID | None, by_case: bool = False
) -> Looked | Hindrance:
    """Ask whether a person may claim; with or without an account.

    `asked_by`: herself, or an officer who asks for her. Of an officer she reads that her facts were
    opened, whatever they answered: so never inside what a refusal undoes.
    """
    cases = pool_cases.get(pool.kind)
    if cases and not by_case:
        return Hindrance(cases.words())
    if hindrance := _outside(pool, member):
        return hindrance
    rules = [pool.rule] if pool.rule else []
    strata = [stratum.get("rule", "") for stratum in pool.strata]
    asked = _answers(member, rules + [rule for rule in strata if rule], asked_by)
    if pool.rule and (hindrance := _against(asked[pool.rule])):
        return hindrance
    return Looked(member, {rule: answer.outcome for rule, answer in asked.items()})


def admission_made(
    pool: Pool, account_id: uuid.UUID, looked: Looked, *, subject: str = ""
) -> Admission:
    """Say for whom a place would be, and where she stands in the order of need."""
    member = looked.member
    family = family_of(member) if member and pool.one_per == OnePer.FAMILY else {}
    kin = {one for one in family.values() if one is not None} - {account_id}
    unit = _unit(pool, family, account_id, subject)
    met = [
        looked.outcomes[stratum["rule"]]
        if stratum.get("rule")
        else _never_before(pool, stratum, {account_id, *kin}, unit)
        for stratum in pool.strata
    ]
    return Admission(pool.pk, account_id, unit, stratum_of(met), tuple(sorted(kin)))


def admission_signed(admission: Admission) -> str:
    """Write an admission so that the form can carry it."""
    return signing.dumps(admission.as_plain(), salt=SALT)


def admission_read(text: str) -> Admission | None:
    """Read a signed admission; None if it was not written here, or half a day ago."""
    try:
        return Admission.from_plain(signing.loads(text, salt=SALT, max_age=LIFE_SECONDS))
    except (signing.BadSignature, ValueError):
        return None


def _outside(pool: Pool, member: Member | None) -> Hindrance | None:
    if pool.audience == Audience.EVERYBODY:
        return None
    if member is None or member.state != Member.State.IN_FORCE:
        return Hindrance(_("These places are for members of the union. Joining takes three minutes."))  # fmt: skip
    is_below = member.organisation.path.startswith(pool.organisation.path)
    if pool.audience == Audience.UNION and not is_below:
        return Hindrance(_("These places are for members of %(union)s.") % {"union": pool.organisation.name})  # fmt: skip
    return None


def _answers(
    member: Member | None, rules: list[str], actor_id: uuid.UUID | None
) -> dict[str, eligibility.RuleAnswer]:
    if member is None:
        return {rule: eligibility.RuleAnswer(None) for rule in rules}
    found = eligibility.rules_asked(member, rules, actor_id=actor_id) if rules else []
    return dict(zip(rules, found, strict=True))


def _against(answer: eligibility.RuleAnswer) -> Hindrance | None:
    if answer.outcome:
        return None
    if answer.outcome is False:
        return Hindrance(_("What is needed: %(what)s.") % {"what": "; ".join(answer.failed)})
    return Hindrance(_("We need to know a little more to say whether this is for you."), answer.missing)  # fmt: skip


def _never_before(
    pool: Pool, stratum: dict[str, Any], account_ids: Collection[uuid.UUID], unit: str
) -> bool:
    """Say whether she, her family, or the child or team it is for, had nothing of this series in the stratum's time."""
    since = clock.now() - dt.timedelta(days=stratum.get("days", 36_500))
    whose: dict[str, Any] = (
        {"unit": unit} if is_of_subject(unit) else {"account_id__in": account_ids}
    )
    had = Claim.objects.filter(
        **whose, pool__series=pool.series, state=State.CONFIRMED, settled_at__gte=since
    )
    return not had.exclude(pool=pool).exists()


def _unit(pool: Pool, family: Collection[uuid.UUID], account_id: uuid.UUID, subject: str) -> str:
    if pool.one_per == OnePer.SUBJECT and subject:
        return unit_of_subject(subject)
    return unit_of_family(family) if family else unit_of_person(account_id)
