"""The public page of a union."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.orgs.testing import tree

pytestmark = pytest.mark.django_db


def test_everybody_finds_the_human_door_of_a_union():
    tree()
    page = Client().get(reverse("orgs:organisation", args=["JZ-JL-BC-001"]))
    assert page.status_code == 200
    for word in ("扬子机械厂工会", "嘉岭区总工会", "tel:12351"):
        assert word in page.content.decode()
    assert "林晓梅" not in page.content.decode()


def test_no_union_is_no_page_and_nothing_is_sent_there():
    tree()
    assert Client().get(reverse("orgs:organisation", args=["XX"])).status_code == 404
    assert Client().post(reverse("orgs:organisation", args=["JZ"])).status_code == 405
