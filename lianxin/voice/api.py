"""The door of voice."""

from __future__ import annotations

from lianxin.voice.models import Suggestion
from lianxin.voice.services import suggestion_answer, suggestion_send

__all__ = ["Suggestion", "suggestion_answer", "suggestion_send"]
