"""Filled in with an officer, confirmed by the person with a code."""

from __future__ import annotations

import pytest

from lianxin.jobs.testing import settle
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.testing import StoppedClock
from lianxin.members.testing import Federation
from lianxin.notify.api import address_of
from lianxin.notify.testing import code_to
from lianxin.procedures import services
from lianxin.procedures.models import Dossier, Task
from lianxin.procedures.policies import may_view
from lianxin.procedures.rules.machine import Outcome, State
from lianxin.procedures.testing import live_task, submitted

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def helped(people: Federation) -> Dossier:
    return submitted(people, by="wang", applicant_id=people.account_id("lin"))


def code_sent(people: Federation) -> str:
    return code_to(address_of(people.account_id("lin")).phone or "")


def test_nothing_runs_before_the_person_says_yes(people: Federation, helped: Dossier) -> None:
    assert helped.state == State.AWAITING
    assert not Task.objects.exists()
    assert may_view(people.actor("lin"), helped)
    assert may_view(people.actor("wang"), helped)
    assert not may_view(people.actor("sun"), helped)


@pytest.mark.parametrize("who", ["lin", "wang"])
def test_the_code_starts_it(people: Federation, helped: Dossier, who: str) -> None:
    code = code_sent(people)
    for _ in range(2):
        services.dossier_confirm(actor=people.actor(who), dossier_id=helped.pk, code=code, key="c")
    assert Dossier.objects.get().state == State.OPEN
    assert live_task(helped).organisation == people.organisation("yangtze")


def test_a_wrong_code_is_counted_and_five_are_too_many(
    people: Federation, helped: Dossier, clock: StoppedClock
) -> None:
    code = code_sent(people)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for n in range(5):
        with pytest.raises(RefusedError):
            services.dossier_confirm(
                actor=people.actor("lin"), dossier_id=helped.pk, code=wrong, key=f"{n}"
            )
    with pytest.raises(RefusedError):
        services.dossier_confirm(
            actor=people.actor("lin"), dossier_id=helped.pk, code=code, key="right"
        )
    clock.move(minutes=2)
    services.confirm_code_resend(actor=people.actor("lin"), dossier_id=helped.pk)
    services.dossier_confirm(
        actor=people.actor("lin"), dossier_id=helped.pk, code=code_sent(people), key="new"
    )
    assert Dossier.objects.get().state == State.OPEN


def test_new_codes_are_few_so_that_no_helper_guesses_the_yes(
    people: Federation, helped: Dossier, clock: StoppedClock
) -> None:
    def again() -> None:
        services.confirm_code_resend(actor=people.actor("wang"), dossier_id=helped.pk)

    with pytest.raises(RefusedError):
        again()
    for _ in range(5):
        clock.move(minutes=2)
        again()
    clock.move(minutes=2)
    with pytest.raises(RefusedError):
        again()
    clock.move(days=1)
    again()


def test_what_nobody_confirms_lapses(
    people: Federation, helped: Dossier, clock: StoppedClock
) -> None:
    clock.move(hours=73)
    settle()
    assert (Dossier.objects.get().state, Dossier.objects.get().outcome) == (
        State.CLOSED,
        Outcome.LAPSED,
    )


def test_an_officer_helps_only_people_of_her_own_union(people: Federation) -> None:
    for who in ("ma", "lin", "qian"):
        with pytest.raises(ForbiddenError):
            submitted(
                people, by=who, applicant_id=people.account_id("zhao" if who != "ma" else "lin")
            )
    assert not Dossier.objects.exists()
