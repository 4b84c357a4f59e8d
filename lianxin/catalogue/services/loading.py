"""Loading a catalogue folder into the database: again changes nothing, a changed file is a version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.catalogue.models import (
    Category,
    ParameterValue,
    Release,
    ServiceItem,
    ServiceVersion,
)
from lianxin.catalogue.rules.item import Parameter
from lianxin.catalogue.selectors.checking import catalogue_check
from lianxin.catalogue.selectors.reading import Fault, ItemFile
from lianxin.catalogue.services.phrases import phrases_of
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor
from lianxin.procedures.api import dump, version_save


class CatalogueError(Exception):
    """The folder has faults; nothing of it was loaded."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


@dataclass
class Loaded:
    """What a loading did, by code of item."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)


def catalogue_load(*, actor: Actor, path: Path) -> Loaded:
    """Bring the catalogue to the state of a folder: all of it, or nothing.

    A changed file becomes a new version; dossiers that run stay on theirs. An absent file retires
    its item, a file that is back revives it.

    Raises:
        CatalogueError: the folder has faults.
        ForbiddenError: the actor is not the system.
    """
    if not actor.is_system:
        raise ForbiddenError(_("Only the operator’s command loads a catalogue."))
    folder, faults = catalogue_check(path)
    wrong = [fault for fault in faults if not fault.is_warning]
    if wrong:
        raise CatalogueError(wrong)
    loaded = Loaded()
    with atomic():
        # Whoever loads at the same moment waits here.
        list(ServiceItem.objects.select_for_update().order_by("code"))
        is_rearranged = _categories_save(folder.categories)
        _parameters_save(folder.parameters)
        for file in folder.items:
            is_rearranged |= _item_save(actor, file, loaded)
        gone = ServiceItem.objects.filter(retired_at=None).exclude(
            code__in=[file.card.code for file in folder.items]
        )
        loaded.retired = sorted(gone.values_list("code", flat=True))
        gone.update(retired_at=clock.now())
        Category.objects.exclude(code__in=[one.code for one in folder.categories]).filter(
            items=None
        ).delete()
        if is_rearranged or loaded.retired:
            _release_add(actor, loaded)
    return loaded


def _release_add(actor: Actor, loaded: Loaded) -> None:
    changes = {"added": loaded.added, "changed": loaded.changed, "retired": loaded.retired}
    release = Release.objects.create(changes=changes)
    audit.record(
        actor_id=actor.account_id, action="catalogue.loaded", kind="catalogue.Release",
        object_id=release.pk, detail=changes,
    )  # fmt: skip


def _categories_save(categories: Iterable[object]) -> bool:
    is_changed = False
    for order, one in enumerate(categories):
        plain = msgspec.to_builtins(one)
        fields = {
            "title_en": plain["title"]["en"],
            "title_zh_hans": plain["title"]["zh_Hans"],
            "note_en": plain["note"]["en"],
            "note_zh_hans": plain["note"]["zh_Hans"],
            "icon": plain["icon"],
            "tone": plain["tone"],
            "order": order,
        }
        if not Category.objects.filter(code=plain["code"], **fields).exists():
            Category.objects.update_or_create(code=plain["code"], defaults=fields)
            is_changed = True
    return is_changed


def _parameters_save(parameters: dict[str, Parameter]) -> None:
    kept = []
    for name, parameter in parameters.items():
        for value in parameter.values:
            row, _made = ParameterValue.objects.update_or_create(
                name=name,
                region=value.region,
                starts_on=value.starts_on,
                defaults={
                    "fen": value.fen,
                    "reference_en": value.reference.en,
                    "reference_zh_hans": value.reference.zh_Hans,
                    "link": value.link,
                },
            )
            kept.append(row.pk)
    ParameterValue.objects.exclude(pk__in=kept).delete()


def _item_save(actor: Actor, file: ItemFile, loaded: Loaded) -> bool:
    """Keep one item; return whether anything of it is different now."""
    card = file.card
    body = msgspec.json.encode(card, order="deterministic")
    digest = hashlib.sha256(body + b"\n" + dump(file.procedure)).hexdigest()
    item = ServiceItem.objects.select_related("current").filter(code=card.code).first()
    is_new = item is None
    if item is None:
        item = ServiceItem(code=card.code, category_id=card.category, order=card.order)
        item.save(force_insert=True)
    last = item.current
    is_same = last is not None and last.digest == digest
    if last is None or not is_same:
        last = _version_add(actor, item, file, digest, body.decode())
    (loaded.added if is_new else loaded.unchanged if is_same else loaded.changed).append(card.code)
    phrases = phrases_of(card)
    if is_same and item.retired_at is None and last.phrases == phrases:
        return False
    last.phrases = phrases
    last.save(update_fields=["phrases"])
    item.category_id, item.order, item.current = card.category, card.order, last
    item.retired_at = None
    item.save()
    return True


def _version_add(
    actor: Actor, item: ServiceItem, file: ItemFile, digest: str, body: str
) -> ServiceVersion:
    procedure = version_save(
        actor=actor, code=file.card.code, name=file.card.title, definition=file.procedure
    )
    newest = item.versions.order_by("-number").first()
    return ServiceVersion.objects.create(
        item=item,
        number=newest.number + 1 if newest else 1,
        digest=digest,
        body=body,
        procedure=procedure,
    )
