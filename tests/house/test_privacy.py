"""Every table that holds something about a person has somebody who exports and erases it."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import models

from lianxin.members.api import privacy_erase, privacy_export

# Columns that name the person a row is about (not the officer who did something to it).
ABOUT = {
    "account",
    "member",
    "person",
    "applicant",
    "account_id",
    "member_id",
    "subject_id",
    "owner_id",
}
PEOPLE = {"accounts.User", "members.Member"}
# Keys to a person who did something to a row that is not about her: by name, so that a new key of any
# name counts as one about a person until somebody has thought about it.
ACTED = set(
    """
    activities.Activity.made_by activities.Activity.published_by activities.AlbumPicture.added_by
    activities.AlbumPicture.hidden_by activities.Telling.made_by allocation.BookingEntry.actor
    allocation.DrawValue.read_by allocation.Gate.opened_by audit.AuditRow.actor_id
    eligibility.EffectRun.asked_by eligibility.Objection.answered_by
    eligibility.PolicyDraft.begun_by eligibility.PolicyDraft.saved_by
    eligibility.PolicyDraft.settled_by eligibility.PolicyDraft.submitted_by
    eligibility.PolicyEnding.asked_by eligibility.PolicyEnding.ended_by
    eligibility.PolicyVersion.loaded_by eligibility.Proposal.acted_by exchange.Resource.checked_by
    exchange.Resource.offered_by members.Fact.recorded_by members.ImportRun.started_by
    members.MembershipEvent.actor_id members.Suspicion.settled_by orgs.OfficerReset.asked_by
    orgs.OfficerReset.confirmed_by orgs.OfficerReset.settled_by orgs.OrganisationChange.actor_id
    orgs.Post.confirmed_by orgs.Post.deputy orgs.Post.granted_by orgs.PostProposal.proposed_by
    orgs.PostProposal.settled_by procedures.AnswerSet.by procedures.Appointment.specialist
    procedures.BankReturn.read_by procedures.Dossier.carried_by procedures.Dossier.helped_by
    procedures.Entry.actor procedures.PaymentBatch.created_by procedures.Repair.done_by
    procedures.Task.assignee stations.StationImport.sent_by voice.Suggestion.answered_by
    """.split()
)
# Ids without a key behind them that are no person's.
NOBODY = set(
    """
    activities.Telling.cursor allocation.Bookable.object_id allocation.Booking.case_id
    allocation.Pool.object_id catalogue.Draft.dossier_id catalogue.Draft.key
    eligibility.EffectRun.position eligibility.MatchPartition.after eligibility.Proposal.dossier_id
    exchange.Telling.cursor
    files.StoredFile.object_id
    members.ImportRun.errors_file_id members.ImportRun.file_id members.MemberExport.file_id
    members.MembershipEvent.dossier_id members.Transfer.dossier_id notices.NoticeLine.object_id
    notices.Objection.key notify.OutboxSMS.order_id orgs.OrganisationChange.dossier_id
    procedures.EvidencePaper.file_id
    """.split()
)


def _columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """List the columns that may name a person: keys to one, and ids with nothing behind them."""
    return [
        field
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if (field.is_relation and field.related_model._meta.label in PEOPLE)
        or (isinstance(field, models.UUIDField) and not field.is_relation and not field.primary_key)
    ]


def _name(model: type[models.Model], field: models.Field[Any, Any]) -> str:
    return f"{model._meta.label}.{field.name}"


def _is_about_a_person(model: type[models.Model]) -> bool:
    return any(_name(model, field) not in ACTED | NOBODY for field in _columns(model)) or any(
        field.name in ABOUT and not field.is_relation for field in model._meta.concrete_fields
    )


TABLES = sorted(
    model._meta.label
    for model in apps.get_models()
    if model.__module__.startswith("lianxin.") and _is_about_a_person(model)
)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_about_people_can_be_copied_and_erased(table: str) -> None:
    exported = {name for part in privacy_export for name in part.tables}
    erased = {name for part in privacy_erase for name in part.tables}
    app = table.split(".", maxsplit=1)[0]
    assert table in exported, f"{app}/slots.py: fill members.api.privacy_export for {table}"
    assert table in erased, f"{app}/slots.py: fill members.api.privacy_erase for {table}"


def test_no_part_speaks_for_a_table_that_is_not_there() -> None:
    known = {model._meta.label for model in apps.get_models()}
    named = {
        name for slot in (privacy_export, privacy_erase) for part in slot for name in part.tables
    }
    assert named <= known


def test_every_column_that_is_said_to_name_nobody_is_there() -> None:
    known = {_name(model, field) for model in apps.get_models() for field in _columns(model)}
    assert known >= ACTED | NOBODY


def test_a_key_of_any_name_is_one_about_a_person() -> None:
    class Ward(models.Model):  # noqa: DJ008  (never saved)
        guardian = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "house_tests"

    class Errand(models.Model):  # noqa: DJ008  (never saved)
        run_for = models.UUIDField()

        class Meta:
            app_label = "house_tests"

    try:
        assert _is_about_a_person(Ward)
        assert _is_about_a_person(Errand)
    finally:
        apps.all_models.pop("house_tests", None)
        apps.clear_cache()
