"""Dated, regional amounts: what holds at a union on a day, and what nobody has said."""

from __future__ import annotations

import datetime as dt

from lianxin.catalogue.models import ParameterValue
from lianxin.orgs.api import Organisation, line_of


def parameter_value(name: str, organisation: Organisation, on: dt.date) -> ParameterValue | None:
    """Return the value of the nearest union in the line that has one; None: unknown."""
    codes = [one.code for one in reversed(line_of(organisation))]
    rows = ParameterValue.objects.filter(name=name, region__in=codes, starts_on__lte=on)
    ranked = sorted(rows, key=lambda row: (codes.index(row.region), -row.starts_on.toordinal()))
    return ranked[0] if ranked else None


def parameter_fen(name: str, organisation: Organisation, on: dt.date) -> int | None:
    """Return a dated amount in fen, as procedures ask for it; None: unknown, never zero."""
    row = parameter_value(name, organisation, on)
    return row.fen if row else None
