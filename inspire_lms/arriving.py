"""When a request has reached the server: what waits its turn for a page or for the database is not late for that.

On the last evening of a call hundreds press the button within seconds. A deadline looks at the moment at which a request was
there whole, not at the one at which somebody found time for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from inspire_lms.kernel import clock

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ARRIVED = "inspire_lms.arrived_at"
"""Where our own server says when a request was there whole."""
STARTED = "HTTP_X_REQUEST_START"
"""Where a proxy of ours may say when it got the request: seconds since 1970 with decimals, "t=" before them or not."""
LONGEST_WAIT = timedelta(minutes=2)
"""What a proxy says is believed if it is so long ago at most."""


@dataclass(frozen=True)
class Arrivals:
    """Tells the clock for each request when it has arrived."""

    app: "WSGIApplication"
    proxies: int
    """How many proxies of ours stand before the site; without one nobody else is believed."""

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request with the clock set to its arrival."""
        with clock.arriving(self.moment(environ, clock.now())):
            return self.app(environ, start_response)

    def moment(self, environ: "WSGIEnvironment", now: datetime) -> datetime:
        """Say when a request has arrived: the earliest that can be believed."""
        here = environ.get(ARRIVED) or now
        said = _moment(environ.get(STARTED, "")) if self.proxies else None
        return said if said is not None and now - LONGEST_WAIT <= said <= here else here


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(text.removeprefix("t=")), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def stamp(sockets: Mapping[int, Any]) -> None:
    """Let a server of waitress write down when each request was there whole; *sockets* is the map that it was made with."""
    from waitress.channel import HTTPChannel  # slow import
    from waitress.parser import HTTPRequestParser  # slow import
    from waitress.task import WSGITask  # slow import

    class Parser(HTTPRequestParser):  # type: ignore[misc]  # it has no types
        arrived_at: datetime | None = None

        def received(self, data: bytes) -> int:
            taken: int = super().received(data)
            if self.completed and self.arrived_at is None:
                self.arrived_at = clock.now()
            return taken

    class Task(WSGITask):  # type: ignore[misc]  # nor has this
        def get_environment(self) -> dict[str, Any]:
            environ: dict[str, Any] = super().get_environment()
            environ[ARRIVED] = self.request.arrived_at
            return environ

    class Channel(HTTPChannel):  # type: ignore[misc]  # nor this
        parser_class, task_class = Parser, Task

    for each in sockets.values():
        if hasattr(each, "channel_class"):
            each.channel_class = Channel
