"""A tiny plugin from outside comes in through its entry point, and leaves without a trace."""

import subprocess
import sys

from tests.house.tree import ROOT


def test_a_plugin_from_outside_comes_and_goes():
    words = [sys.executable, "-m", "pytest", "-q", "tests/house/outside_plugin/story.py"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
