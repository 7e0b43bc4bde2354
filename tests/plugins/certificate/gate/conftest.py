"""Files to be judged, made once for all judges; and roots for them to trust."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from inspire_lms.app import create_app
from inspire_lms.plugins.certificate.plugin import plugin
from inspire_lms.settings import Settings
from tests.plugins.certificate.gate import authority, samples, seals


@pytest.fixture(scope="session")
def bare(fonts: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Give an application with no database to speak of: nothing here has to be done once more on PostgreSQL."""
    folder = tmp_path_factory.mktemp("gate")
    app = create_app(
        Settings(instance=folder, database_url=f"sqlite:///{folder}/empty.sqlite", secret_key="not a secret", base_url="http://localhost"),
        [plugin],
    )
    app.config["FONTS_FOLDER"] = fonts
    return app


@pytest.fixture(scope="session")
def conforming(bare: Flask) -> Callable[..., bytes]:
    """Make the file of a sample: conforming(language, kind, name, algorithm, engine). A second time it costs nothing."""

    def made(*sample: str) -> bytes:
        with bare.app_context():
            return samples.conforming(*sample)

    return made


@pytest.fixture(scope="session")
def printed(bare: Flask) -> Callable[..., tuple[str, ...]]:
    """List what must come back from the file of a sample: printed(language, kind, name)."""

    def made(*sample: str) -> tuple[str, ...]:
        with bare.app_context():
            return samples.printed(samples.record(*sample))

    return made


@pytest.fixture(scope="session")
def ours(tmp_path_factory: pytest.TempPathFactory) -> seals.Trust:
    """Trust in the root on which the seals of the samples rest."""
    return seals.trusting(authority.root_of(), tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="session")
def others(tmp_path_factory: pytest.TempPathFactory) -> seals.Trust:
    """Trust in a root of the same name with another key."""
    return seals.trusting(authority.root_of("others"), tmp_path_factory.mktemp("others"))
