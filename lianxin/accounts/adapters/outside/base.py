"""What every provider outside has in common: a visit, what it claims, and a careful HTTP call."""

from __future__ import annotations

import base64
import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

LONGEST = 256 * 1024
PATIENCE = 8  # seconds


class OutsideError(Exception):
    """A provider said no or made no sense; `why` is denied, down, stranger or broken."""

    def __init__(self, why: str, note: str = "") -> None:
        super().__init__(f"{why} {note}".strip())
        self.why = why


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One visit of one browser at a provider: what goes there, and what must come back."""

    state: str
    nonce: str
    verifier: str
    back: str
    agent: str = ""

    @property
    def challenge(self) -> str:
        """The public half of the verifier (PKCE, S256)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass(frozen=True, kw_only=True)
class Claims:
    """Who somebody is at the provider; an identity number only where it is verified."""

    uid: str
    id_number: str = ""


class Provider(ABC):
    """A place outside that knows who somebody is. `web` is where people go, `api` where we ask."""

    web = ""
    api = ""
    code_name = "code"

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.options = options
        self.client_id = str(options["client_id"])
        self.client_secret = str(options.get("client_secret", ""))
        self.web = str(options.get("web", self.web)).rstrip("/")
        self.api = str(options.get("api", self.api)).rstrip("/")

    @abstractmethod
    def address(self, visit: Visit) -> str:
        """Return where the browser goes."""

    @abstractmethod
    def ask(self, visit: Visit, code: str) -> Claims:
        """Exchange a code for who it was given to."""

    def claims(self, visit: Visit, answer: Mapping[str, str]) -> Claims:
        """Read what came back; the caller has compared the state.

        Raises:
            OutsideError: the person said no, the code is spent, the provider is down or lies.
        """
        if answer.get("error"):
            raise OutsideError("denied" if "denied" in answer["error"] else "broken")
        code = answer.get(self.code_name) or answer.get("code", "")
        if not code or len(code) > 2000:
            raise OutsideError("denied")  # WeChat comes back without a code when somebody says no
        return self.ask(visit, code)

    def origin(self) -> str:
        """Return the origin a form may lead to."""
        parts = urlsplit(self.web)
        return f"{parts.scheme}://{parts.netloc}"

    def call(
        self,
        url: str,
        *,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Ask the provider for a JSON object, within seconds and a bounded size, following nobody."""
        if urlsplit(url).scheme != "https" and not self.options.get("insecure"):
            raise OutsideError("broken", "not https")
        data, sent = None, {"Accept": "application/json", **(headers or {})}
        if form is not None:
            data = urlencode(form).encode()
        if body is not None:
            data, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        asked = Request(f"{url}?{urlencode(query)}" if query else url, data=data, headers=sent)  # noqa: S310  (the scheme was looked at)
        try:
            with _opener.open(asked, timeout=PATIENCE) as answer:
                text = answer.read(LONGEST + 1)
        except HTTPError as error:
            # A refused code is told with 400; what went wrong over there with 500.
            raise OutsideError("down" if error.code >= 500 else "broken", str(error.code)) from None
        except (URLError, OSError, HTTPException) as error:
            raise OutsideError("down", type(error).__name__) from None
        try:
            found = json.loads(text) if len(text) <= LONGEST else None
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise OutsideError("broken", "no JSON object")
        return found


def text_of(found: Mapping[str, Any], name: str) -> str:
    """Return a text of an answer, or "" where there is none; identities are short."""
    value = found.get(name)
    return value if isinstance(value, str) and 0 < len(value) <= 255 else ""


class _Nowhere(HTTPRedirectHandler):
    """An API that sends us elsewhere is not the one that was configured."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


_opener = build_opener(_Nowhere)
