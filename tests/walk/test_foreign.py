"""Every address there is, called by three people with somebody else's rows.

Nobody, a worker of another union, and one who holds every post there is in the neighbouring
district: no page shows them one of Lin's rows, no form changes one, and nothing breaks. A new page
is walked by being there; an argument nobody made a row for must be named in `addresses.NO_ROW`.

Slow by its nature: some 360 addresses, three callers, two bodies (about 40 s). It is one test, so
that the world is built once and what was found is told in one list.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from lianxin.accounts.testing import sign_in
from tests.walk import attack
from tests.walk.addresses import ADDRESSES, NO_ROW, ROWS, WORDS
from tests.walk.world import World

pytestmark = pytest.mark.django_db

# Where it is right that a stranger reads or changes something, and why.
GATE = "an empty page; what it needs it asks for with the secret of its address"
ALLOWED: dict[str, dict[str, str]] = {
    # Answers with a page although a row in its address is not hers.
    "read": {"allocation:gate": GATE},
    # Names a row that is not hers.
    "told": {"allocation:gate": GATE},
    # Changes a row that is not hers, or makes one beside it.
    "changed": {
        "eligibility:objection_new": "her own objection, to a policy everybody reads",
        "notices:objection_new": "anybody who signs in may object to a public notice",
    },
    "breaks": {"readyz": "says that no job worker runs, and none does in a test"},
}


@dataclass(frozen=True)
class Walk:
    """One caller with her browser, and what she must never meet."""

    who: str
    client: Client
    secrets: frozenset[str]
    theirs: frozenset[str]


def test_nobody_elses_row_is_shown_or_changed_and_nothing_breaks(here):
    before, body = attack.everything(), attack.body_of(here)
    found: list[str] = []
    used: set[tuple[str, str]] = set()
    for walk in _walks(here):
        for address in ADDRESSES:
            for path, is_shown in address.paths(here):
                for sent in (None, {}, body):
                    faults = _called(walk, path, sent, before, is_shown=is_shown)
                    used |= {(kind, address.name) for kind, _told in faults}
                    found += [
                        f"{walk.who}: {'GET' if sent is None else 'POST'} {address.name}: {told}"
                        for kind, told in faults
                        if address.name not in ALLOWED[kind]
                    ]
    assert not found, "\n".join(sorted(set(found)))
    for kind, names in ALLOWED.items():
        assert not {name for name in names if (kind, name) not in used}, (
            f"{kind}: no exception needed"
        )


def test_every_argument_stands_for_a_row_or_says_why_it_is_none(here):
    named = {one.name for one in ADDRESSES if one.arguments and not one.names_rows}
    assert named == set(NO_ROW)
    assert not [one.name for one in ADDRESSES if not list(one.paths(here))]
    taken = (
        {one.name for one in ADDRESSES} | {one.name.partition(":")[0] for one in ADDRESSES} | {""}
    )
    assert not {key for key in (*ROWS, *WORDS) if key[0] not in taken}


def _walks(here: World) -> Iterator[Walk]:
    lin = here.fed.account("lin")
    rows = [row for some in here.hidden.values() for row in some]
    public = [row for some in here.shown.values() for row in some]
    secrets = {str(row.pk) for row in rows if isinstance(row.pk, uuid.UUID)}
    secrets |= {"林晓梅", "19900000001", str(lin.pk), str(here.fed.account_id("wang"))}
    unions = [here.fed.organisation(key) for key in ("yangtze", "beicang", "jialing")]
    theirs = secrets | {str(row.pk) for row in (*public, *unions) if isinstance(row.pk, uuid.UUID)}
    for who in ("nobody", *here.strangers):
        client = Client(raise_request_exception=False)
        if who in here.strangers:
            sign_in(client, here.strangers[who])
        yield Walk(who, client, frozenset(secrets), frozenset(theirs))


def _called(
    walk: Walk,
    path: str,
    sent: dict[str, Any] | None,
    before: dict[str, attack.Rows],
    *,
    is_shown: bool,
) -> list[tuple[str, str]]:
    """Call once, and say what is wrong with the answer: what kind of fault, and in words."""
    cache.clear()
    with attack.undone() as touched:
        answer = walk.client.get(path) if sent is None else walk.client.post(path, sent)
        rows = attack.changed(touched(), before, walk.theirs)
    text = _text(answer).replace(path, "")
    met = sorted(one for one in walk.secrets if one in text and one not in repr(sent))
    faults = []
    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        faults.append(("breaks", f"{answer.status_code} {_why(answer)}"))
    if answer.status_code == HTTPStatus.OK and not is_shown:
        faults.append(("read", f"shows {path}"))
    if met:
        faults.append(("told", f"tells {met[:3]}"))
    if rows:
        faults.append(("changed", f"{answer.status_code}, changes {rows[:4]}"))
    return faults


def _text(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode(errors="replace"))


def _why(answer: Any) -> str:
    told = getattr(answer, "exc_info", None)
    return repr(told[1])[:300] if told else ""
