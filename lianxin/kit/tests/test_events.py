"""Events: named by app and past tense, whole after a journey through JSON."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.kit.events import Event, from_plain, handlers_of, subscribe, to_plain


@dataclass(frozen=True, kw_only=True, slots=True)
class LeafFallen(Event):
    """A leaf fell in a test."""

    leaf_id: uuid.UUID
    at: dt.datetime
    on: dt.date
    words: str | None
    weights: tuple[int, ...]


def _hear(event: LeafFallen) -> None:
    """Do nothing with it."""


@given(
    leaf_id=st.uuids(),
    at=st.datetimes(timezones=st.just(dt.UTC)),
    on=st.dates(),
    words=st.none() | st.text(),
    weights=st.lists(st.integers()).map(tuple),
)
def test_an_event_comes_back_whole(**values) -> None:
    subscribe(LeafFallen, _hear)
    event = LeafFallen(**values)
    stored = json.loads(json.dumps(to_plain(event)))
    assert from_plain(LeafFallen.name(), stored) == event


def test_an_event_is_named_by_its_app() -> None:
    assert LeafFallen.name() == "kit.LeafFallen"


def test_subscribing_twice_is_subscribing_once() -> None:
    subscribe(LeafFallen, _hear)
    subscribe(LeafFallen, _hear)
    assert len(handlers_of(LeafFallen.name())) == 1


def test_a_field_may_not_hide_the_events_own_name() -> None:
    with pytest.raises(TypeError, match="own name"):

        class NameSaid(Event):
            name: str  # type: ignore[assignment]  # the mistake itself
