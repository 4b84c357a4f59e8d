"""What members and officers type."""

from __future__ import annotations

from lianxin.members.forms.entering import CarryForm, NewcomerForm
from lianxin.members.forms.lists import (
    ColumnsForm,
    ExportForm,
    FilterForm,
    ImportForm,
    MissingForm,
)
from lianxin.members.forms.people import (
    OPENING_PURPOSES,
    CardForm,
    ConsentForm,
    FactForm,
    LeaveForm,
    LinkForm,
    MemberForm,
    MembershipForm,
    OpenForm,
    RelativeForm,
)

__all__ = [
    "OPENING_PURPOSES", "CardForm", "CarryForm", "ColumnsForm", "ConsentForm", "ExportForm", "FactForm", "FilterForm", "ImportForm",
    "LeaveForm", "LinkForm", "MemberForm", "MembershipForm", "MissingForm", "NewcomerForm", "OpenForm",
    "RelativeForm",
]  # fmt: skip
