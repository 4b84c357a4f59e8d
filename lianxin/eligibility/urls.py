"""Addresses of eligibility: what was found, one policy, the check."""

from __future__ import annotations

from django.urls import path

from lianxin.eligibility.views import (
    checking,
    drafting,
    objecting,
    own,
    proposing,
    publishing,
    replaying,
    shelving,
)

app_name = "eligibility"
urlpatterns = [
    path("found/", own.found, name="found"),
    path("found/look/<slug:purpose>/", own.look, name="look"),
    path("found/proposals/<uuid:proposal_id>/", proposing.proposal_own, name="proposal_own"),
    path("found/proposals/<uuid:proposal_id>/answer/", proposing.proposal_answer, name="proposal_answer"),
    path("check/", checking.check, name="check"),
    path("policies/", own.policy_all, name="policy_all"),
    path("policies/<slug:code>/", own.policy_page, name="policy_page"),
    path("policies/<slug:code>/if/", own.policy_if, name="policy_if"),
    path("policies/<slug:code>/then/", replaying.policy_then, name="policy_then"),
    path("policies/<slug:code>/object/", objecting.objection_new, name="objection_new"),
    path("found/objections/<uuid:objection_id>/", objecting.objection_mine, name="objection_mine"),
    path("desk/policies/objections/", objecting.objection_list, name="objection_list"),
    path("desk/policies/objections/<uuid:objection_id>/", objecting.objection_page, name="objection_page"),
    path("desk/policies/then/<uuid:member_id>/", replaying.member_then, name="member_then"),
    path("desk/policies/", shelving.policy_list, name="policy_list"),
    path("desk/policies/new/", shelving.draft_new, name="draft_new"),
    path("desk/policies/import/", shelving.draft_import, name="draft_import"),
    path("desk/policies/check/", drafting.rule_check, name="rule_check"),
    path("desk/policies/versions/<uuid:version_id>/file/", shelving.version_file, name="version_file"),
    path("desk/policies/versions/<uuid:version_id>/end/", shelving.policy_end, name="policy_end"),
    path("desk/policies/of/<slug:code>/<str:region>/", shelving.policy_versions, name="policy_versions"),
    path("desk/policies/drafts/<uuid:draft_id>/", drafting.draft_page, name="draft_page"),
    path("desk/policies/drafts/<uuid:draft_id>/file/", shelving.draft_file, name="draft_file"),
    path("desk/policies/drafts/<uuid:draft_id>/words/", drafting.draft_words, name="draft_words"),
    path("desk/policies/drafts/<uuid:draft_id>/rule/", drafting.draft_rule, name="draft_rule"),
    path("desk/policies/drafts/<uuid:draft_id>/conditions/", drafting.condition_add, name="condition_add"),
    path("desk/policies/drafts/<uuid:draft_id>/conditions/<int:number>/", drafting.draft_condition, name="draft_condition"),
    path("desk/policies/drafts/<uuid:draft_id>/conditions/<int:number>/change/", drafting.condition_change, name="condition_change"),
    path("desk/policies/drafts/<uuid:draft_id>/examples/", publishing.draft_example, name="example_new"),
    path("desk/policies/drafts/<uuid:draft_id>/examples/<int:number>/", publishing.draft_example, name="draft_example"),
    path("desk/policies/drafts/<uuid:draft_id>/examples/<int:number>/remove/", publishing.example_remove, name="example_remove"),
    path("desk/policies/drafts/<uuid:draft_id>/try/", publishing.draft_try, name="draft_try"),
    path("desk/policies/drafts/<uuid:draft_id>/effect/", publishing.draft_effect, name="draft_effect"),
    path("desk/policies/drafts/<uuid:draft_id>/review/", publishing.draft_review, name="draft_review"),
    path("desk/policies/drafts/<uuid:draft_id>/submit/", publishing.draft_submit, name="draft_submit"),
    path("desk/policies/drafts/<uuid:draft_id>/publish/", publishing.draft_publish, name="draft_publish"),
    path("desk/policies/drafts/<uuid:draft_id>/return/", publishing.draft_return, name="draft_return"),
    path("desk/policies/drafts/<uuid:draft_id>/settle/", publishing.draft_settle, name="draft_settle"),
    path("desk/proposals/", proposing.proposal_list, name="proposal_list"),
    path("desk/proposals/<uuid:proposal_id>/", proposing.proposal_act, name="proposal_act"),
    path("desk/policies/counts/", proposing.count_list, name="count_list"),
]  # fmt: skip
