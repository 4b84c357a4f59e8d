"""What people told of a station, and what its keeper did about it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.stations.models.station import Station
from lianxin.vault.api import IndexField, SealedField


class Trouble(models.Model):
    """One thing that is wrong at a station, from the first report to the keeper's answer (报修单).

    Reports of the same kind join the open one. Its clock runs in working hours; when it runs out
    the level above is told, and `level` counts how many levels have been.
    """

    class State(models.TextChoices):
        OPEN = "open"
        ANSWERED = "answered"

    class Found(models.TextChoices):
        """What the keeper met when she looked."""

        SO = "so"  # it was as reported
        NOT_SO = "not_so"  # it was not: the station was open, the water ran
        PARTLY = "partly"

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="troubles")
    kind = models.CharField(max_length=16, help_text="a code of data/codes.yaml")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    reports = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    level = models.PositiveSmallIntegerField(default=0, help_text="levels above that were told")
    found = models.CharField(max_length=8, choices=Found.choices, blank=True, default="")
    answer = models.CharField(
        max_length=400, blank=True, default="", help_text="public: what was found and done"
    )
    is_open_now = models.BooleanField(default=False, help_text="the keeper's word that it is open")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["station", "kind"],
                condition=models.Q(state="open"),
                name="stations_one_open_trouble",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at", "id"], name="stations_clocks"),
            models.Index(fields=["station", "first_at"], name="stations_troubles_of"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.station_id} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class StationReport(models.Model):
    """One word of somebody who was there (反映). Never who: no account, no address, no position.

    `teller_index` tells browsers apart at one station on one day and nowhere else: it is a keyed
    digest of a number the browser throws away at midnight. What was written is sealed; only a
    keeper opens it, and the page shows it to nobody else.
    """

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    trouble = models.ForeignKey(Trouble, on_delete=models.CASCADE, related_name="told")
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)
    is_closing = models.BooleanField(
        help_text="counts for open or closed: it should have been open"
    )
    is_keeper = models.BooleanField(default=False)
    is_faint = models.BooleanField(
        default=False, help_text="one of very many from one network: raises a doubt, closes nothing"
    )
    teller_index = IndexField(purposes=("station_teller",))
    key_index = models.CharField(
        max_length=96, unique=True, help_text="makes a second sending harmless"
    )
    words = SealedField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["at"], condition=models.Q(is_closing=True), name="stations_met"),
            models.Index(fields=["station", "at"], name="stations_told_when"),
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.at:%Y-%m-%d %H:%M}"
