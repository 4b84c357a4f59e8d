"""Why a place was not given, in a sentence."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.allocation.models import Pool
from lianxin.allocation.rules.claims import Fault
from lianxin.allocation.selectors.showing import phase_of, sentence_of


def fault_words(fault: Fault | None, pool: Pool, *, is_for_other: bool = False) -> str:
    """Say why, and what to do; `is_for_other`: to an officer who asked for somebody."""
    match fault:
        case Fault.SIZE:
            return ngettext(
                "Only %(count)d place can be taken at once.",
                "At most %(count)d places can be taken at once.",
                pool.most,
            ) % {"count": pool.most}
        case Fault.SEAT:
            return _("Somebody was faster with this seat. Please choose another one.")
        case Fault.FAMILY:
            return _("This family has a place already.") if is_for_other else _("Your family has a place already.")  # fmt: skip
        case Fault.FULL:
            pool.refresh_from_db(fields=["taken", "waiting"])
            return _("There are not enough places left for all of you. %(more)s") % {
                "more": sentence_of(pool, phase_of(pool))
            }
    return sentence_of(pool, phase_of(pool))
