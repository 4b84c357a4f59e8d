"""Money: exported, paid, come back, corrected; never twice."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
import xlsxwriter

from lianxin.audit.api import openings_of
from lianxin.jobs.testing import settle
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.members.testing import Federation
from lianxin.procedures import services
from lianxin.procedures.models import BankReturn, Dossier, Payment, PaymentBatch
from lianxin.procedures.rules.definition import FieldKind, StepKind
from lianxin.procedures.rules.machine import Outcome, State
from lianxin.procedures.selectors import batches_for, payments_for
from lianxin.procedures.services.paying import harmless
from lianxin.procedures.services.reconciling import ReturnResult
from lianxin.procedures.testing import definition_of, dossier_at_step, field_of, step_of
from lianxin.vault import api as vault

ACCOUNT = "6222020000000000001"


@pytest.fixture
def due(people: Federation) -> Dossier:
    return dossier_at_step(people, "pay", answers={"account": ACCOUNT})


def batch_of(people: Federation, key: str = "b") -> PaymentBatch:
    return services.batch_create(
        actor=people.actor("qian"), organisation_id=people.organisation("city").pk, key=key
    )


def answer(
    people: Federation, *rows: tuple[str, str, str, str], encoding: str = "gb18030"
) -> ReturnResult:
    text = "付款编号,金额,处理结果,原因\n" + "".join(",".join(row) + "\n" for row in rows)
    return services.bank_return_read(
        actor=people.actor("qian"),
        organisation_id=people.organisation("city").pk,
        name="回盘.csv",
        data=text.encode(encoding),
    )


def payment_of(dossier: Dossier) -> Payment:
    return Payment.objects.filter(dossier=dossier).latest("opened_at")


def state_of(dossier: Dossier) -> tuple[str, str]:
    fresh = Dossier.objects.get(pk=dossier.pk)
    return fresh.state, fresh.outcome


def test_the_payment_step_makes_one_sealed_payment(due: Dossier) -> None:
    payment = Payment.objects.get()
    assert (payment.amount_fen, payment.payee_name, payment.state) == (50_000, "林晓梅", "ready")
    assert ACCOUNT not in str(payment.account)
    assert vault.reveal(payment, "account") == ACCOUNT


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_batch_is_exported_and_every_account_opened_is_noted(
    people: Federation, due: Dossier, encoding: str
) -> None:
    batch = batch_of(people)
    assert batch_of(people) == batch
    data = services.batch_export(actor=people.actor("qian"), batch_id=batch.pk, encoding=encoding)  # type: ignore[arg-type]  # parametrised
    rows = list(csv.reader(io.StringIO(data.decode(encoding))))
    assert rows[1][:4] == [payment_of(due).number, "林晓梅", ACCOUNT, "500.00"]
    assert openings_of(people.account_id("lin")).filter(purpose="payment.export").count() == 1


def test_only_the_till_handles_money(people: Federation, due: Dossier) -> None:
    batch = batch_of(people)
    for key in ("he", "wang", "lin", "ma"):
        with pytest.raises(ForbiddenError):
            services.batch_create(
                actor=people.actor(key), organisation_id=people.organisation("city").pk, key="x"
            )
        with pytest.raises(ForbiddenError):
            services.batch_export(actor=people.actor(key), batch_id=batch.pk)
        with pytest.raises(ForbiddenError):
            services.payment_record(actor=people.actor(key), payment_id=payment_of(due).pk)
        assert not payments_for(people.actor(key), state="batched").rows
        assert not batches_for(people.actor(key)).rows


def test_nobody_pays_herself(people: Federation) -> None:
    dossier = dossier_at_step(people, "pay", by="qian", answers={"account": ACCOUNT})
    with pytest.raises(RefusedError):
        batch_of(people)
    with pytest.raises(ForbiddenError):
        services.payment_record(actor=people.actor("qian"), payment_id=payment_of(dossier).pk)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_what_the_bank_paid_closes_the_case_and_the_file_twice_changes_nothing(
    people: Federation, due: Dossier, encoding: str
) -> None:
    batch_of(people)
    row = (payment_of(due).number, "500.00", "成功", "")
    assert answer(people, row, encoding=encoding).paid == 1
    assert state_of(due) == (State.CLOSED, Outcome.GRANTED)
    second = answer(people, row, encoding=encoding)
    assert (second.paid, second.unchanged, second.was_read_before) == (0, 1, True)
    assert answer(people, row, ("P0", "1", "成功", ""), encoding=encoding).unchanged == 1
    assert Payment.objects.filter(state="paid").count() == 1


def test_a_workbook_is_read_too(people: Federation, due: Dossier) -> None:
    batch_of(people)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["代发结果"])
        sheet.write_row(2, 0, ["付款编号", "金额", "状态"])
        sheet.write_row(3, 0, [payment_of(due).number, 500, "交易成功"])
    result = services.bank_return_read(
        actor=people.actor("qian"), organisation_id=people.organisation("city").pk,
        name="x.xlsx", data=buffer.getvalue(),
    )  # fmt: skip
    assert (result.paid, result.problems) == (1, [])


def test_nobody_says_of_her_own_money_that_it_came_back(people: Federation, due: Dossier) -> None:
    batch_of(people)
    row = (payment_of(due).number, "500.00", "退汇", "户名不符")
    Dossier.objects.filter(pk=due.pk).update(applicant=people.account_id("qian"))
    first = answer(people, row)
    assert [problem.code for problem in first.problems] == ["own"]
    assert payment_of(due).state == "batched"
    Dossier.objects.filter(pk=due.pk).update(applicant=people.account_id("lin"))
    assert answer(people, row).returned == 1  # the same file, in another's hand


def test_a_workbook_that_unpacks_without_end_is_refused(people: Federation) -> None:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(401):
            part.write(bytes(1024 * 1024))
    with pytest.raises(RefusedError):
        services.bank_return_read(
            actor=people.actor("qian"), organisation_id=people.organisation("city").pk,
            name="x.xlsx", data=buffer.getvalue(),
        )  # fmt: skip


def test_what_came_back_is_corrected_by_the_person_and_paid_once(
    people: Federation, due: Dossier
) -> None:
    batch_of(people)
    first = payment_of(due)
    assert answer(people, (first.number, "500.00", "退汇", "户名不符")).returned == 1
    settle()
    assert state_of(due)[0] == State.WAITING
    with pytest.raises(services.AnswersError):
        services.payment_account_correct(
            actor=people.actor("lin"), dossier_id=due.pk, account="12", key="k", seen=None
        )
    for _ in range(2):
        services.payment_account_correct(
            actor=people.actor("lin"),
            dossier_id=due.pk,
            account="6222 0200 0000 0000 002",
            key="k",
            seen=None,
        )
    second = payment_of(due)
    assert (Payment.objects.count(), second.state, vault.reveal(second, "account")) == (
        2,
        "ready",
        "6222020000000000002",
    )
    batch_of(people, "again")
    late = answer(people, (first.number, "500.00", "成功", ""))
    assert [problem.code for problem in late.problems] == ["was_returned"]
    answer(people, (second.number, "500.00", "成功", ""))
    assert state_of(due) == (State.CLOSED, Outcome.GRANTED)
    assert Payment.objects.filter(state="paid").count() == 1


def test_a_payment_that_comes_back_after_the_end_opens_the_case_again(
    people: Federation, due: Dossier
) -> None:
    batch_of(people)
    number = payment_of(due).number
    answer(people, (number, "500.00", "成功", ""))
    assert answer(people, (number, "500.00", "退票", "账户已销户")).returned == 1
    settle()
    assert state_of(due) == (State.WAITING, Outcome.GRANTED)
    services.payment_account_correct(
        actor=people.actor("lin"),
        dossier_id=due.pk,
        account="6222020000000000002",
        key="k",
        seen=None,
    )
    batch_of(people, "again")
    answer(people, (payment_of(due).number, "500.00", "成功", ""))
    assert state_of(due) == (State.CLOSED, Outcome.GRANTED)


def test_rows_that_need_a_person_are_named_and_change_nothing(
    people: Federation, due: Dossier
) -> None:
    waiting = payment_of(due).number
    early = answer(people, (waiting, "500.00", "成功", ""))
    assert [problem.code for problem in early.problems] == ["never_sent"]
    batch_of(people)
    result = answer(
        people,
        ("P999", "500.00", "成功", ""),
        (waiting, "5000.00", "成功", ""),
        (waiting, "500.00", "处理中", ""),
    )
    assert [problem.code for problem in result.problems] == [
        "unknown_number",
        "wrong_amount",
        "unclear_state",
    ]
    assert all(problem.sentence for problem in result.problems)
    assert payment_of(due).state == "batched"


@pytest.mark.parametrize("data", [b"", b"\x00\xff\x00", b"PK\x03\x04rubbish", b"a,b,c\n1,2,3\n"])
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    people: Federation, data: bytes
) -> None:
    with pytest.raises(RefusedError):
        services.bank_return_read(
            actor=people.actor("qian"),
            organisation_id=people.organisation("city").pk,
            name="x.csv",
            data=data,
        )
    assert not BankReturn.objects.exists()


def test_a_case_without_an_account_asks_for_it(people: Federation) -> None:
    dossier = dossier_at_step(people, "pay", answers={"account": ""})
    with pytest.raises(RefusedError):
        batch_of(people)
    settle()
    assert state_of(dossier)[0] == State.WAITING
    services.payment_account_correct(
        actor=people.actor("lin"), dossier_id=dossier.pk, account=ACCOUNT, key="k", seen=None
    )
    assert batch_of(people).payment_count == 1


def test_money_on_its_way_holds_the_case(people: Federation, due: Dossier) -> None:
    batch_of(people)
    with pytest.raises(RefusedError):
        services.dossier_withdraw(actor=people.actor("lin"), dossier_id=due.pk, key="w", seen=None)
    with pytest.raises(RefusedError):
        services.dossier_close(
            actor=people.actor("qian"), dossier_id=due.pk, reason="x", key="c", seen=None
        )


def test_who_withdraws_before_gets_no_money(people: Federation, due: Dossier) -> None:
    services.dossier_withdraw(actor=people.actor("lin"), dossier_id=due.pk, key="w", seen=None)
    assert payment_of(due).state == "cancelled"
    with pytest.raises(RefusedError):
        batch_of(people)


def test_two_payment_steps_are_two_payments(people: Federation) -> None:
    definition = definition_of(
        step_of("one", StepKind.PAYMENT, level="city", roles=["finance"]),
        step_of("two", StepKind.PAYMENT, level="city", roles=["finance"]),
        fields=[field_of("account", FieldKind.BANK_ACCOUNT)],
        payee_account="account",
    )
    dossier = dossier_at_step(people, "two", definition=definition)
    states = Payment.objects.filter(dossier=dossier).order_by("opened_at")
    assert list(states.values_list("step_code", "state")) == [("one", "paid"), ("two", "ready")]


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "＝1", "\tx"])
def test_a_name_is_never_a_formula(name: str) -> None:
    assert harmless(name).startswith("'")
    assert harmless("林晓梅") == "林晓梅"
