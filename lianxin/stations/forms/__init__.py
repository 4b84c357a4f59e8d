"""What people say of stations: passers-by, and keepers."""

from __future__ import annotations

from lianxin.stations.forms.editing import (
    DaysForm,
    HoursForm,
    KeeperForm,
    NewStationForm,
    StationForm,
)
from lianxin.stations.forms.importing import ImportForm
from lianxin.stations.forms.keeping import AnswerForm, KioskForm, ShutForm
from lianxin.stations.forms.telling import MoreForm

__all__ = [
    "AnswerForm",
    "DaysForm",
    "HoursForm",
    "ImportForm",
    "KeeperForm",
    "KioskForm",
    "MoreForm",
    "NewStationForm",
    "ShutForm",
    "StationForm",
]
