"""The judge of moves, asked about everything."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from lianxin.procedures.constants import REFUSALS
from lianxin.procedures.rules.machine import (
    Effect,
    Move,
    Outcome,
    Refusal,
    Situation,
    State,
    Verb,
    Who,
    decide,
)

situations = st.builds(
    Situation,
    state=st.sampled_from(State),
    outcome=st.one_of(st.none(), st.sampled_from(Outcome)),
    step_kind=st.sampled_from(["review", "decision", "payment", "notice"]),
    is_last_step=st.booleans(),
    is_decided=st.booleans(),
    is_money_moving=st.booleans(),
    is_objection=st.booleans(),
    was_objected=st.booleans(),
    may_still_object=st.booleans(),
    is_rated=st.booleans(),
    wants_rating=st.booleans(),
    is_repair_open=st.booleans(),
)
verbs, whos = st.sampled_from(Verb), st.sampled_from(Who)
REVIVING = {Verb.REOPEN, Verb.OBJECT}


@given(verbs, situations, whos)
def test_every_wish_is_a_move_or_a_sentence(verb: Verb, now: Situation, who: Who) -> None:
    verdict = decide(verb, now, who)
    assert isinstance(verdict, Move) or str(REFUSALS[verdict.code])


@given(verbs, situations, whos)
def test_a_closed_dossier_stays_closed(verb: Verb, now: Situation, who: Who) -> None:
    verdict = decide(verb, replace(now, state=State.CLOSED), who)
    if isinstance(verdict, Move) and verdict.state is not State.CLOSED:
        assert verb in REVIVING


@given(verbs, situations)
def test_a_stranger_may_nothing(verb: Verb, now: Situation) -> None:
    assert isinstance(decide(verb, now, Who.STRANGER), Refusal)


@given(verbs, situations, whos)
def test_nothing_happens_to_a_case_while_its_money_moves(
    verb: Verb, now: Situation, who: Who
) -> None:
    verdict = decide(verb, replace(now, is_money_moving=True), who)
    if verb in {Verb.WITHDRAW, Verb.CLOSE, Verb.REFUSE, Verb.REOPEN}:
        assert isinstance(verdict, Refusal)


@given(verbs, situations, whos)
def test_the_clock_stops_only_by_asking_and_runs_again_only_by_an_answer(
    verb: Verb, now: Situation, who: Who
) -> None:
    verdict = decide(verb, now, who)
    if isinstance(verdict, Move):
        assert (verdict.effect is Effect.STOP) == (verb is Verb.ASK)
        assert (verdict.effect is Effect.RESUME) == (verb is Verb.ANSWER)
        if now.state is State.OPEN and verdict.state is State.WAITING:
            assert verb is Verb.ASK
        if now.state is State.WAITING and verdict.state is State.OPEN:
            assert verb is Verb.ANSWER


@given(verbs, situations, whos)
def test_only_the_person_speaks_for_herself(verb: Verb, now: Situation, who: Who) -> None:
    if verb in {Verb.AMEND, Verb.ANSWER, Verb.RATE} and who is not Who.PERSON:
        assert isinstance(decide(verb, now, who), Refusal)


@given(situations, st.sampled_from([Who.HOLDER, Who.SYSTEM]))
def test_the_last_step_closes_and_grants(now: Situation, who: Who) -> None:
    verdict = decide(Verb.APPROVE, replace(now, state=State.OPEN, is_last_step=True), who)
    assert isinstance(verdict, Move)
    assert (verdict.state, verdict.outcome) == (State.CLOSED, Outcome.GRANTED)


@given(situations, whos)
def test_what_is_decided_is_no_longer_amended(now: Situation, who: Who) -> None:
    assert isinstance(decide(Verb.AMEND, replace(now, is_decided=True), who), Refusal)


@given(situations)
def test_one_objects_once_in_time_and_to_a_no(now: Situation) -> None:
    closed = replace(now, state=State.CLOSED)
    may = (
        closed.outcome in {Outcome.REFUSED, Outcome.SETTLED}
        and not closed.was_objected
        and closed.may_still_object
    )
    assert isinstance(decide(Verb.OBJECT, closed, Who.PERSON), Move) == may
