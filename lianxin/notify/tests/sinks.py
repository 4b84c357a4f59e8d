"""Tiny servers that stand for the world outside: an SMTP server and an SMS gateway."""

from __future__ import annotations

import http.server
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _SMTPServer(socketserver.TCPServer):
    mails: list[str]


class _SMTPHandler(socketserver.StreamRequestHandler):
    server: _SMTPServer

    def handle(self) -> None:
        self.say("220 sink")
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                self.say("354 go on")
                self.server.mails.append(self.body())
            if verb == b"QUIT":
                self.say("221 bye")
                return
            self.say("250 ok")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def body(self) -> str:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        return b"".join(lines).decode()


@contextmanager
def smtp_sink() -> Iterator[tuple[int, list[str]]]:
    """An SMTP server on a free port, and the mails it got."""
    with _SMTPServer(("127.0.0.1", 0), _SMTPHandler) as server:
        server.mails = []
        yield from _served(server, server.mails)


Call = tuple[str, bytes, dict[str, str]]


class _GatewayServer(http.server.HTTPServer):
    calls: list[Call]
    answers: list[int]


class _GatewayHandler(http.server.BaseHTTPRequestHandler):
    server: _GatewayServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.answers.pop(0) if self.server.answers else 200
        if status == 200:
            self.server.calls.append((self.headers["X-Signature"], body, json.loads(body)))
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        return


@contextmanager
def sms_gateway(
    answers: tuple[int, ...] = (),
) -> Iterator[tuple[int, list[Call]]]:
    """A gateway on a free port, and the calls it took; `answers` are its first status codes."""
    with _GatewayServer(("127.0.0.1", 0), _GatewayHandler) as server:
        server.calls, server.answers = [], list(answers)
        yield from _served(server, server.calls)


def _served(server, got):
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1], got
    finally:
        server.shutdown()
        thread.join()
