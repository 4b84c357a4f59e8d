"""Loading is idempotent; a changed file is a version; what runs stays on its own."""

from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from lianxin.audit.api import AuditRow
from lianxin.catalogue import conf
from lianxin.catalogue.models import (
    Category,
    ParameterValue,
    Release,
    ServiceItem,
    ServiceVersion,
)
from lianxin.catalogue.selectors.filling import draft_of, opened
from lianxin.catalogue.selectors.shelf import shelf
from lianxin.catalogue.services import catalogue_load, draft_keep, draft_send
from lianxin.catalogue.testing import CODES, applied, begun, filled, offer_of
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.orgs.api import Actor
from lianxin.procedures.api import Dossier, ProcedureVersion

CODE = "humane-care"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(conf.SHIPPED, tmp_path / "catalogue")
    return tmp_path / "catalogue"


def _load(folder: Path):
    return catalogue_load(actor=Actor.system(), path=folder)


def _change(folder: Path, old: str, new: str, code: str = CODE) -> None:
    path = folder / "items" / f"{code}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_loading_again_changes_nothing(town, folder):
    before = list(ServiceItem.objects.order_by("code").values())
    assert Release.objects.count() == 1
    loaded = _load(folder)
    assert (loaded.added, loaded.changed, loaded.retired) == ([], [], [])
    assert list(ServiceItem.objects.order_by("code").values()) == before
    assert ServiceVersion.objects.count() == ProcedureVersion.objects.count() == len(CODES)
    assert Category.objects.count() == 8
    assert Release.objects.count() == 1
    assert ParameterValue.objects.count() == 3


def test_a_changed_file_is_a_new_version_and_running_cases_stay(town, folder):
    before = applied(town.actor("lin"), CODE)
    _change(folder, "working_days: 2", "working_days: 4")
    assert _load(folder).changed == [CODE]
    after = applied(town.actor("zhao"), CODE)
    assert before.version.version == 1
    assert after.version.version == 2
    assert Dossier.objects.get(pk=before.pk).definition.route[0].working_days == 2
    assert after.definition.route[0].working_days == 4


def test_changed_words_keep_the_procedure(town, folder):
    _change(folder, "添丁", "添小宝宝")
    assert _load(folder).changed == [CODE]
    assert ProcedureVersion.objects.filter(code=CODE).count() == 1
    assert "添小宝宝" in shelf().offers[CODE].card.promise.zh_Hans


def test_going_back_to_an_earlier_text_is_a_version_of_its_own(town, folder):
    original = (folder / "items" / f"{CODE}.yaml").read_text("utf-8")
    _change(folder, "添丁", "添小宝宝")
    _load(folder)
    (folder / "items" / f"{CODE}.yaml").write_text(original, "utf-8")
    _load(folder)
    item = ServiceItem.objects.get(code=CODE)
    assert item.current.number == 3


def test_an_absent_file_retires_the_item_and_it_comes_back(town, folder, client):
    path = folder / "items" / f"{CODE}.yaml"
    text = path.read_text("utf-8")
    path.unlink()
    assert _load(folder).retired == [CODE]
    assert _load(folder).retired == []
    assert shelf().offer(CODE) is None
    gone = client.get(reverse("catalogue:service_page", args=[CODE]))
    assert gone.status_code == 410
    assert "12351" in gone.content.decode()
    path.write_text(text, "utf-8")
    loaded = _load(folder)
    assert loaded.unchanged == sorted(loaded.unchanged)
    assert shelf().offer(CODE) is not None


def test_a_draft_moves_to_the_new_version_with_all_that_still_fits(town, folder):
    actor = town.actor("lin")
    draft = begun(actor, CODE)
    draft_keep(
        actor=actor, draft_id=draft.pk, typed={"words": "周末在家", "happened_on": "2026-11-01"}
    )
    shown = offer_of(CODE).version_id
    _change(folder, "code: words, kind", "code: remark, kind")
    _load(folder)
    held = draft_of(actor, draft.pk)
    assert held is not None
    found = opened(held)
    assert found.is_stale
    assert found.answers["happened_on"] == "2026-11-01"
    assert "words" not in found.answers
    with pytest.raises(StaleError):
        draft_send(actor=actor, draft_id=draft.pk, version_id=shown)
    filled(actor, draft)
    draft_send(actor=actor, draft_id=draft.pk, version_id=offer_of(CODE).version_id)
    assert Dossier.objects.get().version.version == 2


def test_a_draft_of_a_retired_item_is_told_so(town, folder, lin):
    draft = begun(town.actor("lin"), CODE)
    (folder / "items" / f"{CODE}.yaml").unlink()
    _load(folder)
    with pytest.raises(RefusedError):
        draft_keep(actor=town.actor("lin"), draft_id=draft.pk, typed={})
    assert lin.get(reverse("catalogue:apply_known", args=[draft.pk])).status_code == 410
    assert lin.post(reverse("catalogue:apply_missing", args=[draft.pk]), {}).status_code == 410
    assert lin.get(reverse("catalogue:apply_start", args=[CODE])).status_code == 410


def test_only_the_operators_command_loads(town, folder):
    with pytest.raises(ForbiddenError):
        catalogue_load(actor=town.actor("he"), path=folder)


def test_a_loading_is_written_down(town, folder):
    _change(folder, "添丁", "添小宝宝")
    _load(folder)
    row = AuditRow.objects.filter(action="catalogue.loaded").latest("pk")
    assert row.detail["changed"] == [CODE]


def test_the_command_tells_what_changed(town, folder):
    _change(folder, "添丁", "添小宝宝")
    said = StringIO()
    call_command("catalogue_load", folder, stdout=said)
    assert f"changed: {CODE}" in said.getvalue()
    assert f"{len(CODES) - 1} unchanged" in said.getvalue()
    with pytest.raises(SystemExit):
        call_command("catalogue_load", folder / "items", stdout=said, stderr=StringIO())


def test_a_moved_door_is_seen_at_once(town, folder):
    assert shelf().doors[0].code == "trouble"
    path = folder / "categories.yaml"
    parts = path.read_text("utf-8").split("- code: ")
    path.write_text("- code: ".join([parts[0], parts[2], parts[1], *parts[3:]]), "utf-8")
    _load(folder)
    assert shelf().doors[0].code == "heart"
