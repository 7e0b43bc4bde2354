"""The package carries what it needs: an installed one finds its words, migrations and layouts inside itself."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.tree import ROOT, nothing

CARRIED = ("translations", "migrations", "certificates")
START = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from inspire_lms import migrating
from inspire_lms.app import create_app
from inspire_lms.kernel import i18n
from inspire_lms.settings import Settings
app = create_app(Settings(instance=Path(sys.argv[1]) / "instance", argon2_cheap=True))
assert Path(app.root_path).is_relative_to(sys.argv[1]), app.root_path
migrating.upgrade(app)
with app.app_context():
    print(*i18n.languages(), len(migrating.pending()))
print(app.test_client().get("/").status_code)
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """The wheel, built and unpacked as an installer does."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True, capture_output=True
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def lacking(site: Path) -> list[str]:
    """List the folders that a wheel should carry and does not, with all their files."""
    found = []
    for name in CARRIED:
        wanted = {path.relative_to(ROOT) for path in (ROOT / name).rglob("*") if path.is_file() and "__pycache__" not in path.parts}
        there = {path.relative_to(site / "inspire_lms") for path in (site / "inspire_lms" / name).rglob("*")}
        found += [f"The wheel lacks {path}: see force-include in pyproject.toml." for path in sorted(wanted - there)]
    return found


def test_the_wheel_carries_words_migrations_and_layouts(unpacked):
    nothing(lacking(unpacked))
    assert list((unpacked / "inspire_lms").rglob("*.css")) != []


def test_an_installed_package_starts_and_speaks_four_languages(unpacked):
    done = subprocess.run([sys.executable, "-c", START, str(unpacked)], cwd=unpacked, capture_output=True, text=True, check=False)
    assert done.stderr == "" or "INFO" in done.stderr, done.stderr[-3000:]
    assert done.stdout.split("\n")[:2] == ["en el it ro 0", "200"]


def test_a_planted_wheel_without_words_is_caught(tmp_path):
    assert any("translations/" in each for each in lacking(tmp_path))
