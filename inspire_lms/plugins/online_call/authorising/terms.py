"""On what terms a superior may answer by a mailed link, as the edition file states them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True)
class ByLink:
    """A question of the kind file may be answered by the superior's word in place of a file."""

    sentence: Mapping[str, str]
    """What the superior confirms, in the country's wording."""
    days: int
    """A link works for so many days, and never beyond the last moment."""
    days_after: int
    """The last moment is so many days after the call closes; 0 is the closing itself."""
    times: int
    """So often may one applicant ask."""
    remind_hours: int
    """The superior is reminded once, so many hours before the link dies."""
    may_submit_open: bool
    """True when an application may be submitted while the superior has not answered yet."""

    def stored(self) -> dict[str, Any]:
        """Give the terms as plain values, to be kept with the question."""
        return asdict(self) | {"sentence": dict(self.sentence)}

    @classmethod
    def restored(cls, kept: Mapping[str, Any] | None) -> Self | None:
        """Make the terms from what *stored* gave; None for a question that only a file answers."""
        return cls(**kept) if kept else None
