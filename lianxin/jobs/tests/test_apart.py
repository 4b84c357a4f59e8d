"""One that fails holds up none of the others, and is told in the log."""

from __future__ import annotations

import uuid

from lianxin.jobs.api import each_alone


def test_one_that_fails_is_passed_over_and_logged(caplog):
    ids = [uuid.uuid4() for _ in range(3)]
    seen = []

    def act(pk: uuid.UUID) -> None:
        if pk == ids[1]:
            raise LookupError("gone")
        seen.append(pk)

    assert each_alone(ids, act, what="draw") == 2
    assert seen == [ids[0], ids[2]]
    assert f"draw {ids[1]} does not go on" in caplog.text
