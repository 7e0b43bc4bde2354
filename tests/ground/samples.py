"""The sample pilot for tests: made once for a stage, then copied; and a walk through all pages that a person can reach."""

import shutil
from collections import deque
from collections.abc import Callable, Iterator
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


@pytest.fixture(scope="session")
def sample_of(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Callable[[str], Path]:
    """Make the sample pilot of a stage once: sample_of("over") gives the folder of its instance."""
    made: dict[str, Path] = {}

    def of(stage: str) -> Path:
        if stage not in made:
            folder = tmp_path_factory.mktemp(stage)
            shutil.copyfile(sqlite_template, folder / "inspire.sqlite")
            _fill(folder, stage)
            made[stage] = folder
        return made[stage]

    return of


def _fill(folder: Path, stage: str) -> None:
    from inspire_lms.kernel import clock
    from inspire_lms.kernel.db import db
    from inspire_lms.kernel.programmes import demo

    app = sample_app(folder)
    with app.app_context(), clock.frozen(NOW):
        demo.prepare(stage, SEED, NOW)
        db.session.remove()
        db.engine.dispose()


def sample_app(folder: Path, without: str = "") -> Flask:
    """Make an application on the instance in *folder*."""
    from inspire_lms.app import create_app
    from inspire_lms.settings import Settings
    from tests.conftest import Visitor
    from tests.ground.databases import unfinished

    app = create_app(Settings(instance=folder, secret_key="not a secret", base_url="http://localhost", argon2_cheap=True, demo=True, without=f"{unfinished()},{without}"))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = Visitor
    return app


@pytest.fixture
def sample(sample_of: Callable[[str], Path], tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Give an application on a copy of the sample pilot, at NOW: sample("teaching"), sample("over", without="survey")."""
    from inspire_lms.kernel import clock
    from inspire_lms.kernel.db import db

    opened: list[Any] = []

    def at(stage: str, *, without: str = "") -> Flask:
        folder = tmp_path / f"{stage}-{without}"
        shutil.copytree(sample_of(stage), folder)
        app = sample_app(folder, without)
        context = app.app_context()
        context.push()
        opened.append((context, db.engine))
        return app

    with clock.frozen(NOW):
        yield at
    for context, engine in reversed(opened):
        db.session.remove()
        engine.dispose()
        context.pop()


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
