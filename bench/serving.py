"""What a real server shows: sixty people who save at once, the weight of a first view, the memory of the application."""

import gzip
import http.client
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

PATIENCE = 30
"""Seconds until a server must answer, or an answer must be there."""


@dataclass
class Saves:
    """What became of many saves at once."""

    asked: int = 0
    failed: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    last: dict[int, str] = field(default_factory=dict)
    """By writer, the last value that the server confirmed."""

    @property
    def worst(self) -> float:
        """Give the longest wait, in milliseconds."""
        return max(self.seconds, default=0) * 1000

    @property
    def p95(self) -> float:
        """Give the wait that 95 of 100 saves stayed below, in milliseconds."""
        return statistics.quantiles(self.seconds, n=20)[-1] * 1000


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def served(environ: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """Start `inspire-lms serve` on an instance; gives its port and process."""
    port = free_port()
    words = [str(Path(sys.executable).with_name("inspire-lms")), "serve", "--port", str(port)]
    process = subprocess.Popen(words, env={**os.environ, **environ}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def _wait(port: int) -> None:
    for _ in range(PATIENCE * 10):
        try:
            if get(port, "/health")[0] < 500:  # noqa: PLR2004 (any answer but a fault)
                return
        except OSError:
            time.sleep(0.1)
    msg = f"The server does not answer on port {port}."
    raise RuntimeError(msg)


def get(port: int, path: str, cookie: str = "") -> tuple[int, bytes, Mapping[str, str]]:
    """Open an address of the server; gives status, body as it was sent, and headers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", path, headers={"Cookie": cookie, "Accept": "text/html", "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body, {name.lower(): value for name, value in answer.getheaders()}


def save_at_once(port: int, writers: Mapping[int, tuple[str, str, dict[str, str]]], times: int, name: str) -> Saves:
    """Let every writer save *times* times, all at once; *writers* gives address, cookie and form. *name* is the field that varies."""
    told, lock, gate = Saves(), threading.Lock(), threading.Barrier(len(writers))

    def write(who: int, path: str, cookie: str, form: dict[str, str]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        kind = "application/x-www-form-urlencoded"
        headers = {"Cookie": cookie, "Content-Type": kind, "X-Requested-With": "fetch", "Accept": "application/json"}
        gate.wait()
        for turn in range(times):
            value = f"answer {who} {turn}"
            before = time.perf_counter()
            try:
                connection.request("POST", path, urlencode({**form, name: value}), headers)
                answer = connection.getresponse()
                answer.read()
                status = answer.status
            except OSError as error:
                status, connection = 0, http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
                value = repr(error)
            with lock:
                told.asked += 1
                told.seconds.append(time.perf_counter() - before)
                if status in {200, 204, 303}:
                    told.last[who] = value
                else:
                    told.failed.append(f"{status} {value}")
        connection.close()

    threads = [threading.Thread(target=write, args=(who, *facts)) for who, facts in writers.items()]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return told


def first_view(port: int, path: str = "/") -> tuple[int, int]:
    """Give the bytes and the number of requests of a first view: the page, its style sheets, scripts and images."""
    _status, body, headers = get(port, path)
    page = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
    parts = set(re.findall(rb'<(?:link|script|img)[^>]+(?:href|src)="(/[^"]+)"', page))
    modules = {part for part in parts if b"static" in part}
    return len(body) + sum(len(get(port, part.decode())[1]) for part in modules), 1 + len(modules)


def memory(pid: int) -> int:
    """Give the memory of a process and its children, in MB."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if int(status.parent.name) == pid or int(lines["PPid"]) == pid:
            total += int(lines.get("VmRSS", "0 kB").split()[0])
    return total // 1024
