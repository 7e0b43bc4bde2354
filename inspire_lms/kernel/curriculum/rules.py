"""What a framework must have, and whether its competences are taught."""

from collections.abc import Iterable

FEWEST_LEVELS = 2
"""A framework with one level would not say how good somebody is."""


def not_covered(competences: Iterable[str], outcomes: Iterable[str]) -> tuple[str, ...]:
    """List the competences for which no unit has a learning outcome, in their own order."""
    taught = set(outcomes)
    return tuple(code for code in competences if code not in taught)
