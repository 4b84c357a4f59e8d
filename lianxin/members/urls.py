"""Addresses of the members app."""

from __future__ import annotations

from django.urls import path

from lianxin.members.views import (
    card,
    desk,
    duplicates,
    entering,
    exports,
    imports,
    leaving,
    membership,
    own,
)

app_name = "members"

urlpatterns = [
    path("me/facts/", own.facts, name="facts"),
    path("me/facts/<slug:name>/", own.fact, name="fact"),
    path("me/facts/<slug:name>/forget/", own.fact_forget, name="fact_forget"),
    path("me/number/", own.number, name="number"),
    path("me/consents/", own.consents, name="consents"),
    path("me/consents/<slug:purpose>/", own.consent_change, name="consent_change"),
    path("me/looked/", own.looked, name="looked"),
    path("me/family/", own.family, name="family"),
    path("me/family/<uuid:relative_id>/remove/", own.family_remove, name="family_remove"),
    path("me/membership/", own.link, name="link"),
    path("me/card/", card.card, name="card"),
    path("me/card/get/", card.card_get, name="card_get"),
    path("me/leave/", card.membership_end, name="membership_end"),
    path("card/verify/", card.card_check, name="card_check"),
    path("card/keys.json", card.card_keys, name="card_keys"),
    path("card/revoked.txt", card.card_revoked, name="card_revoked"),
    path("me/copy/", leaving.copy, name="copy"),
    path("me/close/", leaving.closing, name="closing"),
    path("desk/members/", desk.member_list, name="member_list"),
    path("desk/members/new/", entering.member_new, name="member_new"),
    path("desk/members/new/paper/", entering.member_paper, name="member_paper"),
    path("desk/members/<uuid:member_id>/", desk.member, name="member"),
    path("desk/members/<uuid:member_id>/carry/", entering.member_carried, name="member_carried"),
    path("desk/members/<uuid:member_id>/card/", entering.member_card, name="member_card"),
    path("desk/members/<uuid:member_id>/open/", desk.member_open, name="member_open"),
    path("desk/members/<uuid:member_id>/membership/", membership.membership, name="membership"),
    path("desk/lists/", exports.export_list, name="export_list"),
    path("desk/lists/new/", exports.export_new, name="export_new"),
    path("desk/lists/<uuid:export_id>/", exports.export_one, name="export"),
    path("desk/rolls/", imports.import_list, name="import_list"),
    path("desk/rolls/new/", imports.import_new, name="import_new"),
    path("desk/rolls/<uuid:run_id>/", imports.import_one, name="import_run"),
    path("desk/rolls/<uuid:run_id>/act/", imports.import_act, name="import_act"),
    path("desk/rolls/<uuid:run_id>/missing/", imports.import_missing, name="import_missing"),
    path("desk/duplicates/", duplicates.duplicate_list, name="duplicate_list"),
    path("desk/duplicates/<uuid:suspicion_id>/", duplicates.duplicate, name="duplicate"),
    path("desk/members/<uuid:member_id>/correct/", desk.member_correct, name="member_correct"),
]
