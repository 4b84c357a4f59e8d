"""A job runs when it is due, once, under a lease; what fails is tried again and then given up."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.jobs import selectors, services
from lianxin.jobs.api import cancel, dead_jobs, enqueue, heartbeat_age, run_due
from lianxin.jobs.models import Job, Periodic, Pulse
from lianxin.jobs.rules import MOST_LOSSES, Lane
from lianxin.jobs.services import registry
from lianxin.jobs.testing import crash_everywhere, keys_waiting, run_periodic
from lianxin.jobs.tests import kinds
from lianxin.jobs.tests.kinds import FAULTY, SEEN
from lianxin.kit import clock
from lianxin.kit.transactions import atomic

HOUR = dt.timedelta(hours=1)


def taken(lane=Lane.QUICK, worker="a") -> Job:
    job = services.job_claim(lane=lane, worker=worker, now=clock.now())
    assert job is not None
    return job


def until() -> dt.datetime:
    lease_until = Job.objects.get().lease_until
    assert lease_until is not None
    return lease_until


@pytest.fixture(autouse=True)
def _fresh():
    SEEN.clear()
    FAULTY.clear()


def light(**more):
    with atomic():
        enqueue("test.light", **more)


@pytest.mark.django_db
def test_a_job_runs_when_it_is_due_and_not_before():
    light(payload={"colour": "blue"}, run_at=clock.now() + HOUR)
    assert run_due() == 0
    assert run_due(clock.now() + 2 * HOUR) == 1
    assert run_due(clock.now() + 3 * HOUR) == 0
    assert SEEN == ["blue"]


@pytest.mark.django_db
def test_a_key_is_put_in_once_even_after_it_has_run():
    light(key="lamp")
    light(key="lamp", payload={"colour": "blue"})
    run_due()
    light(key="lamp")
    assert run_due() == 0
    assert SEEN == ["red"]


@pytest.mark.django_db
def test_what_is_cancelled_does_not_run_and_its_key_is_free():
    light(key="lamp", run_at=clock.now() + HOUR)
    cancel("lamp")
    assert run_due(clock.now() + 2 * HOUR) == 0
    light(key="lamp", payload={"colour": "blue"})
    assert keys_waiting() == {"lamp"}
    run_due()
    assert SEEN == ["blue"]
    cancel("lamp")
    assert Job.objects.get(key="lamp").state == "done", "what is done stays known"


@pytest.mark.django_db
def test_an_unknown_name_is_refused_at_once():
    with pytest.raises(LookupError):
        enqueue("test.no_such_thing")
    with pytest.raises(LookupError):
        registry.every("test.no_such_thing", seconds=5)


@pytest.mark.django_db
def test_a_failing_job_is_tried_again_later_and_finally_given_up_without_its_words():
    FAULTY.add("red")
    light(key="lamp")
    for days in range(1, 20):
        run_due(clock.now() + dt.timedelta(days=days))
    job = dead_jobs().get()
    assert job.tries == len(SEEN) == 12
    assert "LampError" in job.fault
    assert "13800000000" not in job.fault
    FAULTY.clear()
    services.dead_retry()
    run_due()
    assert Job.objects.get().state == "done"


@pytest.mark.django_db
def test_two_lanes_do_not_take_from_each_other():
    with atomic():
        enqueue("test.light_long")
        enqueue("test.light")
    assert taken().name == "test.light"
    assert services.job_claim(lane=Lane.QUICK, worker="a", now=clock.now()) is None
    assert taken(Lane.LONG).name == "test.light_long"


@pytest.mark.django_db
def test_a_lost_lease_gives_the_job_back_and_the_late_worker_changes_nothing():
    light()
    late = taken(worker="late")
    assert services.leases_reap() == 0, "its lease still holds"
    assert services.leases_reap(now=clock.now() + HOUR) == 1
    heir = taken(worker="heir")
    assert not services.job_run(late)
    assert services.job_run(heir)
    assert Job.objects.get().state == "done"
    assert not services.job_run(late)


@pytest.mark.django_db
def test_a_lease_is_prolonged_for_its_holder_only():
    light()
    job = taken()
    Job.objects.update(lease_until=clock.now() - HOUR)
    services.leases_extend([job.pk], worker="somebody else")
    assert until() < clock.now()
    services.leases_extend([job.pk], worker="a")
    assert until() > clock.now()
    assert services.leases_reap() == 0


@pytest.mark.django_db
def test_a_job_that_kills_its_worker_every_time_is_given_up():
    light()
    for _ in range(MOST_LOSSES):
        assert services.job_claim(lane=Lane.QUICK, worker="a", now=clock.now())
        services.leases_reap(now=clock.now() + HOUR)
    assert Job.objects.get().state == "dead"


@pytest.mark.django_db(transaction=True)
def test_a_job_crashed_at_every_commit_point_leaves_its_mark_once():
    lit: list[int] = []

    def act():
        with atomic():
            enqueue("test.leave_mark", key=f"mark {len(lit)}")
        run_due()

    def repair(_number):
        lit.append(1)
        services.leases_reap(now=clock.now() + HOUR)
        run_due()

    @registry.job("test.leave_mark")
    def leave_mark_job():
        Periodic.objects.create(name=f"mark {Periodic.objects.count()}", next_at=clock.now())

    crashes = crash_everywhere(act, after=repair)
    assert crashes >= 5
    assert Periodic.objects.count() == Job.objects.filter(state="done").count()
    assert not Job.objects.exclude(state="done").exists()


@pytest.mark.django_db
def test_a_periodic_job_comes_once_a_time_and_once_after_a_standstill():
    before = dict(registry.SCHEDULES)
    registry.SCHEDULES.clear()
    registry.every("test.light", seconds=60)
    try:
        start = clock.now()
        assert services.periodic_tick(now=start) == 0
        assert services.periodic_tick(now=start + dt.timedelta(seconds=61)) == 1
        assert services.periodic_tick(now=start + dt.timedelta(seconds=61)) == 0
        assert services.periodic_tick(now=start + dt.timedelta(days=3)) == 1
        assert services.periodic_tick(now=start + dt.timedelta(days=3)) == 0
        assert run_due(start + dt.timedelta(days=3)) == 2
    finally:
        registry.SCHEDULES.update(before)
        del registry.SCHEDULES["test.light"]


@pytest.mark.django_db
def test_old_finished_rows_go_and_dead_ones_stay():
    light(key="old")
    light(key="dead")
    run_due()
    Job.objects.update(done_at=clock.now() - dt.timedelta(days=400))
    Job.objects.filter(key="dead").update(state="dead")
    run_periodic("jobs.purge_finished")
    assert set(Job.objects.exclude(name="jobs.purge_finished").values_list("key", flat=True)) == {
        "dead"
    }


@pytest.mark.django_db
def test_the_sign_of_life_grows_old():
    assert heartbeat_age() is None
    services.pulse_beat("a")
    assert 0 <= (heartbeat_age() or 0) < 5
    Pulse.objects.update(beat_at=clock.now() - HOUR)
    assert (heartbeat_age() or 0) >= 3600
    services.pulse_end("a")
    assert heartbeat_age() is None


@pytest.mark.django_db
def test_the_counts_of_the_queue_are_true():
    light()
    light(run_at=clock.now() + HOUR)
    services.job_claim(lane=Lane.QUICK, worker="a", now=clock.now())
    count = selectors.queue_count()
    assert (count.waiting, count.running, count.dead) == (1, 1, 0)
    assert kinds.LampLit.name() == "jobs.LampLit"
