"""Addresses of signing in and of one's own account."""

from __future__ import annotations

from django.urls import path

from lianxin.accounts.views import officer, own, phone, privacy

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
    path("sign-in/<uuid:run_id>/", phone.code, name="code"),
    path("sign-in/<uuid:run_id>/again/", phone.code_again, name="code_again"),
    path("sign-in/<uuid:run_id>/who/", phone.identity, name="identity"),
    path("sign-in/<uuid:run_id>/new-holder/", phone.number_take_over, name="number_take_over"),
    path("sign-in/<uuid:run_id>/agree/", phone.agree, name="agree"),
    path("sign-out/", own.sign_out, name="sign_out"),
    path("sign-out/everywhere/", own.sign_out_everywhere, name="sign_out_everywhere"),
    path("me/devices/", own.devices, name="devices"),
    path("me/devices/<uuid:device_id>/end/", own.device_end, name="device_end"),
    path("me/phone/", own.phone, name="phone"),
    path("me/phone/<uuid:run_id>/", own.phone_code, name="phone_code"),
    path("me/close/", own.account_close, name="account_close"),
    path("privacy/", privacy.privacy, name="privacy"),
]
