"""When a request has arrived: what waits its turn is not late, and nobody outside can say that it came earlier."""

import http.client
import threading
from datetime import UTC, datetime, timedelta

import pytest
import waitress

from inspire_lms import arriving
from inspire_lms.arriving import ARRIVED, LONGEST_WAIT, STARTED, Arrivals
from inspire_lms.kernel import clock

NOW = datetime(2026, 12, 11, 11, 0, 5, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def said(moment):
    return f"t={moment.timestamp():.3f}"


@pytest.mark.parametrize(
    ("proxies", "environ", "moment"),
    [
        (0, {}, NOW),
        (0, {ARRIVED: NOW - 3 * SECOND}, NOW - 3 * SECOND),
        (0, {STARTED: said(NOW - 3 * SECOND)}, NOW),
        (1, {STARTED: said(NOW - 3 * SECOND)}, NOW - 3 * SECOND),
        (1, {STARTED: said(NOW - 3 * SECOND).removeprefix("t=")}, NOW - 3 * SECOND),
        (1, {STARTED: said(NOW - 3 * SECOND), ARRIVED: NOW - SECOND}, NOW - 3 * SECOND),
        (1, {STARTED: said(NOW), ARRIVED: NOW - SECOND}, NOW - SECOND),
        (1, {STARTED: said(NOW + SECOND)}, NOW),
        (1, {STARTED: said(NOW - LONGEST_WAIT - SECOND)}, NOW),
        *((1, {STARTED: nonsense}, NOW) for nonsense in ("", "t=", "soon", "nan", "inf", "1e400", "-1", "t=t=1")),
    ],
)
def test_the_earliest_moment_that_can_be_believed(proxies, environ, moment):
    assert Arrivals(None, proxies).moment(environ, NOW) == moment


def test_a_request_that_waits_in_the_queue_of_the_server_keeps_the_moment_at_which_it_was_there_whole():
    seen, free = {}, threading.Event()

    def application(environ, start_response):
        if environ["PATH_INFO"] == "/slow":
            free.wait(10)
        seen[environ["PATH_INFO"]] = (clock.arrived(), clock.now())
        start_response("204 No Content", [])
        return [b""]

    sockets = {}
    server = waitress.create_server(Arrivals(application, 0), map=sockets, host="127.0.0.1", port=0, threads=1)
    arriving.stamp(sockets)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    connections = []
    for path in ("/slow", "/waits"):
        connection = http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=20)
        # A visitor who names the key of the server is not believed: what is sent becomes HTTP_…
        connection.request("POST", path, body=b"x", headers={ARRIVED: "2020-01-01"})
        connections.append(connection)
        threading.Event().wait(0.3)
    sent = clock.now()
    threading.Event().wait(0.5)
    free.set()
    assert [each.getresponse().status for each in connections] == [204, 204]
    server.close()
    arrived, answered = seen["/waits"]
    assert arrived <= sent < answered
    assert clock.arrived() >= answered


def test_a_clock_that_stands_still_stands_still_for_arrivals_too():
    with clock.arriving(NOW):
        assert clock.arrived() == NOW
        with clock.frozen(NOW + SECOND):
            assert clock.arrived() == NOW + SECOND
