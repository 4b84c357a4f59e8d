"""Pictures in three sizes, made harmless before they are kept."""

from __future__ import annotations

from django.db import models

from lianxin.activities.models.keys import uuid_key
from lianxin.kit import clock


class Picture(models.Model):
    """A picture as pages show it (图片): a large one, one for a page, one for a list.

    What it shows stands in `alt`, for those who cannot see it. It holds nothing but pixels: the
    files app paints every picture anew.
    """

    class Size(models.TextChoices):
        LARGE = "large"
        MEDIUM = "medium"
        SMALL = "small"

    id = uuid_key()
    alt = models.CharField(max_length=120)
    width = models.PositiveIntegerField(help_text="of the medium size, in pixels")
    height = models.PositiveIntegerField()
    large = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    medium = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    small = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return self.alt
