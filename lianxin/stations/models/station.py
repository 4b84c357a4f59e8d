"""A station: where it is, what is there, when it is meant to be open, who keeps it."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models

from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.kit.pinyin import LONGEST, spelled
from lianxin.stations.rules.hours import (
    Shut,
    Spans,
    Special,
    is_always_open,
    spans_unpacked,
    week_read,
)
from lianxin.stations.rules.places import Point


class Station(models.Model):
    """A place where anybody who works outdoors may rest, drink, charge, warm up (工会驿站、服务站点).

    Its position is WGS-84 in millionths of a degree; empty where nobody has measured it yet. The
    hours stand in the row: they are read and written as one, and a list of a thousand stations
    needs no second question for them. `changed_at` moves with everything the public page shows, so
    that copies elsewhere know when they are old.
    """

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    code = models.CharField(max_length=32, unique=True, help_text="stands on its door sign")
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=80)
    sort_key = models.CharField(max_length=96, blank=True, default="", help_text="name in pinyin")
    kind = models.CharField(max_length=16, default="station", help_text="a code of data/codes.yaml")
    address = models.CharField(max_length=200, blank=True, default="")
    division_code = models.CharField(max_length=12, help_text="GB/T 2260, 6 digits or more")
    district_code = models.CharField(max_length=6, help_text="first six of the division code")
    district_name = models.CharField(max_length=40)
    street_name = models.CharField(max_length=40, blank=True, default="")
    latitude_e6 = models.IntegerField(null=True, blank=True, help_text="WGS-84, millionths")
    longitude_e6 = models.IntegerField(null=True, blank=True, help_text="WGS-84, millionths")
    phone = models.CharField(max_length=32, blank=True, default="")
    door = models.CharField(
        max_length=200, blank=True, default="", help_text="whom to ask there, which door to take"
    )
    week = models.JSONField(default=dict, blank=True, help_text="rules.hours.week_packed")
    is_always_open = models.BooleanField(default=False, help_text="follows from the week")
    facilities = models.JSONField(default=list, blank=True, help_text="codes of data/codes.yaml")
    opened_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True, help_text="given up for good")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(latitude_e6=None, longitude_e6=None)
                | models.Q(
                    latitude_e6__gte=-90_000_000,
                    latitude_e6__lte=90_000_000,
                    longitude_e6__gte=-180_000_000,
                    longitude_e6__lte=180_000_000,
                ),
                name="stations_position_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["district_code", "street_name", "sort_key", "id"], name="stations_by_place"
            ),
            models.Index(fields=["sort_key", "id"], name="stations_by_name"),
            models.Index(fields=["changed_at"], name="stations_by_change"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        # One place keeps what follows from other columns true to them, whoever writes the row.
        self.sort_key = spelled(self.name)[:LONGEST]
        self.district_code = self.division_code[:6]
        self.is_always_open = is_always_open(self.hours)
        fields = kwargs.get("update_fields")
        if fields is not None:
            kwargs["update_fields"] = {*fields, "sort_key", "district_code", "is_always_open"}
        super().save(*args, **kwargs)

    @property
    def hours(self) -> dict[str, Spans]:
        """Return the week as the rules read it."""
        return week_read(self.week)

    @property
    def point(self) -> Point | None:
        """Return the position, or None where nobody has measured it."""
        if self.latitude_e6 is None or self.longitude_e6 is None:
            return None
        return Point.of_e6(self.latitude_e6, self.longitude_e6)


class SpecialDays(models.Model):
    """Other hours on certain days, or none: Spring Festival, a heat wave (特殊日期)."""

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="special_days")
    first_on = models.DateField()
    last_on = models.DateField()
    spans = models.JSONField(default=list, blank=True, help_text="empty: closed")
    reason = models.CharField(max_length=24, help_text="a code of data/codes.yaml")
    words = models.CharField(max_length=200, blank=True, default="")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(first_on__lte=models.F("last_on")),
                name="stations_days_in_order",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["last_on"], name="stations_days_to_come")]

    def __str__(self) -> str:
        return f"{self.first_on}–{self.last_on}"

    @property
    def rule(self) -> Special:
        """Return the days as the rules read them."""
        return Special(
            self.first_on,
            self.last_on,
            spans_unpacked(self.spans),
            made=int(self.made_at.timestamp() * 1000),
            reason=self.reason,
            words=self.words,
        )


class Shutting(models.Model):
    """A keeper closed a station for a while, until a moment or until she opens it (临时关闭)."""

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="shuttings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=24, help_text="a code of data/codes.yaml")
    words = models.CharField(max_length=200, blank=True, default="")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["station", "starts_at"], name="stations_shut_when")
        ]

    def __str__(self) -> str:
        return f"{self.starts_at} {self.reason}"

    @property
    def rule(self) -> Shut:
        """Return the closure as the rules read it."""
        return Shut(self.starts_at, self.ends_at, self.reason, self.words)


class Keeping(models.Model):
    """Who looks after one station, of all who may look after those of its union (驿站管理员).

    It gives no right: the right comes with a post. It says whom to call.
    """

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="keepings")
    account = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    since_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["station", "account"], name="stations_keeper_once")
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.account_id}"
