"""Applications for tests: made once for the settings they stand on, used again as long as no test has changed them."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from inspire_lms.kernel.plugin import Plugin
from inspire_lms.settings import Settings


@dataclass
class Made:
    """An application, what it was made of, and what it looked like then."""

    settings: Settings
    plugins: list[Plugin]
    app: Flask
    looks: dict[str, Any]


def looks(app: Flask) -> dict[str, Any]:
    """List what a test can change about an application: its configuration, its extensions, its addresses and the plugins' parts."""
    registry = app.extensions["inspire_registry"]
    return {
        "config": dict(app.config),
        "extensions": dict(app.extensions),
        "registry": {name: _copied(value) for name, value in vars(registry).items()},
        "addresses": len(list(app.url_map.iter_rules())),
        "words": (dict(app.jinja_env.globals), dict(app.jinja_env.filters)),
        "steps": [
            {who: list(steps) for who, steps in functions.items()}
            for functions in (app.before_request_funcs, app.after_request_funcs, app.template_context_processors)
        ],
    }


def _copied(value: Any) -> Any:
    match value:
        case dict():
            return {key: _copied(each) for key, each in value.items()}
        case list():
            return list(value)
        case set():
            return set(value)
    return value


@pytest.fixture(scope="session")
def _kept() -> list[Made]:
    return []


@pytest.fixture(scope="session")
def _instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("instance") / "instance"


@pytest.fixture
def instance(_instance: Path) -> Iterator[Path]:
    """The folder of the test's instance; what a test leaves in it is taken away."""
    from inspire_lms.plugins.certificate.sealing import chosen

    yield _instance
    chosen._opened.cache_clear()
    shutil.rmtree(_instance, ignore_errors=True)


@pytest.fixture
def application(_kept: list[Made], fonts: Path) -> Callable[..., Any]:
    """Give an application for a while: with application(settings, plugins) as app; *plugins* None means all that are found."""

    @contextmanager
    def on(settings: Settings, plugins: list[Plugin] | None = None) -> Iterator[Flask]:
        from inspire_lms.kernel.db import db

        made = _taken(_kept, settings, plugins) or _made(settings, plugins, fonts)
        settings.instance.mkdir(parents=True, exist_ok=True)
        with made.app.app_context():
            yield made.app
            db.session.remove()
            db.engine.dispose()
        made.app.extensions["inspire_registry"].remembered.clear()
        if looks(made.app) == made.looks and len(_kept) < 8:
            _kept.append(made)

    return on


def _taken(kept: list[Made], settings: Settings, plugins: list[Plugin] | None) -> Made | None:
    from inspire_lms.app import top
    from inspire_lms.kernel import plugin

    wanted = plugin.find(settings.without.split(",")) if plugins is None else plugins
    for place, each in enumerate(kept):
        if each.app.extensions["inspire_top"] is not top:
            continue
        if each.settings == settings and len(each.plugins) == len(wanted) and all(a is b for a, b in zip(each.plugins, wanted, strict=True)):
            return kept.pop(place)
    return None


def _made(settings: Settings, plugins: list[Plugin] | None, fonts: Path) -> Made:
    from inspire_lms.app import create_app
    from inspire_lms.kernel import plugin
    from tests.conftest import Visitor

    found = plugin.find(settings.without.split(",")) if plugins is None else plugins
    app = create_app(settings, found)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, FONTS_FOLDER=fonts)
    app.test_client_class = Visitor
    return Made(settings, found, app, looks(app))
