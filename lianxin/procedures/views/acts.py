"""What an officer can do with a dossier: each verb with its form, its words and its service."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.orgs.api import Request
from lianxin.procedures import selectors, services
from lianxin.procedures.forms import AskForm, PickForm, StepForm, WordsForm
from lianxin.procedures.rules.definition import Definition, GivesKind, Step, StepKind
from lianxin.procedures.rules.grants import names_amount
from lianxin.procedures.rules.machine import Verb
from lianxin.procedures.selectors import Bundle
from lianxin.procedures.services import Meeting
from lianxin.procedures.views.attempts import key_of, seen_of

Words = str | Promise


@dataclass(frozen=True)
class Act:
    """One verb of the office. `is_inline`: its form stands in the dossier; else it has a page."""

    verb: Verb
    slug: str
    title: Words
    button: Words
    done: Words
    icon: str
    make: Callable[[Request, Bundle, Any], forms.Form]
    do: Callable[[Request, Bundle, Any], object]
    note: Words = ""
    is_inline: bool = False
    leaves_desk: bool = True


def _sent(request: Request, bundle: Bundle) -> dict[str, Any]:
    return {
        "actor": request.actor,
        "dossier_id": bundle.dossier.pk,
        "key": key_of(request),
        "seen": seen_of(request),
    }


def _words(
    slug: str, label: Words, hint: Words = "", *, required: bool = True
) -> Callable[[Request, Bundle, Any], forms.Form]:
    # Several forms stand on one page: each has ids of its own.
    def make(_request: Request, _bundle: Bundle, data: Any) -> forms.Form:
        return WordsForm(data, label=label, hint=hint, required=required, auto_id=f"id_{slug}_%s")

    return make


# --- pass the step


def step_form(_request: Request, bundle: Bundle, data: Any) -> StepForm:
    """Ask what the running step asks of its officer."""
    step, definition = bundle.dossier.step, bundle.definition
    return StepForm(
        data,
        asked=step.fields,
        names_amount=step.kind == StepKind.DECISION and names_amount(definition),
        sets_meeting=sets_meeting(definition, step),
    )


def sets_meeting(definition: Definition, step: Step) -> bool:
    """Say whether passing this step sets the appointment."""
    first = next((one.code for one in definition.route if one.kind == StepKind.ACKNOWLEDGEMENT), "")
    return definition.gives.kind is GivesKind.APPOINTMENT and step.code == first


def _approve(request: Request, bundle: Bundle, form: StepForm) -> object:
    starts_at = form.meeting_starts_at
    return services.step_approve(
        **_sent(request, bundle),
        findings=form.raw(),
        opinion=form.cleaned_data["opinion"],
        amount_fen=form.cleaned_data.get("amount_fen"),
        meeting=Meeting(starts_at, form.cleaned_data["place"]) if starts_at else None,
    )


APPROVE_BUTTONS: dict[str, Words] = {
    StepKind.REVIEW: _("It fits, pass it on"),
    StepKind.SURVEY: _("It is so, pass it on"),
    StepKind.VISIT: _("It is so, pass it on"),
    StepKind.CHECK: _("It checks out, pass it on"),
    StepKind.DECISION: _("Grant it"),
    StepKind.ACKNOWLEDGEMENT: _("It is done"),
}


# --- ask, refuse, and the rest


def _ask_form(_request: Request, bundle: Bundle, data: Any) -> forms.Form:
    return AskForm(data, definition=bundle.definition)


def _ask(request: Request, bundle: Bundle, form: AskForm) -> object:
    said = form.cleaned_data
    return services.dossier_ask(
        **_sent(request, bundle),
        words=said["words"],
        fields=said["fields"],
        evidence=said.get("evidence", ()),
    )


def _refer_form(_request: Request, bundle: Bundle, data: Any) -> forms.Form:
    targets = [(str(one.pk), one.name) for one in selectors.referable(bundle)]
    return PickForm(
        data, targets=targets, label=_("To whom"), words_label=_("Why"), words_required=True
    )


def _refer(request: Request, bundle: Bundle, form: PickForm) -> object:
    said = form.cleaned_data
    return services.dossier_refer(
        **_sent(request, bundle), organisation_id=uuid.UUID(said["target"]), reason=said["words"]
    )


def _hand_over_form(request: Request, bundle: Bundle, data: Any) -> forms.Form:
    found = selectors.colleagues_for(request.actor, bundle)
    return PickForm(
        data,
        targets=[(str(one.account_id), one.name) for one in found],
        label=_("To whom"),
        words_label=_("A word to go with it"),
        words_required=False,
    )


def _hand_over(request: Request, bundle: Bundle, form: PickForm) -> object:
    said = form.cleaned_data
    return services.task_hand_over(
        **_sent(request, bundle), account_id=uuid.UUID(said["target"]), words=said["words"]
    )


def _with_reason(service: Callable[..., object]) -> Callable[[Request, Bundle, Any], object]:
    def do(request: Request, bundle: Bundle, form: forms.Form) -> object:
        return service(**_sent(request, bundle), reason=form.cleaned_data["words"])

    return do


def _repair(request: Request, bundle: Bundle, form: forms.Form) -> object:
    return services.repair_done(
        actor=request.actor,
        dossier_id=bundle.dossier.pk,
        key=key_of(request),
        words=form.cleaned_data["words"],
    )


_WHY = _("Why, in a sentence or two the person will read")
ACTS: dict[Verb, Act] = {
    act.verb: act
    for act in (
        Act(
            Verb.APPROVE, "pass", _("Pass it on"), _("Pass it on"), _("Done. It goes on."), "check",
            step_form, _approve, is_inline=True,
        ),
        Act(
            Verb.ASK, "ask", _("Ask for one more thing"), _("Ask this"),
            _("Asked. The clock stands still until the answer comes."), "message-circle", _ask_form, _ask,
            note=_("Only what you really need: each question costs somebody a trip or an evening."),
        ),
        Act(
            Verb.REFUSE, "refuse", _("It does not fit"), _("Refuse, with this reason"),
            _("Refused. The person can read why, and how to object."), "x",
            _words("refuse", _WHY, _("Say what is missing against the rule, and what else could help.")),
            _with_reason(services.dossier_refuse), is_inline=True,
        ),
        Act(
            Verb.REPAIR, "repair", _("Put right what went wrong"), _("It is put right"),
            _("Thank you. The person can read what you did."), "tools",
            _words("repair", _("What was done")), _repair, is_inline=True, leaves_desk=False,
        ),
        Act(
            Verb.REFER, "refer", _("Refer it"), _("Refer it"), _("Referred."), "corner-up-right",
            _refer_form, _refer, note=_("To another organisation of this line that can do this step."),
        ),
        Act(
            Verb.HAND_OVER, "hand-over", _("Hand it over"), _("Hand it over"), _("Handed over."),
            "arrows-exchange", _hand_over_form, _hand_over, note=_("To a colleague of this desk."),
        ),
        Act(
            Verb.RECUSE, "recuse", _("Step back"), _("I step back"),
            _("Thank you. Somebody else has it now."), "user-off",
            _words("recuse", _("Why, if you like to say"), required=False), _with_reason(services.task_recuse),
            note=_("When it is family, a friend, or anything that could look like it. You will not see it any more."),
        ),
        Act(
            Verb.ESCALATE, "escalate", _("Let the level above take it"), _("Hand it up"),
            _("It is one level up now."), "hierarchy-2",
            _words("escalate", _("Why, if you like to say"), required=False),
            _with_reason(services.dossier_escalate),
        ),
        Act(
            Verb.CLOSE, "close", _("Close it without a decision"), _("Close it"), _("Closed."), "ban",
            _words("close", _WHY), _with_reason(services.dossier_close),
            note=_("When it was sent twice, or settled in another way."),
        ),
        Act(
            Verb.REOPEN, "reopen", _("Open it again"), _("Open it again"), _("It is open again."),
            "refresh", _words("reopen", _WHY), _with_reason(services.dossier_reopen), leaves_desk=False,
        ),
    )
}  # fmt: skip
BY_SLUG = {act.slug: act for act in ACTS.values()}
