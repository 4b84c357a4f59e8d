"""A union that merges or closes: its pools, beds and bookings go to the heir, and nobody is counted twice."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.allocation.models import Bookable, Booking, Pool
from lianxin.allocation.rules.bookings import Unions
from lianxin.allocation.services.following import booked_below
from lianxin.allocation.testing import bookable_make, booked, pool_make
from lianxin.jobs.testing import settle
from lianxin.kit import clock
from lianxin.members.testing import counts_right
from lianxin.orgs.api import Level, organisation_merge, tree_check
from lianxin.orgs.testing import organisation_make

pytestmark = pytest.mark.django_db


def test_what_is_not_over_goes_to_the_heir(fed) -> None:
    counts_right()
    old = fed.organisation("yangtze")
    heir = organisation_make("新扬子工会", code="JZ-JL-BC-077", level=Level.GRASSROOTS, parent=fed.organisation("beicang"))  # fmt: skip
    soon = clock.today() + dt.timedelta(days=5)
    beds = bookable_make(old, 2)
    pool = pool_make(old)
    over = pool_make(old, starts_at=None, ends_at=None)
    Pool.objects.filter(pk=over.pk).update(ends_at=clock.now() - dt.timedelta(days=1))
    hall = bookable_make(fed.organisation("beicang"), 1, unions=Unions.BELOW)
    stay = booked(beds, fed.actor("lin"), soon)
    meeting = booked(hall, fed.actor("wang"), soon, union_id=old.pk)
    assert booked_below(fed.organisation("jialing").path).count == 2
    assert booked_below(fed.organisation("binhe").path).count == 0

    organisation_merge(actor=fed.actor("he"), organisation=old, survivor=heir)
    settle()
    assert Bookable.objects.get(pk=beds.pk).organisation == heir
    assert Pool.objects.get(pk=pool.pk).organisation == heir
    assert Pool.objects.get(pk=over.pk).organisation == old, "what is over stays where it was"
    assert Booking.objects.get(pk=meeting.pk).union == heir
    assert Booking.objects.get(pk=stay.pk).state == "confirmed"
    assert tree_check().is_sound
