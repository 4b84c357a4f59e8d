"""DingTalk (钉钉): known by the unionId, one for all apps of an enterprise."""

from __future__ import annotations

from urllib.parse import urlencode

from lianxin.accounts.adapters.outside.base import Claims, OutsideError, Provider, Visit, text_of


class DingTalk(Provider):
    """Sends its code back as authCode."""

    web = "https://login.dingtalk.com"
    api = "https://api.dingtalk.com"
    code_name = "authCode"

    def address(self, visit: Visit) -> str:
        query = {
            "client_id": self.client_id,
            "redirect_uri": visit.back,
            "response_type": "code",
            "scope": "openid",
            "prompt": "consent",
            "state": visit.state,
        }
        return f"{self.web}/oauth2/auth?{urlencode(query)}"

    def ask(self, visit: Visit, code: str) -> Claims:  # noqa: ARG002  (the standard's verifier is unknown here)
        body = {
            "clientId": self.client_id,
            "clientSecret": self.client_secret,
            "code": code,
            "grantType": "authorization_code",
        }
        found = self.call(f"{self.api}/v1.0/oauth2/userAccessToken", body=body)
        token = found.get("accessToken")
        if not isinstance(token, str) or not token:
            raise OutsideError("broken", "no token")
        headers = {"x-acs-dingtalk-access-token": token}
        uid = text_of(self.call(f"{self.api}/v1.0/contact/users/me", headers=headers), "unionId")
        if not uid:
            raise OutsideError("broken", "no unionId")
        return Claims(uid=uid)
