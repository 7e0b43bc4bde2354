"""The kernel by itself: no plugin reads anything, so the file holds the kernel's parts only."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from inspire_lms.kernel.programmes.sample.material import SAMPLE
from tests.conftest import Visitor

OF_PLUGINS = {"call", "webinars", "assessment", "certificate", "survey"}


@pytest.fixture
def installed() -> Any:
    """The plugins of the application; None for all that there are."""
    return []


@pytest.fixture
def app(settings: Any, installed: Any) -> Iterator[Flask]:
    """An application with no plugin."""
    from inspire_lms.app import create_app
    from inspire_lms.kernel.db import db

    made = create_app(settings, installed)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    made.test_client_class = Visitor
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def kernel_file() -> str:
    """The kernel's parts of the sample pilot."""
    parts = re.split(r"(?m)^(?=\[)", (SAMPLE / "pilot.toml").read_text("utf-8"))
    return "".join(part for part in parts if not _is_plugins(part))


def _is_plugins(part: str) -> bool:
    header = re.match(r"\[+([a-z.]*)", part)
    words = header[1].split(".") if header else [""]
    return words[0] in OF_PLUGINS or (words[0] == "country" and len(words) > 1)
