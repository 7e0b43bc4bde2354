"""What a call says about its ranking beforehand: the tie-break, the seed of the draw, the least score, seats and quotas."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from inspire_lms.kernel.people.names import fold
from inspire_lms.plugins.online_call.questions import Texts


@dataclass(frozen=True)
class Quota:
    """Seats that are reserved for a group, or the most that a group may have; one of the two."""

    code: str
    title: Texts
    question: str
    """The question whose answer makes somebody a member of a group."""
    answers: tuple[str, ...]
    """Which answers do. Empty: each answer is a group of its own, and the number holds for each of them."""
    least: int | None
    most: int | None
    is_written: bool = False
    """True when the answer is a text and not one of the options."""

    def group(self, answer: object) -> str | None:
        """Name the group that an answer puts somebody into; None when it is none."""
        if not isinstance(answer, str) or not answer.strip():
            return None
        if self.answers:
            return self.code if answer in self.answers else None
        return f"{self.code}:{_fingerprint(answer) if self.is_written else answer}"

    def stored(self) -> dict[str, Any]:
        """Give the quota as plain values, to be kept."""
        return {
            "code": self.code,
            "title": dict(self.title),
            "question": self.question,
            "answers": list(self.answers),
            "least": self.least,
            "most": self.most,
            "written": self.is_written,
        }

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> Self:
        """Make the quota from what *stored* gave."""
        return cls(
            kept["code"], kept["title"], kept["question"], tuple(kept["answers"]), kept["least"], kept["most"], is_written=kept["written"]
        )


def quotas_of(kept: Sequence[Mapping[str, Any]]) -> tuple[Quota, ...]:
    """Make all quotas from what was kept."""
    return tuple(Quota.restored(each) for each in kept)


def code_of(group: str) -> str:
    """Give the code of the quota that a group belongs to."""
    return group.partition(":")[0]


def groups_of(answers: Mapping[str, object], quotas: Sequence[Quota]) -> tuple[str, ...]:
    """Name the groups that somebody's answers put them into, one at most for each quota."""
    named = (each.group(answers.get(each.question)) for each in quotas)
    return tuple(group for group in named if group is not None)


@dataclass(frozen=True)
class Terms:
    """All that a ranking depends on beside the applications."""

    chain: tuple[str, ...]
    """What separates equal totals: criterion codes, "submitted", "draw"."""
    seed: str
    suitable_from: Decimal = Decimal(0)
    seats: int = 0
    quotas: tuple[Quota, ...] = ()

    def stored(self) -> dict[str, Any]:
        """Give the terms as plain values, to be kept with what was published by them."""
        return {
            "chain": list(self.chain),
            "seed": self.seed,
            "suitable_from": str(self.suitable_from),
            "seats": self.seats,
            "quotas": [each.stored() for each in self.quotas],
        }

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> Self:
        """Make the terms from what *stored* gave."""
        least = Decimal(kept["suitable_from"])
        return cls(tuple(kept["chain"]), kept["seed"], least, kept["seats"], quotas_of(kept["quotas"]))


def _fingerprint(written: str) -> str:
    # What somebody wrote is not kept with the ranking: who wrote the same is in one group, and more is not needed.
    return hashlib.sha256(fold(written).encode()).hexdigest()[:16]
