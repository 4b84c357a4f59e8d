"""Policies as they stood, what was found for whom, and who does not want to be looked for."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models

from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.vault.api import SealedField


def _uuid_key() -> models.UUIDField[uuid.UUID, uuid.UUID]:
    return models.UUIDField(primary_key=True, default=new_id, editable=False)


class PolicyVersion(models.Model):
    """One version of a policy (政策版本) for one region, exactly as its file says; never changed."""

    id = _uuid_key()
    code = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    region = models.CharField(max_length=32)
    digest = models.CharField(max_length=64, help_text="of the content")
    content = models.JSONField()
    service = models.CharField(max_length=64, blank=True, default="")
    purpose = models.CharField(max_length=32)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    is_current = models.BooleanField(default=True, help_text="the newest version of its region")
    loaded_at = models.DateTimeField(default=clock.now, editable=False)
    loaded_by = models.UUIDField(null=True, blank=True, help_text="account; empty: the console")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code", "region", "version"], name="eligibility_one_text_a_version"
            ),
            models.UniqueConstraint(
                fields=["code", "region"],
                condition=models.Q(is_current=True),
                name="eligibility_one_current_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    @property
    def never_held(self) -> bool:
        """Whether it was ended before its first day; one ended on that day held for some hours."""
        return self.valid_until is not None and self.valid_until < self.valid_from - dt.timedelta(1)


class PolicyEnding(models.Model):
    """Somebody found a version wrong and asks to end it (停止执行): a second person does, at once."""

    id = _uuid_key()
    policy = models.OneToOneField(PolicyVersion, on_delete=models.CASCADE, related_name="ending")
    reason = models.TextField()
    asked_by = models.UUIDField(help_text="account")
    asked_at = models.DateTimeField(default=clock.now)
    ended_by = models.UUIDField(null=True, blank=True, help_text="account of the second person")
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.reason[:40]


class Outcome(models.Model):
    """A policy that fits a member, or would if one more thing were known (匹配结果).

    What does not fit, and what too much is unknown of, leaves no row.
    """

    class State(models.TextChoices):
        FITS = "fits"
        NEARLY = "nearly"

    id = _uuid_key()
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    policy = models.ForeignKey(PolicyVersion, on_delete=models.CASCADE, related_name="outcomes")
    state = models.CharField(max_length=8, choices=State.choices)
    condition = models.CharField(
        max_length=48, blank=True, default="", help_text="whose sentence says why"
    )
    missing = models.CharField(max_length=48, blank=True, default="", help_text="name of a fact")
    as_of = models.DateField()
    found_at = models.DateTimeField(default=clock.now)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "policy"], name="eligibility_one_outcome_a_policy"
            )
        ]

    def __str__(self) -> str:
        return self.state


class Telling(models.Model):
    """A policy was told to a member in a year (告知记录): kept also where it no longer fits."""

    id = _uuid_key()
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=64)
    year = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "code", "year"], name="eligibility_told_once_a_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.year}"


class Refusal(models.Model):
    """Somebody does not want to be looked for, for one kind of help (拒绝推荐)."""

    id = _uuid_key()
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=32)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "purpose"], name="eligibility_one_refusal_a_purpose"
            )
        ]

    def __str__(self) -> str:
        return self.purpose


class PolicyDraft(models.Model):
    """A version of a policy while people still write it and look at it together (政策草稿).

    `typed` is the policy file as far as it is written: what is wrong stays in it until it is
    mended. `revision` counts the saves, so that two who write at once notice each other.
    """

    class State(models.TextChoices):
        OPEN = "open"
        WAITING = "waiting", "waits for the second person"
        PUBLISHED = "published"
        DROPPED = "dropped"

    id = _uuid_key()
    code = models.CharField(max_length=64)
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+", help_text="its region"
    )
    base = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="the version it goes on from",
    )  # fmt: skip
    typed = models.JSONField(default=dict)
    reason = models.TextField(blank=True, default="", help_text="what changes and why, in words")
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    begun_by = models.UUIDField(null=True, blank=True, help_text="account")
    saved_by = models.UUIDField(null=True, blank=True, help_text="account")
    saved_at = models.DateTimeField(default=clock.now)
    writers = models.JSONField(default=list, help_text="accounts of all who wrote in it")
    submitted_by = models.UUIDField(null=True, blank=True, help_text="account")
    submitted_at = models.DateTimeField(null=True, blank=True)
    returned_words = models.TextField(blank=True, default="", help_text="what to mend")
    settled_by = models.UUIDField(null=True, blank=True, help_text="account of the second person")
    settled_at = models.DateTimeField(null=True, blank=True)
    published = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "-saved_at"], name="eligibility_draft_by_state")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"


class EffectRun(models.Model):
    """How many a draft would fit, and who gains and loses against what is in force (效果预览).

    Counts only, no names. `digest` says which text was counted, so that a later change shows.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"

    id = _uuid_key()
    draft = models.ForeignKey(PolicyDraft, on_delete=models.CASCADE, related_name="effects")
    digest = models.CharField(max_length=64)
    content = models.JSONField(help_text="the text that is counted")
    base = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    as_of = models.DateField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.RUNNING)
    position = models.UUIDField(null=True, blank=True, help_text="the last one looked at")
    seen = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    asked_by = models.UUIDField(null=True, blank=True, help_text="account")
    shown_to = models.JSONField(default=list, help_text="accounts that saw the finished counts")
    started_at = models.DateTimeField(default=clock.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["draft"],
                condition=models.Q(state="running"),
                name="eligibility_one_count_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return self.state


class Objection(models.Model):
    """Somebody says that a policy came out wrong for her (对匹配结果的异议); a person answers."""

    class State(models.TextChoices):
        OPEN = "open"
        UPHELD = "upheld"
        DISMISSED = "dismissed"

    id = _uuid_key()
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+", help_text="who answers"
    )
    outcome = models.CharField(max_length=8, help_text="what the rule had said")
    words = SealedField()
    answer = SealedField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    lodged_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.UUIDField(null=True, blank=True, help_text="account")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "policy"],
                condition=models.Q(state="open"),
                name="eligibility_one_open_objection",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="eligibility_objection_due")
        ]

    def __str__(self) -> str:
        return self.state


class MatchRun(models.Model):
    """One pass over everybody (全员匹配): whom it asked, on which day, how far it has come.

    A run belongs to one process at a time; one that gives no sign of life may be taken over.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"

    id = _uuid_key()
    codes = models.JSONField(default=list, help_text="policies asked for; empty: all")
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    as_of = models.DateField()
    policies = models.JSONField(default=list, help_text="ids of the versions, in order")
    state = models.CharField(max_length=12, choices=State.choices, default=State.RUNNING)
    worker = models.CharField(max_length=64, blank=True, default="")
    beat_at = models.DateTimeField(null=True, blank=True)
    partitions = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(default=clock.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.as_of} {self.state}"


class MatchPartition(models.Model):
    """The part of a run that covers one district: which facts of its people were exported, when.

    It is also what “who looked at my data” is told from: whoever belonged to the district then, and
    had agreed, was covered. `after` says up to whom outcomes are written.
    """

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    city_code = models.CharField(max_length=32, blank=True, default="")
    district_code = models.CharField(max_length=32, blank=True, default="")
    facts = models.JSONField(default=list, help_text="names of the members’ facts exported")
    after = models.UUIDField(null=True, blank=True)
    people = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    exported_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "number"], name="eligibility_one_part_a_number")
        ]
        indexes: ClassVar = [
            models.Index(fields=["district_code", "exported_at"], name="eligibility_parts_of_place")
        ]

    def __str__(self) -> str:
        return f"{self.city_code} {self.district_code}"


class MatchCount(models.Model):
    """How many people of a union and those below it each policy fits, small groups left out."""

    organisation = models.OneToOneField(
        "orgs.Organisation", on_delete=models.CASCADE, related_name="+"
    )
    counts = models.JSONField(default=dict, help_text="version: [fits, unknown], null is too few")
    people = models.PositiveIntegerField(null=True, blank=True, help_text="looked at")
    as_of = models.DateField()

    def __str__(self) -> str:
        return str(self.as_of)


class Proposal(models.Model):
    """Something a member need not apply for: her union may come by itself (免申即享).

    A machine proposes, she is told and may say no, a person decides what is done.
    """

    class State(models.TextChoices):
        OPEN = "open"
        WISHED = "wished", "she said yes"
        INVITED = "invited"
        BEGUN = "begun"
        REFUSED = "refused"

    id = _uuid_key()
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    condition = models.CharField(max_length=48, blank=True, default="")
    is_sensitive = models.BooleanField(default=False, help_text="rests on sealed facts")
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    shown_from = models.DateTimeField(help_text="when her union may see it")
    shown_to = models.JSONField(default=list, help_text="accounts whose look stands in the trail")
    acted_by = models.UUIDField(null=True, blank=True, help_text="account")
    answered_at = models.DateTimeField(null=True, blank=True)
    acted_at = models.DateTimeField(null=True, blank=True)
    dossier_id = models.UUIDField(null=True, blank=True, help_text="the case that was sent")
    is_own_case = models.BooleanField(default=True, help_text="she finds it among her cases")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "policy", "year"], name="eligibility_one_proposal_a_year"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "-created_at", "id"], name="eligibility_proposals")
        ]

    def __str__(self) -> str:
        return self.state
