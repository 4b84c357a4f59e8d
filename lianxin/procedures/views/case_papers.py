"""Changing what one sent, and answering “one more thing”: questions and papers in one form."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from lianxin.kit.access import signed_in
from lianxin.orgs.api import Request
from lianxin.procedures import services
from lianxin.procedures.forms import PapersForm, ReplyForm
from lianxin.procedures.rules.machine import Verb
from lianxin.procedures.selectors import Bundle
from lianxin.procedures.selectors.timeline import note_of
from lianxin.procedures.views.attempts import PaperRefusedError, key_of, seen_of
from lianxin.procedures.views.case_deeds import Deed, deed_page
from lianxin.procedures.views.shown import standing_of


def _values(bundle: Bundle) -> dict[str, object]:
    return {row.field.code: row.value for row in bundle.answers}


def _sources(bundle: Bundle) -> dict[str, str]:
    return {row.field.code: row.source for row in bundle.answers}


def _amend_form(request: Request, bundle: Bundle) -> PapersForm:
    return PapersForm(
        request.POST or None,
        request.FILES or None,
        asked=[one for one in bundle.definition.fields if not (one.is_carried or one.is_final)],
        answers=_values(bundle),
        sources=_sources(bundle),
        evidence=bundle.definition.evidence,
        standing=standing_of(bundle),
    )


def _amend(request: Request, bundle: Bundle, form: PapersForm) -> object:
    if not form.store(request.actor):
        raise PaperRefusedError
    return services.dossier_amend(
        actor=request.actor,
        dossier_id=bundle.dossier.pk,
        answers=form.raw(),
        papers=form.handed_in(),
        key=key_of(request),
        seen=seen_of(request),
    )


def _reply_form(request: Request, bundle: Bundle) -> ReplyForm:
    asked = bundle.asked
    codes = set(asked.evidence) if asked else set()
    return ReplyForm(
        request.POST or None,
        request.FILES or None,
        asked=asked.fields if asked else [],
        answers=_values(bundle),
        evidence=[one for one in bundle.definition.evidence if one.code in codes],
        standing=standing_of(bundle),
        are_papers_asked=True,
    )


def _reply(request: Request, bundle: Bundle, form: ReplyForm) -> object:
    if not form.store(request.actor):
        raise PaperRefusedError
    return services.dossier_answer(
        actor=request.actor,
        dossier_id=bundle.dossier.pk,
        words=form.cleaned_data["words"],
        answers=form.raw(),
        papers=form.handed_in(),
        key=key_of(request),
        seen=seen_of(request),
    )


AMEND = Deed(
    verb=Verb.AMEND,
    title=gettext_lazy("Change or add something"),
    button=gettext_lazy("Save the change"),
    done=gettext_lazy("Changed. Whoever has your case sees what is new."),
    make=_amend_form,
    act=_amend,
    intro=lambda _bundle: _(
        "Change what you like. The office sees what was changed; the clock goes on."
    ),
)
ANSWER = Deed(
    verb=Verb.ANSWER,
    title=gettext_lazy("One more thing"),
    button=gettext_lazy("Send the answer"),
    done=gettext_lazy("Thank you. It goes on now."),
    make=_reply_form,
    act=_reply,
    intro=lambda bundle: note_of(bundle.asked.entry) if bundle.asked else "",
)


@signed_in
@require_http_methods(["GET", "POST"])
def case_amend(request: Request, dossier_id: uuid.UUID) -> HttpResponse:
    """Change what one sent, until the decision has read it."""
    return deed_page(request, dossier_id, AMEND)


@signed_in
@require_http_methods(["GET", "POST"])
def case_answer(request: Request, dossier_id: uuid.UUID) -> HttpResponse:
    """Answer what the office asked."""
    return deed_page(request, dossier_id, ANSWER)
