"""Addresses of procedures: the worker's cases, the officer's dossiers, payments."""

from __future__ import annotations

from django.urls import path

from lianxin.procedures.views import (
    case_deeds,
    case_papers,
    cases,
    dossiers,
    payments,
    repairs,
    several,
    signing,
)

app_name = "procedures"
urlpatterns = [
    path("cases/", cases.case_list, name="case_list"),
    path("cases/<uuid:dossier_id>/", cases.case, name="case"),
    path("cases/<uuid:dossier_id>/receipt/", cases.case_receipt, name="case_receipt"),
    path("cases/<uuid:dossier_id>/decision/", cases.case_decision, name="case_decision"),
    path("cases/<uuid:dossier_id>/appointment.ics", cases.case_calendar, name="case_calendar"),
    path("cases/<uuid:dossier_id>/amend/", case_papers.case_amend, name="case_amend"),
    path("cases/<uuid:dossier_id>/answer/", case_papers.case_answer, name="case_answer"),
    path("cases/<uuid:dossier_id>/confirm/", case_deeds.case_confirm, name="case_confirm"),
    path("cases/<uuid:dossier_id>/code/", case_deeds.case_code, name="case_code"),
    path("cases/<uuid:dossier_id>/withdraw/", case_deeds.case_withdraw, name="case_withdraw"),
    path("cases/<uuid:dossier_id>/object/", case_deeds.case_object, name="case_object"),
    path("cases/<uuid:dossier_id>/account/", case_deeds.case_account, name="case_account"),
    path("cases/<uuid:dossier_id>/rate/", case_deeds.case_rate, name="case_rate"),
    path("desk/dossiers/several/", several.dossier_several, name="dossier_several"),
    path("desk/dossiers/<uuid:dossier_id>/", dossiers.dossier, name="dossier"),
    path("desk/dossiers/<uuid:dossier_id>/open/", dossiers.dossier_open, name="dossier_open"),
    path("desk/dossiers/<uuid:dossier_id>/take/", dossiers.dossier_take, name="dossier_take"),
    path("desk/dossiers/<uuid:dossier_id>/paper/", signing.dossier_paper, name="dossier_paper"),
    path("desk/dossiers/<uuid:dossier_id>/signed/", signing.dossier_signed, name="dossier_signed"),
    path("desk/dossiers/<uuid:dossier_id>/drop/", signing.dossier_drop, name="dossier_drop"),
    path("desk/dossiers/<uuid:dossier_id>/carry/", signing.dossier_carry, name="dossier_carry"),
    path("desk/dossiers/<uuid:dossier_id>/<slug:slug>/", dossiers.dossier_act, name="dossier_act"),
    path("desk/repairs/", repairs.repair_list, name="repair_list"),
    path("desk/payments/", payments.payment_list, name="payment_list"),
    path("desk/payments/batches/", payments.payment_batch_new, name="payment_batch_new"),
    path("desk/payments/batches/<uuid:batch_id>/", payments.payment_batch, name="payment_batch"),
    path(
        "desk/payments/batches/<uuid:batch_id>/file/",
        payments.payment_export,
        name="payment_export",
    ),
    path("desk/payments/return/", payments.payment_return, name="payment_return"),
]
