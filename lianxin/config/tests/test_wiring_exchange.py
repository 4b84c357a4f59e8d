"""What joins catalogue and exchange: a service's page shows what partners have for it at once."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from lianxin.exchange.testing import resource_make
from lianxin.members.testing import federation
from lianxin.partners.testing import partner_make

pytestmark = pytest.mark.django_db


def test_a_service_leads_to_what_partners_have_and_to_nothing_else() -> None:
    fed = federation()
    call_command("catalogue_load", verbosity=0)
    partner = partner_make("嘉州公寓", fed.organisation("jialing"))
    home, health = (reverse("catalogue:service_page", args=[code]) for code in ("rental-offer", "health-check"))  # fmt: skip
    assert "合作单位现成的" not in Client().get(home).content.decode()
    resource_make(partner, title="江畔单间", kind="rental", way="asked")
    resource_make(partner, title="团体住宿", kind="rental", way="booked")
    shown = Client().get(home).content.decode()
    assert "江畔单间" in shown
    assert "团体住宿" not in shown
    assert "江畔单间" not in Client().get(health).content.decode()
