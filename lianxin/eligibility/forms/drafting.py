"""What is typed when a policy is written: nothing of it is refused, what is wrong is named beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.eligibility.forms.facts import FactsForm
from lianxin.eligibility.rules.drafting import at
from lianxin.eligibility.selectors.dictionary import purposes
from lianxin.kit.errors import RefusedError
from lianxin.kit.money import parse_yuan
from lianxin.kit.text import clean
from lianxin.orgs.api import Organisation

BASES = 3  # documents a policy rests on, at most, on the page; a file may name more
Typed = Mapping[str, Any]


class DraftForm(forms.Form):
    """Base: carries the number of the save it was opened upon."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def changes(self, typed: Typed) -> dict[str, Any]:
        """Return what changes in the policy file; `typed` is what it says so far."""
        raise NotImplementedError


def _line(label: Any, most: int = 200, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=False, help_text=help_text)


def _text(label: Any, rows: int = 2, most: int = 1_000, *, help_text: Any = "", required: bool = False) -> forms.CharField:  # fmt: skip
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, required=required, widget=widget, help_text=help_text)  # fmt: skip


def _day(label: Any) -> forms.CharField:
    widget = forms.DateInput(attrs={"type": "date"})
    return forms.CharField(label=label, max_length=20, required=False, widget=widget)


class StartForm(forms.Form):
    """A new policy: its code and its place."""

    code = forms.CharField(label=_("Code"), max_length=64, help_text=_("Small letters, digits and hyphens: school-aid"))  # fmt: skip
    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), label=_("For whose members")
    )

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        field.queryset = places  # type: ignore[attr-defined]  # a ModelChoiceField
        field.label_from_instance = lambda each: each.name  # type: ignore[attr-defined]


class ImportForm(forms.Form):
    """A policy file that becomes a draft."""

    file = forms.FileField(label=_("Policy file (YAML)"))


class WordsForm(DraftForm):
    """Everything said in words: title, whom it helps, what it gives, dates, basis."""

    title_zh = _line(_("Title in Chinese"), 80)
    title_en = _line(_("Title in English"), 120)
    helps_zh = _text(_("Whom it helps, in Chinese"))
    helps_en = _text(_("Whom it helps, in English"))
    gives_zh = _line(_("What it gives, in Chinese"))
    gives_en = _line(_("What it gives, in English"))
    cap = _line(_("At most (yuan)"), 20, _("Leave open where there is no ceiling."))
    purpose = forms.ChoiceField(label=_("Kind of help"), required=False)
    service = _line(_("Service item it opens"), 64, _("Its code; a person applies there."))
    once = forms.ChoiceField(
        label=_("How often"),
        required=False,
        choices=[("", _("whenever it fits")), ("year", _("once a year")), ("life", _("once in a life"))],
    )  # fmt: skip
    granted_on = _line(
        _("Day of the last grant"),
        64,
        _("Name of the fact that tells it; leave open where none does."),
    )
    granted = _line(
        _("Whom it was granted"),
        400,
        _("A condition, such as hardship_tier = 'deep'; leave open where no fact tells."),
    )
    excludes = _line(_("Not together with"), 400, _("Codes of other policies, with commas"))
    valid_from = _day(_("Valid from"))
    valid_until = _day(_("Valid until"))
    proposed = forms.BooleanField(
        label=_("Whom it fits need not apply: her union is told"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = [(code, str(label)) for code, label in purposes().items()]  # type: ignore[attr-defined]
        for number in range(BASES):
            self.fields[f"basis{number}_zh"] = _line(_("Document, in Chinese"))
            self.fields[f"basis{number}_en"] = _line(_("Document, in English"))
            self.fields[f"basis{number}_link"] = _line(_("Its address"), 400)

    @staticmethod
    def of(typed: Typed) -> dict[str, Any]:
        """Lay out what a draft says so far."""
        shown = {f"{key}_{short}": at(typed, f"{path}.{tag}") for key, path in _BOTH for short, tag in _TAGS}  # fmt: skip
        shown |= {key: at(typed, key) for key in _PLAIN}
        cap = (typed.get("gives") or {}).get("cap_fen") or ""
        shown["cap"] = f"{cap / 100:.2f}" if isinstance(cap, int) else str(cap)
        shown["excludes"] = ", ".join(str(each) for each in typed.get("excludes") or [])
        for number, each in enumerate((typed.get("basis") or [])[:BASES]):
            shown[f"basis{number}_zh"] = at(each, "name.zh_Hans")
            shown[f"basis{number}_en"] = at(each, "name.en")
            shown[f"basis{number}_link"] = at(each, "link")
        return shown | {"proposed": bool(typed.get("proposed"))}

    def changes(self, typed: Typed) -> dict[str, Any]:
        typed_in = self.cleaned_data
        gives = {**(typed.get("gives") or {}), "what": self._both("gives")}
        gives["cap_fen"] = _fen(typed_in["cap"])
        if not gives["cap_fen"]:
            del gives["cap_fen"]
        return {key: typed_in[key] for key in (*_PLAIN, "proposed")} | {
            "title": self._both("title"),
            "helps": self._both("helps"),
            "gives": gives,
            "excludes": _codes(typed_in["excludes"]),
            "basis": [*self._basis(), *(typed.get("basis") or [])[BASES:]],
        }

    def _both(self, key: str) -> dict[str, str]:
        return {tag: clean(self.cleaned_data[f"{key}_{short}"]) for short, tag in _TAGS}

    def _basis(self) -> list[dict[str, Any]]:
        found = []
        for number in range(BASES):
            name, link = self._both(f"basis{number}"), self.cleaned_data[f"basis{number}_link"]
            if any(name.values()) or link:
                found.append({"name": name, **({"link": link} if link else {})})
        return found


_TAGS = (("en", "en"), ("zh", "zh_Hans"))
_PLAIN = ("purpose", "service", "once", "granted_on", "granted", "valid_from", "valid_until")
_BOTH = (("title", "title"), ("helps", "helps"), ("gives", "gives.what"))


def _codes(text: str) -> list[str]:
    return [each for each in text.replace("，", ",").replace(" ", "").split(",") if each]


def _fen(text: str) -> Any:
    """Read yuan; what is none stays as it was typed."""
    try:
        return parse_yuan(text) if text.strip() else 0
    except (RefusedError, ValueError):
        return text


class RuleForm(DraftForm):
    """The rule and the amount, as expressions."""

    rule = _text(_("Rule"), 8, 4_000)
    amount = _text(_("Amount in fen"), 2, 1_000, help_text=_("A number or an expression; leave open where it is no sum."))  # fmt: skip

    def changes(self, typed: Typed) -> dict[str, Any]:
        lines = self.cleaned_data["rule"].replace("\r\n", "\n").strip()
        amount = self.cleaned_data["amount"].replace("\r\n", "\n").strip()
        gives = {key: value for key, value in (typed.get("gives") or {}).items() if key != "amount"}
        return {"rule": lines, "gives": gives | ({"amount": amount} if amount else {})}


class ConditionForm(DraftForm):
    """How one condition is said: met, failed, unknown; and the papers that prove it."""

    code = forms.SlugField(label=_("Code"), max_length=48, required=False)
    met_zh = _text(_("When it is met, in Chinese"))
    met_en = _text(_("When it is met, in English"))
    failed_zh = _text(_("When it is not met, in Chinese"))
    failed_en = _text(_("When it is not met, in English"))
    unknown_zh = _text(_("What to ask when it is not known, in Chinese"))
    unknown_en = _text(_("What to ask when it is not known, in English"))
    papers_zh = _text(_("Papers that prove it, in Chinese"), help_text=_("One a line"))
    papers_en = _text(_("The same papers in English"), help_text=_("One a line, in the same order"))

    @staticmethod
    def of(typed: Typed, number: int) -> dict[str, Any]:
        """Lay out what a draft says of one condition."""
        held = _nth(typed.get("conditions"), number)
        shown = {f"{key}_{short}": at(held, f"{key}.{tag}") for key in ("met", "failed", "unknown") for short, tag in _TAGS}  # fmt: skip
        papers = [each for each in typed.get("papers") or [] if each.get("condition") == held.get("code")]  # fmt: skip
        for short, tag in _TAGS:
            shown[f"papers_{short}"] = "\n".join(at(each, f"label.{tag}") for each in papers)
        return shown | {"code": held.get("code", "")}

    def changes_of(self, typed: Typed, number: int) -> dict[str, Any]:
        """Return the conditions and papers with this one as it was typed."""
        typed_in = self.cleaned_data
        rows = [dict(each) for each in typed.get("conditions") or []]
        rows += [{} for _each in range(number + 1 - len(rows))]
        before, code = rows[number].get("code"), typed_in["code"]
        words = {key: {tag: clean(typed_in[f"{key}_{short}"]) for short, tag in _TAGS} for key in ("met", "failed", "unknown")}  # fmt: skip
        rows[number] = {"code": code, **words}
        others = [each for each in typed.get("papers") or [] if each.get("condition") != before]
        zh, en = (typed_in[f"papers_{short}"].splitlines() for short in ("zh", "en"))
        own = [
            {"condition": code, "label": {"en": clean(en[at_] if at_ < len(en) else ""), "zh_Hans": clean(zh[at_] if at_ < len(zh) else "")}}
            for at_ in range(max(len(zh), len(en)))
        ]  # fmt: skip
        return {"conditions": rows, "papers": [*others, *(each for each in own if any(each["label"].values()))]}  # fmt: skip


class ExampleForm(FactsForm, DraftForm):
    """One invented person: her facts, and the answer she must get."""

    name = forms.CharField(label=_("Who is it?"), max_length=120)
    as_of = _day(_("Asked on"))
    outcome = forms.ChoiceField(
        label=_("What must come out"),
        choices=[("yes", _("yes")), ("no", _("no")), ("unknown", _("not known yet"))],
        widget=forms.RadioSelect,
    )
    amount = _line(_("Amount she must get (yuan)"), 20)

    @property
    def example(self) -> dict[str, Any]:
        """What the file says of this person; call after `is_valid`."""
        typed_in = self.cleaned_data
        facts = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in self.told.items()}  # fmt: skip
        amount = _fen(typed_in["amount"])
        return {
            "name": clean(typed_in["name"]),
            "facts": facts,
            "outcome": typed_in["outcome"],
            **({"as_of": typed_in["as_of"]} if typed_in["as_of"] else {}),
            **({"amount_fen": amount} if amount else {}),
        }

    @property
    def told(self) -> dict[str, Any]:
        own = {"name", "as_of", "outcome", "amount", "revision"}
        kept, self.cleaned_data = self.cleaned_data, {name: value for name, value in self.cleaned_data.items() if name not in own}  # fmt: skip
        try:
            return super().told
        finally:
            self.cleaned_data = kept

    def changes_of(self, typed: Typed, number: int | None) -> dict[str, Any]:
        """Return the examples with this one in its place, or at the end."""
        rows = list(typed.get("examples") or [])
        if number is None or number >= len(rows):
            return {"examples": [*rows, self.example]}
        missing = {key: rows[number][key] for key in ("missing",) if key in rows[number] and self.example["outcome"] == "unknown"}  # fmt: skip
        return {"examples": [*rows[:number], {**self.example, **missing}, *rows[number + 1 :]]}


def example_initial(typed: Typed, number: int) -> dict[str, Any]:
    """Lay out one invented person of a draft."""
    held = _nth(typed.get("examples"), number)
    amount = held.get("amount_fen")
    shown = {key: held.get(key, "") for key in ("name", "as_of", "outcome")}
    return shown | {"amount": f"{amount / 100:.2f}" if isinstance(amount, int) else amount or ""}


class SubmitForm(forms.Form):
    """Hand it to the second person."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = _text(_("What changes, and why"), 3, required=True)


class PublishForm(forms.Form):
    """Put it into force from a day on."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    starts_on = forms.DateField(label=_("Holds from"), widget=forms.DateInput(attrs={"type": "date"}))  # fmt: skip


class ReturnForm(forms.Form):
    """Send it back with words."""

    words = _text(_("What should be mended?"), 3, required=True)


def _nth(rows: Any, number: int) -> dict[str, Any]:
    found = list(rows or [])
    return dict(found[number]) if 0 <= number < len(found) else {}


def names_in(typed: Typed, rule_names: Iterable[str]) -> list[str]:
    """List the facts a person can be imagined with: those of the rule, and those examples name."""
    told = [name for each in typed.get("examples") or [] for name in each.get("facts") or {}]
    return list(dict.fromkeys([*rule_names, *told]))
