"""What every app owes a person: a copy of what it keeps, and erasure of what no law obliges to keep.

Each app with a table keyed to an account or a member registers one part. A part names its tables,
so that a test can find one nobody answers for. Erasing runs when a person closes her account; a
part keeps what the law asks for (payments, decisions) and says so in its docstring.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lianxin.kit.slots import Slot


@dataclass(frozen=True, kw_only=True)
class Person:
    """Whom it is about: the account, and the entry on the roll where there is one."""

    account_id: uuid.UUID | None
    member_id: uuid.UUID | None


@dataclass(frozen=True, kw_only=True)
class ExportPart:
    """`tables` as `app.Model`; `read` returns plain JSON values, sealed ones opened.

    `page` returns the same for the page a person reads, where codes would say nothing: words for
    codes, sums in yuan, names for ids; its keys may be labels. Without it `read` serves both.
    """

    tables: tuple[str, ...]
    read: Callable[[Person], Any]
    page: Callable[[Person], Any] | None = None
    label: Any = ""


@dataclass(frozen=True, kw_only=True)
class Hold:
    """What stays when an account is closed: what it is, which law asks for it, until when.

    Without `until` it stays for as long as the law's reason lasts, which `law` says.
    """

    what: Any
    law: Any
    until: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class ErasePart:
    """`tables` as `app.Model`, those kept by law too; `erase` may run again.

    `holds` names what this part keeps about a person, before she decides to close.
    """

    tables: tuple[str, ...]
    erase: Callable[[Person], None]
    holds: Callable[[Person], list[Hold]] | None = None


@dataclass(frozen=True, kw_only=True)
class CrowdLook:
    """A machine's looks at a person among all others: when, how often, at which facts, what for."""

    first_at: dt.datetime
    last_at: dt.datetime
    times: int
    facts: tuple[str, ...]
    purpose: str


@dataclass(frozen=True, kw_only=True)
class PersonLink:
    """A thing an officer can do for the member whose page she looks at."""

    label: Any
    url: str
    icon: str = "chevron-right"


@dataclass(frozen=True, kw_only=True)
class FactLink:
    """Where a member has something put right that an officer looks at first; `note`: what runs."""

    url: str
    note: Any = ""


privacy_export: Slot[ExportPart] = Slot(
    "privacy_export", purpose="What each app keeps about a person, for her own copy"
)
privacy_erase: Slot[ErasePart] = Slot(
    "privacy_erase", purpose="What each app erases when a person closes her account"
)
opening_words: Slot[Any] = Slot(
    "opening_words", purpose="What was opened and for what, in words; keyed by kind or purpose code"
)
crowd_looks: Slot[Callable[[Any], list[CrowdLook]]] = Slot(
    "crowd_looks", purpose="Passes of a machine over many that covered a member, one line each"
)
person_links: Slot[Callable[[Any, Any], PersonLink | None]] = Slot(
    "person_links", purpose="What an officer can do for a member, on the member’s page at the desk"
)
fact_links: Slot[Callable[[Any], Mapping[str, FactLink]]] = Slot(
    "fact_links",
    purpose="Where a member asks to put right what she may not change herself; by the name of the fact",
)
