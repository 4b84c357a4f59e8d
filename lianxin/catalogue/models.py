"""Service items with their versions, dated parameters, and applications begun but not yet sent."""

from __future__ import annotations

import uuid
from functools import lru_cache
from typing import ClassVar

import msgspec
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxin.catalogue.rules.item import Card
from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.kit.text import Bilingual
from lianxin.vault.api import SealedField


def _uuid_key() -> models.UUIDField[uuid.UUID, uuid.UUID]:
    return models.UUIDField(primary_key=True, default=new_id, editable=False)


class Release(models.Model):
    """One loading that changed something (目录发布); the newest tells what is on the shelf now."""

    id = _uuid_key()
    loaded_at = models.DateTimeField(default=clock.now, editable=False, db_index=True)
    changes = models.JSONField(default=dict, help_text="codes added, changed, retired")

    def __str__(self) -> str:
        return f"{self.loaded_at:%Y-%m-%d %H:%M}"


class Category(models.Model):
    """A need of people: one door to the services (服务分类)."""

    code = models.CharField(max_length=32, primary_key=True)
    title_en = models.CharField(max_length=60)
    title_zh_hans = models.CharField(max_length=60)
    note_en = models.CharField(max_length=160)
    note_zh_hans = models.CharField(max_length=160)
    icon = models.CharField(max_length=40)
    tone = models.CharField(max_length=12)
    order = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("kind of need")

    def __str__(self) -> str:
        return self.code

    @property
    def title(self) -> Bilingual:
        return Bilingual(en=self.title_en, zh_Hans=self.title_zh_hans)

    @property
    def note(self) -> Bilingual:
        return Bilingual(en=self.note_en, zh_Hans=self.note_zh_hans)


class ServiceItem(models.Model):
    """A service of the union (服务事项); what it says is in its current version."""

    id = _uuid_key()
    code = models.CharField(max_length=64, unique=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="items")
    order = models.PositiveSmallIntegerField(default=100)
    current = models.ForeignKey(
        "ServiceVersion", on_delete=models.PROTECT, null=True, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("service")

    def __str__(self) -> str:
        return self.code


@lru_cache(maxsize=128)
def _card(_digest: str, body: str) -> Card:
    return msgspec.json.decode(body, type=Card)


class ServiceVersion(models.Model):
    """One version of an item, kept word for word, with the procedure it runs on (事项版本)."""

    id = _uuid_key()
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of card and procedure")
    body = models.TextField(help_text="the card as JSON")
    phrases = models.JSONField(default=list, help_text="what search reads: text, pinyin, initials")
    procedure = models.ForeignKey(
        "procedures.ProcedureVersion", on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "number"], name="catalogue_one_version"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} v{self.number}"

    @property
    def card(self) -> Card:
        return _card(self.digest, self.body)


class ParameterValue(models.Model):
    """A dated, regional amount services count with (参数); fen."""

    name = models.CharField(max_length=64)
    region = models.CharField(max_length=32, help_text="code of a union: it and all below")
    starts_on = models.DateField()
    fen = models.PositiveBigIntegerField()
    reference_en = models.CharField(max_length=200)
    reference_zh_hans = models.CharField(max_length=200)
    link = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name", "region", "starts_on"], name="catalogue_one_value_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.region} {self.starts_on}"


class Draft(models.Model):
    """An application begun and not yet sent (草稿): sealed, kept on the server, survives sign-out.

    Written by its `account` for herself, with somebody else (`is_helped`, she confirms by code), or
    for somebody put forward. `key` makes a second sending the same dossier.
    """

    id = _uuid_key()
    account = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        "members.Member", on_delete=models.CASCADE, null=True, blank=True, related_name="+",
        help_text="the member it is for, if she is not the writer",
    )  # fmt: skip
    is_helped = models.BooleanField(default=False)
    answers = SealedField(help_text="answers as JSON, by code of field")
    sources = models.JSONField(default=dict, help_text="code of field → where it was known from")
    papers = models.JSONField(default=dict, help_text="code of evidence → ids of files")
    guardian_name = SealedField()
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    dossier_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "item"],
                condition=models.Q(sent_at=None, person=None),
                name="catalogue_one_own_draft",
            ),
            models.UniqueConstraint(
                fields=["account", "item", "person"],
                condition=models.Q(sent_at=None),
                name="catalogue_one_draft_a_person",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["updated_at"], name="catalogue_draft_by_age"),
            models.Index(fields=["dossier_id"], name="catalogue_draft_by_dossier"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.pk}"
