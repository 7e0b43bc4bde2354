"""Which questions an attempt gets, and in which order: by chance, from a seed that is stored."""

from collections.abc import Hashable, Mapping, Sequence
from hashlib import sha256
from typing import TypeVar

from inspire_lms.kernel.errors import Reason, counted

Thing = TypeVar("Thing", bound=Hashable)


def _place(seed: str, thing: Hashable) -> bytes:
    return sha256(f"{seed}:{thing}".encode()).digest()


def shuffled(things: Sequence[Thing], seed: str) -> list[Thing]:
    """Give *things* in an order that depends on *seed* alone, today and in ten years."""
    return sorted(things, key=lambda thing: _place(seed, thing))


def why_not_draw(pool: Mapping[str, Sequence[int]], each: int) -> Reason | None:
    """Say which competence has too few questions; *pool* has the question ids by competence."""
    for code, questions in pool.items():
        if len(questions) < each:
            return counted(
                "The bank has {n} question on “{competence}”, and {each} are needed.",
                "The bank has {n} questions on “{competence}”, and {each} are needed.",
                n=len(questions), competence=code, each=each,
            )  # fmt: skip
    return None


def draw(pool: Mapping[str, Sequence[int]], each: int, seed: str) -> list[int]:
    """Draw *each* questions from every competence, and mix them."""
    return shuffled([question for code in sorted(pool) for question in shuffled(pool[code], seed)[:each]], f"{seed}:mixed")
