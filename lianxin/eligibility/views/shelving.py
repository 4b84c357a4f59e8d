"""Policies as they stand: the list, the versions of one, files out and in, a new draft."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.eligibility import policies, services
from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.forms.drafting import ImportForm, StartForm
from lianxin.eligibility.models import PolicyDraft, PolicyEnding, PolicyVersion
from lianxin.eligibility.rules import drafting
from lianxin.eligibility.selectors import assembling, drafts, shelf
from lianxin.eligibility.selectors.expressions import title_of
from lianxin.eligibility.views.drafting import draft_of
from lianxin.kit import clock
from lianxin.kit.access import officer
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.orgs.api import Ability, Level, Organisation, Request, organisation_by_code, reach_q
from lianxin.ui.fields import refusal_show

LARGEST = 200_000  # bytes of a policy file
MOST = 60  # places to choose from


@officer
@require_safe
def policy_list(request: Request) -> HttpResponse:
    """List drafts, what waits for the second person, and every policy with where it stands."""
    _only_writers(request)
    own = policies.drafts_visible_to(request.actor).order_by("-saved_at")
    lines = list(drafts.shelf_lines())
    shown = {
        "waiting": _titled(own.filter(state=PolicyDraft.State.WAITING)),
        "open": _titled(own.filter(state=PolicyDraft.State.OPEN)),
        "in_force": [each for each in lines if each.state == "in_force"],
        "others": [each for each in lines if each.state != "in_force"],
        "may_edit": request.actor.can(Ability.POLICY_EDIT),
    }
    return render(request, "eligibility/policy_list.html", shown)


@officer
@require_safe
def policy_versions(request: Request, code: str, region: str) -> HttpResponse:
    """Show one policy: what it says in sentences, all its versions, its drafts."""
    _only_writers(request)
    versions = list(PolicyVersion.objects.filter(code=code, region=region).order_by("-version"))
    if not versions:
        raise Http404
    current = next((each for each in versions if each.is_current), versions[0])
    place = organisation_by_code(region)
    own = policies.drafts_visible_to(request.actor).filter(code=code, organisation__code=region)
    shown = {
        "versions": versions,
        "current": current,
        "policy": shelf.policy_of(current),
        "rows": assembling.rows_of(current.content),
        "drafts": list(own.order_by("-saved_at")[:MOST]),
        "place": place,
        "may_edit": place is not None and policies.may_edit(request.actor, place.path),
    }
    shown |= _ending(request, current, place)
    return render(request, "eligibility/policy_versions.html", shown)


@officer
@require_POST
def policy_end(request: Request, version_id: uuid.UUID) -> HttpResponse:
    """Ask to end a wrong version, end it as the second person, or let it stand."""
    _only_writers(request)
    version = get_object_or_404(PolicyVersion, pk=version_id)
    try:
        if "end" in request.POST:
            services.version_end(actor=request.actor, version_id=version_id)
            messages.success(request, _("Ended. From this moment it fits nobody any more."))
        elif "keep" in request.POST:
            services.version_keep(actor=request.actor, version_id=version_id)
            messages.success(request, _("It stands as it is."))
        else:
            services.end_ask(actor=request.actor, version_id=version_id, reason=request.POST.get("reason", ""))  # fmt: skip
            messages.success(request, _("A second person was told and ends it."))
    except ForbiddenError:
        raise
    except RefusedError as refused:
        messages.error(request, refused.message)
    return redirect("eligibility:policy_versions", version.code, version.region)


def _ending(request: Request, current: PolicyVersion, place: Organisation | None) -> dict[str, object]:  # fmt: skip
    ending = PolicyEnding.objects.filter(policy=current).first()
    is_over = current.valid_until is not None and current.valid_until < clock.today()
    may_ask = place is not None and policies.may_ask_end(request.actor, place.path)
    may_end = ending is not None and place is not None and policies.may_end(request.actor, ending, place.path)  # fmt: skip
    return {"ending": ending, "is_over": is_over, "may_ask_end": may_ask, "may_end": may_end}


@officer
@require_safe
def version_file(request: Request, version_id: uuid.UUID) -> HttpResponse:
    """Hand out a version as the file `policy_check` reads."""
    _only_writers(request)
    version = get_object_or_404(PolicyVersion, pk=version_id)
    return _file(drafting.file_of(version.content), f"{version.code}-{version.version}.yaml")


@officer
@require_safe
def draft_file(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Hand out a draft as a file, as far as it is written."""
    draft = draft_of(request, draft_id)
    number = drafts.next_version(draft.code, draft.organisation.code)
    return _file({**draft.typed, "version": number}, f"{draft.code}-{number}-draft.yaml")


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def draft_new(request: Request) -> HttpResponse:
    """Begin a policy that did not exist before, or the next version of one."""
    if not request.actor.can(Ability.POLICY_EDIT):
        raise Http404
    form = StartForm(request.POST or None, places=_places(request))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            draft = services.draft_begin(actor=request.actor, code=typed["code"], organisation_id=typed["organisation"].pk)  # fmt: skip
        except RefusedError as refused:
            refusal_show(form, refused)
        else:
            return redirect("eligibility:draft_page", draft.pk)
    return render(request, "eligibility/draft_new.html", {"form": form, "file_form": ImportForm()})


@officer
@require_POST
def draft_import(request: Request) -> HttpResponse:
    """Take a policy file in as a draft; what is wrong in its rule can be mended here."""
    if not request.actor.can(Ability.POLICY_EDIT):
        raise Http404
    form = ImportForm(request.POST, request.FILES)
    findings: list[yaml_files.Finding] = []
    if form.is_valid():
        draft, findings = _imported(request, form.cleaned_data["file"], form)
        if draft is not None:
            messages.success(request, _("The file is a draft now."))
            return redirect("eligibility:draft_page", draft.pk)
    shown = {"form": StartForm(places=_places(request)), "file_form": form, "findings": findings}
    return render(request, "eligibility/draft_new.html", shown)


def _imported(request: Request, upload: UploadedFile[bytes], form: ImportForm) -> tuple[PolicyDraft | None, list[yaml_files.Finding]]:  # fmt: skip
    if (upload.size or 0) > LARGEST:
        form.add_error("file", _("That is longer than a policy can be."))
        return None, []
    try:
        text = upload.read().decode("utf-8")
    except UnicodeDecodeError:
        form.add_error("file", _("This is no text. A policy file is YAML in UTF-8."))
        return None, []
    policy, findings = yaml_files.load_text(text, upload.name or "policy.yaml")
    if policy is None:
        form.add_error("file", _("This file cannot be read yet; see below where."))
        return None, findings
    place = organisation_by_code(policy.region)
    if place is None:
        form.add_error("file", _("There is no place %(code)s.") % {"code": policy.region})
        return None, findings
    try:
        typed = drafting.plain_of(policy)
        draft = services.draft_begin(actor=request.actor, code=policy.code, organisation_id=place.pk, typed=typed)  # fmt: skip
        return services.draft_save(actor=request.actor, draft_id=draft.pk, revision=draft.revision, changes=typed), []  # fmt: skip
    except RefusedError as refused:
        form.add_error("file", refused.message)
        return None, findings


def _titled(rows: QuerySet[PolicyDraft]) -> list[tuple[PolicyDraft, str]]:
    return [(each, title_of(each.typed)) for each in rows[:MOST]]


def _places(request: Request) -> object:
    """The places whose policies somebody may write; single workplaces have none of their own."""
    levels = [Level.NATIONAL, Level.PROVINCE, Level.CITY, Level.DISTRICT, Level.INDUSTRY, Level.STREET]  # fmt: skip
    within = reach_q(request.actor, Ability.POLICY_EDIT, prefix="")
    return Organisation.objects.filter(within, level__in=levels).order_by("path")


def _only_writers(request: Request) -> None:
    if not policies.may_write(request.actor):
        raise Http404


def _file(plain: dict[str, object], name: str) -> HttpResponse:
    answer = HttpResponse(yaml_files.to_text(plain), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
