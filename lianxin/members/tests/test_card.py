"""Membership cards: checked by code that shares nothing with ours, refused when anything is wrong."""

from __future__ import annotations

import base64
import datetime as dt
import json
import uuid

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from lianxin.kit import tokens
from lianxin.kit.errors import RefusedError
from lianxin.kit.testing import StoppedClock
from lianxin.members.api import CardVerdict, card_verify
from lianxin.members.models import Card, Member
from lianxin.members.rules import card as rules
from lianxin.members.services import card as services
from lianxin.members.testing import Federation, id_number_of
from lianxin.orgs.api import Actor

CARD = uuid.UUID(int=7)


def token_of(fed: Federation, key: str = "lin") -> str:
    card = services.card_issue(actor=fed.actor(key))
    return services.card_token(Card.objects.select_related("member__organisation").get(pk=card.pk))


def by_another_hand(token: str, jwks: list[dict[str, str]]) -> dict[str, object]:
    """Check a card as the guide tells others to: the standard library and one signature check."""

    def unpack(text: str) -> bytes:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

    payload, signature = (unpack(part) for part in token.split("."))
    said: dict[str, object] = json.loads(payload)
    [x] = [key["x"] for key in jwks if key["kid"] == said["k"]]
    Ed25519PublicKey.from_public_bytes(unpack(x)).verify(signature, payload)
    return said


def published() -> list[dict[str, str]]:
    return [{"kid": key.key_id, "x": key.x} for key in services.keys_published()]


def test_a_card_is_verified_by_code_that_is_not_ours(fed: Federation) -> None:
    token = token_of(fed)
    said = by_another_hand(token, published())
    assert (said["u"], said["n"], said["s"]) == ("JZ-JL-BC-001", "林*梅", "in_force")
    assert len(token) <= 300, "a code a cheap camera still reads"


def test_a_card_shows_nothing_one_could_be_found_by(fed: Federation) -> None:
    payload = tokens.decode(token_of(fed).split(".")[0]).decode()
    member = fed.member("lin")
    for secret in (id_number_of("lin"), "0000001", member.name, str(member.pk), "1981"):
        assert secret not in payload
    assert set(json.loads(payload)) == set("vtkcunsie")


def test_a_good_card_is_good(fed: Federation) -> None:
    verdict = card_verify(token_of(fed))
    assert verdict.is_valid
    assert (verdict.union_name, verdict.name) == ("扬子机械厂工会", "林*梅")
    assert card_verify(f"https://example.org/card/verify/#{token_of(fed)}").is_valid


def test_a_changed_card_is_refused(fed: Federation) -> None:
    head, tail = token_of(fed).split(".")
    said = json.loads(tokens.decode(head))
    said["u"] = "JZ"
    other = tokens.encode(json.dumps(said, separators=(",", ":")).encode())
    assert card_verify(f"{other}.{tail}").fault == "forged"
    with pytest.raises(InvalidSignature):
        by_another_hand(f"{other}.{tail}", published())


@pytest.mark.parametrize("position", range(0, 270, 9))
def test_a_single_changed_character_is_refused(fed: Federation, position: int) -> None:
    token = token_of(fed)
    position %= len(token)
    wrong = "A" if token[position] != "A" else "B"
    assert not card_verify(token[:position] + wrong + token[position + 1 :]).is_valid


def test_an_expired_card_is_refused_and_a_shown_one_lasts_a_day(
    fed: Federation, clock: StoppedClock
) -> None:
    token = token_of(fed)
    clock.move(hours=19)
    assert card_verify(token).is_valid
    clock.move(hours=6)
    assert card_verify(token).fault == "expired"
    assert card_verify(token_of(fed)).is_valid


def test_the_code_changes_every_few_hours_and_not_at_each_look(
    fed: Federation, clock: StoppedClock
) -> None:
    first = token_of(fed)
    assert token_of(fed) == first
    clock.move(hours=4)
    assert token_of(fed) != first


def test_a_revoked_card_is_refused_here_and_stands_on_the_list(fed: Federation) -> None:
    token = token_of(fed)
    services.card_revoke(actor=fed.actor("lin"), member=fed.member("lin"))
    assert card_verify(token).fault == "revoked"
    gone = by_another_hand(services.revoked_token(), published())
    assert gone["c"] == [json.loads(tokens.decode(token.split(".")[0]))["c"]]


def test_the_list_forgets_what_no_clock_accepts_any_more(
    fed: Federation, clock: StoppedClock
) -> None:
    token_of(fed)
    services.card_revoke(actor=fed.actor("wang"), member=fed.member("lin"))
    clock.move(hours=25)
    assert by_another_hand(services.revoked_token(), published())["c"] == []


def test_a_new_card_ends_the_one_before(fed: Federation) -> None:
    old = token_of(fed)
    services.card_renew(actor=fed.actor("lin"))
    assert card_verify(old).fault == "revoked"
    assert card_verify(token_of(fed)).is_valid
    assert Card.objects.filter(member=fed.member("lin"), revoked_at=None).count() == 1


def test_a_second_tap_gives_the_same_card(fed: Federation) -> None:
    actor = fed.actor("lin")
    assert services.card_issue(actor=actor).pk == services.card_issue(actor=actor).pk


def test_who_is_no_member_gets_no_card(fed: Federation) -> None:
    with pytest.raises(RefusedError):
        services.card_issue(actor=fed.actor("tang"))
    Member.objects.filter(pk=fed.member_id("lin")).update(state="left")
    with pytest.raises(RefusedError):
        services.card_issue(actor=fed.actor("lin"))


def test_a_new_key_leaves_cards_good_until_they_expire(
    fed: Federation, clock: StoppedClock
) -> None:
    token = token_of(fed)
    services.card_key_change(actor=Actor.system())
    assert card_verify(token).is_valid
    assert by_another_hand(token_of(fed), published())
    assert len(published()) == 2
    clock.move(hours=30)
    assert len(published()) == 1
    assert card_verify(token).fault == "unknown_key"


@given(st.text(max_size=400))
def test_no_text_is_a_card(text: str) -> None:
    with pytest.raises(rules.CardError):
        rules.card_read(tokens.token_of(text), {}, now=0)


@given(
    name=st.text(min_size=1, max_size=64),
    now=st.integers(0, 2**40),
    refresh=st.integers(60, 86_400),
    life=st.integers(60, 10**6),
)
def test_what_is_written_is_what_is_read(name: str, now: int, refresh: int, life: int) -> None:
    issued_at, expires_at = rules.window_of(now, refresh, refresh + life)
    assert issued_at <= now < expires_at
    face = rules.CardFace(
        key_id="k", card_id=CARD, union_code="JZ", name=name.encode("utf-8", "replace").decode(),
        state="in_force", issued_at=issued_at, expires_at=expires_at,
    )  # fmt: skip
    token = tokens.signed(rules.card_payload(face), lambda _payload: b"s" * 64)
    assert (
        rules.card_read(token, {"k": lambda signature, _p: signature == b"s" * 64}, now=now) == face
    )


@given(st.text(min_size=2, max_size=64))
def test_a_name_on_a_card_is_never_whole(name: str) -> None:
    assert len(rules.name_on_card(name)) <= 3
    assert "*" in rules.name_on_card(name)


def test_a_verdict_carries_times(fed: Federation) -> None:
    verdict: CardVerdict = card_verify(token_of(fed))
    assert verdict.issued_at
    assert verdict.expires_at
    assert verdict.expires_at - verdict.issued_at == dt.timedelta(hours=24)
