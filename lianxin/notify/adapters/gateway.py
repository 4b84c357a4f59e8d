"""Text messages through an HTTP gateway: a signed POST, the same id on every try, no words in logs.

The body is JSON {id, phone, text, sign_name, app_id, time}; the header X-Signature is the
HMAC-SHA256, in hex, of time + "\\n" + body with the shared secret. The gateway answers 2xx once it
has the message (also for an id it knows already). Carriers' own interfaces differ: a small bridge on
their side, or a class of one's own named in SMS_CHANNEL, speaks theirs.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import urllib.error
import urllib.request
import uuid

from lianxin.kit import clock
from lianxin.notify import conf
from lianxin.notify.adapters.base import ChannelError

_PATIENCE = 10


class HTTPGateway:
    """Sends by the gateway named in SMS_GATEWAY: url, app_id, secret, sign_name."""

    def send(self, *, order_id: uuid.UUID, phone: str, text: str) -> None:
        setting = conf.gateway()
        time = str(int(clock.now().timestamp()))
        said = {
            "id": str(order_id),
            "phone": phone,
            "text": text,
            "sign_name": setting.get("sign_name", ""),
            "app_id": setting["app_id"],
            "time": time,
        }
        body = json.dumps(said, ensure_ascii=False).encode()
        request = urllib.request.Request(  # noqa: S310  (the operator's own setting)
            setting["url"],
            data=body,
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "X-Signature": signature(setting["secret"], time, body),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE):  # noqa: S310
                return
        except (urllib.error.URLError, OSError) as error:
            # Without the words of the answer: gateways like to repeat the number and the text.
            raise ChannelError(getattr(error, "code", type(error).__name__)) from None


def signature(secret: str, time: str, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{time}\n".encode() + body, hashlib.sha256).hexdigest()
