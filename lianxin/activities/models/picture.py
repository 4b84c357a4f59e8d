"""Pictures of activities in three sizes, made harmless before they are kept."""

from __future__ import annotations

from lianxin.files.api import AbstractPicture


class Picture(AbstractPicture):
    """A picture of an activity: its cover, one of an album."""
