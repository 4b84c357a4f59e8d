"""Policy files: those shipped are true to themselves; a broken one is named by file, line, caret."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from lianxin.eligibility.adapters import yaml_files

SHIPPED = sorted((yaml_files.DATA / "policies").glob("*.yaml"))
SKILL = (yaml_files.DATA / "policies" / "skill-subsidy-2026.yaml").read_text()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_policy_is_true_to_its_own_examples(path):
    policy, findings = yaml_files.load(path)
    assert policy is not None
    assert findings == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("certificate_on > months", "certifcate_on > months", "rule: There is no fact"),
        ("insured_months >= 12", "insured_months >= ", "rule: "),
        ("  AND insured", "  AN insured", "rule: "),
        ("insured_months >= 12", "household_income_fen >= insured_months", "Money"),
        ('outcome: "no"', 'outcome: "yes"', "examples[1].outcome"),
        ("missing: [certificate_on]", "missing: [insured_months]", "examples[2].missing"),
        ("amount_fen: 150000", "amount_fen: 1", "examples[0].amount_fen"),
        ("insured_months: 40", "insured_month: 40", "There is no fact insured_month"),
        ("insured_months: 40", "insured_months: soon", "insured_months is a whole"),
        ("condition: level", "condition: nothing", "papers[0].condition"),
        ("valid_from: 2026-01-01", "valid_from: 2026-13-01", "valid_from"),
        ("certificate_on: 2026-04-10", "certificate_on: 2026-02-30", "certificate_on is a date"),
        ("version: 1", "version: one", "version"),
        ("title:", "tittle:", "tittle"),
        ("gives:", "gives: [", "Not YAML"),
        ("code: new\n", "code: level\n", "stands twice"),
    ],
)
def test_a_broken_policy_is_refused_with_its_place(tmp_path, capsys, old, new, says):
    assert old in SKILL
    broken = tmp_path / "broken.yaml"
    broken.write_text(SKILL.replace(old, new))
    with pytest.raises(CommandError):
        call_command("policy_check", str(broken))
    printed = capsys.readouterr().err
    assert says in printed
    assert f"{broken}:" in printed


def test_the_pointer_names_the_line_of_the_file(tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text(SKILL.replace("certificate_on > months", "certifcate_on > months"))
    _policy, findings = yaml_files.load(broken)
    line = broken.read_text().splitlines()[findings[0].line - 1]
    assert "certifcate_on" in line
    assert "^^^^^^^^^^^^^" in findings[0].pointed


def test_a_parameter_without_a_value_is_said_aloud(tmp_path):
    text = (yaml_files.DATA / "policies" / "hardship-deep-2026.yaml").read_text()
    elsewhere = tmp_path / "elsewhere.yaml"
    elsewhere.write_text(text.replace("region: JZ", "region: XX"))
    _policy, findings = yaml_files.load(elsewhere)
    assert any("living_standard_fen has no value for XX" in each.message for each in findings)


@pytest.mark.django_db
def test_a_file_in_another_encoding_is_named_with_its_line(tmp_path, capsys):
    """Offices often save as GB18030."""
    (tmp_path / "office.yaml").write_bytes(SKILL.encode("gb18030"))
    (tmp_path / "noise.yaml").write_bytes(b"code: x\n\n\xff\xff\xff\xff")
    line = next(at for at, text in enumerate(SKILL.splitlines(), 1) if not text.isascii())
    for command in ("policy_check", "policies_load"):
        with pytest.raises(CommandError):
            call_command(command, tmp_path)
        printed = capsys.readouterr().err
        assert f"office.yaml:{line}: Not UTF-8 but, it seems, GB18030" in printed
        assert "noise.yaml:3: Not UTF-8 text, nor GB18030." in printed


def test_files_of_both_endings_are_read_and_a_folder_without_any_is_refused(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text(SKILL)
    with pytest.raises(CommandError):
        call_command("policy_check", tmp_path)
    assert "There is no policy file here (.yaml, .yml)." in capsys.readouterr().err
    (tmp_path / "skill.yml").write_text(SKILL)
    call_command("policy_check", tmp_path)
    assert "1 policies" in capsys.readouterr().out


def test_a_file_nested_without_end_is_refused(tmp_path, capsys):
    (tmp_path / "deep.yaml").write_text("code: " + "[" * 5_000)
    with pytest.raises(CommandError):
        call_command("policy_check", tmp_path)
    assert "deep.yaml:1: Nested deeper" in capsys.readouterr().err
