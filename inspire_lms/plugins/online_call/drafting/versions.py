"""What a page has seen of a draft, answer by answer, so that a save from one device does not write over a newer one from another.

A version is a text of code=digest parted by spaces: what the page showed, or saved itself since. It names only what the page shows.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from inspire_lms.plugins.online_call.questions import Answers

DIGITS = 12
"""Hexadecimal digits of a digest: two different answers to one question practically never have the same."""


def told(codes: Iterable[str], answers: Answers) -> str:
    """Name what the answers to the questions *codes* are."""
    return " ".join(f"{code}={_digest(answers.get(code))}" for code in codes)


def read(version: str) -> dict[str, str]:
    """Give the digests by question code; a part that is none of ours counts for nothing."""
    return dict(pair for part in version.split() if len(pair := part.split("=", 1)) == 2)  # noqa: PLR2004 (a code and a digest)


def after(version: str, saved: Answers) -> str:
    """Give the version of a page that has seen *version* and has saved *saved* since."""
    seen = read(version) | {code: _digest(each) for code, each in saved.items()}
    return " ".join(f"{code}={digest}" for code, digest in seen.items())


def merged(stored: Answers, new: Answers, version: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part *new* answers into those to be kept, and those held back since another device has changed them: of these, what is stored.

    An answer that a page sends as it has seen it was not changed there: it is neither, and what is stored stays. What is stored the
    same way already is in nobody's way, whoever has stored it. Without a version everything is kept.
    """
    seen, kept, overtaken = read(version), dict[str, Any](), dict[str, Any]()
    for code, value in new.items():
        now, mine, before = _digest(stored.get(code)), _digest(value), seen.get(code, "")
        if not version or now in {mine, before}:
            kept[code] = value
        elif mine != before:
            overtaken[code] = stored.get(code)
    return kept, overtaken


def _digest(value: object) -> str:
    """Name an answer; nothing written, nothing chosen and a box that is not ticked are the same."""
    plain = None if value is None or value is False or value in ("", []) else value
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:DIGITS]
