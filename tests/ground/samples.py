"""The sample pilot for tests: made once for a stage, then copied; and a walk through all pages that a person can reach."""

import shutil
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask

NOW = datetime(2027, 5, 26, 10, 0, tzinfo=UTC)
"""When the sample pilot of the tests stands: a Wednesday, in every stage."""
SEED = 2026


@dataclass
class Page:
    """What a walk saw at one address."""

    address: str
    status: int
    came_from: str
    statements: list[str] = field(default_factory=list)


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.found.append(href)


@dataclass(frozen=True)
class Snapshot:
    """The sample pilot at one stage."""

    folder: Path
    now: datetime
    """When that stage stands."""


@pytest.fixture(scope="session")
def snapshots(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, fonts: Path) -> dict[str, Snapshot]:
    """Play the sample pilot once from the call to its end, and keep what each stage left."""
    from inspire_lms.kernel import clock
    from inspire_lms.kernel.db import db
    from inspire_lms.kernel.programmes import demo

    folder, kept = tmp_path_factory.mktemp("pilot"), tmp_path_factory.mktemp("stages")
    shutil.copyfile(sqlite_template, folder / "inspire.sqlite")
    app, names, made = sample_app(folder, fonts), list(demo.STAGES), {}
    weeks = demo.shift(names[-1], NOW)

    def keep(stage: str) -> None:
        db.session.remove()
        shutil.copytree(folder, kept / stage)
        made[stage] = Snapshot(kept / stage, NOW if stage == names[-1] else demo._standing(stage, weeks, NOW))

    with app.app_context(), clock.frozen(NOW):
        # Each stage is told when it begins: what is there then is what the one before has left.
        demo.prepare(names[-1], SEED, NOW, tell=lambda stage: keep(names[names.index(stage) - 1]) if stage != names[0] else None)
        keep(names[-1])
        db.engine.dispose()
    return made


def sample_app(folder: Path, fonts: Path, without: str = "") -> Flask:
    """Make an application on the instance in *folder*."""
    from inspire_lms.app import create_app
    from inspire_lms.settings import Settings
    from tests.conftest import Visitor
    from tests.ground.databases import unfinished

    left_out = f"{unfinished()},{without}"
    app = create_app(
        Settings(instance=folder, secret_key="not a secret", base_url="http://localhost", argon2_cheap=True, demo=True, without=left_out)
    )
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, FONTS_FOLDER=fonts)
    app.test_client_class = Visitor
    return app


@pytest.fixture
def sample(snapshots: dict[str, Snapshot], fonts: Path, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Give an application on a copy of the sample pilot, when that stage stands: sample("teaching"), sample("over", without="survey")."""
    from inspire_lms.kernel import clock
    from inspire_lms.kernel.db import db

    with ExitStack() as opened:

        def at(stage: str, *, without: str = "") -> Flask:
            folder = tmp_path / f"{stage}-{without}"
            shutil.copytree(snapshots[stage].folder, folder)
            app = sample_app(folder, fonts, without)
            opened.enter_context(clock.frozen(snapshots[stage].now))
            opened.enter_context(app.app_context())
            opened.callback(db.engine.dispose)
            opened.callback(db.session.remove)
            return app

        yield at


def walk(client: Any, start: str = "/", *, most: int = 200, counting: Any = None) -> Iterator[Page]:
    """Open every page that links lead to, beginning at *start*; of addresses that differ in numbers only, a few."""
    waiting, seen, alike = deque([(start, "")]), {start}, {}
    while waiting and most:
        address, came_from = waiting.popleft()
        with counting() as statements:
            answer = client.get(address, headers={"Referer": f"http://localhost{came_from}"})
        most -= 1
        yield Page(address, answer.status_code, came_from, list(statements))
        if answer.status_code in {301, 302, 303}:
            found = [answer.location]
        elif answer.mimetype == "text/html":
            links = _Links()
            links.feed(answer.text)
            found = links.found
        else:
            continue
        for href in found:
            target = urlsplit(urljoin(f"http://localhost{address}", href))
            path = target.path + (f"?{target.query}" if target.query else "")
            shape = "".join("0" if letter.isdigit() else letter for letter in path)
            if target.netloc == "localhost" and path not in seen and "language=" not in path and alike.get(shape, 0) < 3:
                seen.add(path)
                alike[shape] = alike.get(shape, 0) + 1
                waiting.append((path, address))
