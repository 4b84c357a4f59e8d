"""WeCom (企业微信): known by the enterprise and the userid in it; visitors of it are let in nowhere.

An enterprise gives a userid to somebody else when she has left, if it wants to. So this is one
more key to an account its owner has linked, and the person is still asked on unknown devices.
"""

from __future__ import annotations

from urllib.parse import urlencode

from lianxin.accounts.adapters.outside.base import Claims, OutsideError, Provider, Visit, text_of


class WeCom(Provider):
    """`client_id` is the corpid, `client_secret` the app's secret, `agent_id` the app."""

    web = "https://login.work.weixin.qq.com"
    api = "https://qyapi.weixin.qq.com"

    def address(self, visit: Visit) -> str:
        query = {
            "login_type": "CorpApp",
            "appid": self.client_id,
            "agentid": str(self.options.get("agent_id", "")),
            "redirect_uri": visit.back,
            "state": visit.state,
        }
        return f"{self.web}/wwlogin/sso/login?{urlencode(query)}"

    def ask(self, visit: Visit, code: str) -> Claims:  # noqa: ARG002  (the standard's verifier is unknown here)
        pair = {"corpid": self.client_id, "corpsecret": self.client_secret}
        found = self.call(f"{self.api}/cgi-bin/gettoken", query=pair)
        token = found.get("access_token")
        if found.get("errcode") or not isinstance(token, str) or not token:
            raise OutsideError("broken", str(found.get("errcode", "")))
        query = {"access_token": token, "code": code}
        who = self.call(f"{self.api}/cgi-bin/auth/getuserinfo", query=query)
        if who.get("errcode"):
            raise OutsideError("broken", str(who["errcode"]))
        uid = text_of(who, "userid")
        if not uid:
            raise OutsideError("stranger")
        return Claims(uid=f"{self.client_id}:{uid.lower()}")
