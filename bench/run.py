"""Measure what a request costs: for 60 people and for 500, on SQLite and on PostgreSQL. `make bench` runs it.

Statements and CPU milliseconds of the process that answers, beside a bare Flask page of the same size in the same run.
"""

import argparse
import contextlib
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from http import HTTPStatus
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import bare
import press
import rush
import selection
from measuring import Cost, measured
from operations import Operation, after, reading, signing_in, writing
from saving import sixty_at_once
from site_of import Site, site

from inspire_lms.kernel import clock
from tests.ground.databases import Server, programs, start

HEAD = f"{'operation':30}{'people':>7}{'SQL':>5}{'may':>5}{'CPU ms':>8}{'may':>6}{'bytes':>8}{'bare':>7}{'ratio':>7}  verdict"


def main() -> None:
    """Run everything, or what was asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, nargs="*", default=[60, 500])
    asked.add_argument("--engines", nargs="*", default=["sqlite", "postgresql"])
    asked.add_argument("--applicants", type=int, nargs="*", default=[50, 5000])
    asked.add_argument("--rounds", type=int, default=25)
    told = asked.parse_args()
    machine = f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores"
    print(f"{machine}; CPU of the process that answers, median of {told.rounds}")
    with tempfile.TemporaryDirectory() as folder, _server() as server:
        for engine in told.engines:
            for people in told.people:
                print(f"\n{engine}, {people} people\n{HEAD}")
                for line in _table(Path(folder), engine, people, told.rounds, server):
                    print(line, flush=True)
            print(f"\n{engine}, applications of one country: statements and milliseconds, ratio to the bare page, what is wanted")
            for line in rush.lines(Path(folder), partial(_address, Path(folder), engine, server=server), told.applicants, told.rounds):
                print(line, flush=True)
            print(f"\n{engine}, a real server")
            for line in sixty_at_once(Path(folder) / f"{engine}-served", _address(Path(folder), engine, "served", server)):
                print(line, flush=True)
        print("\nselection: ratio, what is wanted, and figures")
        for line in selection.lines(told.rounds):
            print(line, flush=True)
        print("\ncertificates: ratio, what is wanted, and figures")
        with site(Path(folder) / "press", _address(Path(folder), "sqlite", "press", None), "over", 60) as here:
            for line in press.lines(here, told.rounds):
                print(line, flush=True)


@contextlib.contextmanager
def _server() -> Iterator[Server | None]:
    binaries = programs()
    if binaries is None:
        print("PostgreSQL is not to be had here, so it is not measured.")
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="inspire-pg-"))
    folder.chmod(0o755)
    stop = start(folder, binaries)
    try:
        yield Server(folder)
    finally:
        stop()
        shutil.rmtree(folder, ignore_errors=True)


def _address(folder: Path, engine: str, name: str, server: Server | None) -> str:
    if engine == "sqlite":
        return f"sqlite:///{folder / name}.sqlite"
    assert server is not None
    return server.url(server.create())


def _table(folder: Path, engine: str, people: int, rounds: int, server: Server | None) -> Iterator[str]:
    stages: list[tuple[str, Callable[[Site], list[Operation]]]] = [
        ("teaching", lambda here: [*reading(here), *writing(here, rounds)]),
        ("over", after),
    ]
    for stage, operations in stages:
        name = f"{engine}-{people}-{stage}"
        with site(folder / name, _address(folder, engine, name, server), stage, people) as here:
            for operation in operations(here):
                with clock.frozen(operation.at) if operation.at else contextlib.nullcontext():
                    cost = measured(operation.deed, rounds, lambda answer: bare.of_size(bare.made(), len(answer.body)))
                    yield _line(operation, people, cost)
            if stage == "teaching":
                yield _sign_in(here, people)


def _line(operation: Operation, people: int, cost: Cost) -> str:
    assert cost.plain is not None
    plain, ratio = cost.plain, cost.milliseconds / cost.plain
    is_quick = cost.milliseconds <= operation.milliseconds and cost.statements <= (operation.statements or cost.statements)
    verdict = "FAILS" if cost.status >= HTTPStatus.BAD_REQUEST else "ok" if is_quick else "over"
    return (
        f"{operation.name:30}{people:7}{cost.statements:5}{operation.statements or '':>5}{cost.milliseconds:8.2f}"
        f"{operation.milliseconds:6}{cost.size:8}{plain:7.2f}{ratio:7.1f}  {verdict}"
    )


def _sign_in(here: Site, people: int) -> str:
    operation, check = signing_in(here)
    cost, times = measured(operation.deed, 8), []
    for _ in range(8):
        before = time.process_time()
        check()
        times.append((time.process_time() - before) * 1000)
    spent = statistics.median(times)
    more = cost.milliseconds - spent
    told = f"the hash {spent:.2f} and {more:.2f} more, which may be {operation.milliseconds}"
    return f"{operation.name:30}{people:7}{cost.statements:5}{'':5}{cost.milliseconds:8.2f}  {told}"


if __name__ == "__main__":
    main()
