"""The finance office's pages: Qian pays, nobody else finds the till, and nothing is paid twice."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lianxin.audit.api import openings_of
from lianxin.jobs.testing import settle
from lianxin.members.testing import Federation
from lianxin.procedures.models import Dossier, Payment, PaymentBatch
from lianxin.procedures.testing import dossier_at_step
from lianxin.procedures.tests.pages import client_of

pytestmark = pytest.mark.django_db
ACCOUNT = "6222020000000000000"


@pytest.fixture
def payment(people: Federation) -> Payment:
    return Payment.objects.get(dossier=dossier_at_step(people, "pay"))


def ticked(payment: Payment) -> dict[str, str]:
    return {"key": "k1", "payment": f"{payment.organisation_id}:{payment.pk}"}


def batch_of(people: Federation, payment: Payment) -> PaymentBatch:
    client_of(people, "qian").post("/desk/payments/batches/", ticked(payment))
    return PaymentBatch.objects.get()


def answer_of(
    payment: Payment, state: str = "成功", encoding: str = "gb18030"
) -> SimpleUploadedFile:
    amount = f"{payment.amount_fen / 100:.2f}"
    text = f"付款编号,金额(元),状态,原因\r\n{payment.number},{amount},{state},账号有误\r\n"
    return SimpleUploadedFile("回盘.csv", text.encode(encoding), "text/csv")


def test_the_till_is_there_for_the_finance_office_alone(
    people: Federation, payment: Payment
) -> None:
    assert payment.number in client_of(people, "qian").get("/desk/payments/").content.decode()
    for other in ("lin", "wang", "he", "zhao", "ma"):
        assert client_of(people, other).get("/desk/payments/").status_code == 404
        assert client_of(people, other).post("/desk/payments/return/").status_code == 404


def test_names_are_masked_until_a_batch_is_opened(people: Federation, payment: Payment) -> None:
    page = client_of(people, "qian").get("/desk/payments/").content.decode()
    assert "林**" in page
    assert "林晓梅" not in page
    assert ACCOUNT not in page


def test_a_double_tap_makes_one_batch(people: Federation, payment: Payment) -> None:
    qian = client_of(people, "qian")
    first = qian.post("/desk/payments/batches/", ticked(payment))
    second = qian.post("/desk/payments/batches/", ticked(payment))
    assert first["Location"] == second["Location"]
    assert PaymentBatch.objects.count() == 1


def test_a_batch_of_nothing_is_said_kindly(people: Federation, payment: Payment) -> None:
    answer = client_of(people, "qian").post("/desk/payments/batches/", {"key": "k"}, follow=True)
    assert "没有勾选" in answer.content.decode()


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_the_file_for_the_bank_holds_the_account_and_leaves_a_trace(
    people: Federation, payment: Payment, encoding: str
) -> None:
    batch = batch_of(people, payment)
    qian = client_of(people, "qian")
    assert "林晓梅" in qian.get(f"/desk/payments/batches/{batch.pk}/").content.decode()
    answer = qian.post(f"/desk/payments/batches/{batch.pk}/file/", {"encoding": encoding})
    assert ACCOUNT in answer.content.decode(encoding)
    assert answer["Content-Disposition"] == f'attachment; filename="{batch.number}.csv"'
    assert openings_of(people.account_id("lin")).filter(purpose="payment.export").exists()


def test_an_unknown_encoding_or_a_strangers_hand_gets_nothing(
    people: Federation, payment: Payment
) -> None:
    address = f"/desk/payments/batches/{batch_of(people, payment).pk}/file/"
    assert client_of(people, "qian").post(address, {"encoding": "rot13"}).status_code == 404
    assert client_of(people, "wang").post(address, {"encoding": "utf-8-sig"}).status_code == 404
    assert client_of(people, "qian").get(address).status_code == 405


def test_the_banks_answer_closes_the_case(people: Federation, payment: Payment) -> None:
    batch_of(people, payment)
    sent = {"till": str(payment.organisation_id), "file": answer_of(payment)}
    page = client_of(people, "qian").post("/desk/payments/return/", sent).content.decode()
    assert "1 笔已付" in page
    assert Dossier.objects.get(pk=payment.dossier_id).state == "closed"


def test_a_returned_payment_asks_the_person_for_the_right_account(
    people: Federation, payment: Payment
) -> None:
    batch_of(people, payment)
    sent = {"till": str(payment.organisation_id), "file": answer_of(payment, "失败")}
    client_of(people, "qian").post("/desk/payments/return/", sent)
    settle()
    lin = client_of(people, "lin")
    assert "更正账号" in lin.get(f"/cases/{payment.dossier_id}/").content.decode()
    seen = Dossier.objects.get(pk=payment.dossier_id).seq
    address = f"/cases/{payment.dossier_id}/account/"
    wrong = lin.post(address, {"key": "k", "seen": seen, "account": "12"})
    assert "银行账号是 8 到 30 位数字" in wrong.content.decode()
    for _ in range(2):
        assert (
            lin.post(
                address, {"key": "k", "seen": seen, "account": "6222 0200 0000 0000 123"}
            ).status_code
            == 302
        )
    assert Payment.objects.filter(dossier_id=payment.dossier_id, state="ready").count() == 1


def test_an_odd_row_gets_a_sentence(people: Federation, payment: Payment) -> None:
    batch_of(people, payment)
    text = "付款编号,状态\r\nP000,成功\r\n"
    file = SimpleUploadedFile("x.csv", text.encode(), "text/csv")
    sent = {"till": str(payment.organisation_id), "file": file}
    page = client_of(people, "qian").post("/desk/payments/return/", sent).content.decode()
    assert "我们没有这个付款编号" in page


def test_a_file_of_rubbish_changes_nothing(people: Federation, payment: Payment) -> None:
    file = SimpleUploadedFile("x.csv", b"\x00\xff\xfe garbage", "text/csv")
    sent = {"till": str(payment.organisation_id), "file": file}
    answer = client_of(people, "qian").post("/desk/payments/return/", sent)
    assert answer.status_code == 200
    assert 'class="error"' in answer.content.decode() or "summary" in answer.content.decode()
    assert Payment.objects.get(pk=payment.pk).state == "ready"


def test_the_till_needs_few_queries(people: Federation, django_assert_max_num_queries) -> None:
    for _ in range(10):
        dossier_at_step(people, "pay")
    qian = client_of(people, "qian")
    qian.get("/desk/payments/")
    with django_assert_max_num_queries(12):
        qian.get("/desk/payments/")
