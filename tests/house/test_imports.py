"""Imports go down, and in full; contracts know nobody, the kernel no plugin, no plugin another."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import NAME, PACKAGE, Source, nothing, plant, sources

FLOORS = {
    "rules": 1,
    "models": 2,
    "queries": 3,
    "actions": 4,
    "listeners": 5,
    "forms": 5,
    "views": 6,
    "demo": 6,
    "plugin": 7,
}
"""The floors of a plugin; a file with another name may stand on any, but no circle may come of it."""
LOADERS = {"kernel/plugin.py", "kernel/bus.py"}
"""The two that load a module by a name they were given."""


def imported(source: Source) -> Iterator[tuple[str, int, bool]]:
    """List what a module imports: the module's name, the line, and whether it happens inside a function."""
    tree = source.tree
    inside = {
        id(node)
        for each in ast.walk(tree)
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(each)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                yield each.name, node.lineno, id(node) in inside
        elif isinstance(node, ast.ImportFrom):
            above = "." * node.level + (node.module or "")
            for each in node.names:
                yield f"{above}.{each.name}" if above.startswith(NAME) else above, node.lineno, id(node) in inside


def belongs(name: str) -> str:
    """Say to which component an imported name of ours belongs."""
    parts = name.split(".")[1:]
    if parts[:1] in (["contracts"], ["kernel"]):
        return parts[0]
    return f"plugins.{parts[1]}" if parts[:1] == ["plugins"] and len(parts) > 1 else "top"


def why_not(source: Source, name: str, lineno: int, *, inside: bool) -> str | None:
    """Say why a module may not import *name*; None if it may."""
    ours, mine, theirs = name.startswith(NAME), source.component, belongs(name)
    if name.startswith("."):
        return "Write the import in full, from inspire_lms on."
    if inside and ours:
        return "An import inside a function hides an arrow: move it to the top, or move the code down to where it belongs."
    if inside and "# slow import" not in source.text.splitlines()[lineno - 1]:
        return "Move it to the top; for a library that is slow to load say so on the line: # slow import."
    if mine == "contracts" and theirs != "contracts" and (ours or name.split(".", maxsplit=1)[0] not in sys.stdlib_module_names):
        return "Contracts are plain values: use the standard library only."
    if not ours or mine in {"top", theirs}:
        return None if mine != theirs or mine == "top" else _why_not_up(source, name)
    if theirs == "top":
        return "What stands above everything is imported by nobody: let it pass the value down."
    if mine == "kernel" and theirs != "contracts":
        return "The kernel knows no plugin: announce a fact, or gather an enquiry of contracts/."
    if mine.startswith("plugins.") and theirs.startswith("plugins."):
        return "A plugin knows no other: announce a fact, or ask an enquiry of contracts/ and state a default."
    return None


def _why_not_up(source: Source, name: str) -> str | None:
    if source.component in {"kernel", "contracts", "top"}:
        return None
    mine, theirs = FLOORS.get(source.where[-1].removesuffix(".py")), FLOORS.get(name.split(".")[3] if name.count(".") > 2 else "")
    if mine and theirs and theirs > mine:
        return f"Inside a plugin imports go down too: {source.where[-1]} stands below {name.split('.')[3]}.py."
    return None


def breaches(package: Path) -> list[str]:
    """List the imports that run up, across, or in a circle."""
    found, arrows = [], {}
    for source in sources(package):
        for name, line, inside in imported(source):
            if reason := why_not(source, name, line, inside=inside):
                found.append(f"{source.place}:{line} imports {name}. {reason}")
        if source.place not in LOADERS and any(
            isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(f"{NAME}.plugins.")
            for node in ast.walk(source.tree)
        ):
            found.append(f"{source.place} names a module of a plugin in a text. Announce a fact or ask an enquiry instead.")
        arrows[source.module] = {name for name, _line, _inside in imported(source) if name.startswith(NAME)}
    return found + circles(arrows)


def circles(arrows: dict[str, set[str]]) -> list[str]:
    """List modules that import each other in a circle."""
    known = {
        module: {target for name in names for target in (name, name.rpartition(".")[0]) if target in arrows and target != module}
        for module, names in arrows.items()
    }
    found: list[str] = []
    done: set[str] = set()

    def walk(module: str, path: tuple[str, ...]) -> None:
        if module in path:
            found.append("A circle of imports: " + " → ".join((*path[path.index(module) :], module)) + ". Move what both need below both.")
        elif module not in done:
            for target in sorted(known[module]):
                walk(target, (*path, module))
            done.add(module)

    for module in sorted(known):
        walk(module, ())
    return found


def talkative(package: Path) -> list[str]:
    """List the __init__.py that hold more than a docstring; contracts/ has its two words there."""
    return [
        f"{source.place} holds more than one docstring: loading rules.py would load it too. Move it into a module with a name."
        for source in sources(package)
        if source.where[-1] == "__init__.py" and source.place != "contracts/__init__.py" and not _is_docstring_only(source)
    ]


def _is_docstring_only(source: Source) -> bool:
    return len(source.tree.body) == 1 and ast.get_docstring(source.tree) is not None


def test_every_import_goes_down():
    nothing(breaches(PACKAGE))


def test_an_init_file_is_one_docstring():
    nothing(talkative(PACKAGE))


@pytest.mark.parametrize(
    ("place", "text", "said"),
    [
        ("plugins/webinar/views.py", "from inspire_lms.plugins.survey import rules", "A plugin knows no other"),
        ("plugins/webinar/actions.py", "def close():\n    from inspire_lms.plugins.certificate import actions", "inside a function"),
        ("plugins/webinar/actions.py", "def close():\n    import lxml", "# slow import"),
        ("plugins/webinar/rules.py", "from inspire_lms.plugins.webinar import views", "imports go down too"),
        ("plugins/webinar/rules.py", "from . import models", "in full"),
        ("plugins/webinar/demo.py", "WHERE = 'inspire_lms.plugins.survey.actions'", "in a text"),
        ("plugins/webinar/rules.py", "from inspire_lms.settings import Settings", "pass the value down"),
        ("kernel/mail.py", "from inspire_lms.plugins.webinar.models import Webinar", "The kernel knows no plugin"),
        ("kernel/mail.py", "from inspire_lms.app import create_app", "pass the value down"),
        ("contracts/award.py", "from inspire_lms.kernel import clock", "Contracts are plain values"),
        ("contracts/award.py", "import flask", "Contracts are plain values"),
    ],
)
def test_a_planted_import_is_caught(tmp_path, place, text, said):
    (caught,) = breaches(plant(tmp_path, {place: text}))
    assert place in caught
    assert said in caught


def test_a_planted_circle_is_caught(tmp_path):
    (caught,) = breaches(
        plant(tmp_path, {"kernel/a.py": "from inspire_lms.kernel import b", "kernel/b.py": "from inspire_lms.kernel.a import x"})
    )
    assert "inspire_lms.kernel.a → inspire_lms.kernel.b → inspire_lms.kernel.a" in caught


def test_what_is_right_is_let_pass(tmp_path):
    right = {
        "plugins/webinar/actions.py": "import flask\nfrom inspire_lms.kernel import clock\nfrom inspire_lms.plugins.webinar import rules\nfrom inspire_lms.contracts.award import X",
        "plugins/webinar/rules.py": "def seal():\n    import pyhanko  # slow import",
        "app.py": "from inspire_lms.plugins.webinar import plugin",
    }
    assert breaches(plant(tmp_path, right)) == []


def test_a_planted_talkative_init_is_caught(tmp_path):
    assert (
        len(talkative(plant(tmp_path, {"plugins/webinar/__init__.py": '"""Webinars."""\nfrom inspire_lms.plugins.webinar import views\n'})))
        == 1
    )
