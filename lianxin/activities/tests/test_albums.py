"""Albums: for those who were there; one tap hides a picture from everybody until an officer looked."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from lianxin.activities.models import AlbumPicture, Picture
from lianxin.activities.services import albums_forget, pictures_add
from lianxin.activities.testing import (
    activity_made,
    pool_of,
    session_of,
    time_made,
)
from lianxin.allocation.api import claim_take
from lianxin.allocation.testing import ask_of
from lianxin.audit.api import AuditRow
from lianxin.files.api import StoredFile
from lianxin.files.testing import picture_upload
from lianxin.kit.errors import RefusedError, StaleError
from lianxin.members.api import Person, privacy_erase, privacy_export
from lianxin.notify.testing import letters_to

pytestmark = pytest.mark.django_db
TOLD = "activity.picture_hidden"


@pytest.fixture
def evening(fed, clock):
    """Lin's union had an evening yesterday; Zhao of another union had a place, Tang had none."""
    activity = activity_made(fed.organisation("yangtze"), times=[time_made(1)])
    claim_take(ask_of(pool_of(activity), fed.account_id("zhao")))
    clock.move(days=2)
    return activity


def sent(**more):
    return {"uploads": [picture_upload()], "alt": "大家围着灯读诗", "has_agreed": "on", "key": "one"} | more  # fmt: skip


def desk(activity) -> str:
    return str(reverse("activities:desk_album", args=[session_of(activity).pk]))


def album(activity) -> str:
    return str(reverse("activities:album", args=[session_of(activity).pk]))


def of_one(name: str, row: AlbumPicture, *more: str) -> str:
    return str(reverse(f"activities:{name}", args=[row.pk, *more]))


@pytest.fixture
def shown(fed, evening, as_person) -> AlbumPicture:
    assert as_person("wang").post(desk(evening), sent()).status_code == 302
    return AlbumPicture.objects.get()


def test_an_officer_adds_what_people_agreed_to_and_twice_is_once(fed, evening, as_person):
    wang = as_person("wang")
    assert wang.post(desk(evening), sent(has_agreed="")).status_code == 200
    assert wang.post(desk(evening), sent(alt="")).status_code == 200
    assert wang.post(desk(evening), sent(uploads=[SimpleUploadedFile("a.png", b"no picture")])).status_code == 200  # fmt: skip
    many = sent(uploads=[picture_upload() for _one in range(7)])
    assert "一次最多六张" in wang.post(desk(evening), many).content.decode()
    assert not AlbumPicture.objects.exists()
    assert not Picture.objects.exists()
    for _twice in range(2):
        two = sent(uploads=[picture_upload(), picture_upload("#405060")])
        assert wang.post(desk(evening), two).status_code == 302
    assert AlbumPicture.objects.count() == Picture.objects.count() == 2
    assert AuditRow.objects.filter(action="activity.picture_added").count() == 2


def test_only_whoever_arranges_adds_and_only_once_it_has_begun(fed, evening, as_person):
    for who, status in (("lin", 403), ("zhao", 403), ("ma", 404)):
        assert as_person(who).get(desk(evening)).status_code == status
        assert as_person(who).post(desk(evening), sent()).status_code == status
    ahead = activity_made(fed.organisation("yangtze"))
    answer = as_person("wang").post(desk(ahead), sent())
    assert "活动开始以后才能放照片" in answer.content.decode()
    with pytest.raises(RefusedError):
        pictures_add(actor=fed.actor("ma"), session_id=session_of(evening).pk, uploads=[picture_upload()], alt="灯", has_agreed=True, key="k")  # fmt: skip
    assert not AlbumPicture.objects.exists()


def test_those_who_were_there_and_the_members_of_the_union_see_it(fed, evening, shown, as_person, client):  # fmt: skip
    for who, status in (("lin", 200), ("zhao", 200), ("wang", 200), ("tang", 404), ("ma", 404)):
        person = as_person(who)
        assert person.get(album(evening)).status_code == status
        assert person.get(of_one("album_one", shown)).status_code == status
        data = person.get(of_one("album_data", shown, "small"))
        assert data.status_code == status
        if status == 200:
            assert data["Cache-Control"] == "private, no-store"
    assert as_person("lin").get(of_one("album_data", shown, "large")).status_code == 404
    assert client.get(album(evening)).status_code == 302
    session = reverse("activities:session", args=[evening.pk, session_of(evening).pk])
    for who, stands in (("lin", True), ("tang", False)):
        assert (album(evening) in as_person(who).get(session).content.decode()) is stands
    assert album(evening) not in client.get(session).content.decode()


def test_what_a_camera_wrote_into_it_is_gone(fed, evening, as_person):
    held = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    Image.new("RGB", (640, 400), "#b8c4a0").save(held, "JPEG", exif=exif)
    assert b"Secret Camera" in held.getvalue()
    upload = SimpleUploadedFile("a.jpg", held.getvalue(), "image/jpeg")
    assert as_person("wang").post(desk(evening), sent(uploads=[upload])).status_code == 302
    row = AlbumPicture.objects.get()
    for size in ("small", "medium"):
        assert b"Secret Camera" not in as_person("lin").get(of_one("album_data", row, size)).content


def test_one_tap_hides_it_from_everybody_and_nobody_learns_who(fed, evening, shown, as_person):
    hide = of_one("album_hide", shown)
    assert as_person("tang").post(hide).status_code == 404
    assert as_person("zhao").get(hide).status_code == 405
    for _twice in range(2):
        assert as_person("zhao").post(hide).status_code == 302
    for who in ("lin", "zhao"):
        assert of_one("album_one", shown) not in as_person(who).get(album(evening)).content.decode()
        assert as_person(who).get(of_one("album_data", shown, "medium")).status_code == 404
    letters = [one for one in letters_to(fed.account_id("wang")) if one.kind == TOLD]
    assert len(letters) == 1
    page = as_person("wang").get(desk(evening)).content.decode()
    assert "有人请求撤下这张" in page
    for said in (page, letters[0].body, letters[0].title):
        assert "赵海燕" not in said
    assert as_person("wang").get(of_one("album_data", shown, "small")).status_code == 200


def test_an_officer_lets_it_go_or_shows_it_again(fed, evening, shown, as_person):
    step = reverse("activities:desk_album_step", args=[session_of(evening).pk, shown.pk])
    zhao, wang = as_person("zhao"), as_person("wang")
    zhao.post(of_one("album_hide", shown))
    assert as_person("lin").post(step, {"step": "show"}).status_code == 403
    assert as_person("ma").post(step, {"step": "let_go"}).status_code == 404
    assert wang.get(step).status_code == 405
    for _twice in range(2):
        assert wang.post(step, {"step": "show"}).status_code == 302
    assert zhao.get(of_one("album_one", shown)).status_code == 200
    answer = zhao.post(of_one("album_hide", shown), follow=True).content.decode()
    assert "请打电话给" in answer, "the second time a person helps her on"
    assert as_person("lin").post(of_one("album_hide", shown)).status_code == 302
    assert AlbumPicture.objects.get().hidden_at is not None, "somebody else may ask, too"
    for _twice in range(2):
        assert wang.post(step, {"step": "let_go"}).status_code == 302
    assert not AlbumPicture.objects.exists()
    assert not Picture.objects.exists()
    assert not StoredFile.objects.filter(purpose="activity-album", deleted_at=None).exists(), (
        "in all its sizes"
    )


def test_a_year_after_the_album_is_let_go(fed, evening, shown, clock):
    clock.move(days=360)
    assert albums_forget() == 0
    clock.move(days=6)
    assert [albums_forget(), albums_forget()] == [1, 0]
    assert not Picture.objects.exists()


def test_whose_it_was_is_hers_to_take_along_and_is_forgotten_with_her(fed, evening, shown, as_person):  # fmt: skip
    as_person("zhao").post(of_one("album_hide", shown))
    part = next(one for key, one in privacy_export.items() if key == "activities")
    erase = next(one for key, one in privacy_erase.items() if key == "activities").erase
    for who, said in (("wang", "picture_added"), ("zhao", "picture_asked_down")):
        person = Person(account_id=fed.account_id(who), member_id=None)
        assert any(said in row for row in part.read(person))
        for _again in range(2):
            erase(person)
        assert not any(said in row for row in part.read(person))
    assert AlbumPicture.objects.get().hidden_at is not None, "hidden stays hidden"


def test_an_album_is_read_with_few_queries(fed, evening, as_person, django_assert_max_num_queries):
    for number in range(3):
        pictures_add(actor=fed.actor("wang"), session_id=session_of(evening).pk, uploads=[picture_upload()], alt="灯", has_agreed=True, key=f"k{number}")  # fmt: skip
    zhao = as_person("zhao")
    zhao.get(album(evening))
    with django_assert_max_num_queries(8):
        assert zhao.get(album(evening)).content.decode().count("album/") >= 3


def test_the_service_says_what_the_form_says(fed, evening):
    ahead = session_of(activity_made(fed.organisation("yangtze")))
    given = {"actor": fed.actor("wang"), "uploads": [picture_upload()], "alt": "灯", "key": "k"}
    with pytest.raises(StaleError):
        pictures_add(session_id=ahead.pk, has_agreed=True, **given)
    with pytest.raises(RefusedError):
        pictures_add(session_id=session_of(evening).pk, has_agreed=False, **given)


def test_an_album_holds_sixty_and_the_same_form_again_is_none_of_them(fed, evening, monkeypatch):
    monkeypatch.setattr("lianxin.activities.services.albums.MOST", 2)
    session = session_of(evening)
    told = {"actor": fed.actor("wang"), "session_id": session.pk, "alt": "读诗", "has_agreed": True}
    two = [picture_upload(), picture_upload("#405060")]
    assert pictures_add(uploads=two, key="one", **told) == 2
    assert pictures_add(uploads=[picture_upload(), picture_upload("#405060")], key="one", **told) == 0  # fmt: skip
    with pytest.raises(RefusedError) as caught:
        pictures_add(uploads=[picture_upload()], key="two", **told)
    assert caught.value.field == "uploads"
    assert AlbumPicture.objects.count() == 2
