"""What stays of a person by law after she closed her account, as far as members answer for it."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from lianxin.files import api as files
from lianxin.members.constants import SIGNED_PAGE
from lianxin.members.models import Member
from lianxin.members.rules.privacy import Hold, Person
from lianxin.orgs.api import Post


def roll_holds(person: Person) -> list[Hold]:
    """The entry on the roll: membership does not depend on the account."""
    if person.member_id is None or not Member.objects.filter(pk=person.member_id).exists():
        return []
    law = _(
        "The register of members: Trade Union Law and constitution (工会法、中国工会章程), while you are a member"
    )
    kept = [Hold(what=_("Your entry on the union’s roll"), law=law)]
    if files.files_of(SIGNED_PAGE, person.member_id).exists():
        kept.append(Hold(what=_("The page you signed when you were put onto it"), law=law))
    return kept


def posts_holds(person: Person) -> list[Hold]:
    """The posts somebody held: decisions must keep the name of who took them."""
    if not Post.objects.filter(account_id=person.account_id).exists():
        return []
    return [
        Hold(
            what=_("Which posts you held"),
            law=_("Records of office: Archives Law (档案法), as long as the decisions are kept"),
        )
    ]


def trail_holds(person: Person) -> list[Hold]:
    """The audit trail, without any personal text."""
    if person.account_id is None:
        return []
    return [
        Hold(
            what=_("The trail of who did and opened what (numbers only, no content)"),
            law=_(
                "Logs: Cybersecurity Law, article 21 (网络安全法第二十一条), six months at least"
            ),
        )
    ]


HOLDS: dict[str, Callable[[Person], list[Hold]]] = {
    "members": roll_holds,
    "posts": posts_holds,
    "openings": trail_holds,
}
