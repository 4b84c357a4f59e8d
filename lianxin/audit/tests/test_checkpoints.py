"""Checkpoints: whoever rewrites the trail, its heads or the checkpoints themselves is found."""

from __future__ import annotations

import json
import uuid
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from lianxin.audit import rules, services
from lianxin.audit.adapters import signing
from lianxin.audit.api import AuditRow, breaches, checkpoint_write, proof_of, record
from lianxin.audit.models import AuditHead
from lianxin.audit.selectors import trail_verify
from lianxin.kit.transactions import atomic


@pytest.fixture(autouse=True)
def ledger(settings, tmp_path) -> Path:
    settings.VAULT_KEYS = tmp_path / "keys"
    folder: Path = tmp_path / "checkpoints"
    settings.AUDIT_CHECKPOINTS = folder
    return folder


def _note(count: int) -> None:
    for number in range(count):
        with atomic():
            record(actor_id=uuid.uuid4(), action="test.done", kind="test", object_id=number)


@pytest.fixture
def shard(db) -> int:
    """Ten rows, a checkpoint, seven rows, a checkpoint, three rows; all in one shard."""
    _note(10)
    checkpoint_write()
    _note(7)
    checkpoint_write()
    _note(3)
    return AuditRow.objects.latest("pk").shard


def _row(shard: int, position: int) -> AuditRow:
    return AuditRow.objects.get(shard=shard, position=position)


def _rewrite(shard: int) -> None:
    """Do what somebody with the whole database can: chain all rows anew, and mend the head."""
    digest, count = "", 0
    for row in AuditRow.objects.filter(shard=shard).order_by("position"):
        count += 1
        AuditRow.objects.filter(pk=row.pk).update(position=count)
        row.position = count
        digest = rules.digest(digest, row.content())
        AuditRow.objects.filter(pk=row.pk).update(digest=digest)
    AuditHead.objects.filter(shard=shard).update(length=count, digest=digest)


def _run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out, stderr=out)
    return out.getvalue()


def _refused(*words: str) -> str:
    out = StringIO()
    with pytest.raises(CommandError):
        call_command(*words, stdout=out, stderr=out)
    return out.getvalue()


def _lines(ledger: Path) -> tuple[Path, list[str]]:
    (path,) = ledger.glob("*.jsonl")
    return path, path.read_text().splitlines()


def test_a_whole_trail_agrees_with_its_checkpoints(shard):
    assert "20 rows and 2 checkpoints, all in order" in _run("audit_verify")


def test_a_checkpoint_is_a_signed_line_outside_the_database(shard, ledger):
    path, lines = _lines(ledger)
    assert len(lines) == 2
    assert path.stat().st_mode & 0o077 == 0
    first, second = (rules.Checkpoint.read(line) for line in lines)
    assert (first.number, second.number) == (1, 2)
    assert second.previous == rules.line_hash(lines[0])
    key = signing.own_public_keys()[0]
    assert signing.fits(key, second.signature, second.signed_part())
    assert not signing.fits(key, first.signature, second.signed_part())


def test_nothing_is_written_where_nothing_is_new(shard, ledger):
    assert checkpoint_write() is not None
    assert checkpoint_write() is None
    assert "nothing new" in _run("audit_checkpoint")
    assert len(_lines(ledger)[1]) == 3


def test_an_edited_row_is_named(shard):
    AuditRow.objects.filter(shard=shard, position=13).update(action="test.undone")
    assert f"shard {shard}, row 13: edited" in _refused("audit_verify")


def test_a_removed_row_is_named(shard):
    _row(shard, 6).delete()
    assert f"shard {shard}, row 6: missing" in _refused("audit_verify")


def test_an_inserted_row_is_named(shard):
    last = _row(shard, 20)
    last.pk, last.position = None, 21
    last.digest = rules.digest(last.digest, last.content())
    last.save()
    assert f"shard {shard}, row 21: surplus" in _refused("audit_verify")
    last.delete()
    for row in AuditRow.objects.filter(shard=shard, position__gte=15).order_by("-position"):
        AuditRow.objects.filter(pk=row.pk).update(position=row.position + 1)
    last.pk, last.position = None, 15
    last.digest = rules.digest(_row(shard, 14).digest, last.content())
    last.save()
    assert f"shard {shard}, row 16: edited" in _refused("audit_verify")


@pytest.mark.parametrize(
    ("position", "first", "last", "number"),
    [(3, 1, 8, 1), (9, 9, 10, 1), (10, 9, 10, 1), (12, 11, 16, 2), (17, 17, 17, 2)],
)
def test_a_chain_rewritten_with_its_head_is_found(shard, position, first, last, number):
    AuditRow.objects.filter(shard=shard, position=position).update(action="test.undone")
    _rewrite(shard)
    (breach,) = breaches()
    assert (breach.position, breach.last) == (first, last)
    assert first <= position <= last
    assert breach.reason == f"rewritten since checkpoint {number}"


def test_a_row_taken_out_of_a_chain_rewritten_with_its_head_is_found(shard):
    _row(shard, 4).delete()
    _rewrite(shard)
    (breach,) = breaches()
    assert breach.position <= 4


def test_a_truncated_tail_with_a_mended_head_is_found(shard):
    AuditRow.objects.filter(shard=shard, position__gt=15).delete()
    AuditHead.objects.filter(shard=shard).update(length=15, digest=_row(shard, 15).digest)
    said = _refused("audit_verify")
    assert f"shard {shard}, row 16: missing; checkpoint 2 knows 17 rows" in said


def test_an_emptied_trail_is_found(shard):
    AuditRow.objects.all().delete()
    AuditHead.objects.all().delete()
    assert f"shard {shard}, row 1: missing" in _refused("audit_verify")


def test_no_checkpoint_is_written_over_a_rewritten_trail(shard):
    AuditRow.objects.filter(shard=shard, position=3).update(action="test.undone")
    _rewrite(shard)
    with pytest.raises(services.CheckpointError):
        checkpoint_write()
    AuditHead.objects.all().delete()
    with pytest.raises(services.CheckpointError):
        checkpoint_write()


def test_an_edited_checkpoint_is_found(shard, ledger):
    path, lines = _lines(ledger)
    one = json.loads(lines[0])
    next(mark for mark in one["shards"] if mark["shard"] == shard)["size"] -= 1
    path.write_text("\n".join([json.dumps(one), lines[1], ""]))
    said = _refused("audit_verify")
    assert "checkpoint 1: the signature does not fit" in said
    with pytest.raises(services.CheckpointError):
        checkpoint_write()


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ([1], "checkpoint 2: it follows number 0"),
        ([1, 0], "checkpoint 2: it follows number 0"),
        ([0, 0], "checkpoint 1: it follows number 1"),
    ],
)
def test_a_removed_moved_or_doubled_checkpoint_is_found(shard, ledger, kept, said):
    path, lines = _lines(ledger)
    path.write_text("".join(f"{lines[n]}\n" for n in kept))
    assert said in _refused("audit_verify")


def test_a_line_of_nonsense_is_found(shard, ledger):
    path, lines = _lines(ledger)
    path.write_text(f"{lines[0]}\nnonsense\n")
    assert "the line after checkpoint 1 cannot be read" in _refused("audit_verify")


def test_half_a_line_left_by_a_power_cut_harms_nothing(shard, ledger):
    path, _lines_before = _lines(ledger)
    with path.open("a") as file:
        file.write('{"at":"2026')
    assert "note: the line after checkpoint 2 cannot be read" in _run("audit_verify")
    assert checkpoint_write() is not None
    assert "20 rows and 3 checkpoints" in _run("audit_verify")


def test_a_checkpoint_signed_by_a_stranger_is_found(shard, ledger, settings, tmp_path):
    AuditRow.objects.filter(shard=shard, position=3).update(action="test.undone")
    _rewrite(shard)
    public = tmp_path / "audit.pem"
    public.write_text(_run("audit_key"))
    settings.VAULT_KEYS = tmp_path / "other-keys"
    for path in ledger.glob("*.jsonl"):
        path.unlink()
    checkpoint_write()  # the stranger owns the machine: all is of one piece again
    assert "20 rows and 1 checkpoints, all in order" in _run("audit_verify")
    assert "not known here" in _refused("audit_verify", "--public-key", str(public))


def test_a_copy_kept_elsewhere_and_the_public_key_are_enough(shard, ledger, settings, tmp_path):
    public, copy = tmp_path / "audit.pem", tmp_path / "copy"
    public.write_text(_run("audit_key"))
    ledger.rename(copy)
    settings.VAULT_KEYS = tmp_path / "no-keys"
    words = ("--checkpoints", str(copy), "--public-key", str(public))
    assert "2 checkpoints, all in order" in _run("audit_verify", *words)
    AuditRow.objects.filter(shard=shard, position=3).update(action="test.undone")
    _rewrite(shard)
    assert "all in order" in _run("audit_verify")
    assert "rewritten since checkpoint 1" in _refused("audit_verify", *words)


def test_a_key_others_may_read_signs_nothing(shard, settings):
    (settings.VAULT_KEYS / "audit-0001.key").chmod(0o644)
    with pytest.raises(ImproperlyConfigured, match="chmod"):
        checkpoint_write()


@pytest.mark.parametrize("position", [1, 8, 10, 11, 17])
def test_a_row_is_proved_to_stand_in_the_trail(shard, position):
    row = _row(shard, position)
    proof = proof_of(row)
    assert proof is not None
    assert proof.holds()
    assert proof.checkpoint == (1 if position <= 10 else 2)
    forged = type(proof)(**{**vars(proof), "digest": "0" * 64})
    assert not forged.holds()


def test_a_row_after_the_last_checkpoint_has_no_proof_yet(shard):
    assert proof_of(_row(shard, 20)) is None


def test_a_restore_is_declared_in_the_open_and_the_trail_goes_on(shard):
    AuditRow.objects.filter(shard=shard, position__gt=15).delete()
    AuditHead.objects.filter(shard=shard).update(length=15, digest=_row(shard, 15).digest)
    assert "declares a restore" in _run("audit_checkpoint", "--restored")
    said = _run("audit_verify")
    assert "checkpoint 3" in said
    assert "follows a restore" in said
    _note(6)
    checkpoint_write()
    assert trail_verify().is_whole
    AuditRow.objects.filter(shard=shard, position=12).update(action="test.undone")
    _rewrite(shard)
    assert "rewritten since checkpoint 3" in _refused("audit_verify")
    AuditRow.objects.filter(shard=shard, position=2).update(action="test.undone")
    _rewrite(shard)
    assert "rewritten since checkpoint 1" in _refused("audit_verify")


def test_a_restore_without_loss_is_an_ordinary_checkpoint(shard):
    assert "restore" not in _run("audit_checkpoint", "--restored")
    assert trail_verify().notes == []


def test_a_broken_trail_cannot_be_declared_restored(shard):
    AuditRow.objects.filter(shard=shard, position=5).update(action="test.undone")
    _refused("audit_checkpoint", "--restored")
