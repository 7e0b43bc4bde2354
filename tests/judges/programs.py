"""Programs that are not ours, started on a file."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple


class Said(NamedTuple):
    """How a program ended, and all that it said."""

    code: int
    text: str


def said(*words: str | Path) -> Said:
    """Run a program to its end, whatever that is; what it complained of comes last."""
    ended = subprocess.run([str(word) for word in words], capture_output=True, check=False)
    return Said(ended.returncode, (ended.stdout + ended.stderr).decode("utf-8", "replace"))


def made(*words: str | Path, given: bytes = b"") -> bytes:
    """Give what a program makes of what it is *given*. Raises CalledProcessError when it fails."""
    return subprocess.run([str(word) for word in words], input=given, capture_output=True, check=True).stdout


def told(*words: str | Path, given: bytes = b"") -> str:
    """Give what a program prints. Raises CalledProcessError when it fails."""
    return made(*words, given=given).decode()


@contextmanager
def lying(*contents: bytes) -> Iterator[list[Path]]:
    """Let *contents* lie in files for a while."""
    with TemporaryDirectory(prefix="gate-") as folder:
        paths = [Path(folder) / f"{number}.pdf" for number in range(len(contents))]
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(content)
        yield paths
