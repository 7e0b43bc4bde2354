"""What of another country's figures may be shown, so that nobody can be recognised in them."""

from collections.abc import Mapping

SMALLEST = 5
"""Fewest people that a figure about others stands for. Source: issue of the call, section 9; domain.md 9.4, smallest cell."""


def shown(parts: Mapping[str, int]) -> dict[str, int | None]:
    """Give the parts of one whole that may be shown beside their sum; None where one may not.

    A part of one to four people is hidden. What is hidden could be found from the sum and the other parts: so the smallest
    others are hidden with it, until the hidden ones are at least two and together at least five people. Nought hides nobody.
    """
    hidden = {name for name, number in parts.items() if 0 < number < SMALLEST}
    others = sorted((number, name) for name, number in parts.items() if number >= SMALLEST)
    while hidden and others and (len(hidden) == 1 or sum(parts[name] for name in hidden) < SMALLEST):
        hidden.add(others.pop(0)[1])
    return {name: None if name in hidden else number for name, number in parts.items()}


def may_show_sum(parts: Mapping[str, int]) -> bool:
    """Say whether the sum of the parts may be shown: not when it, or all that is hidden of it, is fewer than five people or one part."""
    total, seen = sum(parts.values()), shown(parts)
    hidden = [parts[name] for name, number in seen.items() if number is None]
    return (total == 0 or total >= SMALLEST) and (not hidden or (len(hidden) > 1 and sum(hidden) >= SMALLEST))
