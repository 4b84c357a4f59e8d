"""A receiver of webhooks that really listens, answers as it is told, and checks what it gets."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase


@dataclass
class Receiver:
    """What came in, in order; `answers` are given one after the other, the last for ever."""

    url: str = ""
    answers: list[int | str] = field(default_factory=lambda: [204])
    seen: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _body in self.seen]

    def next_answer(self) -> int | str:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def holds(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Check a signature as a receiver would, from the text of the standard alone."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    is_fresh = abs(time.time() - int(headers["webhook-timestamp"])) < 300
    return is_fresh and wanted in headers["webhook-signature"].split(" ")


def drip(stream: BufferedIOBase) -> None:
    """Begin an answer letter by letter, and never end it."""
    with suppress(OSError):
        for letter in b"HTTP/1.1 204 " + b"x" * 20:
            stream.write(bytes([letter]))
            time.sleep(0.1)


@contextmanager
def listening() -> Iterator[Receiver]:
    """Listen on a free port of this machine."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.seen.append((headers, body))
            answer = receiver.next_answer()
            if answer == "slow":
                time.sleep(1.5)
                answer = 204
            if answer == "drip":
                drip(self.wfile)
                return
            if answer == "cut":
                self.connection.close()
                return
            self.send_response(int(answer))
            if answer == 302:
                self.send_header("Location", receiver.url + "elsewhere")
            if answer == 503:
                self.send_header("Retry-After", "900")
            self.end_headers()

        do_GET = do_POST  # noqa: N815  (the library's name)

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
