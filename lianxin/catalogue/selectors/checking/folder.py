"""Faults of a catalogue as a whole: doors, parameters, and items that get in each other's way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from lianxin.catalogue.rules.item import Category, Parameter
from lianxin.catalogue.selectors.checking.known import Known
from lianxin.catalogue.selectors.reading import Fault, Folder, ItemFile

MOST_DOORS = 8
TONES = {"red", "blue", "green", "amber", "gold"}


def folder_check(folder: Folder, known: Known) -> list[Fault]:
    """List what is wrong with the doors, the parameters and between items."""
    return [*_categories(folder, known), *_parameters(folder, known), *_between(folder)]


def _categories(folder: Folder, known: Known) -> Iterable[Fault]:
    path, source = folder.path / "categories.yaml", folder.sources.get("categories.yaml")
    if source is None:
        return
    codes = [one.code for one in folder.categories]
    used = {item.card.category for item in folder.items}
    for at, one in enumerate(folder.categories):
        line = source.line(f"[{at}]")
        yield from (Fault(path, line, said) for said in _category(one, codes[:at], known))
        if folder.items and one.code not in used:
            said = f"no service stands behind the door `{one.code}`; it will not be shown"
            yield Fault(path, line, said, is_warning=True)
    if len(codes) > MOST_DOORS:
        yield Fault(path, 1, f"{len(codes)} doors; more than {MOST_DOORS} do not fit on a screen")


def _category(one: Category, before: list[str], known: Known) -> Iterable[str]:
    if one.code in before:
        yield f"the door `{one.code}` is there twice; keep one"
    if one.icon not in known.icons:
        yield f"there is no icon `{one.icon}` (tools/vendor.py lists them)"
    if one.tone not in TONES:
        yield f"`{one.tone}` is no tone; take one of {', '.join(sorted(TONES))}"


def _parameters(folder: Folder, known: Known) -> Iterable[Fault]:
    path, source = folder.path / "parameters.yaml", folder.sources.get("parameters.yaml")
    if source is None:
        return
    for name, parameter in folder.parameters.items():
        line = source.line(name)
        yield from (Fault(path, line, said) for said in _values(name, parameter))
        if not any(value.starts_on <= known.today for value in parameter.values):
            said = f"`{name}` has no value that holds today: it is unknown everywhere and said so"
            yield Fault(path, line, said, is_warning=True)
        if known.organisations is None:
            continue
        for at, value in enumerate(parameter.values):
            if value.region not in known.organisations:
                said = f"no union has the code `{value.region}`; the value holds for nobody"
                yield Fault(path, source.line(f"{name}.values[{at}]"), said, is_warning=True)


def _values(name: str, parameter: Parameter) -> Iterable[str]:
    places = Counter((value.region, value.starts_on) for value in parameter.values)
    for (region, day), count in places.items():
        if count > 1:
            yield f"`{name}` has {count} values for {region or 'everywhere'} from {day}; keep one"
    for value in parameter.values:
        if value.fen <= 0:
            yield f"`{name}` from {value.starts_on} is {value.fen} fen; leave out what is not known"
        if not value.region:
            yield f"`{name}` from {value.starts_on} names no region; write the code of a union"


def _between(folder: Folder) -> Iterable[Fault]:
    codes: dict[str, ItemFile] = {}
    prefixes: dict[str, ItemFile] = {}
    for item in folder.items:
        line = item.source.line("code")
        if item.card.code in codes:
            other = codes[item.card.code].path.name
            yield Fault(item.path, line, f"the code `{item.card.code}` is taken by {other}")
        if item.card.code != item.path.stem:
            said = f"the code `{item.card.code}` is not the name of the file; make them the same"
            yield Fault(item.path, line, said)
        prefix = item.procedure.number_prefix
        if prefix in prefixes:
            other = prefixes[prefix].path.name
            said = f"case numbers beginning with {prefix} belong to {other}; take other letters"
            yield Fault(item.path, item.source.line("procedure.number_prefix"), said)
        codes.setdefault(item.card.code, item)
        prefixes.setdefault(prefix, item)
