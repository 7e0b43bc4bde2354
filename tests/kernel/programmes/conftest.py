"""The kernel by itself: no plugin reads anything, so the file holds the kernel's parts only."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from inspire_lms.kernel.programmes.sample.material import SAMPLE

OF_PLUGINS = {"call", "webinars", "assessment", "certificate", "survey"}


@pytest.fixture
def installed() -> Any:
    """The plugins of the application; None for all that there are."""
    return []


@pytest.fixture
def app(settings: Any, installed: Any, application: Callable[..., Any]) -> Iterator[Flask]:
    """An application with no plugin."""
    with application(settings, installed) as made:
        yield made


@pytest.fixture
def kernel_file() -> str:
    """The kernel's parts of the sample pilot."""
    parts = re.split(r"(?m)^(?=\[)", (SAMPLE / "pilot.toml").read_text("utf-8"))
    return "".join(part for part in parts if not _is_plugins(part))


def _is_plugins(part: str) -> bool:
    header = re.match(r"\[+([a-z.]*)", part)
    words = header[1].split(".") if header else [""]
    return words[0] in OF_PLUGINS or (words[0] == "country" and len(words) > 1)
