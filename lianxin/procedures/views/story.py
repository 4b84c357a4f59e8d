"""The story of a dossier as an officer reads it: who, what, sums, papers, findings, the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from lianxin.kit import clock
from lianxin.orgs.api import Request
from lianxin.procedures import selectors
from lianxin.procedures.forms import PURPOSES
from lianxin.procedures.models import Task
from lianxin.procedures.rules.definition import Field, StepKind
from lianxin.procedures.rules.machine import State, TaskState
from lianxin.procedures.selectors import Bundle
from lianxin.procedures.selectors.registry import case_notes_for, notes_for
from lianxin.procedures.selectors.status import who_has
from lianxin.procedures.services.noticing import is_shown
from lianxin.procedures.views import shown
from lianxin.ui.templatetags.ui import day, daytime
from lianxin.vault import api as vault


@dataclass(frozen=True)
class Finding:
    """What a colleague wrote down at a step."""

    title: str
    note: str
    rows: list[shown.Answer]

    @property
    def hidden(self) -> list[shown.Answer]:
        """Return what is sealed and was not opened."""
        return [row for row in self.rows if row.is_hidden]


@dataclass(frozen=True)
class Due:
    """The clock of the running step, in words."""

    words: str
    tone: str


def title_of(bundle: Bundle) -> str:
    """Name the dossier: whose, and what."""
    return _("%(name)s: %(service)s") % {
        "name": bundle.dossier.applicant_name,
        "service": bundle.dossier.version.name,
    }


def story_of(
    request: Request, bundle: Bundle, findings: dict[str, dict[str, Any]] | None
) -> dict[str, Any]:
    """Gather what the left side of the page draws."""
    answers = shown.answers_of(bundle)
    step = bundle.dossier.step
    return {
        "dossier": bundle.dossier,
        "title": title_of(bundle),
        "due": due_of(bundle),
        "hints": hints_of(bundle),
        "helper": bundle.dossier.helped_by,
        "is_signed": bundle.is_signed,
        "answers": answers,
        "notes": notes_for(bundle.dossier),
        "case_notes": case_notes_for(bundle.dossier, request.actor, is_own=False),
        "hidden": [answer for answer in answers if answer.is_hidden],
        "papers": shown.papers_of(bundle, request.user.pk),
        "sums": shown.sums_of(bundle.income),
        "verdict": shown.verdict_of(bundle),
        "verdict_tone": shown.tone_of(bundle),
        "findings": findings_of(bundle, findings),
        "may_open": any(answer.is_hidden for answer in answers),
        "is_opened": findings is not None,
        "purposes": list(PURPOSES.items()),
        "stations": shown.stops_of(bundle),
        "lines": selectors.timeline(request.actor, bundle),
        "appointments": [one for one in bundle.appointments if not one.is_cancelled],
        "payment": bundle.payment,
        "objection": objection_of(bundle),
        "rating": bundle.rating,
        "rated_words": rated_words(bundle),
        "step": step,
        "idle": idle_of(bundle),
    }


def due_of(bundle: Bundle) -> Due | None:
    """Say what the clock says."""
    task = bundle.task
    if task is None or task.state == TaskState.DONE or bundle.dossier.state == State.CLOSED:
        return None
    if task.state == TaskState.STOPPED:
        return Due(_("waits for an answer since %(day)s") % {"day": day(task.stopped_at)}, "")
    if task.due_at < clock.now():
        return Due(_("was due %(day)s") % {"day": daytime(task.due_at)}, "late")
    is_today = localdate(task.due_at) == clock.today()
    return Due(_("by %(day)s") % {"day": daytime(task.due_at)}, "late" if is_today else "soon")


def hints_of(bundle: Bundle) -> list[str]:
    """Say what is special about this dossier right now."""
    task = bundle.task
    if task is None or bundle.dossier.state == State.CLOSED:
        return []
    found = []
    if task.is_objection:
        found.append(
            _("The person objected. Please look at it with fresh eyes; who decided before is out.")
        )
    elif task.is_escalated:
        found.append(_("It came up to you because it took too long below."))
    if task.is_nobody_free:
        found.append(_("Nobody with the right post was free, so it came to you."))
    return found


def idle_of(bundle: Bundle) -> str:
    """Say why there is nothing to press."""
    if bundle.dossier.state == State.CLOSED:
        return _("This case is closed.")
    if bundle.dossier.state == State.WAITING:
        return _("We wait for the person’s answer. The clock stands still.")
    if bundle.dossier.step.kind == StepKind.NOTICE:
        return _("It is on public notice. When the days are over it goes on by itself.")
    if bundle.dossier.step.kind == StepKind.PAYMENT:
        return _("The finance office pays it in a batch. It closes when the bank says so.")
    if bundle.task is not None and bundle.task.assignee is not None:
        return _("%(who)s has it.") % {"who": bundle.task.assignee.display_name}
    return _("You can read along here.")


def is_on_notice(bundle: Bundle) -> bool:
    """Say whether a notice shows it right now."""
    return is_shown(bundle.dossier)


def findings_of(bundle: Bundle, opened: dict[str, dict[str, Any]] | None) -> list[Finding]:
    """List what was written down at the steps behind; sealed values only once opened."""
    found = []
    for station in bundle.stations:
        task = station.task
        if task is None or not (task.findings or task.sealed_findings):
            continue
        values = (opened or {}).get(task.step_code, task.findings)
        rows = [
            _row(one, values, task, bundle)
            for one in station.step.fields
            if _is_there(one, values, task)
        ]
        found.append(
            Finding(str(station.step.name), f"{who_has(task)} · {day(task.done_at)}", rows)
        )
    return found


def _is_there(one: Field, values: dict[str, Any], task: Task) -> bool:
    return one.code in values or one.code in task.sealed_findings


def _row(one: Field, values: dict[str, Any], task: Task, bundle: Bundle) -> shown.Answer:
    is_hidden = one.code not in values and one.code in task.sealed_findings
    row = selectors.AnswerRow(one, values.get(one.code), is_hidden=is_hidden)
    return shown.answer_of(row, bundle)


def objection_of(bundle: Bundle) -> str:
    """Return why she does not agree, for those who look again."""
    if bundle.objection is None:
        return ""
    # Written to this office, to be read by whoever looks again.
    return vault.reveal(bundle.objection, "words")


def rated_words(bundle: Bundle) -> str:
    """Return what she wrote with a rating that is to be repaired."""
    if bundle.rating is None or bundle.repair is None:
        return ""
    # Written to this office, so that it can put things right.
    return vault.reveal(bundle.rating, "words")
