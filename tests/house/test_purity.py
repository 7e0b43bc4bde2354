"""Rules and the specialists beside them load alone: no web, no database, no clock, no chance, no files."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import NAME, PACKAGE, ROOT, nothing, plant, sources

SPECIALISTS = {
    "kernel/errors.py",
    "kernel/charts.py",
    "kernel/people/names.py",
    "kernel/programmes/edition_file.py",
    "plugins/online_call/scoring.py",
    "plugins/online_call/announcing/changes.py",
    "plugins/online_call/announcing/documents/texts.py",
    "plugins/online_call/ranking/order.py",
    "plugins/online_call/ranking/seating.py",
    "plugins/online_call/ranking/terms.py",
    "plugins/webinar/calendar.py",
    "plugins/assessment/drawing.py",
    "plugins/assessment/grading.py",
    "plugins/certificate/layout.py",
    "plugins/survey/tally.py",
    "plugins/cohort_dashboard/figures.py",
}
"""Pure modules that are not called rules.py; the modules of contracts/ and assessment/kinds/ are pure as well."""
FORBIDDEN = {"flask", "sqlalchemy", "werkzeug", "jinja2", "os", "pathlib", "secrets", "time", "uuid", "socket", "shutil", "tempfile"}
"""What a pure module may not import: it would read the world."""
IMPURE = {f"{NAME}.kernel.clock", f"{NAME}.kernel.db"}


def pure(package: Path) -> list[str]:
    """List the places of the pure modules."""
    return [
        source.place
        for source in sources(package)
        if source.where[-1] == "rules.py"
        or source.where[0] == "contracts"
        or source.where[:3] == ("plugins", "assessment", "kinds")
        or source.place in SPECIALISTS
    ]


def impurities(package: Path) -> list[str]:
    """List what pure modules import or call and should not."""
    found = []
    wanted = set(pure(package))
    for source in sources(package):
        if source.place not in wanted:
            continue
        for node in ast.walk(source.tree):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{each.name}" for each in node.names]
            found += [
                f"{source.place}:{node.lineno} imports {name}. A rule takes values and a moment: pass in what it needs."
                for name in names
                if name.split(".")[0] in FORBIDDEN or name in IMPURE or name.startswith(f"{NAME}.kernel.clock.")
            ]
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {
                "open",
                "random.random",
                "random.choice",
                "random.shuffle",
                "random.randint",
                "random.sample",
            }:
                found.append(
                    f"{source.place}:{node.lineno} calls {ast.unparse(node.func)}. Chance comes from a seed that is passed in, files are read outside."
                )
    return found


LOADER = """
import importlib, sys
sys.path.insert(0, sys.argv[1])
for name in sys.argv[2:]:
    importlib.import_module(name)
    for heavy in ("flask", "sqlalchemy"):
        if heavy in sys.modules:
            sys.exit(f"{name} loads {heavy}. Move what needs it out of the module, or out of what the module imports.")
"""


def loaded_alone(folder: Path, modules: list[str]) -> str:
    """Load *modules* in a process of their own; give what is wrong, nothing if nothing is."""
    done = subprocess.run([sys.executable, "-I", "-c", LOADER, str(folder), *modules], capture_output=True, text=True, check=False)
    return (done.stderr.strip() or "it stopped") if done.returncode else ""


def names(places: list[str]) -> list[str]:
    return [f"{NAME}." + place.removesuffix(".py").replace("/", ".").removesuffix(".__init__") for place in places]


def test_pure_modules_read_nothing_but_what_they_are_given():
    nothing(impurities(PACKAGE))


def test_pure_modules_load_without_web_and_database():
    found = pure(PACKAGE)
    assert loaded_alone(ROOT, names(found)) == ""


def test_the_listed_specialists_are_there():
    assert {place for place in SPECIALISTS if not (PACKAGE / place).exists()} == set(), "Take from the list what has moved."


@pytest.mark.parametrize(
    "text",
    [
        "from inspire_lms.kernel import clock",
        "import sqlalchemy",
        "from flask import g",
        "from pathlib import Path",
        "import random\nx = random.random()",
        "x = open('a')",
    ],
)
def test_a_planted_impurity_is_caught(tmp_path, text):
    assert len(impurities(plant(tmp_path, {"plugins/webinar/rules.py": text}))) == 1


def test_chance_from_a_seed_is_let_pass(tmp_path):
    assert (
        impurities(plant(tmp_path, {"plugins/webinar/rules.py": "import random\ndef draw(seed):\n    return random.Random(seed).random()"}))
        == []
    )


def test_a_planted_detour_to_the_database_is_caught(tmp_path):
    plant(tmp_path, {"planted/__init__.py": "", "planted/rules.py": "from planted import models", "planted/models.py": "import sqlalchemy"})
    assert "planted.rules loads sqlalchemy" in loaded_alone(tmp_path, ["planted.rules"])
