"""A draw as its pages show it: the stations, the one sentence, the rule in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.allocation.models import Draw, DrawParty
from lianxin.allocation.rules.claims import State
from lianxin.allocation.rules.draws_sources import PRESETS
from lianxin.allocation.rules.draws_steps import Stage
from lianxin.allocation.selectors.draws import OwnLine, listed_of
from lianxin.kit import clock
from lianxin.kit.text import Bilingual
from lianxin.members.api import name_on_card
from lianxin.ui.templatetags.ui import daytime

ORDER = [Stage.PLANNED, Stage.COLLECTING, Stage.FROZEN, Stage.COMMITTED, Stage.REVEALED, Stage.DRAWN]  # fmt: skip
MOST_FOUND = 5
LEAST_TYPED = 4


@dataclass(frozen=True, slots=True)
class Station:
    """One stop of the line: what `{% route %}` draws."""

    state: str
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class Found:
    """A line somebody looked for, by its first digits. All numbers count from 1."""

    line: str
    place: int
    rank: int | None
    has_won: bool
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class Watcher:
    """Somebody who locks a secret away, and how far she is."""

    name: str
    capacity: str
    words: str
    tone: str
    lock: str
    secret: str


def sentence_of(draw: Draw) -> str:
    """Say the one thing that matters about a draw now."""
    if draw.standing is Stage.REVEALED:
        return _waiting_for_value(draw)
    words = {
        Stage.PLANNED: _("The rule is being written. Nothing is published yet."),
        Stage.COLLECTING: _("Applications until %(closes)s; being early makes no difference."),
        Stage.FROZEN: ngettext("The list is fixed: %(count)d application. Secrets are locked until %(locks)s.", "The list is fixed: %(count)d applications. Secrets are locked until %(locks)s.", draw.count),
        Stage.COMMITTED: _("The secrets are locked. They are opened until %(opens)s."),
        Stage.DRAWN: ngettext("Drawn: %(won)d of %(count)d applications got places.", "Drawn: %(won)d of %(count)d applications got places.", draw.count),
        Stage.VOID: _("Void: there is no result, and nobody ever knew one."),
    }  # fmt: skip
    if draw.void_reason == "called_off":
        return _("Called off: nobody gets a place.")
    return words[draw.standing] % {
        "closes": daytime(draw.closes_at),
        "locks": daytime(draw.commit_until),
        "opens": daytime(draw.reveal_until),
        "count": draw.count,
        "won": draw.won,
    }


def void_words(draw: Draw) -> str:
    """Say why a draw is void: in the words of whoever declared it, or the machine's."""
    return {
        "late": _("The list was fixed too late for anybody to lock a secret away."),
        "few": _("Too few secrets were locked away in time."),
        "empty": _("Nobody had applied."),
        "called_off": _("What the places were for does not take place."),
    }.get(draw.void_reason, draw.void_words)


def stations_of(draw: Draw) -> list[Station]:
    """Return the line of stations from the rule to the result."""
    locked = sum(1 for one in draw.parties.all() if one.lock)
    opened = sum(1 for one in draw.parties.all() if one.secret)
    of = {"count": len(draw.parties.all())}
    public = public_name(draw)
    stops = [
        (Stage.COLLECTING, _("The rule is published"), _("since %(when)s; nobody changes it any more") % {"when": daytime(draw.published_at)} if draw.published_at else ""),
        (Stage.FROZEN, _("Applications close, the list is fixed"), daytime(draw.closes_at)),
        (Stage.COMMITTED, _("Secrets are locked away"), _("until %(when)s") % {"when": daytime(draw.commit_until)} + (" · " + _("%(done)d of %(count)d") % {"done": locked, **of} if draw.root else "")),
        (Stage.REVEALED, _("Secrets are opened"), _("until %(when)s") % {"when": daytime(draw.reveal_until)} + (" · " + _("%(done)d of %(count)d") % {"done": opened, **of} if locked else "")),
        (None, _("A value from outside becomes known"), f"{public} · {daytime(draw.known_at)}"),
        (Stage.DRAWN, _("The draw"), daytime(draw.drawn_at) if draw.drawn_at else _("as soon as two people have read the value")),
    ]  # fmt: skip
    done = _done(draw)
    return [
        Station(_state(draw, at, done), title, note)
        for at, (_stage, title, note) in enumerate(stops)
    ]


def watchers_of(draw: Draw) -> list[Watcher]:
    """Return the parties of a draw and how far each is."""
    return [_watcher(draw, one) for one in sorted(draw.parties.all(), key=lambda one: one.number)]


def public_name(draw: Draw) -> str:
    """Name the public value of a draw: source, and which one of its values."""
    if draw.rule_text:
        named = draw.rule["public"]
        what = str(Bilingual(**named["name"]))
        if named.get("round"):
            return _("%(source)s, round %(number)s") % {"source": what, "number": named["round"]}
        if named.get("issue"):
            return _("%(source)s, issue %(number)s") % {"source": what, "number": named["issue"]}
        return what
    preset = PRESETS[draw.source]
    return str(Bilingual(en=preset.en, zh_Hans=preset.zh_Hans))


def strata_of(rule: Mapping[str, Any]) -> list[str]:
    """Return the published order of need in the reader's language; empty if all are alike."""
    words = [str(Bilingual(**one)) for one in rule["strata"]]
    return words if len(words) > 1 else []


def weights_of(rule: Mapping[str, Any]) -> str:
    """Return in the reader's language who has how many tickets."""
    return str(Bilingual(**rule["weights"]["words"]))


def lines_found(draw: Draw, typed: str) -> list[Found]:
    """Find lines of a list by their first digits, as people read them off a receipt."""
    wanted = "".join(typed.split()).lower()[:64]
    listed = listed_of(draw)
    if listed is None or len(wanted) < LEAST_TYPED:
        return []
    found = [place for line, place in listed.places.items() if line.startswith(wanted)]
    return [
        Found(
            line=listed.rows[place].line,
            place=place + 1,
            rank=listed.ranks[place] + 1 if place in listed.ranks else None,
            has_won=place in listed.won,
            is_withdrawn=listed.rows[place].line in draw.withdrawn,
        )
        for place in found[:MOST_FOUND]
    ]


def own_sentence(own: OwnLine) -> str:
    """Say where a person's own line stands."""
    if own.row is None:
        return _without_row(own)
    if own.is_withdrawn:
        return _("You gave your application back before the draw, so it was left out.")
    if own.rank is None:
        return _("Your line is number %(number)d of %(count)d in the list; the order says nothing about the draw.") % {"number": (own.index or 0) + 1, "count": own.draw.count}  # fmt: skip
    names = {"rank": own.rank + 1, "count": own.draw.count, "ahead": own.ahead}
    if own.is_won:
        return _("Drawn as number %(rank)d of %(count)d: you got your place.") % names
    return _("Drawn as number %(rank)d of %(count)d: you wait, with %(ahead)d before you.") % names


def _without_row(own: OwnLine) -> str:
    if own.ended is State.CANCELLED:
        return _("You gave it back before the list was fixed.")
    if own.ended:
        return _("Called off: nobody gets a place.")
    if own.draw.root:
        return _("Your line is not in the list.")
    return _("You are in. As soon as the list is fixed you find your line here.")


def _waiting_for_value(draw: Draw) -> str:
    names = {"what": public_name(draw), "when": daytime(draw.known_at)}
    if draw.value:
        return _("The value is known and two people have read it. The draw runs now.")
    if clock.now() < draw.known_at:
        return _("Only the value from outside is missing: %(what)s, %(when)s.") % names
    return _("The value is known: %(what)s. Two people read it, each for herself; then the draw runs.") % names  # fmt: skip


def _done(draw: Draw) -> int:
    """Count the stations behind a draw."""
    stage = draw.standing
    if stage is Stage.VOID:
        return sum(bool(one) for one in (draw.published_at, draw.root)) or 0
    if stage is Stage.REVEALED:
        return 5 if draw.value else 4
    return {Stage.PLANNED: 0, Stage.COLLECTING: 1, Stage.FROZEN: 2, Stage.COMMITTED: 3, Stage.DRAWN: 6}[stage]  # fmt: skip


def _state(draw: Draw, at: int, done: int) -> str:
    if at < done:
        return "done"
    return "now" if at == done and draw.standing is not Stage.VOID else "ahead"


def _watcher(draw: Draw, party: DrawParty) -> Watcher:
    words, tone = "", ""
    if party.secret:
        words, tone = _("opened"), "yes"
    elif party.lock:
        is_open = draw.standing in {Stage.FROZEN, Stage.COMMITTED}
        words, tone = (_("locked"), "ask") if is_open else (_("not opened"), "soon")
    elif draw.root:
        is_open = draw.standing is Stage.FROZEN
        words, tone = (_("still to come"), "") if is_open else (_("not locked"), "soon")
    # Whose number somebody typed is nobody's to learn: the name stands there once it is published.
    name = party.name if draw.rule_text else name_on_card(party.name)
    return Watcher(name, party.capacity, words, tone, party.lock, party.secret)
