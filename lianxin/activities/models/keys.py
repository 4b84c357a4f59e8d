"""The keys and columns rows of this app share."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from lianxin.kit.ids import new_id


def uuid_key() -> models.UUIDField[uuid.UUID, uuid.UUID]:
    """Return a primary key made before the row exists."""
    return models.UUIDField(primary_key=True, default=new_id, editable=False)


def degrees(most: int) -> models.DecimalField[Decimal | None, Decimal | None]:
    """Return a column of degrees in WGS-84, the datum of phones and of `geo:` links; empty: unknown."""
    return models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-most), MaxValueValidator(most)],
    )
