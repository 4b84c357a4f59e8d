"""Feishu (飞书): known by the union_id, one for all apps of a developer."""

from __future__ import annotations

from urllib.parse import urlencode

from lianxin.accounts.adapters.outside.base import Claims, OutsideError, Provider, Visit, text_of


class Feishu(Provider):
    """Speaks OAuth 2 with PKCE in JSON."""

    web = "https://accounts.feishu.cn"
    api = "https://open.feishu.cn"

    def address(self, visit: Visit) -> str:
        query = {
            "client_id": self.client_id,
            "redirect_uri": visit.back,
            "response_type": "code",
            "state": visit.state,
            "code_challenge": visit.challenge,
            "code_challenge_method": "S256",
        }
        return f"{self.web}/open-apis/authen/v1/authorize?{urlencode(query)}"

    def ask(self, visit: Visit, code: str) -> Claims:
        body = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "code": code,
            "redirect_uri": visit.back,
            "code_verifier": visit.verifier,
        }
        found = self.call(f"{self.api}/open-apis/authen/v2/oauth/token", body=body)
        token = found.get("access_token")
        if found.get("code") != 0 or not isinstance(token, str) or not token:
            raise OutsideError("broken", str(found.get("code", "")))
        headers = {"Authorization": f"Bearer {token}"}
        who = self.call(f"{self.api}/open-apis/authen/v1/user_info", headers=headers)
        data = who.get("data")
        uid = text_of(data, "union_id") if who.get("code") == 0 and isinstance(data, dict) else ""
        if not uid:
            raise OutsideError("broken", "no union_id")
        return Claims(uid=uid)
