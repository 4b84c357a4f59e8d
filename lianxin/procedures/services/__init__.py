"""The writes of procedures."""

from __future__ import annotations

from lianxin.procedures.services.answering import AnswersError, Checked, answers_check
from lianxin.procedures.services.asking import (
    answer_remind,
    dossier_ask,
    dossier_close,
    dossier_reopen,
)
from lianxin.procedures.services.confirming import (
    confirm_code_resend,
    confirm_lapse,
    dossier_carry,
    dossier_confirm,
    dossier_confirm_paper,
)
from lianxin.procedures.services.deciding import dossier_refuse, step_approve
from lianxin.procedures.services.desks import (
    dossier_escalate,
    dossier_refer,
    task_hand_over,
    task_recuse,
    task_take,
)
from lianxin.procedures.services.disposing import dossier_dispose, dossiers_dispose
from lianxin.procedures.services.lateness import step_late, tasks_reseat, tasks_reseat_unstaffed
from lianxin.procedures.services.meeting import Meeting
from lianxin.procedures.services.noticing import notice_objected, notice_over
from lianxin.procedures.services.opening import answers_open, findings_open
from lianxin.procedures.services.paying import (
    account_ask,
    batch_create,
    batch_export,
    payment_account_correct,
)
from lianxin.procedures.services.person import (
    dossier_amend,
    dossier_answer,
    dossier_object,
    dossier_rate,
    dossier_withdraw,
    repair_done,
)
from lianxin.procedures.services.prolonging import step_prolong
from lianxin.procedures.services.reconciling import (
    Problem,
    ReturnResult,
    bank_return_read,
    payment_record,
    payment_return,
)
from lianxin.procedures.services.submitting import dossier_submit, version_save

__all__ = [
    "AnswersError", "Checked", "Meeting", "Problem", "ReturnResult", "account_ask",
    "answer_remind", "answers_check", "answers_open", "bank_return_read", "batch_create", "batch_export",
    "confirm_code_resend", "confirm_lapse", "dossier_amend", "dossier_answer", "dossier_ask", "dossier_carry",
    "dossier_close", "dossier_confirm", "dossier_confirm_paper", "dossier_dispose", "dossier_escalate", "dossier_object",
    "dossier_rate", "dossier_refer", "dossier_refuse", "dossier_reopen", "dossier_submit",
    "dossier_withdraw", "dossiers_dispose", "findings_open", "notice_objected", "notice_over",
    "payment_account_correct", "payment_record", "payment_return", "repair_done", "step_approve",
    "step_late", "step_prolong", "task_hand_over", "task_recuse", "task_take", "tasks_reseat",
    "tasks_reseat_unstaffed", "version_save",
]  # fmt: skip
