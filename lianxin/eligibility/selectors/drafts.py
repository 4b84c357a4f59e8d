"""Reads for those who write policies: drafts, what each still lacks, how its examples come out."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext, gettext_noop

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.models import EffectRun, PolicyDraft, PolicyVersion
from lianxin.eligibility.rules import drafting
from lianxin.eligibility.rules.deriving import accepted
from lianxin.eligibility.rules.drafting import Drafted
from lianxin.eligibility.rules.policy import Example, Policy
from lianxin.eligibility.selectors import answers, shelf, showing
from lianxin.eligibility.selectors.answers import Knowledge
from lianxin.kit import clock
from lianxin.orgs.api import Organisation

FRESH = dt.timedelta(days=7)  # how long counts may be published upon
# What the files of the samples call their invented people, translated; a name one typed oneself stays.
SAMPLE_NAMES = (
    gettext_noop("somebody it is meant for"),
    gettext_noop("somebody it is not meant for"),
    gettext_noop("something is not known yet"),
    gettext_noop("four people, large medical bills"),
    gettext_noop("the same family earns twice as much"),
    gettext_noop("nobody has asked about the bills yet"),
    gettext_noop("a child in primary school"),
    gettext_noop("deep hardship, a new student"),
    gettext_noop("the school is not known"),
    gettext_noop("a fitter who passed level four in spring"),
    gettext_noop("exactly a year ago is too late"),
    gettext_noop("the date of issue is not known"),
)


@dataclass(frozen=True, slots=True)
class Tried:
    """How one invented person comes out, and whether that is what her example says."""

    name: str
    wanted: str
    got: str
    is_right: bool
    amount_fen: int | None
    conditions: list[showing.Shown]


def read(draft: PolicyDraft) -> Drafted:
    """Read a draft as the version it would become. One query, one more where it excludes others."""
    others = PolicyVersion.objects.exclude(code=draft.code) if draft.typed.get("excludes") else None
    return drafting.drafted(
        draft.typed,
        version=next_version(draft.code, draft.organisation.code),
        known=yaml_files.vocabulary(),
        parameters=yaml_files.parameters(),
        codes=set(others.values_list("code", flat=True)) if others is not None else (),
    )


def next_version(code: str, region: str) -> int:
    """Return the number the next version of a policy takes."""
    found = PolicyVersion.objects.filter(code=code, region=region).aggregate(most=Max("version"))
    return int(found["most"] or 0) + 1


def tried(policy: Policy) -> list[Tried]:
    """Ask a policy about each person it was written for."""
    return [_tried(policy, each) for each in policy.examples]


def _tried(policy: Policy, example: Example) -> Tried:
    found, knowledge = asked(policy, read_values(example.facts), example.as_of)
    got = found.answer.outcome
    return Tried(
        gettext(example.name) if example.name in SAMPLE_NAMES else example.name,
        example.outcome.value,
        got.value,
        got is example.outcome and example.amount_fen in {None, found.amount_fen},
        found.amount_fen,
        showing.conditions(found, knowledge),
    )


def asked(policy: Policy, values: Mapping[str, object], as_of: dt.date | None = None) -> tuple[answers.Explained, Knowledge]:  # fmt: skip
    """Ask a text that stands on no shelf about an invented person; keeps nothing."""
    ready = shelf.ready_of(_NOBODY.pk, policy, as_of or policy.valid_from)
    return answers.explained(ready, values), Knowledge(values, {})


_NOBODY = PolicyVersion()


def read_values(facts: Mapping[str, Any]) -> dict[str, object]:
    """Read facts as a file writes them."""
    known, values = yaml_files.vocabulary(), {}
    for name, value in facts.items():
        if name not in known:
            continue
        day = day_of(value) if known[name].kind == "date" else value
        values[name] = accepted(day, known[name])
    return values


def day_of(value: object) -> object:
    """Read a day written as text; anything else stays as it is."""
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def current_of(code: str, region: str) -> PolicyVersion | None:
    """Return the version of its own place a draft comes after, if any."""
    return PolicyVersion.objects.filter(code=code, region=region, is_current=True).first()


def measured_on(policy: Policy) -> dt.date:
    """Return the day for which the effect of a text is counted: its first, or today."""
    return max(clock.today(), policy.valid_from)


def measured_against(policy: Policy) -> uuid.UUID | None:
    """Return the version that holds where a text is to hold: of its place, else of the nearest above."""
    held = shelf.one_in_force(policy.code, measured_on(policy), policy.region)
    return held.id if held else None


def fresh_effect(draft: PolicyDraft, policy: Policy | None) -> EffectRun | None:
    """Return the finished counts of exactly this text against what is in force, if recent enough."""
    if policy is None:
        return None
    return (
        draft.effects.filter(
            state=EffectRun.State.DONE,
            digest=drafting.digest_of(policy),
            base=measured_against(policy),
            finished_at__gte=clock.now() - FRESH,
        )
        .order_by("-finished_at")
        .first()
    )


def last_effect(draft: PolicyDraft) -> EffectRun | None:
    """Return the counts begun last."""
    found: EffectRun | None = draft.effects.order_by("-started_at").first()
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """One policy on the editor's list."""

    version: PolicyVersion
    title: str
    region: str
    state: str  # in_force, ahead, over
    count: int


def shelf_lines() -> Iterator[Line]:
    """List every policy once, with where it stands today. Three queries."""
    today = clock.today()
    names = dict(Organisation.objects.filter(code__in=PolicyVersion.objects.values("region")).values_list("code", "name"))  # fmt: skip
    rows = PolicyVersion.objects.order_by("code", "region", "-version")
    grouped: dict[tuple[str, str], list[PolicyVersion]] = {}
    titles = dict(rows.values_list("pk", "content__title"))
    for row in rows.defer("content"):
        grouped.setdefault((row.code, row.region), []).append(row)
    for (_code, region), versions in grouped.items():
        shown = next((row for row in versions if row.is_current), versions[0])
        title = str(shelf.bilingual(titles[shown.pk]))
        yield Line(shown, title, names.get(region, region), _state(shown, today), len(versions))


def _state(version: PolicyVersion, today: dt.date) -> str:
    if version.valid_until is not None and version.valid_until < today:
        return "over"
    return "ahead" if version.valid_from > today else "in_force"
