"""A kiosk of a station: a code at the desk, typed once on the screen; what it shows, and how it goes."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.audit.api import AuditRow
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError
from lianxin.stations.models import Station, StationKiosk
from lianxin.stations.services import kiosk_invite, kiosk_pair, kiosk_remove, station_end
from lianxin.stations.testing import station_make

pytestmark = pytest.mark.django_db
SET_UP, START = reverse("accounts:kiosk_set_up"), reverse("accounts:kiosk")


def phone_of(town, who: str) -> Client:
    client = Client()
    sign_in(client, town.account(who), second_factor=who not in {"lin", "zhao"})
    return client


def invited(town, station: Station, *, label: str = "门口", key: str = "k") -> StationKiosk:
    return kiosk_invite(actor=town.actor("wang"), station_id=station.pk, label=label, key=key)


def typed_on(screen: Client, code: str):
    screen.get(SET_UP)
    return screen.post(SET_UP, {"key": code})


@pytest.fixture
def screen(town, station) -> Client:
    """A screen that has typed the code of the station."""
    made = Client()
    assert typed_on(made, invited(town, station).code).url == START
    return made


def test_wang_asks_for_a_code_and_the_screen_types_it_once(town, station):
    desk = phone_of(town, "wang")
    page = reverse("stations:station_kiosks", args=[station.code])
    answers = [desk.post(page, {"label": "门口", "key": "once"}, follow=True) for _tap in range(2)]
    kiosk = StationKiosk.objects.get()
    code = answers[1].context["code"]
    assert code == answers[0].context["code"] == " ".join(kiosk.code.replace("-", ""))
    screen, other = Client(), Client()
    assert typed_on(screen, code.lower()).url == START
    assert "门口" in screen.get(START).content.decode()
    assert typed_on(other, code).context["form"].errors
    assert "等着输入配对码" not in desk.get(page).content.decode()
    assert "今天见过" in desk.get(page).content.decode()
    assert (
        "门口" in desk.get(reverse("stations:station_desk", args=[station.code])).content.decode()
    )
    done = AuditRow.objects.filter(action__startswith="stations.kiosk_").order_by("pk")
    assert [row.action for row in done] == ["stations.kiosk_invited", "stations.kiosk_paired"]


def test_what_is_kept_opens_nothing(town, station, screen):
    kiosk = StationKiosk.objects.get()
    assert (kiosk.code, len(kiosk.key_digest)) == ("", 64)
    assert kiosk.key_digest not in screen.cookies["lx_kiosk"].value
    thief = Client()
    thief.cookies["lx_kiosk"] = f"station:{kiosk.key_digest}"
    assert thief.get(START).url == SET_UP


def test_a_code_is_over_after_fifteen_minutes(town, station, hands):
    kiosk = invited(town, station)
    hands.move(minutes=15, seconds=1)
    assert typed_on(Client(), kiosk.code).context["form"].errors
    page = phone_of(town, "wang").get(reverse("stations:kiosk_code", args=[station.code, kiosk.pk]))
    assert page.context["code"] == ""
    assert invited(town, station, key="again").code != kiosk.code
    assert StationKiosk.objects.count() == 1


def test_it_greets_with_the_station_its_hours_and_its_page(town, station, screen):
    page = screen.get(START).content.decode()
    assert "欢迎来到北苍驿站" in page
    assert "8:00" in page
    assert reverse("stations:station_page", args=[station.code]) in page
    assert "这个驿站主页的二维码" in page
    assert "data-user-code" in page, "and one signs in with the phone"


def test_taken_away_with_one_tap_it_is_none_any_more(town, station, screen):
    desk, kiosk = phone_of(town, "wang"), StationKiosk.objects.get()
    gone = reverse("stations:kiosk_remove", args=[station.code, kiosk.pk])
    assert desk.get(gone).status_code == 405
    for _tap in range(2):
        assert desk.post(gone).status_code == 302
    assert screen.get(START).status_code == 404, "the last one is gone: there are no such pages"
    invited(town, station, key="next")
    assert screen.get(START).url == SET_UP
    assert AuditRow.objects.filter(action="stations.kiosk_removed").count() == 1


def test_a_station_given_up_has_no_kiosk(town, station, screen):
    station_end(actor=town.actor("wang"), station_id=station.pk)
    assert screen.get(START).url == SET_UP
    assert not kiosk_pair("BCDF-GHJK")


def test_the_day_it_was_seen_is_kept_and_no_hour(town, station, screen, hands):
    hands.move(days=3)
    screen.get(START)
    assert StationKiosk.objects.get().seen_on == clock.today()
    hands.move(days=2)
    page = reverse("stations:station_kiosks", args=[station.code])
    assert "最后一次见到" in phone_of(town, "wang").get(page).content.decode()


def test_nobody_else_asks_for_a_code_reads_it_or_takes_a_kiosk_away(town, station):
    kiosk = invited(town, station)
    other = station_make(town.organisation("riverside"), "江畔驿站", code="JZ-002")
    pages = [
        reverse("stations:station_kiosks", args=[station.code]),
        reverse("stations:kiosk_code", args=[station.code, kiosk.pk]),
    ]
    gone = reverse("stations:kiosk_remove", args=[station.code, kiosk.pk])
    for who, status in (("ma", 404), ("zhao", 403), ("lin", 403)):
        client = phone_of(town, who)
        assert {client.get(page).status_code for page in pages} == {status}, who
        assert client.post(pages[0], {"label": "x", "key": "y"}).status_code == status
        assert client.post(gone).status_code == status
    theirs = reverse("stations:kiosk_code", args=[other.code, kiosk.pk])
    assert phone_of(town, "ma").get(theirs).status_code == 404, "another station's code"
    with pytest.raises(ForbiddenError):
        kiosk_invite(actor=town.actor("ma"), station_id=station.pk, label="x", key="y")
    with pytest.raises(ForbiddenError):
        kiosk_remove(actor=town.actor("ma"), station_id=station.pk, kiosk_id=kiosk.pk)
    assert StationKiosk.objects.get() == kiosk


def test_where_it_stands_must_be_said_and_the_form_comes_back(town, station):
    page = reverse("stations:station_kiosks", args=[station.code])
    assert phone_of(town, "wang").post(page, {"label": " ", "key": "k"}).context["form"].errors
    assert not StationKiosk.objects.exists()


def test_a_session_at_it_ends_and_leaves_nothing(town, station, screen, hands):
    phone = phone_of(town, "lin")
    code = screen.get(START).context["grant"].user_code
    grant = phone.get(reverse("accounts:kiosk_approve"), {"code": code}).context["grant"]
    phone.post(reverse("accounts:kiosk_answer", args=[grant.pk]), {"yes": "1"})
    screen.post(reverse("accounts:kiosk_wait", args=[grant.pk]))
    assert "_auth_user_id" in screen.session
    hands.move(minutes=2, seconds=1)
    answer = screen.get("/")
    assert answer.url == START
    assert "storage" in answer["Clear-Site-Data"]
    assert "_auth_user_id" not in screen.session
    assert screen.get(START).status_code == 200, "it is still this station's kiosk"


def test_the_start_page_asks_little(town, station, screen, django_assert_max_num_queries):
    screen.get(START)
    with django_assert_max_num_queries(20):
        screen.get(START)
