"""Reading checkpoints back, and judging them: numbered without gaps, chained, signed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lianxin.audit import rules
from lianxin.audit.adapters import ledger, signing


@dataclass
class Ledger:
    """The checkpoints whose signature fits, and what is wrong with the files."""

    checkpoints: list[rules.Checkpoint] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    last_line: str = ""


def ledger_read(
    place: Path | None = None, keys: Sequence[Ed25519PublicKey] | None = None
) -> Ledger:
    """Read all checkpoints, from a folder and with keys of choice, or from our own with our own."""
    known = {
        signing.fingerprint(key): key
        for key in (signing.own_public_keys() if keys is None else keys)
    }
    found = Ledger()
    number = 0
    for line, is_whole in ledger.lines(place or ledger.folder()):
        try:
            one = rules.Checkpoint.read(line)
        except rules.NotACheckpointError:
            # Half a line, left by a power cut, harms nothing as long as the next one joins on.
            kept = found.notes if not is_whole else found.faults
            kept.append(f"the line after checkpoint {number} cannot be read")
            continue
        fault = _fault(one, number, found.last_line, known)
        if fault:
            found.faults.append(f"checkpoint {one.number}: {fault}")
        elif (
            found.faults
            and found.faults[-1] == f"the line after checkpoint {number} cannot be read"
        ):
            found.notes.append(found.faults.pop())
        key = known.get(one.key)
        if key is not None and signing.fits(key, one.signature, one.signed_part()):
            found.checkpoints.append(one)
        number, found.last_line = one.number, line
    return found


def newest() -> rules.Checkpoint | None:
    """Return the checkpoint written last, unjudged: whether it holds, `trail_verify` says."""
    for line in ledger.newest(ledger.folder()):
        with suppress(rules.NotACheckpointError):
            return rules.Checkpoint.read(line)
    return None


def _fault(
    one: rules.Checkpoint, number: int, last_line: str, known: dict[str, Ed25519PublicKey]
) -> str:
    key = known.get(one.key)
    if key is None:
        return f"signed with a key that is not known here ({one.key})"
    if not signing.fits(key, one.signature, one.signed_part()):
        return "the signature does not fit"
    if one.number != number + 1:
        return f"it follows number {number}: a line was removed or added"
    if one.previous != (rules.line_hash(last_line) if last_line else ""):
        return "the line before it is not the one it was written behind"
    return ""
