"""Files of draws with something wrong in them, by chance: what a verifier must refuse, every one.

Three hands change them. *Noise*: a byte, a number, a letter, an element that is missing, doubled or
in another place; nothing is signed again. A *forger* changes what he likes, computes all that follows
anew, and signs with a key of his own: found by whoever knows the true key. An *insider* holds the
true key and signs again; he is found because something in the file no longer follows from the rest.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

from lianxin.allocation.rules.draws import Row, Tree, canonical, seal_of
from lianxin.allocation.testing.draw_files import TrialKey, file_result, file_signed

File = dict[str, Any]
# More numbers than any source publishes. One that fits the source is found by looking it up, not by a program.
_NO_VALUE = " ".join(map(str, range(1, 41)))


def mutation_of(chance: random.Random, file: File, key: TrialKey) -> tuple[str, bytes]:
    """Return a changed file and whose hand it was; it always differs from the file given."""
    whole = canonical(file).encode()
    while True:
        hand = chance.choice(["byte", "leaf", "leaf", "element", "forger", "insider", "insider"])
        changed = copy.deepcopy(file)
        match hand:
            case "byte":
                told = _byte(chance, whole)
            case "leaf":
                _leaf(chance, changed)
                told = canonical(changed).encode()
            case "element":
                _element(chance, changed)
                told = canonical(changed).encode()
            case "forger":
                told = _forged(chance, changed, key)
            case _:
                told = _from_inside(chance, changed, key)
        if told != whole:
            return hand, told


def _byte(chance: random.Random, whole: bytes) -> bytes:
    at = chance.randrange(len(whole))
    match chance.randrange(3):
        case 0:
            return whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :]
        case 1:
            return whole[:at] + whole[at + 1 :]
        case _:
            return whole[:at] + bytes([chance.randrange(256)]) + whole[at:]


def _places(value: Any) -> list[tuple[Any, Any]]:
    """List every holder and key of a file at which a value stands."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, held in pairs:
        found.append((value, key))
        if isinstance(held, dict | list):
            found += _places(held)
    return found


def _somewhere(chance: random.Random, file: File) -> tuple[Any, Any]:
    """Choose a place, each part of the file as likely as another: rows would drown the rest."""
    part = chance.choice([name for name in sorted(file) if file[name] is not None])
    inner = _places(file[part]) if isinstance(file[part], dict | list) else []
    return chance.choice(inner) if inner else (file, part)


def _leaf(chance: random.Random, file: File) -> None:
    holder, key = _somewhere(chance, file)
    holder[key] = _other(chance, holder[key])


def _other(chance: random.Random, value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return chance.choice([value + 1, value - 1, -value, value + 2**53, str(value), None])
    if isinstance(value, str) and value:
        at = chance.randrange(len(value))
        letter = chance.choice("0123456789abcdefZ-. ：")
        return chance.choice([value[:at] + letter + value[at + 1 :], value[:at], value + letter, value.upper(), ""])  # fmt: skip
    return chance.choice([0, "", "x", [], {}, None, True])


def _element(chance: random.Random, file: File) -> None:
    holder, key = _somewhere(chance, file)
    if isinstance(holder, dict):
        match chance.randrange(3):
            case 0:
                del holder[key]
            case 1:
                holder[f"{key}_"] = holder[key]
            case _:
                holder[f"{key}_"] = holder.pop(key)
        return
    match chance.randrange(3):
        case 0:
            del holder[key]
        case 1:
            holder.insert(key, copy.deepcopy(holder[key]))
        case _:
            other = chance.randrange(len(holder))
            holder[key], holder[other] = holder[other], holder[key]


def _forged(chance: random.Random, file: File, key: TrialKey) -> bytes:
    """Change what decides, compute the rest anew, sign with a key of one's own under the true name."""
    own = TrialKey.of(chance)
    own.name = key.name
    _decisive(chance, file)
    if chance.random() < 0.8:
        file["keys"] = {own.name: own.x}
    file_signed(file, own)
    return canonical(file).encode()


def _decisive(chance: random.Random, file: File) -> None:
    match chance.randrange(4):
        case 0:
            file["drawn"]["value"], file["drawn"]["proof"] = "0" * 64, "0" * 96
        case 1:
            file["revealed"]["opened"] = [None for _ in file["revealed"]["opened"]]
        case 2:
            _row(chance, file)
        case _:
            gone = file["rows"][chance.randrange(len(file["rows"]))][0]
            file["revealed"]["withdrawn"] = sorted({*file["revealed"]["withdrawn"], gone})
    file_result(file)


def _row(chance: random.Random, file: File) -> None:
    """Put somebody in, leave somebody out, or treat somebody otherwise; list and seal are made anew."""
    rows = file["rows"]
    at = chance.randrange(len(rows))
    match chance.randrange(4):
        case 0:
            del rows[at]
        case 1:
            rows[at] = [chance.randbytes(32).hex(), *rows[at][1:]]
        case 2:
            rows.append([chance.randbytes(32).hex(), 0, 1, 1])
        case _:
            rows[at] = [rows[at][0], 0, file["rule"]["weights"]["most"], 1]
    rows.sort()
    file["frozen"]["count"] = len(rows)
    _seal(file)


def _seal(file: File) -> None:
    root = Tree([Row(*row) for row in file["rows"]]).root
    file["frozen"] |= {"root": root, "seal": seal_of(canonical(file["rule"]), root)}


def _from_inside(chance: random.Random, file: File, key: TrialKey) -> bytes:
    """Change something with the true key at hand, and make the rest follow as far as it can."""
    deed = chance.choice(_DEEDS)
    deed(chance, file)
    file_signed(file, key)
    return canonical(file).encode()


def _list_later(chance: random.Random, file: File) -> None:
    _row(chance, file)
    file_result(file)


def _rule_later(chance: random.Random, file: File) -> None:
    rule = file["rule"]
    match chance.randrange(3):
        case 0:
            rule["places"] += chance.choice([1, 2, 10])
        case 1:
            rule["title"] += "（二）"
        case _:
            rule["parties"][0]["name"] += "2"
    _seal(file)
    file_result(file)


def _other_winners(chance: random.Random, file: File) -> None:
    result = file["result"]
    inside, outside = result["won"], [one for one in result["order"] if one not in result["won"]]
    if not outside:
        result["won"] = inside[1:]
        file["drawn"]["won"] -= 1
        return
    inside[chance.randrange(len(inside))] = chance.choice(outside)


def _other_order(chance: random.Random, file: File) -> None:
    order = file["result"]["order"]
    one, two = chance.sample(range(len(order)), 2)
    order[one], order[two] = order[two], order[one]


def _other_seed(chance: random.Random, file: File) -> None:
    file["drawn"]["seed"] = chance.randbytes(32).hex()


def _other_secret(chance: random.Random, file: File) -> None:
    said = chance.choice([one for one in file["revealed"]["opened"] if one])
    said["secret"] += "!"
    file_result(file)


def _other_value(chance: random.Random, file: File) -> None:
    file["drawn"]["value"] = chance.choice([chance.randbytes(32).hex(), _NO_VALUE, "", "07 8"])
    file_result(file)


def _out_of_time(chance: random.Random, file: File) -> None:
    moments = file["rule"]["moments"]
    lock = next(one for one in file["committed"]["locks"] if one)
    said = next(one for one in file["revealed"]["opened"] if one)
    holder, at = chance.choice(
        [
            (file["frozen"], moments["commit_until"]),
            (lock, moments["commit_until"]),
            (lock, "2026-01-01T00:00:00Z"),
            (file["committed"], moments["closes_at"]),
            (said, moments["reveal_until"]),
            (said, moments["closes_at"]),
            (file["revealed"], moments["commit_until"]),
            (file["drawn"]["read"][0], moments["reveal_until"]),
        ]
    )
    holder["at"] = at


def _read_once(_chance: random.Random, file: File) -> None:
    file["drawn"]["read"].pop()


def _withdrawn_late(chance: random.Random, file: File) -> None:
    gone = file["rows"][chance.randrange(len(file["rows"]))][0]
    file["revealed"] |= {"withdrawn": [gone], "at": file["rule"]["moments"]["known_at"]}
    file_result(file)


def _too_few(_chance: random.Random, file: File) -> None:
    count, left = len(file["committed"]["locks"]), file["rule"]["least_locks"] - 1
    file["committed"]["locks"] = [*file["committed"]["locks"][:left], *[None] * (count - left)]
    file["revealed"]["opened"] = [*file["revealed"]["opened"][:left], *[None] * (count - left)]
    file_result(file)


def _void_too(_chance: random.Random, file: File) -> None:
    file["void"] = {"at": file["drawn"]["at"], "reason": "declared", "words": "结果不好"}


_DEEDS: list[Callable[[random.Random, File], None]] = [
    _list_later, _list_later, _rule_later, _other_winners, _other_order, _other_seed, _other_secret,
    _other_value, _out_of_time, _read_once, _withdrawn_late, _too_few, _void_too,
]  # fmt: skip
