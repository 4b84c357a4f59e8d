"""Addresses of the union tree."""

from __future__ import annotations

from django.urls import path

from lianxin.orgs.views import posts, resets, trail, tree, unions

app_name = "orgs"

urlpatterns = [
    path("unions/<str:code>/", tree.organisation, name="organisation"),
    path("desk/unions/", unions.union_list, name="union_list"),
    path("desk/unions/changes/<uuid:change_id>/", unions.change, name="change"),
    path(
        "desk/unions/changes/<uuid:change_id>/cancel/", unions.change_cancel, name="change_cancel"
    ),
    path("desk/unions/<str:code>/", unions.union, name="union"),
    path("desk/unions/<str:code>/found/", unions.union_found, name="union_found"),
    path("desk/unions/<str:code>/edit/", unions.union_edit, name="union_edit"),
    path("desk/unions/<str:code>/affiliate/", unions.union_affiliate, name="union_affiliate"),
    path(
        "desk/unions/<str:code>/affiliations/<uuid:affiliation_id>/end/",
        unions.affiliation_end,
        name="affiliation_end",
    ),
    path("desk/unions/<str:code>/change/<slug:kind>/", unions.union_change, name="union_change"),
    path("desk/trail/", trail.trail, name="trail"),
    path("desk/posts/", posts.post_list, name="post_list"),
    path("desk/posts/new/", posts.post_new, name="post_new"),
    path("desk/posts/own/", posts.own_posts, name="own_posts"),
    path("desk/posts/<int:post_id>/reset/", resets.reset_new, name="reset_new"),
    path("desk/posts/resets/<uuid:reset_id>/", resets.reset, name="reset"),
    path("desk/posts/resets/<uuid:reset_id>/answer/", resets.reset_answer, name="reset_answer"),
    path("me/resets/<uuid:reset_id>/", resets.reset_own, name="reset_own"),
    path("desk/posts/<int:post_id>/end/", posts.post_end, name="post_end"),
    path("desk/posts/<int:post_id>/away/", posts.post_away, name="post_away"),
    path("desk/posts/<int:post_id>/deputy/", posts.deputy, name="deputy"),
    path("desk/posts/<int:post_id>/deputy/end/", posts.deputy_end, name="deputy_end"),
    path("desk/posts/proposals/<uuid:proposal_id>/", posts.proposal_answer, name="proposal_answer"),
]
