"""A dossier, the version it runs on, what was answered, and its timeline."""

from __future__ import annotations

import uuid
from functools import lru_cache
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.kit.text import Bilingual
from lianxin.procedures.rules.definition import Confidentiality, Definition, Step, parse
from lianxin.procedures.rules.machine import Outcome, State
from lianxin.vault.api import SealedField


def uuid_key() -> models.UUIDField[uuid.UUID, uuid.UUID]:
    return models.UUIDField(primary_key=True, default=new_id, editable=False)


@lru_cache(maxsize=256)
def _parsed(_digest: str, body: str) -> Definition:
    return parse(body)


class ProcedureVersion(models.Model):
    """One version of one procedure, kept word for word (办理流程的一个版本)."""

    id = uuid_key()
    code = models.CharField(max_length=64, help_text="code of the service item")
    version = models.PositiveIntegerField()
    name_en = models.CharField(max_length=120)
    name_zh_hans = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the body and the name")
    body = models.TextField(help_text="the definition as JSON")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "version"], name="procedures_one_version"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    @property
    def name(self) -> Bilingual:
        return Bilingual(en=self.name_en, zh_Hans=self.name_zh_hans)

    @property
    def definition(self) -> Definition:
        return _parsed(self.digest, self.body)


class DossierQuerySet(models.QuerySet["Dossier"]):
    def running(self) -> DossierQuerySet:
        return self.exclude(state=State.CLOSED)


class Dossier(models.Model):
    """One run of a procedure for one person, family, team or organisation (办件).

    It stays on the version it began with. `state` says whose turn it is, `outcome` how it ended.
    All writes go through one locked transition (`services.moves.transition`), each adds one
    `Entry`, and `seq` is the number of the last one: a page shows it, and a stale page is refused.
    """

    id = uuid_key()
    number = models.CharField(max_length=32, unique=True)
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="+")
    applicant = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+",
        help_text="empty once the dossier is disposed of",
    )  # fmt: skip
    applicant_name = models.CharField(max_length=64, blank=True, default="")
    subject_kind = models.CharField(max_length=24, default="member")
    subject_id = models.UUIDField(null=True)
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+", help_text="where it began"
    )
    respondent = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="the organisation complained of",
    )  # fmt: skip
    confidentiality = models.CharField(
        max_length=12, choices=[(c.value, c.value) for c in Confidentiality]
    )
    state = models.CharField(max_length=24, choices=[(s.value, s.value) for s in State])
    outcome = models.CharField(
        max_length=16, choices=[(o.value, o.value) for o in Outcome], blank=True, default=""
    )
    step_index = models.PositiveSmallIntegerField(default=0)
    seq = models.PositiveIntegerField(default=0, help_text="number of the last entry")
    key = models.CharField(
        max_length=64, help_text="of the submitting form: a repeat changes nothing"
    )
    helped_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    carried_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="the officer who acts for a person who signed on paper, until she signs in",
    )  # fmt: skip
    confirm_index = models.CharField(max_length=96, blank=True, default="")
    confirm_until = models.DateTimeField(null=True, blank=True)
    confirm_tries = models.PositiveSmallIntegerField(default=0)
    tier = models.CharField(max_length=32, blank=True, default="")
    amount_fen = models.PositiveBigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, help_text="of the running step")
    decided_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    objection_until = models.DateTimeField(null=True, blank=True)
    disposed_at = models.DateTimeField(null=True, blank=True)

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["applicant", "key"], name="procedures_one_dossier_a_key"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["applicant", "-created_at"], name="procedures_by_applicant"),
            models.Index(fields=["organisation", "state"], name="procedures_by_organisation"),
            models.Index(fields=["subject_kind", "subject_id"], name="procedures_by_subject"),
            models.Index(fields=["closed_at"], name="procedures_by_closing"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def definition(self) -> Definition:
        return self.version.definition

    @property
    def step(self) -> Step:
        """The running step; the last one once the route is done."""
        route = self.version.definition.route
        return route[min(self.step_index, len(route) - 1)]


class AnswerSet(models.Model):
    """What was answered, one revision; sensitive values are sealed to this row (填写内容)."""

    id = uuid_key()
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="answer_sets")
    revision = models.PositiveIntegerField()
    plain = models.JSONField(default=dict)
    sealed = models.JSONField(default=dict, help_text="field code → sealed token")
    sources = models.JSONField(default=dict, help_text="field code → where it was filled in from")
    changed = models.JSONField(
        default=list, help_text="codes of the fields that differ from before"
    )
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "revision"], name="procedures_one_revision"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} r{self.revision}"


class EvidencePaper(models.Model):
    """One paper handed in: which evidence it is, and the stored file (证明材料)."""

    id = uuid_key()
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="papers")
    code = models.CharField(max_length=48)
    file_id = models.UUIDField()
    added_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dossier", "file_id"], name="procedures_one_paper_a_file"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.code}"


class Entry(models.Model):
    """One line of a dossier's timeline; only ever added (办理记录)."""

    id = uuid_key()
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="entries")
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=24)
    at = models.DateTimeField(default=clock.now)
    actor = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, null=True, related_name="+",
        help_text="the organisation it was done for; empty when the person did it",
    )  # fmt: skip
    step_code = models.CharField(max_length=48, blank=True, default="")
    note = models.TextField(blank=True, default="")
    sealed_note = SealedField()
    data: models.JSONField[Any, Any] = models.JSONField(default=dict)
    key = models.CharField(max_length=96)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "seq"], name="procedures_one_entry_a_seq"),
            models.UniqueConstraint(fields=["dossier", "key"], name="procedures_one_entry_a_key"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} #{self.seq} {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RuntimeError("the timeline is only ever added to")
        super().save(*args, **kwargs)


class Recusal(models.Model):
    """A person who must not handle or see this dossier as an officer (回避).

    Written whenever a step finds its desk, so that lists and pages need to ask one table only.
    """

    class Reason(models.TextChoices):
        OWN = "own", "the case is about them"
        FAMILY = "family", "a declared relative of the person"
        WISH = "wish", "stepped back by themselves"
        DECIDED = "decided", "decided before, and the decision is objected to"
        CARRIES = "carries", "brought the page the person signed, or acts for her"

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="recusals")
    account = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=8, choices=Reason.choices)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "account"], name="procedures_one_recusal"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.account_id}"
