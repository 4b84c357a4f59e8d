"""What is known about a member: told, read, opened with a trace, never forgotten silently."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianxin.audit.api import openings_of
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.members.api import (
    consent_give,
    fact_names,
    fact_save,
    facts_of,
    purposes,
)
from lianxin.members.models import Fact, Member
from lianxin.members.selectors.dictionary import dictionary
from lianxin.orgs.api import Actor
from lianxin.orgs.testing import invented_phone


def _save(fed, name, value, *, actor="lin", source="self", **more):
    who = fed.actor(actor) if isinstance(actor, str) else actor
    return fact_save(
        actor=who, member_id=fed.member_id("lin"), name=name, value=value, source=source, **more
    )


def _lin(fed, *names, by="lin", purpose="own"):
    return facts_of(fed.member_id("lin"), names, actor_id=fed.account_id(by), purpose=purpose)


def test_columns_and_facts_are_read_alike(fed):
    _save(fed, "education", "senior")
    found = _lin(fed, "name", "phone", "birth_on", "organisation", "education", "household_size")
    assert found["name"].value == "林晓梅"
    assert found["phone"].value == invented_phone(1)
    assert found["organisation"].value == "JZ-JL-BC-001"
    assert (found["education"].value, found["education"].source) == ("senior", "self")
    assert found["birth_on"].value == dt.date(1981, 5, 17)
    assert "household_size" not in found, "what nobody told is missing, not zero"


def test_an_officers_look_leaves_one_trace_and_ones_own_leaves_none(fed):
    _lin(fed, "name", "phone", "id_number")
    assert not openings_of(fed.account_id("lin")).exists()
    _lin(fed, "name", "phone", "id_number", by="wang", purpose="help")
    (row,) = openings_of(fed.account_id("lin"))
    assert row.actor_id == fed.account_id("wang")
    assert (row.purpose, row.detail) == ("help", {"fields": ["id_number", "phone"]})


def test_reading_what_is_not_sealed_leaves_no_trace(fed):
    _lin(fed, "name", "employer", by="wang")
    assert not openings_of(fed.account_id("lin")).exists()


def test_reading_many_facts_takes_two_queries(fed):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        _lin(fed, *fact_names())
    assert len([q for q in queries if q["sql"].startswith("SELECT")]) == 2


def test_a_newer_value_supersedes_and_the_older_stays(fed):
    _save(fed, "education", "senior")
    _save(fed, "education", "college")
    rows = Fact.objects.filter(member=fed.member("lin"), name="education").order_by("recorded_at")
    assert [row.value for row in rows] == ["senior", "college"]
    assert [row.superseded_at is None for row in rows] == [False, True]


def test_the_same_again_changes_nothing(fed):
    first = _save(fed, "education", "senior")
    assert _save(fed, "education", "senior").pk == first.pk
    assert Fact.objects.count() == 1


def test_none_takes_a_fact_back(fed):
    _save(fed, "education", "senior")
    _save(fed, "education", None)
    assert "education" not in _lin(fed, "education")


def test_a_fact_of_the_roll_changes_the_roll(fed):
    _save(fed, "employer", "北苍物流")
    assert Member.objects.get(pk=fed.member_id("lin")).employer_name == "北苍物流"
    assert _lin(fed, "employer")["employer"].source == "self"


def test_sensitive_facts_need_a_yes_and_are_sealed(fed):
    with pytest.raises(RefusedError) as refused:
        _save(fed, "household_income_fen", 4_200_000)
    assert refused.value.field == "consent"
    consent_give(actor=fed.actor("lin"), purpose="finance")
    _save(fed, "household_income_fen", 4_200_000)
    assert _lin(fed, "household_income_fen")["household_income_fen"].value == 4_200_000
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_value, value FROM members_fact")
        ((sealed, plain),) = cursor.fetchall()
    assert "4200000" not in sealed
    assert plain is None


def test_a_decision_of_the_union_comes_by_the_system_only(fed):
    with pytest.raises(ForbiddenError):
        _save(fed, "hardship_tier", "deep")
    _save(fed, "hardship_tier", "deep", actor=Actor.system(), source="grant", source_id="LX-1")
    assert _lin(fed, "hardship_tier")["hardship_tier"].source == "grant"


@pytest.mark.parametrize("who", ["zhao", "ma", "fang", "tang"])
def test_strangers_write_nothing_about_lin(fed, who):
    with pytest.raises(ForbiddenError):
        _save(fed, "education", "senior", actor=who, source="officer")


def test_an_officer_writes_as_officer_about_her_own_people(fed):
    _save(fed, "education", "senior", actor="wang", source="officer")
    assert _lin(fed, "education")["education"].source == "officer"
    with pytest.raises(ForbiddenError):
        _save(fed, "education", "master", actor="lin", source="officer")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("education", "wizard"),
        ("certificate_on", "2024-01-01"),
        ("insured_months", -1),
        ("insured_months", True),
        ("contract_until", 20240101),
        ("no_such_fact", 1),
        ("name", "林大梅"),
        ("employer", "厂" * 500),
    ],
)
def test_a_value_that_does_not_fit_is_refused(fed, name, value):
    with pytest.raises(RefusedError):
        _save(fed, name, value, actor=Actor.system(), source="officer")


def test_a_fact_grows_old(fed):
    consent_give(actor=fed.actor("lin"), purpose="finance")
    _save(fed, "household_size", 3, expires_on=dt.date(2020, 1, 1))
    assert not _lin(fed, "household_size")["household_size"].is_fresh
    _save(fed, "household_size", 3)
    assert _lin(fed, "household_size")["household_size"].is_fresh


def test_a_list_keeps_its_rows(fed):
    consent_give(actor=fed.actor("lin"), purpose="child", guardian_name="林晓梅")
    rows = [{"name": "林小雨", "birth_on": "2015-03-01", "school": "北苍小学"}]
    _save(fed, "children", rows)
    assert _lin(fed, "children")["children"].value == rows
    with pytest.raises(RefusedError):
        _save(fed, "children", [{"secret": "x"}])


def test_every_fact_names_a_purpose_and_sources_that_exist():
    columns = {field.name for field in Member._meta.get_fields()}
    for name, entry in dictionary().facts.items():
        assert entry.purpose in purposes(), name
        assert set(entry.sources) <= set(dictionary().sources), name
        assert not entry.column or entry.column in columns, name
        assert (entry.kind == "choice") == bool(entry.choices), name
