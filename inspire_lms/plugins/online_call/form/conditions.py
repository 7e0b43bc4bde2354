"""When a question, or a whole section, is asked: after certain answers to one question that stands earlier in the form."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Condition:
    """Something is asked when *question* is asked too, and answered with one of *answers*."""

    question: str
    """The code of an earlier question of the kinds choice or yes-no."""
    answers: tuple[str, ...]

    def holds(self, answers: Mapping[str, Any], asked: Collection[str]) -> bool:
        """Say whether it is met by *answers*, when the questions in *asked* are asked."""
        return self.question in asked and answers.get(self.question) in self.answers

    def stored(self) -> dict[str, Any]:
        """Give the condition as plain values, to be kept."""
        return {"question": self.question, "is": list(self.answers)}

    @classmethod
    def restored(cls, kept: Mapping[str, Any] | None) -> Self | None:
        """Make the condition from what *stored* gave; None for none."""
        return cls(kept["question"], tuple(kept["is"])) if kept else None
