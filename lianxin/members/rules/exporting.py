"""What a list of members may be taken out for, and which columns each purpose needs. Pure."""

from __future__ import annotations

from dataclasses import dataclass

LARGEST = 50_000


@dataclass(frozen=True, slots=True)
class ExportPurpose:
    """One purpose, and the columns it needs: no more than these leave."""

    code: str
    columns: tuple[str, ...]


PURPOSES = {
    purpose.code: purpose
    for purpose in (
        ExportPurpose("gathering", ("name", "union", "occupation", "phone")),
        ExportPurpose("welfare", ("name", "union", "employer", "phone")),
        ExportPurpose("insurance", ("name", "union", "sex", "birth_on", "id_number", "phone")),
        ExportPurpose("election", ("name", "union", "sex", "joined_on")),
        # Who asks for figures needs no names.
        ExportPurpose(
            "figures", ("union", "industry", "employment_form", "skill_level", "sex", "birth_year")
        ),
    )
}
# Lists of who has a vote: in force, since a retained membership has none.
VOTERS = frozenset({"election"})
# Columns that lie sealed; each opening is told to the member.
SEALED = frozenset({"phone", "id_number"})
