"""A plugin that was just begun passes every check."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from inspire_lms import new_plugin
from tests.house.tree import ROOT

COPIED = ("inspire_lms", "tests", "translations", "migrations", "certificates", "docs", "pyproject.toml", "README.md", "wsgi.py")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of the repository in which a plugin called badge was begun."""
    root = tmp_path_factory.mktemp("checkout")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy(source, root / name)
    new_plugin.write("badge", root)
    return root


def run(checkout: Path, *words: str) -> str:
    """Run a tool of Python's in the copy; give what it says when it fails, else nothing."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "INSPIRE"))} | {
        "PYTHONPATH": str(checkout)
    }
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=checkout, env=environ, capture_output=True, text=True, timeout=300, check=False
    )
    return "" if done.returncode == 0 else f"{done.stdout}\n{done.stderr}"


def test_it_is_a_few_short_files_a_test_and_an_empty_catalogue_for_each_language(checkout):
    plugin = checkout / "inspire_lms" / "plugins" / "badge"
    files = sorted(str(path.relative_to(plugin)) for path in plugin.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert files == ["__init__.py", "plugin.py", "queries.py", "templates/badge/start.html", "views.py"]
    assert (checkout / "translations" / "badge.pot").read_text() == ""
    assert [path.parts[-3] for path in sorted(checkout.glob("translations/*/LC_MESSAGES/badge.po"))] == ["el", "it", "ro"]
    assert (checkout / "tests" / "plugins" / "badge" / "test_pages.py").exists()
    assert all(len(path.read_text().splitlines()) < 30 for path in plugin.rglob("*.py"))


def test_ruff_and_mypy_have_nothing_to_say(checkout):
    assert run(checkout, "ruff", "check", "inspire_lms/plugins/badge", "tests/plugins/badge") == ""
    assert run(checkout, "mypy", "inspire_lms/plugins/badge") == ""


def test_its_own_tests_pass(checkout):
    assert run(checkout, "pytest", "-q", "tests/plugins/badge") == ""


def test_the_house_has_nothing_to_say_about_it(checkout):
    house = [f"tests/house/test_{name}.py" for name in ("names", "imports", "purity", "sizes", "requests", "times", "translations")]
    said = run(checkout, "pytest", "-q", *house, "-k", "not planted")
    # What the house says about others is said by its own tests.
    assert [line for line in said.splitlines() if line.startswith("E ") and "badge" in line] == []


MODELS = '''"""Badges."""

from sqlalchemy.orm import Mapped

from inspire_lms.kernel.db import Base, Id


class Badge(Base):
    """One badge."""

    __tablename__ = "badge_badge"

    id: Mapped[Id]
    title: Mapped[str]
'''


def test_the_first_migration_finds_tables_that_nothing_uses_yet(checkout, tmp_path):
    models = checkout / "inspire_lms" / "plugins" / "badge" / "models.py"
    models.write_text(MODELS)
    (tmp_path / "run.py").write_text("from inspire_lms.cli import main\nmain()\n")
    environ = os.environ | {"PYTHONPATH": str(checkout), "INSPIRE_INSTANCE": str(tmp_path / "instance")}
    words = [sys.executable, str(tmp_path / "run.py"), "revision", "badge", "badges and who holds them"]
    done = subprocess.run(words, cwd=checkout, env=environ, capture_output=True, text=True, timeout=300, check=False)
    (written,) = (checkout / "migrations" / "versions").glob("*_badges_and_who_holds_them.py")
    assert 'op.create_table(\n        "badge_badge",' in written.read_text(), done.stderr
    models.unlink()
    written.unlink()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Badge", "small letters"),
        ("badge-shop", "small letters"),
        ("1badge", "small letters"),
        ("_badge", "small letters"),
        ("class", "small letters"),
        ("b" * 31, "at most 30"),
        ("kernel", "taken by the kernel"),
        ("people", "taken by the kernel"),
        ("pages", "taken by the kernel"),
        ("sign_in", "taken by the kernel"),
        ("account", "taken by the kernel"),
        ("statements", "taken by the kernel"),
        ("profile", "taken by the kernel"),
        ("course", "taken by the kernel"),
        ("static", "taken by the kernel"),
        ("webinar", "already"),
        ("../webinar", "small letters"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_a_sentence(name, said):
    with pytest.raises(ValueError, match=said):
        new_plugin.write(name)


def test_a_plugin_is_begun_in_a_checkout_only(tmp_path):
    with pytest.raises(ValueError, match="checkout"):
        new_plugin.write("badge", tmp_path)
    assert list(tmp_path.iterdir()) == []
