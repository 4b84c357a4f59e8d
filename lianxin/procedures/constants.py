"""The sentences of procedures that more than one room needs."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OBJECTION_WORKDAYS = 15
REPAIR_WORKDAYS = 15
ANSWER_WORKDAYS = 5  # after these we remind the person of what we asked
SIGNATURE = "signature"  # the paper a person signed instead of typing a code
SIGNED = (
    "dossier.signed"  # what the photo of it belongs to: opened by fewer people than other papers
)
CONFIRM_PAPER_DAYS = 14  # so long it waits for a signature where there is no phone
CONFIRM_HOURS = 72
CONFIRM_TRIES = 5
CONFIRM_RESENDS_A_DAY = 5
CONFIRM_RESEND_SECONDS = 60
MEETING_GAP_MINUTES = 60

NOBODY_MAY = _(
    "Nobody in this system may handle this case, because all of it would be party to it. Please call "
    "the union hotline 12351: they pass it on outside."
)

REFUSALS: dict[str, str | Promise] = {
    "closed": _("This case is closed, so nothing was changed."),
    "nothing_asked": _("Nothing is being asked of you right now, so there is nothing to answer."),
    "still_running": _("This case is still running. You can do this once it is closed."),
    "confirm_first": _("The person has not confirmed this application yet. It starts when they do."),
    "already_confirmed": _("This application is already confirmed."),
    "waiting": _("We asked the person for one more thing. The case goes on when they answer."),
    "taken": _("A colleague has taken this case. Ask them to hand it over to you."),
    "not_yours": _("You cannot do this with this case."),
    "already_decided": _("The decision has been made with what you sent, so it cannot be changed any more. You can still object, or call your union."),
    "money_moving": _("The payment is already on its way, so this is no longer possible."),
    "nothing_refused": _("There is no refusal to object to."),
    "already_objected": _("You have already objected once. The answer you got is the last one here."),
    "too_late_to_object": _("The time to object has passed. Please call your union, they will help you further."),
    "withdrawn_stays": _("The person withdrew this case. They can apply again at any time."),
    "no_rating_here": _("This case is not rated."),
    "already_rated": _("You have already rated this case. Thank you."),
    "no_repair": _("There is nothing to put right here."),
    "stale": _("Something changed here while you were reading. Please look again; nothing you wrote is lost."),
    "reason_missing": _("Please give the reason in a sentence or two: the person will read it."),
    "words_missing": _("Please write a sentence or two, so that we understand."),
    "gone": _("This case was disposed of after its time. Only the fact that it existed is kept."),
}  # fmt: skip

BANK_FAULTS: dict[str, str | Promise] = {
    "encoding": _("We cannot read the letters of this file. Please save it as CSV or as a workbook."),
    "empty": _("This file is empty."),
    "unreadable": _("This file is damaged. Please fetch it from the bank once more."),
    "no_header": _("We found no row with the columns 付款编号 and 状态 in this file."),
    "too_long": _("This file is too long. Please split it."),
}  # fmt: skip
BANK_PROBLEMS: dict[str, str | Promise] = {
    "unknown_number": _("No payment of ours has this number."),
    "unclear_state": _("The bank's word for the result is not known here."),
    "wrong_amount": _("The amount differs from ours."),
    "never_sent": _("This payment was in no batch, so the bank cannot have it."),
    "cancelled": _("This payment was cancelled with its case."),
    "was_returned": _("This payment came back before; a new one has taken its place."),
    "own": _("This is your own payment, so a colleague reads this file in once more."),
    "gone_on": _("The case has gone on since it was paid. Please call the person."),
}  # fmt: skip
FIXED = _(
    "This says which union handles the case, so it stays as it was sent. Withdraw it and apply anew to choose another."
)
FINAL = _("This stays as it was sent. Withdraw it and apply anew if it should be another.")
