"""Addresses of signing in and of one's own account."""

from __future__ import annotations

from django.urls import path

from lianxin.accounts.views import kiosk, officer, outside, own, passkeys, phone, privacy, ways

app_name = "accounts"

urlpatterns = [
    path("sign-in/", phone.sign_in, name="sign_in"),
    path("sign-in/next/", phone.next_step, name="next_step"),
    path("sign-in/not-now/", phone.agreement_refused, name="agreement_refused"),
    path("sign-in/officer/", officer.officer_sign_in, name="officer_sign_in"),
    path("sign-in/second-factor/", officer.second_factor, name="second_factor"),
    path("sign-in/second-factor/app/", officer.factor_enrol, name="factor_enrol"),
    path("sign-in/second-factor/codes/", officer.recovery_codes, name="recovery_codes"),
    path("sign-in/password/", officer.password_change, name="password_change"),
    path("sign-in/second-factor/passkey/", passkeys.passkey_prove, name="passkey_prove"),
    path("sign-in/passkey/", passkeys.passkey_sign_in, name="passkey_sign_in"),
    path("sign-in/passkey/begin/", passkeys.passkey_begin, name="passkey_begin"),
    path("sign-in/with/<slug:provider>/", outside.outside_begin, name="outside_begin"),
    path("sign-in/with/<slug:provider>/back/", outside.outside_back, name="outside_back"),
    path("sign-in/<uuid:run_id>/", phone.code, name="code"),
    path("sign-in/<uuid:run_id>/again/", phone.code_again, name="code_again"),
    path("sign-in/<uuid:run_id>/who/", phone.identity, name="identity"),
    path("sign-in/<uuid:run_id>/new-holder/", phone.number_take_over, name="number_take_over"),
    path("sign-in/<uuid:run_id>/agree/", phone.agree, name="agree"),
    path("sign-out/", own.sign_out, name="sign_out"),
    path("sign-out/everywhere/", own.sign_out_everywhere, name="sign_out_everywhere"),
    path("me/devices/", own.devices, name="devices"),
    path("me/devices/<uuid:device_id>/end/", own.device_end, name="device_end"),
    path("me/ways/", ways.ways, name="ways"),
    path("me/ways/open/", ways.ways_open, name="ways_open"),
    path("me/ways/passkey/", ways.passkey_add, name="passkey_add"),
    path(
        "me/ways/passkey/begin/<slug:purpose>/",
        passkeys.passkey_begin_own,
        name="passkey_begin_own",
    ),
    path("me/ways/passkey/<int:passkey_id>/name/", ways.passkey_rename, name="passkey_rename"),
    path("me/ways/passkey/<int:passkey_id>/remove/", ways.passkey_remove, name="passkey_remove"),
    path("me/ways/<slug:provider>/link/", ways.way_link, name="way_link"),
    path("me/ways/<slug:provider>/unlink/", ways.way_unlink, name="way_unlink"),
    path("me/kiosk/", kiosk.kiosk_approve, name="kiosk_approve"),
    path("me/kiosk/<uuid:grant_id>/", kiosk.kiosk_answer, name="kiosk_answer"),
    path("kiosk/", kiosk.kiosk, name="kiosk"),
    path("kiosk/set-up/", kiosk.kiosk_set_up, name="kiosk_set_up"),
    path("kiosk/here/", kiosk.kiosk_here, name="kiosk_here"),
    path("kiosk/finish/", kiosk.kiosk_finish, name="kiosk_finish"),
    path("kiosk/<uuid:grant_id>/wait/", kiosk.kiosk_wait, name="kiosk_wait"),
    path("me/phone/", own.phone, name="phone"),
    path("me/phone/<uuid:run_id>/", own.phone_code, name="phone_code"),
    path("privacy/", privacy.privacy, name="privacy"),
]
