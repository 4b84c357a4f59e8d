"""What a catalogue may name: facts, purposes, roles, kinds of steps and subjects, icons, teams."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.contrib.staticfiles import finders
from django.db import DatabaseError

from lianxin.kit import clock
from lianxin.members.api import FactEntry, fact_entry, fact_names, purposes
from lianxin.orgs.api import Ability, Organisation, Role
from lianxin.procedures.api import StepKind, step_kinds, subject_kinds


@dataclass(frozen=True)
class Known:
    """All names one may use; `organisations` is None where no database can be asked."""

    today: dt.date
    facts: Mapping[str, FactEntry]
    purposes: frozenset[str]
    roles: frozenset[str]
    abilities: frozenset[str]
    step_kinds: frozenset[str]
    subject_kinds: frozenset[str]
    icons: frozenset[str]
    organisations: frozenset[str] | None = None


def known_here() -> Known:
    """Gather what this installation knows."""
    return Known(
        today=clock.today(),
        facts={name: entry for name in fact_names() if (entry := fact_entry(name))},
        purposes=frozenset(purposes()),
        roles=frozenset(Role),
        abilities=frozenset(Ability),
        step_kinds=frozenset(StepKind) | {key for key, _ in step_kinds.items()},
        subject_kinds=frozenset(key for key, _ in subject_kinds.items()),
        icons=_icons(),
        organisations=_organisations(),
    )


def _icons() -> frozenset[str]:
    found = finders.find("ui/icons.svg")
    text = Path(found).read_text(encoding="utf-8") if isinstance(found, str) else ""
    return frozenset(re.findall(r'<symbol id="([^"]+)"', text))


def _organisations() -> frozenset[str] | None:
    """List the codes of all unions; a check must also run where there is no database yet."""
    try:
        codes = frozenset(Organisation.objects.values_list("code", flat=True))
    except DatabaseError:
        return None
    return codes or None
