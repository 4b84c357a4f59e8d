"""What people say of stations: passers-by, and keepers."""

from __future__ import annotations

from lianxin.stations.forms.keeping import AnswerForm, ShutForm
from lianxin.stations.forms.telling import MoreForm

__all__ = ["AnswerForm", "MoreForm", "ShutForm"]
