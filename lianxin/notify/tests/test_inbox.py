"""The inbox: each message once, in the reader's language, for the reader alone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils.translation import gettext_lazy

from lianxin.files.testing import sign_in, user_of
from lianxin.kit.ids import new_id
from lianxin.kit.text import Bilingual
from lianxin.kit.transactions import atomic
from lianxin.notify.api import Address, account_erase, account_export, notify, unread_count
from lianxin.notify.models import InboxMessage
from lianxin.notify.testing import letters_to
from lianxin.notify.tests.people import LIN, ZHAO, reachable

pytestmark = pytest.mark.django_db


def tell(account_id=LIN, key="case:1", **more):
    said = {"title": "您的申请有进展", "body": "王敏已经看过了。", "url": "/my/cases/1/", **more}
    notify(account_id=account_id, kind="case", key=key, **said)


def test_a_message_arrives_once_a_key():
    tell()
    tell(title="again")
    tell(ZHAO)
    assert [letter.title for letter in letters_to(LIN)] == ["您的申请有进展"]
    assert len(letters_to(ZHAO)) == 1


def test_the_words_lie_sealed():
    tell(title="hardly secret")
    with connection.cursor() as cursor:
        cursor.execute("SELECT title, body FROM notify_inboxmessage")
        title, body = cursor.fetchone()
    assert title.startswith("v2.")
    assert "王敏" not in body


def test_words_come_in_the_readers_language():
    words = Bilingual(en="Your case moved on", zh_Hans="您的申请有进展")
    with reachable(lin=Address(language="en")):
        tell(title=words, body=gettext_lazy("Messages"))
        tell(ZHAO, title=words, body=gettext_lazy("Messages"))
    assert (letters_to(LIN)[0].title, letters_to(LIN)[0].body) == ("Your case moved on", "Messages")
    assert (letters_to(ZHAO)[0].title, letters_to(ZHAO)[0].body) == ("您的申请有进展", "消息")


def test_a_message_that_leads_elsewhere_is_refused():
    with pytest.raises(ValueError, match="own pages"):
        tell(url="https://evil.example/")


def test_a_message_dies_with_its_transaction():
    class NoError(Exception):
        pass

    def fail():
        with atomic():
            tell()
            raise NoError

    with pytest.raises(NoError):
        fail()
    assert unread_count(LIN) == 0


def test_only_the_reader_reads(client):
    lin, zhao = user_of("Lin"), user_of("Zhao")
    tell(lin.pk)
    message = InboxMessage.objects.get()
    for url in ("/inbox/", f"/inbox/{message.pk}/"):
        assert client.get(url).status_code == 302
    sign_in(client, zhao)
    assert "您的申请有进展" not in client.get("/inbox/").text
    assert client.get(f"/inbox/{message.pk}/").status_code == 404
    client.post("/inbox/read/")
    assert unread_count(lin.pk) == 1
    sign_in(client, lin)
    assert "您的申请有进展" in client.get("/inbox/").text
    assert unread_count(lin.pk) == 1
    page = client.get(f"/inbox/{message.pk}/")
    assert "王敏已经看过了。" in page.text
    assert 'href="/my/cases/1/"' in page.text
    assert unread_count(lin.pk) == 0
    assert client.get(f"/inbox/{new_id()}/").status_code == 404


def test_all_may_be_marked_as_read_twice(client):
    lin = sign_in(client, user_of("Lin"))
    for number in range(3):
        tell(lin.pk, key=str(number))
    assert client.get("/inbox/read/").status_code == 405
    for _ in range(2):
        assert client.post("/inbox/read/").status_code == 302
    assert unread_count(lin.pk) == 0
    assert client.post("/inbox/").status_code == 405


def test_a_long_inbox_comes_page_by_page(client, django_assert_max_num_queries):
    lin = sign_in(client, user_of("Lin"))
    for number in range(45):
        tell(lin.pk, key=str(number), title=f"消息 {number:02}")
    seen, url = [], "/inbox/"
    while url:
        with django_assert_max_num_queries(12):
            answer = client.get(url)
        seen += [letter.title for letter in answer.context["letters"]]
        token = answer.context["page"].next_token
        url = f"/inbox/?after={token}" if token else ""
    assert seen == [f"消息 {number:02}" for number in reversed(range(45))]


def test_what_is_written_to_one_may_be_taken_along_and_erased():
    tell(body="<b>x</b>")
    assert account_export(LIN)[0]["body"] == "<b>x</b>"
    assert account_erase(LIN) == 1
    assert account_erase(LIN) == 0
    assert account_export(LIN) == []


def test_hostile_words_stay_words(client):
    lin = sign_in(client, user_of("Lin"))
    tell(lin.pk, title="<script>x</script>", body="a\n\n<img src=x>")
    message = InboxMessage.objects.get()
    for url in ("/inbox/", f"/inbox/{message.pk}/"):
        page = client.get(url).text
        assert "<script>x" not in page
        assert "<img src=x" not in page
