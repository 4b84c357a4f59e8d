"""The private calendar address of a person."""

from __future__ import annotations

from django.db import models

from lianxin.kit import clock


class CalendarLink(models.Model):
    """An address under which her own calendar asks for what she signed up for (私人日历地址).

    The address itself is kept nowhere: of its token there is a digest. `number` counts how often it
    was made, so that an old form sent again never brings an old address back.
    """

    account = models.OneToOneField(
        "accounts.User", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    number = models.PositiveIntegerField(default=0)
    key = models.CharField(
        max_length=64, blank=True, default="", help_text="of the form that made it last"
    )
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.account_id}"
