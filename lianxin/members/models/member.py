"""The roll: who is a member, under her real name."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lianxin.kit import clock
from lianxin.members.models.keys import uuid_key
from lianxin.vault.api import IndexField, SealedField, reveal


class Member(models.Model):
    """A worker on the union's roll, under her real name (实名制会员)."""

    class State(models.TextChoices):
        IN_FORCE = "in_force"
        RETAINED = "retained"
        LEFT = "left"
        ENDED = "ended"

    id = uuid_key()
    account = models.OneToOneField(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )  # found by `members_by_name`
    # Codes of the unions above, copied: a list "everybody below, by name" reads one index.
    city_code = models.CharField(max_length=32, blank=True, default="")
    district_code = models.CharField(max_length=32, blank=True, default="")
    street_code = models.CharField(max_length=32, blank=True, default="")
    name = models.CharField(max_length=64)
    sort_key = models.CharField(max_length=96, blank=True, default="", help_text="name in pinyin")
    id_kind = models.CharField(max_length=16, default="resident")
    id_number = SealedField()
    id_index = IndexField(purposes=("id_number",), blank=True, default="")
    phone = SealedField()
    phone_index = IndexField(purposes=("phone",), blank=True, default="")
    tail_index = IndexField(
        purposes=("phone_tail",), is_shared=True, max_length=24, blank=True, default="",
        help_text="keyed digest of the last four digits",
    )  # fmt: skip
    sex = models.CharField(max_length=1, blank=True, default="0", help_text="GB/T 2261.1")
    birth_on = models.DateField(null=True, blank=True)
    employer_name = models.CharField(max_length=120, blank=True, default="")
    industry = models.CharField(
        max_length=1, blank=True, default="", help_text="section of GB/T 4754 of her employer"
    )
    employment_form = models.CharField(max_length=24, blank=True, default="")
    occupation = models.CharField(max_length=64, blank=True, default="")
    skill_level = models.CharField(max_length=24, blank=True, default="")
    joined_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.IN_FORCE)
    source = models.CharField(max_length=64, blank=True, default="")
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        help_text="the entry that was found to be the same person",
    )  # fmt: skip
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["id_index"],
                condition=models.Q(state="in_force") & ~models.Q(id_index=""),
                name="members_one_membership_in_force",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "sort_key", "id"], name="members_by_name"),
            models.Index(fields=["street_code", "sort_key", "id"], name="members_by_street"),
            models.Index(fields=["district_code", "sort_key", "id"], name="members_by_district"),
            models.Index(fields=["city_code", "sort_key", "id"], name="members_by_city"),
            # The whole federation by name, and what a roll has changed, in the order of the changes.
            models.Index(fields=["sort_key", "id"], name="members_of_all"),
            models.Index(fields=["updated_at", "id"], name="members_by_change"),
            # Also for whoever is not in force: the constraint above only knows those who are.
            models.Index(fields=["id_index"], name="members_by_number"),
            models.Index(fields=["phone_index"], name="members_by_phone"),
            models.Index(fields=["tail_index", "sort_key", "id"], name="members_by_tail"),
            models.Index(
                fields=["city_code", "industry", "sort_key", "id"], name="members_by_industry"
            ),
            models.Index(
                fields=["district_code", "industry", "sort_key", "id"], name="members_by_industry2"
            ),
            models.Index(
                fields=["city_code", "employment_form", "sort_key", "id"], name="members_by_form"
            ),
            models.Index(
                fields=["state", "sort_key", "id"],
                name="members_not_in_force",
                condition=~models.Q(state="in_force"),
            ),
            models.Index(
                fields=["district_code", "state", "sort_key", "id"],
                name="members_not_in_force2",
                condition=~models.Q(state="in_force"),
            ),
            models.Index(
                fields=["name"], name="members_by_written", opclasses=["varchar_pattern_ops"]
            ),
            # Those one officer put there, the latest: few, whatever else the roll holds.
            models.Index(
                fields=["created_at", "id"],
                name="members_entered",
                condition=models.Q(source="officer"),
            ),
            models.Index(
                fields=["merged_into"],
                name="members_merged",
                condition=models.Q(merged_into__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def phone_tail(self) -> str:
        """Return the last four digits of her phone, as lists show them; nobody sees the rest."""
        return reveal(self, "phone")[-4:]
