"""From a case about what partners give vouchers for one comes to where they are taken."""

from __future__ import annotations

import pytest
from django.urls import reverse

from lianxin.exchange.slots import case_note
from lianxin.exchange.testing import resource_make
from lianxin.procedures.testing import submitted, version_of, walk_dossier


@pytest.mark.parametrize("is_own", [True, False])
def test_it_leads_to_the_batch_while_the_case_is_open_and_there_is_one(town, school, is_own) -> None:  # fmt: skip
    case = submitted(town, version=version_of(code="health-check"))
    reader = town.actor("lin" if is_own else "chen")
    assert case_note(case, reader, is_own=is_own) is None
    batch = resource_make(school, title="体检券", kind="health", way="voucher", quantity=9)
    resource_make(school, title="按预约的体检", kind="health", way="asked")
    note = case_note(case, reader, is_own=is_own)
    assert note is not None
    assert note.links == (("体检券", reverse("exchange:resource", args=[batch.pk])),)
    assert case_note(submitted(town, version=version_of()), reader, is_own=is_own) is None
    assert case_note(walk_dossier(case), reader, is_own=is_own) is None


def test_the_officer_reads_it_on_the_page_of_the_case(as_, town, school) -> None:
    batch = resource_make(school, title="体检券", kind="health", way="voucher", quantity=9)
    case = submitted(town, version=version_of(code="health-check"))
    page = as_("wang").get(reverse("procedures:dossier", args=[case.pk])).content.decode()
    assert reverse("exchange:resource", args=[batch.pk]) in page
