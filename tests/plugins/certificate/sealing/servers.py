"""Servers on this machine: one that gives time stamps or misbehaves, one that stands before a signing service and listens."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1
from certomancer.services import TimeStamper
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.plugins.certificate.sealing.pki import Authority, a_key

REPLY = "application/timestamp-reply"
Reply = tuple[int, str, bytes]


@contextmanager
def serving(answer: Callable[[str, bytes, Any], Reply]) -> Iterator[str]:
    """Answer POST and GET on a free port of this machine; gives the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def do_GET(self) -> None:
            self._answer(b"")

        def _answer(self, sent: bytes) -> None:
            status, kind, content = answer(self.path, sent, self.headers)
            try:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                if status // 100 == 3:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                pass  # Who asked has left.

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def their(certificate: x509.Certificate) -> asn1.Certificate:
    """Give a certificate as other libraries take it."""
    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))


@dataclass
class Tsa:
    """A server of time stamps. A test says in *behave* what it does instead of its duty."""

    authority: Authority
    certificate: x509.Certificate
    key: Any
    at: datetime | None = None
    """Its clock; None for the right time."""
    brings_chain: bool = True
    asked: int = 0
    behave: Callable[["Tsa", tsp.TimeStampReq], Reply] | None = None
    url: str = field(default="", init=False)

    def reply(self, request: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Answer as it should."""
        key = asn1_keys.PrivateKeyInfo.load(self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
        chain = [their(one) for one in self.authority.chain] if self.brings_chain else []
        moment = (self.at or datetime.now(UTC)).replace(microsecond=0)
        return TimeStamper(their(self.certificate), key, certs_to_embed=chain, fixed_dt=moment).request_tsa_response(request)

    def answer(self, path: str, sent: bytes, _headers: Any) -> Reply:
        self.asked += 1
        request = tsp.TimeStampReq.load(sent)
        if self.behave is not None:
            return self.behave(self, request)
        return 200, REPLY, self.reply(request).dump()


def a_tsa(authority: Authority, *, key: str = "P-256", **but: Any) -> Tsa:
    """Make a server of time stamps with a certificate of its own below *authority*."""
    made = a_key(key, 77)
    return Tsa(authority, authority.issue("Time stamps of these tests", made, **{"usage": ("digital_signature",), "stamps": True} | but), made)


def sent(**other: Any) -> Callable[[Tsa, tsp.TimeStampReq], Reply]:
    """Let the server answer a request in which something else was asked: another nonce, another imprint."""

    def behave(tsa: Tsa, request: tsp.TimeStampReq) -> Reply:
        for name, value in other.items():
            request[name] = value
        return 200, REPLY, tsa.reply(tsp.TimeStampReq.load(request.dump(force=True))).dump()

    return behave


def plainly(status: int, kind: str, content: bytes, *, after: float = 0) -> Callable[[Tsa, tsp.TimeStampReq], Reply]:
    """Let the server answer always the same, late."""

    def behave(_tsa: Tsa, _request: tsp.TimeStampReq) -> Reply:
        time.sleep(after)
        return status, kind, content

    return behave


@dataclass
class Listener:
    """Stands before a signing service, passes on what is asked, remembers it, and answers in its place where a test wants that."""

    service: str
    heard: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)
    """What was asked: the last part of the path, the JSON, and the Authorization header."""
    change: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = field(default_factory=dict)
    """What to do to an answer, by the last part of the path."""
    instead: dict[str, Reply] = field(default_factory=dict)

    def answer(self, path: str, sent: bytes, headers: Any) -> Reply:
        name = path.rpartition("/")[2]
        self.heard.append((name, json.loads(sent), headers.get("Authorization", "")))
        if name in self.instead:
            return self.instead[name]
        request = urllib.request.Request(f"{self.service}{path}", sent, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                told = json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, "text/plain", error.read()
        return 200, "application/json", json.dumps(self.change.get(name, lambda said: said)(told)).encode()
