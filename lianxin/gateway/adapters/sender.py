"""Sends one message to one receiver: to the address that was looked at, no further, and not for long.

The name of a receiver is resolved once, every address it has is judged, and the connection goes to
a judged address: a name that answers differently a moment later leads nowhere. Redirects are not
followed, proxies of the environment are not asked, and of the answer only the status is read.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from lianxin.gateway import conf
from lianxin.gateway.rules.webhooks import is_public


class NotDeliveredError(Exception):
    """No answer came; `args[0]` is a short code: dns, private, timeout, tls, network."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver answered."""

    status: int
    retry_after: int = 0


def send(url: str, *, headers: dict[str, str], body: bytes) -> Answer:
    """Post a body to a receiver and return its answer.

    Raises:
        NotDeliveredError: its address is not allowed, or nothing answered in time.
    """
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    until = time.monotonic() + conf.webhook_patience()
    host = parts.hostname or ""
    address = _judged(host, port)
    connection = _Connection(host, port, address, until, tls=parts.scheme == "https")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, body=body, headers=headers)
        answer = http.client.HTTPResponse(connection)  # type: ignore[arg-type]  # all it asks for is makefile
        answer.begin()
        return Answer(answer.status, _seconds(answer.getheader("Retry-After", "")))
    except TimeoutError:
        raise NotDeliveredError("timeout") from None
    except ssl.SSLError:
        raise NotDeliveredError("tls") from None
    except (OSError, http.client.HTTPException, ValueError):
        raise NotDeliveredError("network") from None
    finally:
        connection.close()


def _judged(host: str, port: int) -> str:
    """Return an address of the host, if all it has may be spoken to."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotDeliveredError("dns") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not conf.private_webhooks_allowed() and not all(map(is_public, addresses)):
        raise NotDeliveredError("private")
    return addresses[0]


class _Connection(http.client.HTTPConnection):
    """Connects to the judged address; host header and certificate are those of the name."""

    def __init__(self, host: str, port: int, address: str, until: float, *, tls: bool) -> None:
        super().__init__(host, port)
        self._address = address
        self._until = until
        self._tls = tls
        self.default_port = 443 if tls else 80

    def connect(self) -> None:
        sock = socket.create_connection((self._address, self.port), timeout=self._left())
        if self._tls:
            sock.settimeout(self._left())
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=self.host)
        self.sock = sock
        self.sock.settimeout(self._left())

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return what the answer is read from."""
        return io.BufferedReader(_Hurried(self))

    def read_into(self, buffer: memoryview) -> int:
        """Read what has come; one that drips gets no more time than one that is silent."""
        self.sock.settimeout(self._left())
        return self.sock.recv_into(buffer)

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Hurried(io.RawIOBase):
    """Reads from a connection within the time it has in all."""

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what BufferedReader hands over
        return self._connection.read_into(buffer)


def _seconds(said: str) -> int:
    return min(int(said), 86_400) if said.isascii() and said.isdigit() and len(said) < 9 else 0
