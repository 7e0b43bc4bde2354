"""The source tree as the tests about the house see it, and how a breach is planted beside it."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "inspire_lms"
NAME = "inspire_lms"


@dataclass(frozen=True)
class Source:
    """One module."""

    path: Path
    where: tuple[str, ...]
    """Folders and file inside the package: ("plugins", "webinar", "rules.py")."""
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def place(self) -> str:
        """As it is said in a message: plugins/webinar/rules.py."""
        return "/".join(self.where)

    @property
    def module(self) -> str:
        """As it is imported: inspire_lms.plugins.webinar.rules."""
        parts = [NAME, *self.where[:-1], self.where[-1].removesuffix(".py")]
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def component(self) -> str:
        """contracts, kernel, a plugin as plugins.webinar, or top for what stands above all."""
        if self.where[0] in {"contracts", "kernel"}:
            return self.where[0]
        return f"plugins.{self.where[1]}" if self.where[0] == "plugins" and len(self.where) > 2 else "top"


def sources(package: Path = PACKAGE) -> Iterator[Source]:
    """Read every module of the package."""
    for path in sorted(package.rglob("*.py")):
        yield Source(path, path.relative_to(package).parts, path.read_text(encoding="utf-8"))


def plant(folder: Path, files: Mapping[str, str]) -> Path:
    """Write a small package with *files* in it, as a breach; give its folder."""
    for place, text in files.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def nothing(found: list[str]) -> None:
    """Fail with every complaint in a line of its own, if there is any."""
    __tracebackhide__ = True
    if found:
        pytest.fail("\n".join(found), pytrace=False)
