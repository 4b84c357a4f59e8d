"""Writes of the catalogue: loading it, drafts, sending, what is learned and granted."""

from __future__ import annotations

from lianxin.catalogue.services.carrying import (
    Admission,
    joining_check,
    joining_follow,
    transfer_check,
    transfer_follow_case,
)
from lianxin.catalogue.services.correcting import (
    correction_check,
    correction_follow,
    correction_send,
)
from lianxin.catalogue.services.drafts import (
    draft_begin,
    draft_drop,
    draft_file_drop,
    draft_keep,
    drafts_merge,
    drafts_purge,
    person_erase,
    person_export,
)
from lianxin.catalogue.services.drawn import (
    DrawStep,
    case_closed,
    case_follow,
    case_join,
    follow_later,
    round_announced,
    round_follow,
    round_gather,
    round_words,
)
from lianxin.catalogue.services.founding import founding_check, founding_follow
from lianxin.catalogue.services.helping import begun_let_go, consents_signed
from lianxin.catalogue.services.loading import CatalogueError, Loaded, catalogue_load
from lianxin.catalogue.services.places import PlacesGiven, places_open
from lianxin.catalogue.services.remembering import grants_write, proposed_follow, told_remember
from lianxin.catalogue.services.sending import draft_send
from lianxin.catalogue.services.staying import (
    stay_begin,
    stay_check,
    stay_follow,
    stay_gone,
    stay_keep_on,
)

__all__ = [
    "Admission",
    "CatalogueError",
    "DrawStep",
    "Loaded",
    "PlacesGiven",
    "begun_let_go",
    "case_closed",
    "case_follow",
    "case_join",
    "catalogue_load",
    "consents_signed",
    "correction_check",
    "correction_follow",
    "correction_send",
    "draft_begin",
    "draft_drop",
    "draft_file_drop",
    "draft_keep",
    "draft_send",
    "drafts_merge",
    "drafts_purge",
    "follow_later",
    "founding_check",
    "founding_follow",
    "grants_write",
    "joining_check",
    "joining_follow",
    "person_erase",
    "person_export",
    "places_open",
    "proposed_follow",
    "round_announced",
    "round_follow",
    "round_gather",
    "round_words",
    "stay_begin",
    "stay_check",
    "stay_follow",
    "stay_gone",
    "stay_keep_on",
    "told_remember",
    "transfer_check",
    "transfer_follow_case",
]  # fmt: skip
