"""What a procedure is, as data: fields, evidence, a route of steps, and what it gives.

A *definition* is one version of a procedure, written in YAML and stored whole. A *dossier* is one
run of it and stays on the version it began with. An officer can read a definition; no engine of
diagrams is needed, because the routes of a union are lines: step after step, each at a level of
the tree, held by roles, with working days and something that happens when it is late.

Everything here is plain data read by msgspec; unknown keys are refused with their place
(`$.route[2].levle`).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from lianxin.kit.text import Bilingual


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all parts of a definition: immutable, and closed to unknown keys."""


class FieldKind(StrEnum):
    TEXT = "text"
    PARAGRAPH = "paragraph"
    WHOLE = "whole"  # whole number
    MONEY = "money"  # typed in yuan, kept in fen
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    BANK_ACCOUNT = "bank_account"
    ORGANISATION = "organisation"  # picked from the union tree; kept as its code
    LINES = "lines"  # a short table of rows, each with the columns named


class Choice(Part, frozen=True, kw_only=True):
    code: str
    label: Bilingual


class Field(Part, frozen=True, kw_only=True):
    """One question. `prefill` names the fact that answers it; `remember` the fact it teaches us."""

    code: str
    kind: FieldKind
    label: Bilingual
    hint: Bilingual | None = None
    is_required: bool = True
    is_sensitive: bool = False
    choices: list[Choice] = []
    minimum: int | None = None
    maximum: int | None = None
    prefill: str = ""
    remember: str = ""
    columns: list[Field] = []  # of LINES only
    is_told: bool = False  # of an officer's question: the person reads the answer
    is_carried: bool = False  # the service itself answers: neither asked nor amended
    is_final: bool = False  # asked once: what was sent is not amended


class Evidence(Part, frozen=True, kw_only=True):
    """One paper to bring: a photo or a PDF."""

    code: str
    label: Bilingual
    hint: Bilingual | None = None
    is_required: bool = True
    max_files: int = 3


class StepKind(StrEnum):
    """The kinds the engine brings; others join by the step-kind registry (a draw, a blind panel)."""

    REVIEW = "review"
    SURVEY = "survey"
    VISIT = "visit"
    NOTICE = "notice"
    CHECK = "check"  # an outside office confirms
    DECISION = "decision"
    PAYMENT = "payment"
    ACKNOWLEDGEMENT = "acknowledgement"  # the service itself is given: an appointment, a place


class LateAction(StrEnum):
    REMIND = "remind"
    ESCALATE = "escalate"  # the organisation above takes over
    GO_ON = "go_on"  # silence is a yes: the step is passed by itself; of reviews only


class Late(Part, frozen=True, kw_only=True):
    """What happens when a step is late, some working days after it fell due (0: at once)."""

    action: LateAction
    after_days: int = 0


def _remind_then_escalate() -> list[Late]:
    return [Late(action=LateAction.REMIND), Late(action=LateAction.ESCALATE, after_days=2)]


class NoticeTerms(Part, frozen=True, kw_only=True):
    """How a public notice shows this case. Names are always masked; `days` are working days."""

    days: int = 5
    title: Bilingual
    shows_amount: bool = True
    shows_organisation: bool = True


class Step(Part, frozen=True, kw_only=True):
    """One station of a route. `level` is a level of the tree, counted up from where the case began.

    A line without that level (a factory directly under its district has no street) skips the step
    if `may_skip`, else the next organisation above takes it.

    With `go_on` among `when_late` a step is escalated once at most; then silence is a yes.
    """

    code: str
    kind: str  # a StepKind or a registered kind
    name: Bilingual
    level: str
    roles: list[str]
    working_days: int
    may_skip: bool = False
    at: str = ""  # code of an ORGANISATION field: the step goes up that union's line instead
    fields: list[Field] = []  # what the officer writes down here
    notice: NoticeTerms | None = None
    when_late: list[Late] = msgspec.field(default_factory=_remind_then_escalate)


class Routing(StrEnum):
    LINE = "line"  # up the person's own line
    AVOID = "avoid"  # up the line, never to the organisation complained of, nor below it
    SPECIALIST = "specialist"  # past the employer's whole line, straight to a named specialist


class Confidentiality(StrEnum):
    """Who may know that a dossier exists, and who may read it."""

    ORDINARY = "ordinary"  # handlers and their overseers
    SENSITIVE = "sensitive"  # the same; answers are sealed and each opening is shown to the person
    RESTRICTED = "restricted"  # handlers only, never the organisation complained of
    SEALED = "sealed"  # the person and the one specialist; in no list and no count of anyone else


class Tier(Part, frozen=True, kw_only=True):
    """One class of family income: per-head income below `multiple` hundredths of the standard."""

    code: str
    name: Bilingual
    multiple: int  # hundredths: 100 is once the standard
    max_fen: int = 0


class FamilyIncome(Part, frozen=True, kw_only=True):
    """Family-income arithmetic (家庭经济状况核算).

    (yearly income − rigid expenses) / 12 / people living together, held against a dated parameter.
    The names are codes of MONEY, LINES (their `amount` column is summed) and WHOLE fields.
    """

    income: list[str]
    expenses: list[str]
    household: str
    standard: str  # a dated, regional parameter, fen a month
    tiers: list[Tier]  # lowest multiple first
    sudden: str = ""  # a YES_NO field; with `sudden_tier` it opens the tier of sudden hardship
    sudden_tier: Tier | None = None


class GivesKind(StrEnum):
    MONEY = "money"
    APPOINTMENT = "appointment"
    VOUCHER = "voucher"
    CERTIFICATE = "certificate"
    PLACE = "place"
    REFERRAL = "referral"
    ANSWER = "answer"


class Gives(Part, frozen=True, kw_only=True):
    """What a favourable decision gives. Money: fixed, by a CHOICE field, or named by the decider."""

    kind: GivesKind
    amount_fen: int = 0
    amount_by: str = ""  # code of a CHOICE field
    amounts_fen: dict[str, int] = {}
    max_fen: int = 0  # the cap where the decider names the sum
    is_per_tier: bool = False


class Definition(Part, frozen=True, kw_only=True):
    """One version of a procedure, whole."""

    fields: list[Field]
    route: list[Step]
    gives: Gives
    evidence: list[Evidence] = []
    confidentiality: Confidentiality = Confidentiality.ORDINARY
    routing: Routing = Routing.LINE
    respondent: str = ""  # code of the ORGANISATION field that names whom a complaint is about
    origin: str = ""  # code of an ORGANISATION field: the union the case begins with
    payee_account: str = ""  # code of the BANK_ACCOUNT field
    income: FamilyIncome | None = None
    is_rated: bool = True
    is_urgent: bool = False
    subject_kind: str = "member"
    number_prefix: str = "LX"
    keep_years: int = 0  # after closing; 0: as the setting says


def fixed_fields(definition: Definition) -> frozenset[str]:
    """Return the codes of fields that say whose desk it goes to: once sent they stay as they are."""
    return frozenset({definition.origin, *(step.at for step in definition.route)} - {""})


def final_fields(definition: Definition) -> frozenset[str]:
    """Return the codes of fields the service answers, or asks once: they stay as they were sent, too."""
    return frozenset(one.code for one in definition.fields if one.is_carried or one.is_final)


def parse(text: bytes | str) -> Definition:
    """Read a stored definition (JSON).

    Raises:
        msgspec.ValidationError: a part is missing, unknown, or of the wrong kind; it names the place.
    """
    return msgspec.json.decode(text, type=Definition)


def dump(definition: Definition) -> bytes:
    """Write a definition the same way each time, so that equal definitions have equal digests."""
    return msgspec.json.encode(definition, order="deterministic")
