"""What is typed for a draw: its plan, a lock, a secret, a value, a reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lianxin.accounts.api import User
from lianxin.allocation.forms.bookings import BookingForm
from lianxin.allocation.models import Draw, DrawParty, Pool
from lianxin.allocation.rules.draws_sources import PRESETS
from lianxin.allocation.rules.draws_steps import LEAST_PARTIES, MOST_PARTIES
from lianxin.allocation.services.drawing import DrawPlan, PartyPlan
from lianxin.kit.workdays import SHANGHAI
from lianxin.members.api import member_of, name_on_card
from lianxin.orgs.api import account_found
from lianxin.ui.fields import MomentField


class DrawForm(BookingForm):
    """The base of these forms: one sent late, or twice, is answered in one sentence."""

    @property
    def first_fault(self) -> str:
        """What is wrong, to be said where the form itself has no place any more."""
        return next((str(one[0]) for one in self.errors.values()), "")


class DrawPlanForm(DrawForm):
    """When what happens, which public value counts, and who locks secrets away."""

    closes_at = MomentField(label=_("The list is fixed"))
    commit_until = MomentField(label=_("Secrets are locked until"))
    reveal_until = MomentField(
        label=_("Secrets are opened until"),
        help_text=_("Before the public value can be known by anybody."),
    )
    source = forms.ChoiceField(label=_("The public value comes from"))
    issue = forms.CharField(
        label=_("Issue of the lottery"),
        max_length=16,
        required=False,
        help_text=_("Only for a lottery: the number of the issue, digits only."),
    )
    known_at = MomentField(
        label=_("The public value becomes known"),
        help_text=_("A lottery on a day it draws, at its time; the beacon at any time; indices after the close."),
    )  # fmt: skip
    weight_most = forms.IntegerField(
        label=_("Tickets at most"),
        min_value=1,
        max_value=100,
        initial=1,
        help_text=_("1: one ticket each. More: one more for each earlier draw of this series that was lost."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, pool: Pool, again: bool, draw: Draw | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial = plan_initial(pool, draw)
        self.pool = pool
        self.named = {(party.number, _known_as(party)): party for party in _parties(draw)}
        if not again:
            del self.fields["closes_at"]
        if not pool.series:
            del self.fields["weight_most"]
        is_english = (get_language() or "").startswith("en")
        source = self.fields["source"]
        if isinstance(source, forms.ChoiceField):
            source.choices = [(one.code, one.en if is_english else one.zh_Hans) for one in PRESETS.values()]  # fmt: skip
        for number in range(1, MOST_PARTIES + 1):
            self.fields[f"person{number}"] = forms.CharField(
                label=_("Login name or mobile number"), max_length=64, required=number <= LEAST_PARTIES,
            )  # fmt: skip
            self.fields[f"capacity{number}"] = forms.CharField(
                label=_("In which capacity"), max_length=80, required=number <= LEAST_PARTIES,
            )  # fmt: skip

    @property
    def rows(self) -> list[tuple[int, forms.BoundField, forms.BoundField]]:
        """The people it takes, two fields each."""
        return self._rows(1, LEAST_PARTIES)

    @property
    def more_rows(self) -> list[tuple[int, forms.BoundField, forms.BoundField]]:
        """The people there may be beside them."""
        return self._rows(LEAST_PARTIES + 1, MOST_PARTIES)

    @property
    def has_more(self) -> bool:
        """Say whether one of them was named, or something of them is wrong."""
        both = [field for row in self.more_rows for field in row[1:]]
        return any(field.value() or field.errors for field in both)

    def _rows(self, first: int, last: int) -> list[tuple[int, forms.BoundField, forms.BoundField]]:
        return [(n, self[f"person{n}"], self[f"capacity{n}"]) for n in range(first, last + 1)]

    @property
    def others(self) -> list[forms.BoundField]:
        """The fields before the people."""
        return [self[name] for name in self.fields if not name.startswith(("person", "capacity"))]

    def clean(self) -> dict[str, Any]:
        """Find the people."""
        cleaned = super().clean() or self.cleaned_data
        parties = []
        for number in range(1, MOST_PARTIES + 1):
            typed = cleaned.get(f"person{number}", "")
            if not typed:
                continue
            found = self._found(number, typed)
            if found is None:
                self.add_error(f"person{number}", _("We know nobody of this login name or number. Please compare it once more."))  # fmt: skip
                continue
            member = member_of(found.pk)
            name = member.name if member else found.display_name
            parties.append(PartyPlan(found.pk, name, cleaned.get(f"capacity{number}", "")))
        cleaned["parties"] = parties
        return cleaned

    def _found(self, number: int, typed: str) -> User | None:
        """Find whom a row names: who stood in it already, as the form wrote her, or who was typed."""
        before = self.named.get((number, typed))
        return before.account if before else account_found(typed)

    def plan(self) -> DrawPlan:
        """Return what was typed; the form is valid."""
        names = ("commit_until", "reveal_until", "known_at", "source", "issue", "parties")
        more = {name: self.cleaned_data[name] for name in ("weight_most", "closes_at") if name in self.fields}  # fmt: skip
        return DrawPlan(**{name: self.cleaned_data[name] for name in names}, **more)


class LockForm(DrawForm):
    lock = forms.CharField(
        label=_("Your lock"),
        max_length=100,
        help_text=_("64 digits and letters: what your secret becomes. The secret itself stays with you."),
    )  # fmt: skip


class SecretForm(DrawForm):
    secret = forms.CharField(
        label=_("Your secret, word for word"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


class ValueForm(DrawForm):
    value = forms.CharField(
        label=_("What stands at the source"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


class VoidForm(DrawForm):
    words = forms.CharField(
        label=_("Why? Everybody who applied reads it."),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def plan_initial(pool: Pool, draw: Draw | None) -> dict[str, Any]:
    """Return what the form of a plan begins with: the plan there is, or days that usually do."""
    if draw is None:
        return _suggested(pool)
    names = ("closes_at", "commit_until", "reveal_until", "known_at", "source", "issue", "weight_most")  # fmt: skip
    kept = {name: getattr(draw, name) for name in names}
    for party in _parties(draw):
        kept[f"person{party.number}"] = _known_as(party)
        kept[f"capacity{party.number}"] = party.capacity
    return kept


def _parties(draw: Draw | None) -> list[DrawParty]:
    return list(draw.parties.select_related("account").order_by("number")) if draw else []


def _suggested(pool: Pool) -> dict[str, Any]:
    day = dt.timedelta(days=1)
    closes = pool.closes_at.astimezone(SHANGHAI)
    evening = closes.replace(hour=18, minute=0, second=0, microsecond=0)
    return {
        "commit_until": evening + 2 * day,
        "reveal_until": evening + 3 * day,
        "known_at": (evening + 3 * day).replace(hour=20),
        "source": "drand",
    }


def _known_as(party: DrawParty) -> str:
    """Return what stands for somebody in the form: her login name; who has none, being found by her
    number, a part of her name. The number itself is shown to nobody."""
    account = party.account
    return (account.login_name or name_on_card(party.name)) if account else ""
