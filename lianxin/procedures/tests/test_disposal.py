"""After its years a dossier is emptied; that it was stays countable."""

from __future__ import annotations

import datetime as dt

from lianxin.kit import clock as clocks
from lianxin.members.testing import Federation
from lianxin.procedures import services
from lianxin.procedures.models import AnswerSet, Dossier, Entry, Payment, Rating, Recusal
from lianxin.procedures.rules.machine import Outcome
from lianxin.procedures.selectors import my_dossiers
from lianxin.procedures.testing import definition_of, submitted, walk_dossier


def old_dossier(people: Federation, years: float, **given: object) -> Dossier:
    dossier = walk_dossier(submitted(people, **given))  # type: ignore[arg-type]  # passed through
    services.dossier_rate(
        actor=people.actor("lin"), dossier_id=dossier.pk, level=5, words="谢谢", key="r"
    )
    Dossier.objects.filter(pk=dossier.pk).update(
        closed_at=clocks.now() - dt.timedelta(days=365 * years + 1)
    )
    return dossier


def test_only_what_is_old_enough_goes_and_a_rehearsal_changes_nothing(people: Federation) -> None:
    old = old_dossier(people, 10)
    old_dossier(people, 9)
    assert services.dossiers_dispose(is_dry_run=True) == 1
    assert not Dossier.objects.filter(disposed_at__isnull=False).exists()
    assert services.dossiers_dispose() == 1
    assert services.dossiers_dispose() == 0
    assert Dossier.objects.get(disposed_at__isnull=False).pk == old.pk


def test_a_definition_may_keep_its_cases_for_less(people: Federation) -> None:
    old_dossier(people, 3, definition=definition_of(keep_years=2))
    old_dossier(people, 3)
    assert services.dossiers_dispose() == 1


def test_nothing_personal_is_left_and_the_fact_is(people: Federation) -> None:
    dossier = old_dossier(people, 10, answers={"story": "家里困难"})
    services.dossiers_dispose()
    kept = Dossier.objects.get(pk=dossier.pk)
    assert (kept.applicant_id, kept.applicant_name, kept.subject_id) == (None, "", None)
    assert (kept.outcome, kept.amount_fen, kept.organisation) == (
        Outcome.GRANTED,
        50_000,
        people.organisation("yangtze"),
    )
    assert not AnswerSet.objects.exists()
    assert not Recusal.objects.exists()
    assert not Entry.objects.exclude(note="").exists()
    assert not Entry.objects.filter(actor=people.account("lin")).exists()
    assert Rating.objects.get().words is None
    payment = Payment.objects.get()
    assert (payment.account, payment.payee_name, payment.amount_fen) == (None, "", 50_000)
    assert my_dossiers(people.account_id("lin")) == []
