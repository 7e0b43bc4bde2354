"""What a request costs: statements, and milliseconds of CPU."""

import io
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.globals import _cv_app
from sqlalchemy import Engine, event

ENVIRON: Mapping[str, Any] = {
    "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": "8000",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "REMOTE_ADDR": "127.0.0.1",
    "HTTP_HOST": "127.0.0.1:8000",
    "HTTP_ACCEPT": "text/html",
    "HTTP_ACCEPT_LANGUAGE": "ro",
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "http",
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}
"""What a server says of every request."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def page(self) -> str:
        """Give the body as text."""
        return self.body.decode(errors="replace")


@dataclass(frozen=True)
class Cost:
    """What one operation costs."""

    statements: int
    milliseconds: float
    """CPU of the process that answers, the median of all rounds."""
    size: int
    """Bytes of the answer."""
    status: int
    plain: float | None = None
    """Milliseconds of what was done beside it; None without."""


@contextmanager
def counted() -> Iterator[list[str]]:
    """Gather the statements that are run inside the block."""
    seen: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:  # noqa: ANN401 (SQLAlchemy's own order)
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


class Visitor:
    """Calls an application as a server does, and keeps its cookies; nothing of a test client is in the time."""

    def __init__(self, app: Flask) -> None:
        """Visit *app*."""
        self.app = app
        self.cookies: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> Answer:
        """Open a page."""
        return self.call("GET", path, b"", "", headers)

    def post(self, path: str, form: Mapping[str, Any], **headers: str) -> Answer:
        """Send a form."""
        return self.call("POST", path, urlencode(form, doseq=True).encode(), "application/x-www-form-urlencoded", headers)

    def call(self, method: str, path: str, body: bytes, kind: str, headers: Mapping[str, str]) -> Answer:
        """Make one request."""
        path, _, query = path.partition("?")
        environ: dict[str, Any] = dict(ENVIRON) | {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "wsgi.input": io.BytesIO(body),
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": kind,
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        told: list[Any] = []
        # The bench stands in a context of the application; a request has one of its own, as on a server.
        before = _cv_app.set(None)  # type: ignore[arg-type]  # none is what a server begins with
        try:
            parts: Iterable[bytes] = self.app.wsgi_app(environ, lambda *words: told.extend(words[:2]))  # type: ignore[arg-type]  # only what is told
            content = b"".join(parts)
            getattr(parts, "close", lambda: None)()
        finally:
            _cv_app.reset(before)
        for name, value in told[1]:
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return Answer(int(told[0].split()[0]), {name.lower(): value for name, value in told[1]}, content)


def measured(deed: Callable[[int], Answer], rounds: int, beside: Callable[[Answer], Callable[[], Answer]] | None = None) -> Cost:
    """Do it *rounds* times, with the number of the round; the first ones warm up and do not count.

    What *beside* makes of the first answer is done in turn with it, so that a slower moment of the machine falls on both.
    """
    other = beside(deed(0)) if beside else None
    times, plain, answer = [], [], deed(1)
    for number in range(2, rounds + 3):
        answer, spent = _timed(deed, number)
        times.append(spent)
        if other:
            plain.append(_timed(other)[1])
    with counted() as seen:
        deed(rounds + 3)
    middle = statistics.median(plain[1:]) if plain else None
    return Cost(len(seen), statistics.median(times[1:]), len(answer.body), answer.status, middle)


def _timed(deed: Callable[..., Answer], *rounds: int) -> tuple[Answer, float]:
    before = time.process_time()
    answer = deed(*rounds)
    return answer, (time.process_time() - before) * 1000
