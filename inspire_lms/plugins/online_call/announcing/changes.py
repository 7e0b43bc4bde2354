"""What differs between two snapshots, field by field: nothing exactly when they are the same, and all of it otherwise."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

ORDER = "/order"
"""The last step of a path that says in which order the parts of a list stand; no code has a stroke in it."""
_LANGUAGE = 2
"""Letters of a language code."""


class Absent(Enum):
    """What stands where nothing was, or is any more; None is a value."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


@dataclass(frozen=True)
class Change:
    """One field: the way to it, and what it was and is. A part that is new or gone is one change, whole."""

    path: tuple[str, ...]
    before: Any
    after: Any


def canonical(value: Any) -> str:  # noqa: ANN401 (whatever JSON can hold)
    """Write *value* as JSON in the one way that is the same for the same value."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def differences(before: Any, after: Any, path: tuple[str, ...] = ()) -> Iterator[Change]:  # noqa: ANN401
    """List what differs. Parts of lists are told apart by their codes, texts in several languages are one field."""
    if _is_same(before, after):
        return
    kind, ones = _parts(before, beside=after)
    other, others = _parts(after, beside=before)
    if not kind or kind != other:
        yield Change(path, before, after)
        return
    for key in dict.fromkeys((*ones, *others)):
        yield from differences(ones.get(key, ABSENT), others.get(key, ABSENT), (*path, key))
    stayed = [key for key in ones if key in others]
    if kind != "table" and [*stayed, *(key for key in others if key not in ones)] != list(others):
        yield Change((*path, ORDER), list(ones), list(others))


def applied(before: Any, changes: Iterable[Change]) -> Any:  # noqa: ANN401
    """Give what *before* becomes by *changes*."""
    found = list(changes)
    for one in found:
        if not one.path:
            return one.after
    if not found:
        return before
    kind, parts = _parts(before)
    if before == []:
        kind = "list"
    for key in dict.fromkeys(one.path[0] for one in found if one.path[0] != ORDER):
        below = [replace(one, path=one.path[1:]) for one in found if one.path[0] == key]
        parts[key] = applied(parts.get(key, ABSENT), below)
    parts = {key: value for key, value in parts.items() if value is not ABSENT}
    for one in found:
        if one.path == (ORDER,):
            parts = {key: parts[key] for key in one.after}
    return _joined(kind, parts)


def is_words(value: Any) -> bool:  # noqa: ANN401
    """Say whether *value* is one text in several languages; one in none is, too."""
    return isinstance(value, Mapping) and all(
        isinstance(text, str) and len(code) == _LANGUAGE and code.isalpha() and code.islower() for code, text in value.items()
    )


def _is_same(before: Any, after: Any) -> bool:  # noqa: ANN401
    if before is ABSENT or after is ABSENT:
        return before is after
    return canonical(before) == canonical(after)


def _parts(value: Any, beside: Any = None) -> tuple[str, dict[str, Any]]:  # noqa: ANN401
    """Give the parts of *value* by their names, and what holds them; nothing for what is one field.

    A list with nothing in it is a list of parts when the one *beside* it is.
    """
    if value == [] and beside:
        kind = _parts(beside)[0]
        return ("list", {}) if kind == "list" else ("", {})
    if isinstance(value, Mapping):
        return ("", {}) if is_words(value) else ("table", dict(value))
    if isinstance(value, list) and value:
        if all(isinstance(one, Mapping) and isinstance(one.get("code"), str) for one in value):
            return _apart("list", [(one["code"], one) for one in value])
        if all(isinstance(one, list) and len(one) == 2 and isinstance(one[0], str) for one in value):  # noqa: PLR2004 (code and text)
            return _apart("pairs", [(one[0], one[1]) for one in value])
    return "", {}


def _apart(kind: str, named: Sequence[tuple[str, Any]]) -> tuple[str, dict[str, Any]]:
    """Tell parts apart by their names, if each has one of its own."""
    parts = dict(named)
    return (kind, parts) if len(parts) == len(named) and ORDER not in parts else ("", {})


def _joined(kind: str, parts: dict[str, Any]) -> Any:  # noqa: ANN401
    if kind == "table":
        return parts
    return list(parts.values()) if kind == "list" else [[key, value] for key, value in parts.items()]
