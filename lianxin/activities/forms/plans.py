"""A line of the yearly plan."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.activities.models import PlanLine
from lianxin.activities.selectors.kinds import kinds
from lianxin.activities.selectors.plans import activities_for
from lianxin.activities.selectors.saying import month_name
from lianxin.activities.services.plans import LineTerms
from lianxin.kit import clock
from lianxin.orgs.api import Organisation
from lianxin.ui.fields import MoneyField, Refusable


class LineForm(Refusable):
    """What is planned: when, what, for how many, for how much; what came of it."""

    title = forms.CharField(label=_("What is the activity called?"), max_length=60)
    month = forms.TypedChoiceField(label=_("Which month?"), coerce=int)
    kind = forms.ChoiceField(label=_("What kind is it?"))
    people = forms.IntegerField(label=_("For how many people?"), min_value=0, max_value=10_000_000, required=False)  # fmt: skip
    budget_fen = MoneyField(label=_("Planned cost, in yuan"), required=False)
    activity_id = forms.ChoiceField(
        label=_("The activity it became"), required=False,
        help_text=_("Then its times and how many came stand beside it."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, organisation: Organisation, year: int, line: PlanLine | None = None
    ) -> None:  # fmt: skip
        super().__init__(data, initial=_shown(line))
        self._choices("month", [(str(one), month_name(clock.today().replace(day=1, month=one))) for one in range(1, 13)])  # fmt: skip
        self._choices("kind", [(code, str(kind.label)) for code, kind in kinds().items()])
        listed = [(str(one.pk), one.title) for one in activities_for(organisation, year, line)]
        self._choices("activity_id", [("", _("Nothing yet")), *listed])

    def terms(self) -> LineTerms:
        """Return what was typed."""
        given = self.cleaned_data
        chosen = given["activity_id"]
        return LineTerms(
            month=given["month"],
            title=given["title"],
            kind=given["kind"],
            people=given["people"] or 0,
            budget_fen=given["budget_fen"] or 0,
            activity_id=uuid.UUID(chosen) if chosen else None,
        )

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


def _shown(line: PlanLine | None) -> dict[str, Any]:
    if line is None:
        return {"month": str(clock.today().month)}
    return {
        "title": line.title, "month": str(line.month), "kind": line.kind, "people": line.people,
        "budget_fen": line.budget_fen, "activity_id": str(line.activity_id or ""),
    }  # fmt: skip
