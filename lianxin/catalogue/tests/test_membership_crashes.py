"""The process dies at each commit point of joining, moving and merging: nothing lost, nothing doubled."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from lianxin.audit.testing import seed_heads
from lianxin.catalogue import services
from lianxin.catalogue.constants import JOINING, TRANSFER
from lianxin.catalogue.testing import applied, begun, filled, offer_of, shipped_catalogue
from lianxin.jobs.testing import crash_everywhere, settle
from lianxin.kit import clock as clocks
from lianxin.members.api import (
    Member,
    MembershipEvent,
    Move,
    Suspicion,
    Transfer,
    member_create,
    members_merge,
    membership_change,
)
from lianxin.members.testing import (
    Federation,
    counts_right,
    federation,
    invented_id_number,
)
from lianxin.orgs.api import Organisation, below_q
from lianxin.procedures.api import Dossier
from lianxin.procedures.testing import approve, refuse

pytestmark = pytest.mark.django_db(transaction=True)
# The worker comes back to what another one had begun once its lease is over.
LATER = dt.timedelta(minutes=10)
NEW = invented_id_number(dt.date(1992, 2, 29), 431)


@pytest.fixture
def town(transactional_db: None) -> Federation:
    seed_heads()
    made = federation()
    counts_right()
    shipped_catalogue()
    return made


def whole() -> None:
    """Check what must hold after every crash: counts are true, one membership a number, one way."""
    for union in Organisation.objects.all():
        in_force = Member.objects.filter(below_q(union.path), state=Member.State.IN_FORCE)
        assert union.member_count == in_force.count(), union.code
    numbers = Member.objects.filter(state="in_force").values_list("id_index", flat=True)
    assert len(numbers) == len(set(numbers))
    under_way = Transfer.objects.filter(phase__in=["moving_out", "moving_in"])
    assert under_way.count() <= 1


def crashed(act: Callable[[], Any]) -> None:
    """Crash `act` and what follows from it everywhere, repair, and go on until it went through."""

    def act_and_settle() -> None:
        act()
        settle(clocks.now() + LATER)

    assert crash_everywhere(act_and_settle, after=lambda _number: whole()) >= 2
    # What a worker had begun when it died, another takes up when its lease is over.
    settle(clocks.now() + 10 * LATER)
    whole()


def standings(member_id: uuid.UUID) -> list[str]:
    rows = MembershipEvent.objects.filter(member_id=member_id).order_by("id")
    return list(rows.values_list("to_standing", flat=True))


def passed(dossier: Dossier, who: Any, key: str) -> Callable[[], Any]:
    return lambda: approve(Dossier.objects.get(pk=dossier.pk), who, key=key)


def test_joining(town: Federation) -> None:
    tang, wang = town.actor("tang"), town.actor("wang")
    answers = {
        "union": "JZ-JL-BC-001", "name": "唐风", "id_number": NEW, "employment_form": "contract",
    }  # fmt: skip
    dossier = applied(tang, JOINING, typed=answers)
    crashed(passed(dossier, wang, "in"))
    member = Member.objects.get(account_id=town.account_id("tang"))
    assert standings(member.pk) == ["applied", "review", "in_force"]


def test_a_transfer_from_asking_to_arriving(town: Federation) -> None:
    lin = town.actor("lin")
    draft = filled(lin, begun(lin, TRANSFER), {"to_union": "JZ-BH-JW-001"})
    version_id = offer_of(TRANSFER).version_id
    crashed(lambda: services.draft_send(actor=lin, draft_id=draft.pk, version_id=version_id))
    dossier = Dossier.objects.get()
    crashed(passed(dossier, town.actor("wang"), "out"))
    crashed(passed(dossier, town.actor("ma"), "in"))
    assert standings(town.member_id("lin")) == ["moving_out", "moving_in", "in_force"]
    moved = Member.objects.get(pk=town.member_id("lin"))
    assert moved.organisation.code == "JZ-BH-JW-001"


def test_a_transfer_that_is_refused(town: Federation) -> None:
    dossier = applied(town.actor("lin"), TRANSFER, typed={"to_union": "JZ-BH-JW-001"})
    settle()
    ma = town.actor("ma")
    crashed(passed(dossier, town.actor("wang"), "out"))
    crashed(lambda: refuse(dossier, ma, key="n"))
    assert standings(town.member_id("lin")) == ["moving_out", "moving_in", "in_force"]
    assert Member.objects.get(pk=town.member_id("lin")).organisation.code == "JZ-JL-BC-001"


def test_retaining(town: Federation) -> None:
    wang, lin = town.actor("wang"), town.member("lin")
    crashed(lambda: membership_change(actor=wang, member=lin, move=Move.RETAIN, reason="retired"))
    assert standings(lin.pk) == ["retained"]


def test_a_merge(town: Federation) -> None:
    wang, lin = town.actor("wang"), town.member("lin")
    member_create(
        actor=wang, organisation=town.organisation("yangtze"), name="林晓梅", id_number=NEW,
        phone="19900000001",
    )  # fmt: skip
    settle()
    pair = Suspicion.objects.get()
    crashed(lambda: members_merge(actor=wang, suspicion_id=pair.pk, kept_id=lin.pk))
    assert Member.objects.filter(merged_into=lin).count() == 1
    assert MembershipEvent.objects.filter(reason="merged").count() == 1
