"""A broken catalogue is refused with the file, the line and what to do; nothing of it is loaded."""

from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from lianxin.catalogue import conf
from lianxin.catalogue.models import ServiceItem
from lianxin.catalogue.selectors.checking import catalogue_check
from lianxin.catalogue.services import CatalogueError, catalogue_load
from lianxin.catalogue.testing import CODES
from lianxin.orgs.api import Actor

ITEM = "items/hardship-file.yaml"
SUBSIDY = "items/skill-subsidy.yaml"
TALK = "items/counselling.yaml"
CHECK = "items/health-check.yaml"
CLASS = "items/childcare-place.yaml"
COMPLAINT = "items/rights-complaint.yaml"
# file, what is replaced, by what, what the fault says, the text of the line it points at
BROKEN = [
    (ITEM, "promise:", "promis:", "nobody knows the key `promis`", "promis:"),
    (ITEM, "      level: street", "      levle: street", "nobody knows the key `levle`", "levle: street"),
    (CHECK, "  rest_days: 365", "  rest_days: -1", "a number of days", "rest_days: -1"),
    (CHECK, "  rest_days: 365", "  most: 400", "1 to 20 places", "most: 400"),
    (CHECK, "  rest_days: 365", "  offer_hours: 999", "hours to answer", "offer_hours: 999"),
    (CHECK, "  rest_days: 365", "  method: lottery", "Invalid enum value", "method: lottery"),
    (CHECK, "  rest_days: 365", "  rule: age >", "", "rule: age >"),
    (CLASS, "  one_per: subject\n", "", "belong together", "subject: [child.name"),
    (CLASS, "child.birth_on]", "child.birthday]", "no answer `child.birthday`", "subject: [child.name"),
    (CLASS, "child.birth_on]", "child.grade]", "no answer `child.grade`", "subject: [child.name"),
    (CLASS, "[child.name, child.birth_on]", "[child]", "write a column of lines", "subject: [child]"),
    (CLASS, "      is_final: true\n", "", "stay as it was sent", "subject: [child.name"),
    (CLASS, "      maximum: 1\n", "      maximum: 3\n", "by one line", "subject: [child.name"),
    (CHECK, "  rest_days: 365", "  one_per: subject\n  subject: [name]", "a step of the route must draw", "subject: [name]"),
    (CLASS, "  method: draw", "  method: rush", "a step draws: say in `places:`", "- code: draw"),
    (CLASS, "      kind: review", "      kind: decision", "draw before the decision", "- code: draw"),
    (CLASS, "      kind: acknowledgement", "      kind: draw", "one step draws", "- code: place"),
    (ITEM, "order: 10", "order: ten", "Expected `int`", "order: ten"),
    (ITEM, "category: trouble", "category: troubles", "no door `troubles`", "category: troubles"),
    (ITEM, "icon: heart-handshake", "icon: no-such", "no icon `no-such`", "icon: no-such"),
    (ITEM, "code: hardship-file", "code: Hardship", "small letters", "code: Hardship"),
    (ITEM, "code: hardship-file", "code: hardship", "not the name of the file", "code: hardship"),
    (ITEM, "title: {en: Hardship file, zh_Hans: 困难职工建档}", "title: {en: Hardship file}", "`zh_Hans` is missing", "title:"),
    (ITEM, "title: {en: Hardship file, zh_Hans: 困难职工建档}", 'title: {en: Hardship file, zh_Hans: ""}', "Chinese text is empty", "title:"),
    (ITEM, "title: {en: Hardship file, zh_Hans: 困难职工建档}", "title: {en: 困难, zh_Hans: 困难职工建档}", "English text has Chinese", "title:"),
    (ITEM, "{en: The city federation decides, zh_Hans: 市总工会审定}", "{en: The city federation decides, zh_Hans: City decides}", "no Chinese in it", "name: {en: The city"),
    (ITEM, 'phone: "12351"', 'phone: ""', "human door", 'phone: ""'),
    (ITEM, "link: https://pdsgh.org/index.php/node/16762", "link: pdsgh.org", "no address", "link: pdsgh.org"),
    (ITEM, "consents: [finance, notices]", "consents: [finance, notice]", "no purpose `notice`", "consents:"),
    (ITEM, "consents: [finance, notices]", "consents: [notices]", "needs the consent `finance`", "code: bank_account"),
    (ITEM, "consents: [finance, notices]", "consents: [finance]", "needs the consent `notices`", "- code: notice"),
    (ITEM, "{fact: hardship_tier, value: tier}", "{fact: hardship_level, value: tier}", "no fact `hardship_level`", "hardship_level"),
    (ITEM, "{fact: hardship_tier, value: tier}", "{fact: employer, value: tier}", "not made true by decisions", "fact: employer"),
    (ITEM, "{fact: hardship_tier, value: tier}", "{fact: hardship_tier, value: rich}", "no choice rich", "value: rich"),
    (ITEM, "prefill: address", "prefill: adress", "no fact `adress`", "prefill: adress"),
    (ITEM, "prefill: bank_account, remember: bank_account", "prefill: bank_name, remember: bank_account", "cannot answer a bank_account", "prefill: bank_name"),
    (ITEM, "prefill: id_number}", "prefill: id_number, remember: id_number}", "not learned from applications", "remember: id_number"),
    (ITEM, "payee_account: bank_account", "payee_account: bank_acount", "no field of kind bank_account", "payee_account:"),
    (ITEM, "standard: minimum_living_standard", "standard: living_standard", "no parameter `living_standard`", "standard:"),
    (ITEM, "household: household_size", "household: reason", "no whole number", "income:"),
    (ITEM, "roles: [finance]", "roles: [cashier]", "unknown role 'cashier'", "- code: payment"),
    (ITEM, "      level: street", "      level: village", "unknown level 'village'", "- code: street_review"),
    (ITEM, "      level: grassroots", "      level: city", "goes down the tree again", "route:"),
    (ITEM, "      kind: check", "      kind: cheque", "unknown kind 'cheque'", "- code: means_check"),
    (ITEM, "      kind: decision", "      kind: review", "before anybody decided", "- code: payment"),
    (ITEM, "      working_days: 7\n      notice:", "      working_days: 5\n      notice:", "at least one more", "working_days: 5"),
    (ITEM, "      notice:\n        days: 5\n        title: {en: Help for workers in hardship, zh_Hans: 困难职工帮扶公示}\n", "", "a notice needs its terms", "- code: notice"),
    (ITEM, "    - {code: occupation,", "    - {code: employer,", "'employer' twice", "fields:"),
    (ITEM, "minimum: 1, maximum: 20", "minimum: 21, maximum: 20", "least is more than the most", "code: household_size"),
    (ITEM, "multiple: 200", "multiple: 50", "from the lowest multiple up", "tiers:"),
    (ITEM, "    - {code: identity,", "    - {code: name,", "code of a question too", "code: name, label: {en: \"Identity"),
    (ITEM, "sudden: sudden", "", "belong together", "income:"),
    ("items/temporary-relief.yaml", "number_prefix: LS", "number_prefix: KN", "belong to", "number_prefix: KN"),
    (ITEM, "order: 10", "order: 10\norder: 20", "stands here twice", "order: 20"),
    (ITEM, "order: 10", "order: [10", "", ""),
    (ITEM, "words:\n  - 困难职工\n", "words: [one]\nx:\n  - 困难职工\n", "nobody knows the key `x`", "x:"),
    (SUBSIDY, '"4": 150000, "3": 200000, ', '"4": 150000, ', "'3' missing", "amounts_fen"),
    (SUBSIDY, "amount_by: level", "amount_by: employer", "no field of kind choice", "amount_by"),
    (SUBSIDY, "consents: [finance]", "consents: [finance]\nseason: {opens_on: 2026-09-01, closes_on: 2026-08-01}", "closes before it opens", "closes_on"),
    (SUBSIDY, "consents: [finance]", "consents: [finance]\nseason: {months: [7, 13]}", "1 to 12", "months"),
    (SUBSIDY, "consents: [finance]", "consents: [finance]\nseason: {months: [7], opens_on: 2026-09-01}", "not both", "season:"),
    (SUBSIDY, "consents: [finance]", "consents: [finance]\nnominated_by: [member.love]", "no ability `member.love`", "nominated_by"),
    (TALK, "confidentiality: sealed", "confidentiality: ordinary", "is sealed", "confidentiality: ordinary"),
    (TALK, "prefill: phone", "prefill: phone, remember: address", "not remembered for other forms", "fields:"),
    (COMPLAINT, "confidentiality: restricted", "confidentiality: sensitive", "is restricted", "confidentiality: sensitive"),
    (COMPLAINT, "  respondent: respondent\n", "", "no field names the respondent", "routing:"),
    ("categories.yaml", "- code: heart\n", "- code: trouble\n", "there twice", "- code: trouble"),
    ("categories.yaml", "tone: blue", "tone: pink", "no tone", "- code: heart"),
    ("parameters.yaml", "starts_on: 2025-07-01", "starts_on: 2024-07-01", "2 values for JZ", "minimum_living_standard:"),
    ("parameters.yaml", "fen: 73500", "fen: 0", "leave out what is not known", "minimum_living_standard:"),
    ("parameters.yaml", "starts_on: 2024-07-01", "starts_on: 2024-13-01", "", ""),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(conf.SHIPPED, tmp_path / "catalogue")
    return tmp_path / "catalogue"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "broken", BROKEN, ids=[f"{n}-{b[3] or b[2]}" for n, b in enumerate(BROKEN)]
)
def test_a_broken_file_is_refused_with_its_line(folder, broken):
    name, old, new, said, line = broken
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    _, faults = catalogue_check(folder)
    fitting = [fault for fault in faults if said in fault.sentence and fault.path == path]
    assert fitting, [str(fault) for fault in faults]
    assert not fitting[0].is_warning
    lines = path.read_text("utf-8").splitlines()
    assert any(line in lines[fault.line - 1] for fault in fitting), [str(f) for f in fitting]
    with pytest.raises(CatalogueError):
        catalogue_load(actor=Actor.system(), path=folder)
    assert not ServiceItem.objects.exists()


@pytest.mark.django_db
def test_the_command_prints_file_line_and_ends_with_1(folder):
    path = folder / ITEM
    path.write_text(
        path.read_text("utf-8").replace("levels", "x").replace("level: street", "level: moon"),
        "utf-8",
    )
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("catalogue_check", folder, stdout=said, stderr=StringIO())
    assert ended.value.code == 1
    assert f"{path}:" in said.getvalue()
    assert "moon" in said.getvalue()


@pytest.mark.django_db
def test_the_shipped_catalogue_is_fine(capsys):
    call_command("catalogue_check")
    assert f"{len(CODES)} services behind 8 doors" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_folder_that_is_not_there_is_said():
    _, faults = catalogue_check(Path("/nowhere"))
    assert "no such folder" in faults[0].sentence


@pytest.mark.django_db
def test_bytes_that_are_no_text_are_said(folder):
    (folder / ITEM).write_bytes("标题".encode("gb18030"))
    _, faults = catalogue_check(folder)
    assert any("UTF-8" in fault.sentence for fault in faults)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "[]", "- a", "just words", "code: x", "? [1, 2]\n: 3"])
def test_a_file_that_is_no_item_is_said(folder, text):
    (folder / ITEM).write_text(text, "utf-8")
    _, faults = catalogue_check(folder)
    assert [fault for fault in faults if fault.path == folder / ITEM]


@pytest.mark.django_db
def test_a_season_that_is_over_is_only_noted(folder):
    path = folder / SUBSIDY
    text = path.read_text("utf-8")
    path.write_text(text + "\nseason: {opens_on: 2020-01-01, closes_on: 2020-02-01}\n", "utf-8")
    _, faults = catalogue_check(folder)
    assert any("closed since" in fault.sentence for fault in faults)
    assert all(fault.is_warning for fault in faults)
