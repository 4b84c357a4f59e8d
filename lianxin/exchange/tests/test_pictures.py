"""A partner adds one picture with words for those who cannot see it; an officer looks before everybody does."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.exchange import services
from lianxin.exchange.models import Amendment, Picture, Resource
from lianxin.exchange.testing import entry_of, picture_upload, resource_make
from lianxin.files.api import StoredFile
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError


def page(name: str, *args: object) -> str:
    return reverse(f"exchange:{name}", args=args)


def shown(client: Client, picture: Picture | None, size: str = "medium") -> int:
    assert picture is not None
    return client.get(page("picture", picture.pk, size)).status_code


@pytest.fixture
def waits(town, school) -> Resource:
    return services.resource_offer(actor=town.actor("tang"), partner=school, entry=entry_of(), key="p")  # fmt: skip


def test_before_the_check_only_who_offers_and_who_checks_sees_it(as_, town, waits, clock) -> None:
    tang, chen, anybody = as_("tang"), as_("chen"), Client()
    seen = waits.offered_at
    clock.move(minutes=1)
    wrong = tang.post(page("own_picture", waits.pk), {"alt": " "})
    assert {"upload", "alt"} <= set(wrong.context["form"].errors)
    answer = tang.post(
        page("own_picture", waits.pk), {"upload": picture_upload(), "alt": "明亮的礼堂"}
    )
    assert answer.status_code == 302
    waits.refresh_from_db()
    picture = waits.picture
    assert (shown(tang, picture), shown(chen, picture)) == (200, 200)
    assert {shown(who, picture) for who in (anybody, as_("lin"), as_("zhao"), as_("wang"))} == {404}
    with pytest.raises(StaleError):
        services.resource_publish(actor=town.actor("chen"), resource_id=waits.pk, seen=seen)
    assert "明亮的礼堂" in chen.get(page("desk_resource", waits.pk)).content.decode()
    services.resource_publish(actor=town.actor("chen"), resource_id=waits.pk)
    assert (shown(anybody, picture), shown(anybody, picture, "small")) == (200, 200)
    assert shown(anybody, picture, "large") == 404
    listed = anybody.get(page("resource_list")).content.decode()
    assert page("picture", picture.pk, "small") in listed
    assert 'alt="明亮的礼堂"' in anybody.get(page("resource", waits.pk)).content.decode()


def test_another_picture_of_what_is_published_waits_beside_the_old_one(as_, town, school) -> None:
    one = resource_make(school)
    tang, chen, anybody = as_("tang"), as_("chen"), Client()
    for colour in ("#102030", "#405060"):
        tang.post(page("own_picture", one.pk), {"upload": picture_upload(colour), "alt": "新礼堂"})
    new = Amendment.objects.get().picture
    assert Picture.objects.count() == 1, "the one that waited before is let go"
    assert (shown(anybody, new), shown(chen, new)) == (404, 200)
    services.change_accept(actor=town.actor("chen"), resource_id=one.pk)
    assert shown(anybody, new) == 200
    tang.post(page("own_picture", one.pk), {"upload": picture_upload(), "alt": "第三张"})
    third = Amendment.objects.get().picture
    services.change_decline(actor=town.actor("chen"), resource_id=one.pk, reason="看不清")
    assert (shown(anybody, new), shown(chen, third)) == (200, 404)
    assert Picture.objects.count() == 1


def test_taken_away_it_is_gone_at_once_with_its_files(as_, town, school) -> None:
    one = resource_make(school)
    tang = as_("tang")
    tang.post(page("own_picture", one.pk), {"upload": picture_upload(), "alt": "礼堂"})
    services.change_accept(actor=town.actor("chen"), resource_id=one.pk)
    for _tap in range(2):
        tang.post(page("own_picture", one.pk), {"deed": "out"})
    assert not Picture.objects.exists()
    assert not StoredFile.objects.filter(object_kind="exchange.picture", deleted_at=None).exists()


def test_only_a_contact_sets_it_and_never_of_what_is_taken_down(as_, town, waits) -> None:
    for who in ("lin", "zhao", "chen"):
        assert as_(who).get(page("own_picture", waits.pk)).status_code == 404
        with pytest.raises(ForbiddenError):
            services.picture_set(actor=town.actor(who), resource_id=waits.pk, upload=picture_upload(), alt="x")  # fmt: skip
    services.resource_end(actor=town.actor("chen"), resource_id=waits.pk, reason="x")
    with pytest.raises(StaleError):
        services.picture_set(actor=town.actor("tang"), resource_id=waits.pk, upload=picture_upload(), alt="x")  # fmt: skip


def test_the_list_asks_no_more_for_pictures(school, town, django_assert_max_num_queries) -> None:
    one = resource_make(school, title="礼堂", ends_on=dt.date(2027, 1, 1))
    services.picture_set(actor=town.actor("tang"), resource_id=one.pk, upload=picture_upload(), alt="x")  # fmt: skip
    services.change_accept(actor=town.actor("chen"), resource_id=one.pk)
    with django_assert_max_num_queries(4):
        Client().get(page("resource_list"))


def test_a_picture_that_cannot_stand_anywhere_leaves_no_file(town, school) -> None:
    one, tang = resource_make(school), town.actor("tang")
    services.end_ask(actor=tang, resource_id=one.pk, reason="搬家了")
    with pytest.raises(RefusedError):
        services.picture_set(actor=tang, resource_id=one.pk, upload=picture_upload(), alt="礼堂")
    assert not Picture.objects.exists()
    assert not StoredFile.objects.filter(deleted_at=None).exists()


def test_a_picture_taken_out_leaves_no_empty_question_behind(town, school) -> None:
    one, tang = resource_make(school), town.actor("tang")
    services.picture_set(actor=tang, resource_id=one.pk, upload=picture_upload(), alt="礼堂")
    services.picture_take_out(actor=tang, resource_id=one.pk)
    assert not Amendment.objects.exists()
    changed = entry_of(words="有电梯，请从南门进。")
    services.change_ask(actor=tang, resource_id=one.pk, entry=changed, reason="电梯修好了")
    services.picture_set(actor=tang, resource_id=one.pk, upload=picture_upload(), alt="礼堂")
    services.picture_take_out(actor=tang, resource_id=one.pk)
    assert Amendment.objects.get().reason == "电梯修好了"
