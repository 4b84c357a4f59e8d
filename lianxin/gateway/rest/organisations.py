"""Organisations in the client's reach; any other does not exist here."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_noop as _
from ninja import Path, Query, Router

from lianxin.gateway import selectors
from lianxin.gateway.rest import shapes
from lianxin.gateway.rest.guard import Call, OAuth2
from lianxin.gateway.rest.problems import not_found
from lianxin.gateway.rules.access import Scope
from lianxin.orgs.api import Level, Organisation

router = Router(tags=["organisations"])
_READ = OAuth2(Scope.ORGANISATIONS_READ)


@router.get(
    "",
    operation_id="list_organisations",
    auth=_READ,
    summary=_("List organisations"),
    description=_("In the order of the tree, a page at a time; only those in the client's reach."),
    response=shapes.answers({200: shapes.OrganisationList}, 422),
)
def list_organisations(
    request: Call,
    level: Annotated[Level | None, Query(description=_("Only of this level"))] = None,
    credit_code: Annotated[
        str | None,
        Query(
            pattern=shapes.CREDIT_CODE,
            max_length=18,
            description=_("Of the union itself or of the unit whose workers it unites"),
        ),
    ] = None,
    after: Annotated[str, Query(max_length=2000, description=_("`next` of the page before"))] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, object]:
    """Read one page."""
    page = selectors.organisation_page(
        request.auth.client, after=after, size=limit, level=level, credit_code=credit_code
    )
    parents = selectors.parent_codes(page.rows)
    return {"items": [_shown(row, parents) for row in page.rows], "next": page.next_token}


@router.get(
    "/{code}",
    operation_id="get_organisation",
    auth=_READ,
    summary=_("Look up an organisation"),
    description=_("By its code. What lies outside the client's reach does not exist."),
    response=shapes.answers({200: shapes.OrganisationOut}, 404, 422),
)
def get_organisation(
    request: Call, code: Annotated[str, Path(pattern=shapes.CODE, max_length=32)]
) -> dict[str, object]:
    """Read one."""
    found = selectors.organisation_found(request.auth.client, code)
    if found is None:
        raise not_found()
    return _shown(found, selectors.parent_codes([found]))


def _shown(row: Organisation, parents: dict[str, str]) -> dict[str, object]:
    return {
        "code": row.code,
        "name": row.name,
        "level": row.level,
        "parent": parents.get(row.path[: -Organisation.steplen], ""),
        "state": row.state,
        "unified_social_credit_code": row.uscc,
        "employer_credit_code": row.employer_uscc,
        "phone": row.phone,
        "address": row.address,
        "opening_hours": row.opening_hours,
        "member_count": row.member_count,
    }
