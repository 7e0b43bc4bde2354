"""Documents need the faces, and no database to speak of."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from inspire_lms.app import create_app
from inspire_lms.settings import Settings


@pytest.fixture(scope="module")
def bare(fonts: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Give an application without plugins, inside its context."""
    folder = tmp_path_factory.mktemp("documents")
    app = create_app(
        Settings(instance=folder, database_url=f"sqlite:///{folder}/empty.sqlite", secret_key="not a secret", base_url="http://localhost"), []
    )
    app.config["FONTS_FOLDER"] = fonts
    with app.app_context():
        yield app
