"""A yes on paper: nothing runs without the page, few see it, and who brought it has no say."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.api import User
from lianxin.accounts.testing import opened
from lianxin.files.api import file_link, file_store, files_of
from lianxin.jobs.testing import settle
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.testing import StoppedClock
from lianxin.members.api import Person
from lianxin.members.testing import Federation
from lianxin.notify.testing import letters_to
from lianxin.procedures import services
from lianxin.procedures.constants import SIGNED
from lianxin.procedures.models import Dossier, Entry, Recusal, Task
from lianxin.procedures.policies import may_act, may_view, who_is
from lianxin.procedures.rules.definition import FieldKind
from lianxin.procedures.rules.machine import Outcome, State, Verb, Who
from lianxin.procedures.selectors import dossier_bundle
from lianxin.procedures.services.disposing import dossier_dispose
from lianxin.procedures.services.privacy import procedures_export
from lianxin.procedures.testing import definition_of, field_of, live_task, step_of, submitted
from lianxin.procedures.tests.pages import client_of, photo

pytestmark = pytest.mark.usefixtures("clock")
STORY = field_of("story", FieldKind.PARAGRAPH, is_sensitive=True)


@pytest.fixture
def helped(people: Federation) -> Dossier:
    """Wang filled it in with Lin, whose account was begun for it and has no number."""
    User.objects.filter(pk=people.account_id("lin")).update(
        phone=None, phone_index="", phone_verified_at=None
    )
    definition = definition_of(step_of("review"), fields=[STORY])
    return submitted(
        people, by="wang", applicant_id=people.account_id("lin"), definition=definition
    )


@pytest.fixture
def carried(people: Federation, helped: Dossier) -> Dossier:
    return signed(people, helped)


def signed(people: Federation, dossier: Dossier, *, key: str = "s") -> Dossier:
    wang = people.actor("wang")
    paper = file_store(actor_id=people.account_id("wang"), upload=photo(), purpose="evidence")
    return services.dossier_confirm_paper(
        actor=wang, dossier_id=dossier.pk, file_ids=[paper.pk], key=key
    )


def opens_the_page(people: Federation, who: str, dossier: Dossier) -> int:
    (page,) = files_of(SIGNED, dossier.pk)
    address = file_link(page, account_id=people.account_id(who))
    return client_of(people, who).get(address).status_code


def test_where_no_code_can_go_it_waits_two_weeks_for_a_signature(
    people: Federation, helped: Dossier, clock: StoppedClock
) -> None:
    with pytest.raises(RefusedError):
        services.dossier_confirm(
            actor=people.actor("wang"), dossier_id=helped.pk, code="000000", key="c"
        )
    with pytest.raises(RefusedError):
        services.confirm_code_resend(actor=people.actor("wang"), dossier_id=helped.pk)
    clock.move(days=13, hours=23)
    settle()
    assert Dossier.objects.get().state == State.AWAITING
    assert not Task.objects.exists()
    clock.move(hours=2)
    with pytest.raises(RefusedError):
        signed(people, helped)
    settle()
    assert Dossier.objects.get().outcome == Outcome.LAPSED


def test_without_a_photo_or_with_somebody_elses_nothing_starts(
    people: Federation, helped: Dossier
) -> None:
    other = file_store(actor_id=people.account_id("ma"), upload=photo(), purpose="evidence")
    for files in ([], [other.pk], [uuid.uuid4()]):
        with pytest.raises(RefusedError):
            services.dossier_confirm_paper(
                actor=people.actor("wang"), dossier_id=helped.pk, file_ids=files, key="s"
            )
    assert Dossier.objects.get().state == State.AWAITING
    assert not Recusal.objects.exists()


@pytest.mark.parametrize("who", ["lin", "sun", "ma", "zhao"])
def test_only_who_filled_it_in_hands_in_the_page(
    people: Federation, helped: Dossier, who: str
) -> None:
    paper = file_store(actor_id=people.account_id(who), upload=photo(), purpose="evidence")
    with pytest.raises(ForbiddenError):
        services.dossier_confirm_paper(
            actor=people.actor(who), dossier_id=helped.pk, file_ids=[paper.pk], key="s"
        )


def test_two_taps_are_one_yes(people: Federation, helped: Dossier) -> None:
    signed(people, helped)
    signed(people, helped)
    with pytest.raises(RefusedError):
        signed(people, helped, key="another page")
    assert Entry.objects.filter(dossier=helped, verb=Verb.CONFIRM).count() == 1
    assert Task.objects.count() == 1


def test_who_brought_the_page_has_no_say_and_the_case_goes_to_another_desk(
    people: Federation, carried: Dossier
) -> None:
    wang, task = people.actor("wang"), live_task(carried)
    assert task.organisation == people.organisation("beicang")
    assert who_is(wang, carried, task) is Who.HELPER
    for verb in (Verb.APPROVE, Verb.REFUSE, Verb.TAKE, Verb.AMEND):
        assert not may_act(wang, carried, task, verb)
    assert client_of(people, "wang").get(f"/desk/dossiers/{carried.pk}/").status_code == 302


def test_the_page_is_opened_by_the_desk_alone_and_it_leaves_a_trace(
    people: Federation, carried: Dossier
) -> None:
    assert may_view(people.actor("chen"), carried), "from above the case is known, not the page"
    for who in ("wang", "chen", "ma", "zhao", "qian"):
        assert opens_the_page(people, who, carried) in {403, 404}, who
    assert opens_the_page(people, "sun", carried) == 200
    opened(people.account("lin"))
    lin = client_of(people, "lin")
    assert opens_the_page(people, "lin", carried) == 200
    assert "孙丽华" in lin.get(reverse("members:looked")).content.decode()
    assert "签了字的申请" in lin.get(f"/cases/{carried.pk}/").content.decode()
    chen = client_of(people, "chen").get(f"/desk/dossiers/{carried.pk}/").content.decode()
    assert "签了字的申请" not in chen


def test_she_reads_who_helped_and_how_she_said_yes(people: Federation, carried: Dossier) -> None:
    opened(people.account("lin"))
    page = client_of(people, "lin").get(f"/cases/{carried.pk}/").content.decode()
    assert page.count("王建国") >= 2
    (copy,) = procedures_export(Person(account_id=people.account_id("lin"), member_id=None))
    assert copy["filled_in_by"] == copy["acted_for_you"] == "王建国"
    assert copy["signed_on_paper"] is True


def test_the_carrier_passes_on_what_is_asked_and_reads_nothing_sealed(
    people: Federation, carried: Dossier
) -> None:
    sun, wang = people.actor("sun"), people.actor("wang")
    services.dossier_ask(
        actor=sun, dossier_id=carried.pk, words="还差一张收据。", key="a", seen=None
    )
    assert any(
        letter.url == f"/cases/{carried.pk}/" for letter in letters_to(people.account_id("wang"))
    )
    bundle = dossier_bundle(wang, carried.pk)
    assert bundle is not None
    assert [row.is_hidden for row in bundle.answers if row.field.code == "story"] == [True]
    services.dossier_answer(
        actor=wang, dossier_id=carried.pk, words="收据她明天带来。", key="b", seen=None
    )
    assert Dossier.objects.get().state == State.OPEN
    services.dossier_refuse(
        actor=sun, dossier_id=carried.pk, reason="不够条件。", key="r", seen=None
    )
    services.dossier_object(
        actor=wang, dossier_id=carried.pk, words="她不同意。", key="o", seen=None
    )
    assert Dossier.objects.get().state == State.OPEN


def test_once_she_has_signed_in_it_is_hers_for_good(people: Federation, carried: Dossier) -> None:
    wang = people.actor("wang")
    assert may_view(wang, carried)
    opened(people.account("lin"))
    assert not may_view(wang, carried)
    # Her number goes back to the office: that does not bring the helper back.
    User.objects.filter(pk=people.account_id("lin")).update(phone_verified_at=None)
    assert not may_view(wang, carried)
    for who in ("wang", "chen"):
        with pytest.raises(ForbiddenError):
            services.dossier_carry(actor=people.actor(who), dossier_id=carried.pk, key="c")
    services.dossier_withdraw(actor=people.actor("lin"), dossier_id=carried.pk, key="w", seen=None)
    assert Dossier.objects.get().outcome == Outcome.WITHDRAWN


def test_a_colleague_takes_over_and_neither_of_them_judges(
    people: Federation, carried: Dossier
) -> None:
    with pytest.raises(RefusedError):
        services.dossier_carry(actor=people.actor("sun"), dossier_id=carried.pk, key="c")
    for who in ("ma", "lin", "zhao", "qian"):
        with pytest.raises(ForbiddenError):
            services.dossier_carry(actor=people.actor(who), dossier_id=carried.pk, key="c")
    for _ in range(2):
        services.dossier_carry(actor=people.actor("chen"), dossier_id=carried.pk, key="c")
    assert Dossier.objects.get().carried_by_id == people.account_id("chen")
    assert not may_view(people.actor("wang"), carried)
    barred = Recusal.objects.filter(dossier=carried, reason=Recusal.Reason.CARRIES)
    assert {row.account_id for row in barred} == {
        people.account_id("wang"),
        people.account_id("chen"),
    }
    services.dossier_carry(actor=people.actor("wang"), dossier_id=carried.pk, key="back")
    assert may_view(people.actor("wang"), carried)


def test_with_the_record_the_page_goes(people: Federation, carried: Dossier) -> None:
    services.dossier_withdraw(actor=people.actor("wang"), dossier_id=carried.pk, key="w", seen=None)
    dossier_dispose(dossier_id=carried.pk)
    assert not files_of(SIGNED, carried.pk).exists()
    assert Dossier.objects.get().carried_by_id is None


def test_the_page_to_sign_and_the_photo_of_it(people: Federation, helped: Dossier) -> None:
    wang = client_of(people, "wang")
    paper, sign = (
        reverse(f"procedures:{name}", args=[helped.pk])
        for name in ("dossier_paper", "dossier_signed")
    )
    printed = wang.get(paper).content.decode()
    assert "王建国" in printed
    assert "随时可以收回" in printed
    for who in ("lin", "sun", "ma", "zhao"):
        other = client_of(people, who)
        assert {other.get(paper).status_code, other.get(sign).status_code} == {404}
    by_phone = Client()
    by_phone.force_login(people.account("wang"))
    assert by_phone.get(sign).status_code == 404, "without her second factor there is no desk"
    unticked = wang.post(sign, {"key": "k", "paper-signature": photo()})
    assert unticked.status_code == 200
    assert "signed" in unticked.context["form"].errors
    sent = {"key": "k", "signed": "on"}
    assert "signed" in wang.post(sign, sent).context["form"].errors, "the photo is missing"
    for _ in range(2):
        done = wang.post(sign, {**sent, "paper-signature": photo()})
        assert done.url == reverse("procedures:case", args=[helped.pk])
    assert wang.get(sign).url == reverse("procedures:case", args=[helped.pk])
    assert wang.get(reverse("procedures:dossier_carry", args=[helped.pk])).status_code == 405
    assert files_of(SIGNED, helped.pk).count() == 1


def test_a_member_with_a_phone_of_her_own_signs_and_goes_on_herself(people: Federation) -> None:
    dossier = submitted(people, by="wang", applicant_id=people.account_id("lin"))
    wang = client_of(people, "wang")
    sign = reverse("procedures:dossier_signed", args=[dossier.pk])
    for _ in range(2):
        done = wang.post(sign, {"key": "k", "signed": "on", "paper-signature": photo()})
        assert done.url == reverse("desk:queue")
    assert wang.get(f"/cases/{dossier.pk}/").status_code == 404
    assert may_view(people.actor("lin"), dossier)
