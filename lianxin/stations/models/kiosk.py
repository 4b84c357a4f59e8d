"""A screen that stands in a station, and the code that brought it there."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models

from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.stations.models.station import Station

CODE_LIFE = dt.timedelta(minutes=15)


class StationKiosk(models.Model):
    """A kiosk of a station (自助终端): asked for at the desk with a code, paired by typing it once.

    Kept of it: what its keeper calls it, and the day it was last seen. The key lies on the device
    alone; here is its digest. Who asked for it or took it away stands in the trail.
    """

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="kiosks")
    label = models.CharField(max_length=40, help_text="where in the station it stands")
    form_key = models.CharField(max_length=64, help_text="a second sending asks for no second code")
    code = models.CharField(
        max_length=12, blank=True, default="", help_text="empty once it is paired"
    )
    code_until = models.DateTimeField()
    key_digest = models.CharField(max_length=64, blank=True, default="")
    paired_on = models.DateField(null=True, blank=True)
    seen_on = models.DateField(null=True, blank=True, help_text="the day, never the hour")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["station", "form_key"], name="stations_kiosk_once"),
            models.UniqueConstraint(
                fields=["code"], condition=~models.Q(code=""), name="stations_kiosk_code"
            ),
            models.UniqueConstraint(
                fields=["key_digest"], condition=~models.Q(key_digest=""), name="stations_kiosk_key"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.label}"

    @property
    def is_paired(self) -> bool:
        """Say whether a screen has typed its code."""
        return bool(self.key_digest)
