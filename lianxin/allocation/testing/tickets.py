"""Tickets forged or changed in a dozen ways, and a browser that judges tickets as a door does.

None of the forgers has the key. Some change what is written and leave the signature; some sign with
a key of their own, under the true key's name or another; some join one ticket's words with another's
signature; some only spell a genuine ticket otherwise, so that it might count as one more.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lianxin.allocation.testing.draw_files import TrialKey
from lianxin.kit import tokens
from lianxin.ui.testing import chromium

STATIC = Path(__file__).parents[1] / "static" / "allocation"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_WORDS = {"k": "k-own", "n": "别*", "s": ["1 排 1 座"], "d": 1, "v": 2, "t": "card"}
_STRANGE: tuple[Any, ...] = (0, -1, 1.5, True, None, "1", [], {}, 99)
PLACE = "http://localhost/"  # of a secure context, as the pages of doors have
# How a browser checks signatures: by itself, by our own arithmetic, or not at all.
WAYS = {
    "own": "",
    "ours": "crypto.subtle.importKey = async () => { throw new Error('none'); };",
    "none": "crypto.subtle.importKey = async () => { throw new Error('none'); }; globalThis.LianxinHash = null;",
}
ASK = """async ([list, reads]) => {
  const has = await LianxinGate.known(list);
  const told = [];
  for (const read of reads) {
    const found = await LianxinGate.opened(read, has);
    told.push([found.fault ?? "", found.size ?? 0, Boolean(found.isNewer)]);
  }
  return [told, has.isUnchecked];
}"""
Told = tuple[str, int, bool]


def forgery(token: str, chance: random.Random, others: Sequence[str] = ()) -> str:
    """Change a ticket in one of many ways; never return it, or another of these, as it is."""
    hands = _HANDS + ([_exchanged] if len(others) > 1 else [])
    while True:
        made = chance.choice(hands)(token, chance, others)
        if made != token and made not in others:
            return made


def _letter(token: str, chance: random.Random, _others: Sequence[str]) -> str:
    at = chance.randrange(len(token))
    return token[:at] + chance.choice(LETTERS) + token[at + 1 :]


def _size(token: str, chance: random.Random, _others: Sequence[str]) -> str:
    return _said(token, {"z": chance.choice([2, 3, *_STRANGE])})


def _claim(token: str, chance: random.Random, _others: Sequence[str]) -> str:
    return _said(token, {chance.choice("cp"): tokens.short_id(uuid.UUID(int=chance.getrandbits(128)))})  # fmt: skip


def _word(token: str, chance: random.Random, _others: Sequence[str]) -> str:
    name = chance.choice(list(_WORDS))
    return _said(token, {name: chance.choice([_WORDS[name], *_STRANGE])})


def _missing(token: str, chance: random.Random, _others: Sequence[str]) -> str:
    said = _open(token)
    said.pop(chance.choice(list(said)))
    return _with(token, said)


def _random_signature(token: str, chance: random.Random, _others: Sequence[str]) -> str:
    made = chance.choice([chance.randbytes(64), bytes(64), chance.randbytes(63), b"\x01" + bytes(63)])  # fmt: skip
    return f"{token.partition('.')[0]}.{tokens.encode(made)}"


def _own_key(token: str, chance: random.Random, _others: Sequence[str]) -> str:
    """Sign what one likes with a key of one's own, mostly under the name of the true one."""
    said = _open(token) | {"z": chance.choice([1, 2, 9])}
    if chance.random() < 0.5:
        said["c"] = tokens.short_id(uuid.UUID(int=chance.getrandbits(128)))
    if chance.random() < 0.3:
        said["k"] = chance.choice(["", "k-own", said["k"][::-1], "__proto__"])
    return tokens.signed(tokens.payload_of(said), TrialKey.of(chance).private.sign)


def _cut(token: str, chance: random.Random, _others: Sequence[str]) -> str:
    return token[: chance.randrange(len(token))]


def _spelt(token: str, chance: random.Random, _others: Sequence[str]) -> str:
    head, _dot, tail = token.partition(".")
    raw = tokens.decode(head)
    loose = tokens.encode(chance.choice([raw + b" ", b" " + raw, raw.replace(b",", b", ", 1), b"\xef\xbb\xbf" + raw]))  # fmt: skip
    ways = (f"{head} .{tail}", f"{head}.{tail}=", f"{head}..{tail}", f"{head}.{tail}.{tail}", f"{head}.", f".{tail}", f"{loose}.{tail}", f"{token}x", f"{tail}.{head}")  # fmt: skip
    return chance.choice(ways)


def _exchanged(_token: str, chance: random.Random, others: Sequence[str]) -> str:
    one, other = chance.sample(list(others), 2)
    return f"{one.partition('.')[0]}.{other.partition('.')[2]}"


_HANDS: list[Callable[[str, random.Random, Sequence[str]], str]] = [
    _letter, _size, _claim, _word, _missing, _random_signature, _own_key, _own_key, _cut, _spelt,
]  # fmt: skip


def _open(token: str) -> dict[str, Any]:
    said = json.loads(tokens.decode(token.partition(".")[0]))
    if not isinstance(said, dict):
        raise TypeError(token)
    return said


def _said(token: str, changed: Mapping[str, Any]) -> str:
    return _with(token, {**_open(token), **changed})


def _with(token: str, said: Mapping[str, Any]) -> str:
    return f"{tokens.encode(tokens.payload_of(said))}.{token.partition('.')[2]}"


@contextmanager
def doors_in_a_browser() -> Iterator[Callable[..., tuple[list[Told], bool]]]:
    """Judge tickets by the script of a door, on a page of nothing else.

    `ask(list, reads, way)` tells of each its fault or "", for how many it is good, and whether it is
    newer than the list; then whether this browser leaves signatures unchecked.
    """
    with chromium() as browser:
        pages: dict[str, Any] = {}

        def page_of(way: str) -> Any:
            page = browser.new_page()
            page.route("**/*", lambda route: route.fulfill(body="<p>", content_type="text/html"))
            page.goto(PLACE)
            for script in ("draw_hash.js", "gate_judge.js"):
                page.add_script_tag(content=(STATIC / script).read_text("utf-8"))
            page.evaluate(f"() => {{ {WAYS[way]} }}")
            return page

        def ask(listed: Mapping[str, Any], reads: Sequence[str], way: str = "own") -> tuple[list[Told], bool]:  # fmt: skip
            pages[way] = pages.get(way) or page_of(way)
            told, is_unchecked = pages[way].evaluate(ASK, [listed, list(reads)])
            return [(fault, size, is_newer) for fault, size, is_newer in told], is_unchecked

        yield ask
