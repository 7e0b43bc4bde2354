"""What can be set, allowed, told, asked or called stands in the documents."""

import ast
from collections.abc import Iterable
from pathlib import Path

from flask import Flask

from inspire_lms.kernel.plugin import Registry
from inspire_lms.settings import Settings
from tests.house.test_facts import contracts
from tests.house.tree import PACKAGE, ROOT, nothing


def written(root: Path) -> str:
    """Read all documents."""
    return "\n".join(path.read_text(encoding="utf-8") for path in [root / "README.md", *sorted((root / "docs").rglob("*.md"))])


def commands(cli: str) -> list[str]:
    """List the commands of the command line: the functions that a group's decorator makes commands, by their names."""
    found = []
    for node in ast.walk(ast.parse(cli)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"add_parser", "command"}:
            found += [each.value for each in node.args[:1] if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return found


def unmentioned(kind: str, names: Iterable[str], text: str) -> list[str]:
    """List the names that no document speaks of, as a word in backquotes."""
    return [
        f"No document speaks of the {kind} `{name}`: add a line to docs/."
        for name in names
        if f"`{name}`" not in text and f"`{name} " not in text
    ]


def test_every_capability_and_setting_of_a_plugin_is_explained(app: Flask):
    registry: Registry = app.extensions["inspire_registry"]
    text = written(ROOT)
    settings = [f"{each.name}.{one.name}" for each in registry.plugins.values() for one in each.settings]
    nothing(unmentioned("capability", registry.capabilities, text) + unmentioned("setting", settings, text))


def test_every_setting_of_an_instance_is_explained():
    nothing(unmentioned("setting", [f"INSPIRE_{name.upper()}" for name in Settings.__dataclass_fields__], written(ROOT)))


def test_every_fact_and_enquiry_is_explained():
    nothing(unmentioned("contract", [each.__name__ for each in contracts()], written(ROOT)))


def test_every_command_is_explained():
    found = commands((PACKAGE / "cli.py").read_text(encoding="utf-8"))
    assert {"serve", "demo", "work", "check", "why", "revision", "new-plugin"} <= set(found)
    nothing(unmentioned("command", found, written(ROOT).replace("`inspire-lms ", "`")))


def test_a_planted_unmentioned_name_is_caught(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text("Call `inspire-lms serve`.")
    (tmp_path / "docs" / "words.md").write_text("`webinar:teach`")
    assert unmentioned("capability", ["webinar:teach", "webinar:sing"], written(tmp_path)) == [
        "No document speaks of the capability `webinar:sing`: add a line to docs/."
    ]


def test_a_planted_command_is_found():
    assert commands("commands.add_parser('dance', help='x')\n@group.command('sing')\ndef sing(): ...") == ["dance", "sing"]
