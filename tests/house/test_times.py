"""Only the clock reads the time."""

import ast
from pathlib import Path

import pytest

from tests.house.tree import PACKAGE, nothing, plant, sources

READERS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "datetime.datetime.now",
    "datetime.date.today",
}


def breaches(package: Path) -> list[str]:
    """List the places that read the time by themselves."""
    return [
        f"{source.place}:{node.lineno} calls {ast.unparse(node)}. Call clock.now(), or take the moment as `at`."
        for source in sources(package)
        if source.place != "kernel/clock.py"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and (ast.unparse(node) in READERS or ast.unparse(node).removeprefix("dt.") in READERS)
    ]


def test_only_the_clock_reads_the_time():
    nothing(breaches(PACKAGE))


@pytest.mark.parametrize(
    "text",
    [
        "at = datetime.now(UTC)",
        "at = date.today()",
        "at = time.time()",
        "at = field(default_factory=datetime.utcnow)",
        "at = dt.datetime.now()",
    ],
)
def test_a_planted_look_at_another_clock_is_caught(tmp_path, text):
    assert len(breaches(plant(tmp_path, {"plugins/webinar/actions.py": text}))) == 1
