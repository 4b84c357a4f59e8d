"""Providers of identity in miniature: real HTTP on loopback, real tokens, real keys, real refusals.

One server plays all five. A test is the browser in between: it takes the address our site sends it
to, asks `FakeProvider.consent` for what the provider would send back, and goes there.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from lianxin.kit import clock

CLIENT, SECRET = "lianxin", "s3cret-of-the-test"
Answer = tuple[int, dict[str, Any]]


@dataclass
class Given:
    """What a provider remembers of one consent, until its code is used."""

    uid: str
    asked: dict[str, str]


@dataclass
class FakeProvider:
    """The state behind the server, and the levers a test pulls."""

    url: str = ""
    codes: dict[str, Given] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    published: RSAKey | None = None
    change: Callable[[dict[str, Any]], dict[str, Any]] = dict
    seen: list[str] = field(default_factory=list)
    is_down: bool = False
    breaks: bytes = b""
    keys: dict[str, Any] | None = None

    def consent(self, address: str, uid: str) -> dict[str, str]:
        """Play the person who says yes at `address`; return what the browser brings back."""
        parts = urlsplit(address)
        asked = dict(parse_qsl(parts.query))
        assert address.startswith(self.url), address
        code = secrets.token_urlsafe(8)
        self.codes[code] = Given(uid, asked)
        name = "authCode" if parts.path == "/oauth2/auth" else "code"
        return {name: code, "state": asked["state"]}

    def answer(self, path: str, sent: dict[str, str], headers: Any) -> Answer:
        """Answer one call of our server."""
        self.seen.append(path)
        if self.is_down:
            return 503, {}
        play = {
            "/.well-known/openid-configuration": self._discovery,
            "/jwks": self._jwks,
            "/token": self._token,
            "/sns/oauth2/access_token": self._wechat_token,
            "/sns/userinfo": self._wechat_user,
            "/v1.0/oauth2/userAccessToken": self._dingtalk_token,
            "/v1.0/contact/users/me": self._dingtalk_user,
            "/open-apis/authen/v2/oauth/token": self._feishu_token,
            "/open-apis/authen/v1/user_info": self._feishu_user,
            "/cgi-bin/gettoken": self._wecom_token,
            "/cgi-bin/auth/getuserinfo": self._wecom_user,
        }.get(path)
        return play(sent, headers) if play else (404, {})

    def _used(self, code: str) -> Given | None:
        return self.codes.pop(code, None)  # a code counts once

    def _token_of(self, uid: str) -> str:
        token = secrets.token_urlsafe(8)
        self.tokens[token] = uid
        return token

    def _discovery(self, _sent: dict[str, str], _headers: Any) -> Answer:
        return 200, {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
        }

    def _jwks(self, _sent: dict[str, str], _headers: Any) -> Answer:
        if self.keys is not None:
            return 200, self.keys
        return 200, {"keys": [(self.published or self.key).as_dict(private=False)]}

    def _token(self, sent: dict[str, str], _headers: Any) -> Answer:
        given = self._used(sent.get("code", ""))
        fits = (
            given and sent["redirect_uri"] == given.asked["redirect_uri"] and _proved(sent, given)
        )
        if not given or not fits or sent.get("client_secret") != SECRET:
            return 400, {"error": "invalid_grant"}
        now = int(clock.now().timestamp())
        claims = self.change(
            {"iss": self.url, "sub": given.uid, "aud": CLIENT, "nonce": given.asked["nonce"],
             "iat": now, "exp": now + 300}
        )  # fmt: skip
        token = jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": token}

    def _wechat_token(self, sent: dict[str, str], _headers: Any) -> Answer:
        given = self._used(sent.get("code", ""))
        if not given or sent["secret"] != SECRET or sent["appid"] != given.asked["appid"]:
            return 200, {"errcode": 40029, "errmsg": "invalid code"}
        token = self._token_of(given.uid)
        return 200, {"access_token": token, "openid": f"openid-at-{sent['appid']}"}

    def _wechat_user(self, sent: dict[str, str], _headers: Any) -> Answer:
        uid = self.tokens.get(sent["access_token"], "")
        return 200, self.change({"openid": sent["openid"], "unionid": uid, "nickname": "晓梅"})

    def _dingtalk_token(self, sent: dict[str, str], _headers: Any) -> Answer:
        given = self._used(sent.get("code", ""))
        if not given or sent["clientSecret"] != SECRET:
            return 400, {"code": "invalidParameter.authCode.notFound"}
        return 200, {"accessToken": self._token_of(given.uid), "expireIn": 7200}

    def _dingtalk_user(self, _sent: dict[str, str], headers: Any) -> Answer:
        uid = self.tokens.get(headers["x-acs-dingtalk-access-token"], "")
        return 200, {"unionId": uid, "openId": "o", "mobile": "13900000001"}

    def _feishu_token(self, sent: dict[str, str], _headers: Any) -> Answer:
        given = self._used(sent.get("code", ""))
        if not given or sent["client_secret"] != SECRET or not _proved(sent, given):
            return 400, {"code": 20024, "error": "invalid_grant"}
        return 200, {"code": 0, "access_token": self._token_of(given.uid)}

    def _feishu_user(self, _sent: dict[str, str], headers: Any) -> Answer:
        uid = self.tokens.get(headers["Authorization"].removeprefix("Bearer "), "")
        return 200, {"code": 0, "data": {"union_id": uid, "open_id": "o"}}

    def _wecom_token(self, sent: dict[str, str], _headers: Any) -> Answer:
        if sent != {"corpid": CLIENT, "corpsecret": SECRET}:
            return 200, {"errcode": 40001}
        return 200, {"errcode": 0, "access_token": self._token_of("corp")}

    def _wecom_user(self, sent: dict[str, str], _headers: Any) -> Answer:
        given = self._used(sent.get("code", ""))
        if not given or sent["access_token"] not in self.tokens:
            return 200, {"errcode": 40029}
        # A visitor has no userid, only an openid.
        who = {"openid": given.uid} if given.uid.startswith("visitor") else {"userid": given.uid}
        return 200, {"errcode": 0, **who}


def _proved(sent: dict[str, str], given: Given) -> bool:
    """PKCE: the verifier must be the one whose digest was shown first."""
    digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
    shown = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return given.asked.get("code_challenge_method") == "S256" and shown == given.asked.get("code_challenge")  # fmt: skip


class FakeServer:
    """Serves a FakeProvider on a free port of loopback."""

    def __init__(self) -> None:
        self.provider = FakeProvider()
        provider = self.provider

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                self._send(*provider.answer(parts.path, dict(parse_qsl(parts.query)), self.headers))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                is_json = self.headers.get("Content-Type") == "application/json"
                sent = json.loads(body) if is_json else dict(parse_qsl(body))
                self._send(*provider.answer(urlsplit(self.path).path, sent, self.headers))

            def _send(self, status: int, found: dict[str, Any]) -> None:
                if provider.breaks:
                    self.wfile.write(provider.breaks)
                    return
                data = json.dumps(found).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.provider.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> FakeProvider:
        self.thread.start()
        return self.provider

    def __exit__(self, *_error: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def configured(url: str) -> dict[str, dict[str, Any]]:
    """Return settings for all five, pointed at the fake."""
    base = {"client_id": CLIENT, "client_secret": SECRET, "web": url, "api": url, "insecure": True}
    gov = {
        "kind": "oidc",
        "issuer": url,
        "name": {"en": "City Identity", "zh_Hans": "市民身份"},
        "id_number": "id_number",
        "assurance": {"claim": "acr", "values": ["high"]},
    }
    return {
        "gov": base | gov,
        "wechat": base | {"inside": {"client_id": "inside-app", "client_secret": SECRET}},
        "dingtalk": dict(base),
        "feishu": dict(base),
        "wecom": base | {"agent_id": "1000002"},
    }
