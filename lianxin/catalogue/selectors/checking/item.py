"""Faults of one item's card: words in both languages, doors, windows, consents, grants."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from lianxin.catalogue.constants import DRAW_STEP
from lianxin.catalogue.rules.item import Card, Grant
from lianxin.catalogue.selectors.checking.known import Known
from lianxin.catalogue.selectors.reading import Fault, Folder, ItemFile
from lianxin.eligibility.api import rule_faults
from lianxin.kit.text import Bilingual
from lianxin.members.api import FactKind
from lianxin.procedures.api import Definition, Field, StepKind

CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
HAN = re.compile(r"[\u3400-\u9fff]")
PHONE = re.compile(r"[0-9][0-9 -]{2,19}")
FEWEST_WORDS = 3
LARGEST_GROUP, LONGEST_OFFER = 20, 7 * 24
LONGEST_PROMISE = {"en": 200, "zh_Hans": 90}
RESERVED = {"search", "drafts"}  # addresses of their own below /services/


def item_check(item: ItemFile, folder: Folder, known: Known) -> list[Fault]:
    """List what is wrong with an item apart from its procedure."""
    told = [
        *_names(item.card, folder, known),
        *_human_door(item.card),
        *_season(item.card),
        *_consents(item.card, known),
        *_grants(item, known),
        *_places(item.card),
        *_subject(item),
        *_drawn(item),
    ]
    faults = [Fault(item.path, item.source.line(place), said) for place, said in told]
    return [*faults, *_texts(item), *_warnings(item, known)]


def _names(card: Card, folder: Folder, known: Known) -> Iterable[tuple[str, str]]:
    if not CODE.fullmatch(card.code) or card.code in RESERVED:
        yield "code", f"`{card.code}`: small letters, digits and hyphens, and no address in use"
    if card.category not in {one.code for one in folder.categories}:
        yield "category", f"there is no door `{card.category}` in categories.yaml"
    if card.icon not in known.icons:
        yield "icon", f"there is no icon `{card.icon}` (tools/vendor.py lists them)"
    if len(set(card.words)) < FEWEST_WORDS:
        yield "words", f"at least {FEWEST_WORDS} ways people ask for it, so that search finds it"
    if card.region and known.organisations and card.region not in known.organisations:
        yield "region", f"no union has the code `{card.region}`"
    for ability in card.nominated_by:
        if ability not in known.abilities:
            yield "nominated_by", f"there is no ability `{ability}`"


def _human_door(card: Card) -> Iterable[tuple[str, str]]:
    if not PHONE.fullmatch(card.door.phone):
        yield "door.phone", "every service has a human door: a phone number somebody answers"
    if not card.basis:
        yield "basis", "name the rule the service stands on"
    for at, basis in enumerate(card.basis):
        if not re.match(r"https?://\S+$", basis.link):
            yield f"basis[{at}].link", f"`{basis.link}` is no address; write https://…"
    if not card.guide.who:
        yield "guide.who", "say whom it is for"
    if not card.guide.gets:
        yield "guide.gets", "say what one gets"


def _season(card: Card) -> Iterable[tuple[str, str]]:
    season = card.season
    if season is None:
        return
    if season.months and (season.opens_on or season.closes_on):
        yield "season", "either months of each year or two days, not both"
    if not season.months and not season.opens_on and not season.closes_on:
        yield "season", "an empty season; leave it out if one may always apply"
    if any(not 1 <= month <= 12 for month in season.months):
        yield "season.months", "months are 1 to 12"
    if season.opens_on and season.closes_on and season.closes_on < season.opens_on:
        yield "season.closes_on", "closes before it opens; swap the days"


def _consents(card: Card, known: Known) -> Iterable[tuple[str, str]]:
    for purpose in card.consents:
        if purpose not in known.purposes:
            yield "consents", f"there is no purpose `{purpose}` one could agree to"
    if len(set(card.consents)) != len(card.consents):
        yield "consents", "a purpose is named twice"


def _grants(item: ItemFile, known: Known) -> Iterable[tuple[str, str]]:
    for at, grant in enumerate(item.card.grants):
        for said in _grant(grant, item, known):
            yield f"grants[{at}]", said


def _grant(grant: Grant, item: ItemFile, known: Known) -> Iterable[str]:
    entry = known.facts.get(grant.fact)
    if entry is None:
        yield f"there is no fact `{grant.fact}`"
        return
    if "grant" not in entry.sources:
        yield f"the fact `{grant.fact}` is not made true by decisions"
    if grant.value == "decided_on":
        if entry.kind is not FactKind.DATE:
            yield f"the fact `{grant.fact}` is no day"
        return
    words = _tiers(item.procedure) if grant.value == "tier" else {grant.value}
    if not words:
        yield "a tier is granted, but the procedure has no income arithmetic"
    missing = words - {choice.code for choice in entry.choices}
    if entry.choices and missing:
        yield f"the fact `{grant.fact}` has no choice {', '.join(sorted(missing))}"


def _places(card: Card) -> Iterable[tuple[str, str]]:
    places = card.places
    if places is None:
        return
    for said in rule_faults(places.rule) if places.rule else ():
        yield "places.rule", said
    if not 1 <= places.most <= LARGEST_GROUP:
        yield "places.most", f"1 to {LARGEST_GROUP} places for one claim"
    if not 1 <= places.offer_hours <= LONGEST_OFFER:
        yield "places.offer_hours", f"who waits has 1 to {LONGEST_OFFER} hours to answer"
    if places.rest_days < 0:
        yield "places.rest_days", "a number of days; leave it out if it makes no difference"


def _subject(item: ItemFile) -> Iterable[tuple[str, str]]:
    """What is counted once is told by answers a case always has, has once, and keeps."""
    places, where = item.card.places, "places.subject"
    if places is None or (places.one_per != "subject" and not places.subject):
        return
    if places.one_per != "subject" or not places.subject:
        yield where, "`one_per: subject` and the answers that tell it belong together"
    if not any(step.kind == DRAW_STEP for step in item.procedure.route):
        yield where, "only cases can be counted by an answer: a step of the route must draw"
    fields = {field.code: field for field in item.procedure.fields}
    for name in places.subject:
        code, _dot, column = name.partition(".")
        yield from ((where, said) for said in _telling(fields.get(code), name, column))


def _telling(field: Field | None, name: str, column: str) -> Iterable[str]:
    columns = {one.code for one in field.columns if one.is_required} if field else set()
    if field is None or (column and column not in columns):
        yield f"there is no answer `{name}`"
        return
    if bool(column) != bool(field.columns):
        yield f"`{name}`: write a column of lines, `field.column`, and only of those"
    if not field.is_required or (field.columns and (field.minimum, field.maximum) != (1, 1)):
        yield f"`{field.code}` must be answered, by one line: `minimum: 1`, `maximum: 1`"
    if not field.is_final:
        yield f"`{field.code}` must stay as it was sent: `is_final: true`"


def _drawn(item: ItemFile) -> Iterable[tuple[str, str]]:
    """A step that draws needs terms of what is drawn: once in a route, before it is decided."""
    route = item.procedure.route
    drawing = [at for at, step in enumerate(route) if step.kind == DRAW_STEP]
    if not drawing:
        return
    first, *more = drawing
    where = f"procedure.route.{route[first].code}"
    if item.card.places is None or item.card.places.method != "draw":
        yield where, "a step draws: say in `places:` with `method: draw` what is given"
    for at in more:
        yield f"procedure.route.{route[at].code}", "one step draws; take the others out"
    decided = [at for at, step in enumerate(route) if step.kind == StepKind.DECISION]
    if decided and min(decided) < first:
        yield where, "draw before the decision: a draw takes nothing back that was granted"


def _tiers(definition: Definition) -> set[str]:
    terms = definition.income
    if terms is None:
        return set()
    return {tier.code for tier in [*terms.tiers, terms.sudden_tier] if tier is not None}


def _texts(item: ItemFile) -> Iterable[Fault]:
    """Every text in both languages, each in its own."""
    for root, value in (("$", item.card), ("$.procedure", item.procedure)):
        for place, text in _bilingual(root, value):
            said = _language_fault(text)
            if said:
                yield Fault(item.path, item.source.line(place), f"{said} ({place})")
    for language, limit in LONGEST_PROMISE.items():
        if len(getattr(item.card.promise, language)) > limit:
            line = item.source.line(f"promise.{language}")
            yield Fault(item.path, line, f"a promise is one sentence: at most {limit} characters")


def _language_fault(text: Bilingual) -> str:
    if not text.en.strip():
        return "the English text is empty"
    if not text.zh_Hans.strip():
        return "the Chinese text is empty"
    if HAN.search(text.en):
        return "the English text has Chinese in it"
    if not HAN.search(text.zh_Hans) and not re.fullmatch(r"[\W\d]+", text.zh_Hans):
        return "the Chinese text has no Chinese in it"
    return ""


def _bilingual(place: str, value: Any) -> Iterable[tuple[str, Bilingual]]:
    if isinstance(value, Bilingual):
        yield place, value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _bilingual(f"{place}.{name}", getattr(value, name))
    elif isinstance(value, list):
        for at, one in enumerate(value):
            yield from _bilingual(f"{place}[{at}]", one)


def _warnings(item: ItemFile, known: Known) -> Iterable[Fault]:
    season = item.card.season
    if season and season.closes_on and season.closes_on < known.today:
        said = f"closed since {season.closes_on}; set the next season, or take the file away"
        yield Fault(item.path, item.source.line("season.closes_on"), said, is_warning=True)
