"""People entered twice: found, compared masked, merged with all that hangs on them, or kept apart."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.jobs.testing import settle
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.members.api import (
    fact_save,
    member_create,
    members_merge,
    relative_add,
    suspicion_dismiss,
)
from lianxin.members.models import Fact, Member, MembershipEvent, Relative, Suspicion
from lianxin.members.selectors.membership import history_of
from lianxin.members.services.duplicates import duplicates_find, suspicions_note
from lianxin.members.testing import (
    Federation,
    counts_right,
    id_number_of,
    invented_id_number,
    member_make,
)
from lianxin.members.tests.test_import import _book, _import, _person
from lianxin.orgs.api import Actor, Organisation
from lianxin.vault.api import reveal

OTHER = invented_id_number(dt.date(1981, 5, 17), 777)


def twin(fed: Federation, place: str = "yangtze", **given: Any) -> Member:
    """Enter Lin once more, by another paper."""
    who = {"yangtze": "wang", "riverside": "ma"}[place]
    return member_create(
        actor=fed.actor(who), organisation=fed.organisation(place), name="林晓梅",
        id_number=OTHER, **{"phone": "19900000001", **given},
    )  # fmt: skip


def pair() -> Suspicion:
    return Suspicion.objects.get()


def test_the_same_name_and_phone_is_noted_on_entry(fed: Federation) -> None:
    made = twin(fed)
    assert {pair().first_id, pair().second_id} == {made.pk, fed.member_id("lin")}
    assert pair().signs == ["name_and_phone"]


def test_the_same_name_birthday_and_employer_too(fed: Federation) -> None:
    twin(fed, phone="", employer_name="扬子机械厂")
    assert pair().signs == ["name_birth_employer"]


def test_two_people_of_one_name_are_two_people(fed: Federation) -> None:
    twin(fed, phone="19900000999", employer_name="别的单位")
    assert not Suspicion.objects.exists()


def test_not_the_same_is_remembered(fed: Federation) -> None:
    made = twin(fed)
    for _twice in range(2):
        suspicion_dismiss(actor=fed.actor("wang"), suspicion_id=pair().pk)
    assert suspicions_note([made]) == 0
    assert pair().state == "distinct"
    assert Member.objects.filter(name="林晓梅", merged_into=None).count() == 2


def test_a_file_is_looked_through_and_again_finds_nothing_new(fed: Federation) -> None:
    for serial in (800, 801, 802):
        member_make("周大海", fed.organisation("yangtze"), serial=serial)
    Member.objects.filter(name="周大海").update(birth_on=dt.date(1990, 5, 17))
    found = duplicates_find(organisation_id=fed.organisation("jialing").pk, chunk=2)
    assert found == 3, "each with each"
    assert duplicates_find(organisation_id=fed.organisation("city").pk) == 0


def test_a_roll_of_a_few_compares_a_few_and_a_changed_phone_too(
    fed: Federation, tmp_path: Path
) -> None:
    for serial in range(600, 640):
        member_make("钱多多", fed.organisation("yangtze"), serial=serial)
    Member.objects.update(updated_at=clock.now() - dt.timedelta(days=1))
    changed = Member.objects.filter(name="钱多多").order_by("pk")[0]
    Member.objects.filter(pk=changed.pk).update(phone=None, phone_index="")
    other = member_make("钱多多", fed.organisation("yangtze"), serial=700)
    Member.objects.filter(pk=other.pk).update(updated_at=clock.now() - dt.timedelta(days=1))
    Member.objects.filter(name="钱多多").update(employer_name="")  # else all of them are alike
    row = _person(
        1, name="钱多多", id=reveal(changed, "id_number"), phone=reveal(other, "phone")[3:]
    )
    answer = _import(_book(tmp_path / "roll.xlsx", [row]))
    assert (answer["created"], answer["updated"]) == (0, 1)
    settle()
    assert {pair().first_id, pair().second_id} == {changed.pk, other.pk}


def test_only_what_changed_since_is_walked_in_any_size_of_step(fed: Federation) -> None:
    Member.objects.update(updated_at=clock.now() - dt.timedelta(days=1))
    since = clock.now()
    for serial in (800, 801, 802):
        member_make("周大海", fed.organisation("yangtze"), serial=serial)
    # One transaction of an import: the same moment for all.
    Member.objects.filter(name="周大海").update(
        birth_on=dt.date(1990, 5, 17), updated_at=clock.now()
    )
    with CaptureQueriesContext(connection) as asked:
        found = duplicates_find(
            organisation_id=fed.organisation("jialing").pk, since=since, chunk=2
        )
    assert found == 3
    walked = [one["sql"] for one in asked if "LIMIT 2" in one["sql"]]
    assert len(walked) == 3, "two, one, none: nobody else"


def test_a_merge_takes_everything_along(fed: Federation) -> None:
    counts_right()
    made, lin = twin(fed), fed.member("lin")
    before = Organisation.objects.get(code="JZ-JL-BC-001").member_count
    system = Actor.system()
    fact_save(actor=system, member_id=lin.pk, name="insured_months", value=12, source="grant")
    fact_save(actor=system, member_id=made.pk, name="insured_months", value=7, source="grant")
    fact_save(actor=system, member_id=made.pk, name="hardship_tier", value="deep", source="grant")
    relative_add(actor=fed.actor("lin"), relation="spouse", name="周大海")
    for _twice in range(2):
        kept = members_merge(actor=fed.actor("wang"), suspicion_id=pair().pk, kept_id=lin.pk)
    assert kept.pk == lin.pk
    current = Fact.objects.filter(superseded_at=None).values_list("member_id", "name")
    assert sorted(current) == sorted([(lin.pk, "insured_months"), (lin.pk, "hardship_tier")])
    assert Relative.objects.get().member_id == lin.pk
    gone = Member.objects.get(pk=made.pk)
    assert (gone.state, gone.merged_into_id, gone.account_id) == ("ended", lin.pk, None)
    assert Organisation.objects.get(code="JZ-JL-BC-001").member_count == before - 1
    assert MembershipEvent.objects.filter(member=gone, reason="merged").count() == 1
    assert "merged" in {line.reason for line in history_of(lin)}


def test_a_sign_in_goes_along_to_the_entry_that_stays(fed: Federation) -> None:
    made = twin(fed)
    members_merge(actor=fed.actor("wang"), suspicion_id=pair().pk, kept_id=made.pk)
    assert Member.objects.get(pk=made.pk).account_id == fed.account_id("lin")
    assert Member.objects.get(pk=fed.member_id("lin")).account_id is None


def test_two_sign_ins_are_asked_about_first(fed: Federation) -> None:
    made = twin(fed)
    Member.objects.filter(pk=made.pk).update(account=fed.account("tang"))
    with pytest.raises(RefusedError):
        members_merge(actor=fed.actor("wang"), suspicion_id=pair().pk, kept_id=made.pk)
    assert pair().state == "open"


def test_who_was_merged_is_suspected_no_more(fed: Federation) -> None:
    made = twin(fed)
    members_merge(actor=fed.actor("wang"), suspicion_id=pair().pk, kept_id=fed.member_id("lin"))
    assert suspicions_note([Member.objects.get(pk=fed.member_id("lin"))]) == 0
    assert Suspicion.objects.filter(first=made, state="open").count() == 0


@pytest.mark.parametrize("who", ["lin", "zhao", "ma", "fang"])
def test_strangers_judge_nobody(fed: Federation, who: str) -> None:
    made = twin(fed)
    with pytest.raises(ForbiddenError):
        members_merge(actor=fed.actor(who), suspicion_id=pair().pk, kept_id=made.pk)
    with pytest.raises(ForbiddenError):
        suspicion_dismiss(actor=fed.actor(who), suspicion_id=pair().pk)


def test_a_pair_of_two_unions_is_judged_above_both(fed: Federation, as_: Any) -> None:
    twin(fed, "riverside")
    url = reverse("members:duplicate", args=[pair().pk])
    for who in ("wang", "ma"):
        assert as_(who).get(url).status_code == 404
    assert as_("zhou").get(url).status_code == 200


def test_the_desk_compares_masked_and_judges(fed: Federation, as_: Any) -> None:
    twin(fed)
    wang, url = as_("wang"), reverse("members:duplicate", args=[pair().pk])
    assert url in wang.get(reverse("members:duplicate_list")).content.decode()
    assert url not in as_("ma").get(reverse("members:duplicate_list")).content.decode()
    for worker in ("lin", "zhao"):
        assert as_(worker).get(url).status_code == 403
    page = wang.get(url).content.decode()
    assert id_number_of("lin") not in page
    assert "19900000001" not in page
    assert "199****0001" in page
    assert wang.post(url, {}).status_code == 200
    assert wang.put(url).status_code == 405
    for _twice in range(2):
        assert wang.post(url, {"kept": "both"}).status_code == 302
    assert pair().state == "distinct"
