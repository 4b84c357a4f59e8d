"""Facts that follow from others: pure functions of what is known, when it was told, and the day.

What they rest on being unknown, they are unknown: nothing missing counts as zero. Each says its unit
and what it rests on; `data/facts.yaml` names the same facts under `rests`. One person and a pass over
everybody ask the same functions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from lianxin.eligibility.rules.checking import Kind, Known

MOST_PEOPLE = 30  # living together; more is a slip of the pen


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands on the union's roll; nobody on it stands nowhere."""

    is_member: bool | None
    region: str | None  # the code of her union, below the codes of those above it


@dataclass(frozen=True, slots=True)
class Told:
    """One thing known of a member that holds on the day: what, and the day it was told."""

    value: Any
    on: dt.date


@dataclass(frozen=True, slots=True)
class Basis:
    """What a derivation may rest on; facts go by the names of the members' dictionary.

    `open_to` are the facts one may look at: what is missing among them, nobody ever told.
    """

    standing: Standing
    as_of: dt.date
    told: Mapping[str, Told] = field(default_factory=dict)
    open_to: Collection[str] = ()

    def day(self, name: str) -> dt.date | None:
        """Return a fact that is a day."""
        value = self._value(name)
        return value if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else None

    def whole(self, name: str) -> int | None:
        """Return a fact that is a number, or a sum in fen; neither is ever below nothing."""
        value = self._value(name)
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return value if is_number and value >= 0 else None

    def code(self, name: str) -> str | None:
        """Return a fact that is one of some codes."""
        value = self._value(name)
        return value if isinstance(value, str) else None

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        """Return a fact that is a list of rows; empty where nobody told one."""
        value = self._value(name)
        return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []

    def _value(self, name: str) -> Any:
        told = self.told.get(name)
        return told.value if told else None


@dataclass(frozen=True, slots=True)
class Derived:
    """What follows, and which of the member's facts it was made of."""

    value: Any
    of: tuple[str, ...] = ()


# -- From the roll --------------------------------------------------------------------------


def is_member(basis: Basis) -> Derived | None:
    """Whether her membership is in force (会籍有效), from the roll."""
    held = basis.standing.is_member
    return None if held is None else Derived(held)


def region(basis: Basis) -> Derived | None:
    """The code of her union, from the roll."""
    held = basis.standing.region
    return None if held is None else Derived(held)


def birthday_this_month(basis: Basis) -> Derived | None:
    """Whether her birthday is in the month of the day asked about, from the date of birth."""
    born = basis.day("birth_on")
    return None if born is None else Derived(born.month == basis.as_of.month, ("birth_on",))


# -- From decisions of the union ------------------------------------------------------------


def hardship_tier(basis: Basis) -> Derived | None:
    """The tier of the hardship file in force (困难建档类别), from the union's own files.

    The union keeps these files itself and a file holds for a year: where it may look and finds none
    in force, there is none. Where it may not look, it is unknown.
    """
    held = basis.code("hardship_tier")
    if held is not None:
        return Derived(held, ("hardship_tier",))
    return Derived("none", ("hardship_tier",)) if "hardship_tier" in basis.open_to else None


def education_subsidy_granted(basis: Basis) -> Derived | None:
    """Whether she has ever had the education subsidy: a grant of the union, else what was told."""
    if basis.day("education_subsidy_granted_on") is not None:
        return Derived(value=True, of=("education_subsidy_granted_on",))
    return _as_told(basis, "education_subsidy_granted")


def skill_subsidy_granted_for_it(basis: Basis) -> Derived | None:
    """Whether the certificate she holds was paid for: granted since its day, else what was told since.

    What was said before the day of this certificate was about an older one, and says nothing.
    """
    issued, granted = basis.day("certificate_on"), basis.day("skill_subsidy_granted_on")
    if issued is not None and granted is not None and granted >= issued:
        return Derived(value=True, of=("skill_subsidy_granted_on", "certificate_on"))
    said = basis.told.get("skill_subsidy_granted_for_it")
    if said is None or (issued is not None and said.on < issued):
        return None
    return _as_told(basis, "skill_subsidy_granted_for_it")


def school_aid_granted_this_year(basis: Basis) -> Derived | None:
    """Whether school aid was granted in the calendar year of the day: a grant, else what was told."""
    granted = basis.day("school_aid_granted_on")
    if granted is not None and granted.year == basis.as_of.year:
        return Derived(value=True, of=("school_aid_granted_on",))
    return _told_this_year(basis, "school_aid_granted_this_year")


# -- From what was told, on the day it is asked about ---------------------------------------


def income_per_head_fen(basis: Basis) -> Derived | None:
    """Fen a month a head: (income of the year - unavoidable expenses) / 12 / people living together.

    Whole fen, rounded down; below nothing where the expenses are greater.
    """
    names = ("household_income_fen", "rigid_expense_fen", "household_size")
    income, expense, people = (basis.whole(name) for name in names)
    if income is None or expense is None or people is None or not 1 <= people <= MOST_PEOPLE:
        return None
    return Derived((income - expense) // (12 * people), names)


def certificate_months(basis: Basis) -> Derived | None:
    """Whole months since the skill certificate was issued, from its date."""
    issued = basis.day("certificate_on")
    months = None if issued is None else months_since(issued, basis.as_of)
    return None if months is None else Derived(months, ("certificate_on",))


def contract_months(basis: Basis) -> Derived | None:
    """Whole months under the present contract: those told, and those gone by since.

    A contract that has ended since it was told of is no longer the present one.
    """
    told, months = basis.told.get("contract_months"), basis.whole("contract_months")
    if told is None or months is None:
        return None
    until = basis.day("contract_until")
    if until is not None and told.on <= until < basis.as_of:
        return None
    return Derived(months + (months_since(told.on, basis.as_of) or 0), ("contract_months",))


def years_of_delivery_work(basis: Basis) -> Derived | None:
    """Whole years as courier or driver: those told, and those gone by since."""
    told, years = basis.told.get("years_of_delivery_work"), basis.whole("years_of_delivery_work")
    if told is None or years is None:
        return None
    since = (months_since(told.on, basis.as_of) or 0) // 12
    return Derived(years + since, ("years_of_delivery_work",))


def child_age_years(basis: Basis) -> Derived | None:
    """Whole years of age of the youngest child: from the days of birth, else as told.

    One child in the list without a day of birth could be the youngest: then the list says nothing.
    """
    rows = basis.rows("children")
    days = [_day_of(row.get("birth_on")) for row in rows]
    born = basis.day("child_born_on")
    known = [day for day in [*days, born] if day is not None]
    if not known or len(known) < len(days) + (born is not None):
        return _as_told(basis, "child_age_years")
    months = months_since(max(known), basis.as_of)
    names = (*(["children"] if rows else []), *(["child_born_on"] if born else []))
    made = None if months is None else Derived(months // 12, names)
    return _newest(basis, "child_age_years", made)


_STAGES = {"senior": "high", "college": "university", "university": "university"}
_YOUNGEST_AT_HIGH_SCHOOL = 14


def child_schooling(basis: Basis) -> Derived | None:
    """The highest schooling of a child in the calendar year: from the children told this year.

    University is the highest there is. High school is, unless another child may be further: one
    whose stage is not known counts as below only while too young for it.
    """
    told = basis.told.get("children")
    made = None
    if told is not None and told.on.year == basis.as_of.year:
        rows = basis.rows("children")
        stages = {_STAGES.get(str(row.get("stage"))) for row in rows}
        if "university" in stages:
            made = Derived("university", ("children",))
        elif "high" in stages and all(_is_below(row, basis.as_of) for row in rows):
            made = Derived("high", ("children",))
    return _newest(basis, "child_schooling", made, _told_this_year)


def _is_below(row: Mapping[str, Any], as_of: dt.date) -> bool:
    if _STAGES.get(str(row.get("stage"))):
        return True
    born = _day_of(row.get("birth_on"))
    months = None if born is None else months_since(born, as_of)
    return months is not None and months < 12 * _YOUNGEST_AT_HIGH_SCHOOL


_DIPLOMAS = {
    "junior": "none", "senior": "none", "college": "college", "bachelor": "bachelor", "master": "master",
}  # fmt: skip


def diploma(basis: Basis) -> Derived | None:
    """The diploma newly earned: as told, else the highest education told since."""
    found = _DIPLOMAS.get(basis.code("education") or "")
    made = Derived(found, ("education",)) if found else None
    return _newest(basis, "diploma", made)


def hospital_days(basis: Basis) -> Derived | None:
    """Days in hospital in the calendar year, as told in it."""
    return _told_this_year(basis, "hospital_days")


def medical_self_paid_fen(basis: Basis) -> Derived | None:
    """Fen of medical bills paid by oneself in the calendar year, as told in it."""
    return _told_this_year(basis, "medical_self_paid_fen")


# -- What they share ------------------------------------------------------------------------


def months_since(day: dt.date, as_of: dt.date) -> int | None:
    """Return the whole months from a day to another, None where it lies ahead."""
    if day > as_of:
        return None
    return (as_of.year - day.year) * 12 + as_of.month - day.month - (as_of.day < day.day)


def _as_told(basis: Basis, name: str) -> Derived | None:
    told = basis.told.get(name)
    return None if told is None else Derived(told.value, (name,))


def _told_this_year(basis: Basis, name: str) -> Derived | None:
    """What is said of "this year" is over when the year is."""
    told = basis.told.get(name)
    return _as_told(basis, name) if told is not None and told.on.year == basis.as_of.year else None


def _newest(
    basis: Basis,
    name: str,
    made: Derived | None,
    read: Callable[[Basis, str], Derived | None] = _as_told,
) -> Derived | None:
    """Take what was told in so many words, unless what it also follows from was told later."""
    told = read(basis, name)
    if told is None or made is None:
        return told or made
    return made if max(basis.told[each].on for each in made.of) > basis.told[name].on else told


def _day_of(value: Any) -> dt.date | None:
    """Read a day as a row of a list keeps it."""
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


DERIVED: Mapping[str, Callable[[Basis], Derived | None]] = {
    each.__name__: each
    for each in (
        is_member, region, birthday_this_month, hardship_tier, education_subsidy_granted,
        skill_subsidy_granted_for_it, school_aid_granted_this_year, income_per_head_fen, certificate_months,
        contract_months, years_of_delivery_work, child_age_years, child_schooling, diploma, hospital_days,
        medical_self_paid_fen,
    )
}  # fmt: skip


def accepted(value: Any, known: Known) -> Any:
    """Return a value if it can be the fact, else None: a strange code or number is unknown."""
    match known.kind:
        case Kind.BOOLEAN:
            fits = isinstance(value, bool)
        case Kind.WHOLE | Kind.MONEY:
            is_whole = isinstance(value, int) and not isinstance(value, bool)
            fits = is_whole and known.minimum <= value <= known.maximum
        case Kind.REAL:
            fits = isinstance(value, float) and known.minimum <= value <= known.maximum
        case Kind.DATE:
            fits = isinstance(value, dt.date) and not isinstance(value, dt.datetime)
        case Kind.CHOICE:
            fits = isinstance(value, str) and value in known.choices
        case _:
            fits = isinstance(value, str)
    return value if fits else None
