"""WeChat: by QR code on a computer, at once inside WeChat itself; known by the unionid.

An openid differs between our website and our official account; the unionid is one for both, if
both are bound to the same open platform. Without a unionid nobody is let in.
"""

from __future__ import annotations

from urllib.parse import urlencode

from lianxin.accounts.adapters.outside.base import Claims, OutsideError, Provider, Visit, text_of


class WeChat(Provider):
    """`inside` may name the official account's own client_id and client_secret."""

    web = "https://open.weixin.qq.com"
    api = "https://api.weixin.qq.com"

    def address(self, visit: Visit) -> str:
        inside = self._is_inside(visit)
        query = {
            "appid": self._pair(visit)[0],
            "redirect_uri": visit.back,
            "response_type": "code",
            "scope": "snsapi_userinfo" if inside else "snsapi_login",
            "state": visit.state,
        }
        way = "oauth2/authorize" if inside else "qrconnect"
        return f"{self.web}/connect/{way}?{urlencode(query)}#wechat_redirect"

    def ask(self, visit: Visit, code: str) -> Claims:
        client_id, client_secret = self._pair(visit)
        query = {
            "appid": client_id,
            "secret": client_secret,
            "code": code,
            "grant_type": "authorization_code",
        }
        found = self.call(f"{self.api}/sns/oauth2/access_token", query=query)
        token, openid = found.get("access_token"), found.get("openid")
        if found.get("errcode") or not token or not openid:
            raise OutsideError("broken", str(found.get("errcode", "")))
        unionid = text_of(found, "unionid")
        if not unionid:
            more = {"access_token": str(token), "openid": str(openid)}
            unionid = text_of(self.call(f"{self.api}/sns/userinfo", query=more), "unionid")
        if not unionid:
            raise OutsideError("broken", "no unionid")
        return Claims(uid=unionid)

    def _is_inside(self, visit: Visit) -> bool:
        return bool(self.options.get("inside")) and "micromessenger" in visit.agent.lower()

    def _pair(self, visit: Visit) -> tuple[str, str]:
        if not self._is_inside(visit):
            return self.client_id, self.client_secret
        held = self.options["inside"]
        return str(held["client_id"]), str(held["client_secret"])
