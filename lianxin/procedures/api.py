"""The door of procedures."""

from __future__ import annotations

from lianxin.procedures.fields import AnswersForm, RowsWidget, form_field
from lianxin.procedures.models import (
    Appointment,
    Dossier,
    Objection,
    Payment,
    PaymentBatch,
    ProcedureVersion,
    Rating,
    Repair,
    Task,
)
from lianxin.procedures.policies import may_act, may_carry, may_view, visible_to
from lianxin.procedures.rules.answers import collect
from lianxin.procedures.rules.check import faults_of
from lianxin.procedures.rules.definition import (
    Choice,
    Confidentiality,
    Definition,
    Evidence,
    Field,
    FieldKind,
    Gives,
    GivesKind,
    Routing,
    Step,
    StepKind,
    dump,
    parse,
)
from lianxin.procedures.rules.income import IncomeLine, IncomeSheet
from lianxin.procedures.rules.machine import Outcome, State, Verb
from lianxin.procedures.rules.routing import is_as_high
from lianxin.procedures.selectors import (
    Bundle,
    Queue,
    QueueRow,
    dossier_bundle,
    my_dossiers,
    open_count,
    queue_for,
    team_load,
    timeline,
    waits_for_person,
)
from lianxin.procedures.selectors.carrying import CaseFacts, case_facts
from lianxin.procedures.selectors.registry import (
    CaseNote,
    DeskNote,
    Subject,
    answers_checks,
    case_notes,
    desk_notes,
    parameters,
    signature_words,
    step_kinds,
    subject_kinds,
)
from lianxin.procedures.services import (
    AnswersError,
    Checked,
    Meeting,
    answers_check,
    answers_open,
    confirm_code_resend,
    dossier_carry,
    dossier_confirm,
    dossier_confirm_paper,
    dossier_submit,
    dossier_withdraw,
    step_approve,
    step_prolong,
    version_save,
)

__all__ = [
    "AnswersError", "AnswersForm", "Appointment", "Bundle", "CaseFacts", "CaseNote", "Checked",
    "Choice", "Confidentiality", "Definition", "DeskNote", "Dossier", "Evidence", "Field",
    "FieldKind", "Gives", "GivesKind", "IncomeLine", "IncomeSheet", "Meeting", "Objection",
    "Outcome", "Payment", "PaymentBatch", "ProcedureVersion", "Queue", "QueueRow", "Rating",
    "Repair", "Routing", "RowsWidget", "State", "Step", "StepKind", "Subject", "Task", "Verb",
    "answers_check", "answers_checks", "answers_open", "case_facts", "case_notes", "collect",
    "confirm_code_resend", "desk_notes", "dossier_bundle", "dossier_carry", "dossier_confirm",
    "dossier_confirm_paper", "dossier_submit", "dossier_withdraw", "dump", "faults_of",
    "form_field", "is_as_high", "may_act", "may_carry", "may_view", "my_dossiers", "open_count",
    "parameters", "parse", "queue_for", "signature_words", "step_approve", "step_kinds",
    "step_prolong", "subject_kinds", "team_load", "timeline", "version_save", "visible_to",
    "waits_for_person",
]  # fmt: skip
