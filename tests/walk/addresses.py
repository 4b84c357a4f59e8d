"""Every named address of the resolver, and the rows its arguments stand for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from lianxin.kit import clock
from lianxin.kit.access import access_of
from tests.walk.world import World

# What an argument is called, in which app ("" in any): the rows of the world it stands for, and the
# attribute that stands in the address.
ROWS: dict[tuple[str, str], tuple[str, str]] = {
    ("", "dossier_id"): ("dossier", "pk"),
    ("catalogue", "draft_id"): ("application", "pk"),
    ("", "booking_id"): ("booking", "pk"),
    ("exchange", "booking_id"): ("resource_booking", "pk"),
    ("", "member_id"): ("member", "pk"),
    ("exchange", "resource_id"): ("resource", "pk"),
    ("", "session_id"): ("session", "pk"),
    ("", "activity_id"): ("activity", "pk"),
    ("", "picture_id"): ("picture", "pk"),
    ("exchange", "picture_id"): ("resource_picture", "pk"),
    ("", "telling_id"): ("telling", "pk"),
    ("", "claim_id"): ("claim", "pk"),
    ("", "batch_id"): ("payment_batch", "pk"),
    ("", "pool_id"): ("pool", "pk"),
    ("", "gate_id"): ("gate", "pk"),
    ("", "bookable_id"): ("bookable", "pk"),
    ("", "draw_id"): ("draw", "pk"),
    ("", "notice_id"): ("notice", "pk"),
    ("", "line_id"): ("notice_line", "pk"),
    ("notices", "objection_id"): ("notice_objection", "pk"),
    ("eligibility", "objection_id"): ("policy_objection", "pk"),
    ("eligibility", "proposal_id"): ("proposal", "pk"),
    ("eligibility", "draft_id"): ("policy_draft", "pk"),
    ("eligibility", "version_id"): ("policy", "pk"),
    ("eligibility", "code"): ("policy", "code"),
    ("eligibility", "region"): ("policy", "region"),
    ("stations", "code"): ("station", "code"),
    ("stations", "district"): ("station", "division_code"),
    ("stations", "days_id"): ("days", "pk"),
    ("stations", "keeping_id"): ("keeping", "pk"),
    ("stations", "kiosk_id"): ("station_kiosk", "pk"),
    ("stations", "trouble_id"): ("trouble", "pk"),
    ("stations", "run_id"): ("station_import", "pk"),
    ("", "suggestion_id"): ("suggestion", "pk"),
    ("gateway", "client_id"): ("client", "pk"),
    ("gateway", "request_id"): ("client_request", "pk"),
    ("", "partner_id"): ("partner", "pk"),
    ("", "contact_id"): ("contact", "pk"),
    ("", "relative_id"): ("relative", "pk"),
    ("members", "export_id"): ("export", "pk"),
    ("members", "run_id"): ("import", "pk"),
    ("", "suspicion_id"): ("suspicion", "pk"),
    ("orgs", "code"): ("union", "code"),
    ("orgs", "change_id"): ("change", "pk"),
    ("orgs", "affiliation_id"): ("affiliation", "pk"),
    ("orgs", "post_id"): ("post", "pk"),
    ("orgs", "reset_id"): ("reset", "pk"),
    ("orgs", "proposal_id"): ("post_proposal", "pk"),
    ("accounts", "run_id"): ("sign_in", "pk"),
    ("accounts", "device_id"): ("device", "pk"),
    ("accounts", "grant_id"): ("kiosk_grant", "pk"),
    ("accounts", "passkey_id"): ("passkey", "pk"),
    ("notify", "message_id"): ("message", "pk"),
    ("", "album_id"): ("album", "pk"),
    ("", "helped_id"): ("helped", "pk"),
    ("activities", "line_id"): ("plan_line", "pk"),
    ("activities", "code"): ("union", "code"),
    ("catalogue:join", "code"): ("union", "code"),
    ("catalogue:join_apply", "code"): ("union", "code"),
    ("catalogue:poster", "code"): ("union", "code"),
}
# Words beside the rows: which deed, which size, which number.
WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("activities", "size"): ("small", "large"),
    ("exchange", "size"): ("small", "large"),
    ("activities", "year"): (str(clock.today().year),),
    ("procedures:dossier_act", "slug"): ("approve", "refuse", "refer", "recuse", "ask"),
    ("catalogue:help_start", "code"): ("medical-aid",),
    ("orgs:union_change", "kind"): ("rename", "move", "merge", "close"),
    ("eligibility", "number"): ("0",),
    ("stations", "ticket"): ("none",),
    ("catalogue:correct", "name"): ("name", "employer_name"),
    ("catalogue:service_page", "code"): ("medical-aid",),
    ("catalogue:apply_start", "code"): ("medical-aid",),
    ("catalogue:places_new", "code"): ("health-check",),
    ("eligibility:look", "purpose"): ("matching",),
    ("gateway:door", "rest"): ("organisations/JZ", "none"),
    ("members", "name"): ("household_size",),
    ("members:consent_change", "purpose"): ("matching",),
    ("accounts", "provider"): ("wechat", "none"),
    ("accounts:passkey_begin_own", "purpose"): ("link", "prove"),
    ("files:file", "token"): ("none",),
}
# An argument that is no row of anybody: why it is none.
NO_ROW: dict[str, str] = {
    "catalogue:correct": "names a line of one's own entry on the roll",
    "catalogue:service_page": "names a service, the same for everybody",
    "catalogue:apply_start": "names a service, the same for everybody",
    "catalogue:places_new": "names a service; for whose union is in the form",
    "eligibility:look": "names a purpose of one's own consent",
    "gateway:door": "the door of the programs, with tokens of its own; walked by lianxin/gateway/tests",
    "members:fact": "names a fact about oneself",
    "members:fact_forget": "names a fact about oneself",
    "members:consent_change": "names a purpose of one's own consent",
    "accounts:outside_begin": "names a provider outside",
    "accounts:outside_back": "names a provider outside",
    "accounts:passkey_begin_own": "names what one's own passkey is for",
    "accounts:way_link": "names a provider outside",
    "accounts:way_unlink": "names a provider outside",
    "files:file": "a signed token, not a number: forged ones are refused by lianxin/files/tests",
}


@dataclass(frozen=True)
class Address:
    """One pattern: its full name, its mark, the names of its arguments, how it is written."""

    name: str
    access: str
    arguments: tuple[str, ...]
    where: str

    @property
    def names_rows(self) -> bool:
        return any(_found(ROWS, self, one) for one in self.arguments)

    def values(self, argument: str, rows: dict[str, list[Any]]) -> list[str]:
        """Return what an argument can be: rows, else words."""
        if found := _found(ROWS, self, argument):
            key, attribute = found
            return [str(getattr(row, attribute)) for row in rows.get(key, [])]
        return list(_found(WORDS, self, argument) or ())

    def paths(self, world: World) -> Iterator[tuple[str, bool]]:
        """Yield each way to call it with somebody else's rows, and whether all of them are public."""
        every = {
            key: [*world.shown.get(key, []), *world.hidden.get(key, [])]
            for key in {*world.shown, *world.hidden}
        }
        seen: set[str] = set()
        for rows, is_shown in ((world.shown, True), (every, False)):
            for values in product(*(self.values(one, rows) for one in self.arguments)):
                path = reverse(self.name, kwargs=dict(zip(self.arguments, values, strict=True)))
                if path not in seen:
                    seen.add(path)
                    yield path, is_shown or not self.names_rows


def _found(table: dict[tuple[str, str], Any], address: Address, argument: str) -> Any:
    app = address.name.partition(":")[0]
    return next(
        (table[at, argument] for at in (address.name, app, "") if (at, argument) in table), None
    )


def addresses(
    resolver: URLResolver | None = None, within: tuple[str, ...] = (), before: str = ""
) -> Iterator[Address]:
    """Yield every named pattern there is."""
    for pattern in (resolver or get_resolver()).url_patterns:
        where = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*within, pattern.namespace) if pattern.namespace else within
            yield from addresses(pattern, inner, where)
        elif isinstance(pattern, URLPattern):
            taken = tuple(pattern.pattern.regex.groupindex)
            name = ":".join((*within, pattern.name or ""))
            yield Address(name, access_of(pattern.callback), taken, where)


ADDRESSES = list(addresses())
