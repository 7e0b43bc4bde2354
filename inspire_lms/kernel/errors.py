"""Sentences that explain, and the four ways to say no.

A rule returns a Reason or None; it stays free of languages, and the page translates when it shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class When:
    """A moment together with the zone in which it is to be shown."""

    at: datetime
    zone: str
    """IANA name, for example Europe/Bucharest."""
    to_the_second: bool = False
    """The second is told too: for a receipt, and for the time that it is now beside a deadline that may lie in the same minute."""


@dataclass(frozen=True, init=False)
class Message:
    """An English sentence with words in braces, translated when it is shown.

    Values are numbers, words, dates, When, or other messages. *plural* is the form for many when the
    sentence counts; the count is then the value *n*.
    """

    text: str
    plural: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    def __init__(self, text: str, /, **values: Any) -> None:  # noqa: ANN401 (any value that can be shown)
        """Say *text*, filled with *values* when shown."""
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "plural", None)
        object.__setattr__(self, "values", values)

    def __hash__(self) -> int:
        """Two messages with the same words may stand in one set."""
        return hash((self.text, self.plural, tuple(sorted((key, str(value)) for key, value in self.values.items()))))

    def __str__(self) -> str:
        """Give the English sentence, for logs and tests."""
        count = self.values.get("n")
        text = self.plural if self.plural is not None and count != 1 else self.text
        return text.format(**self.values)


class Reason(Message):
    """Why something is refused, or what is wrong."""


def counted(one: str, many: str, /, *, n: int, **values: Any) -> Reason:  # noqa: ANN401 (any value that can be shown)
    """Make a reason that counts: *one* and *many* are its English forms, *n* the count."""
    reason = Reason(one, n=n, **values)
    object.__setattr__(reason, "plural", many)
    return reason


class Invalid(Exception):  # noqa: N818 (the four words are the house's own)
    """The input has the wrong shape. *reasons* are keyed by field; the empty key is the form as a whole."""

    def __init__(self, reasons: Mapping[str, Reason] | Reason) -> None:
        """Keep the reasons; a single one stands for the form as a whole."""
        self.reasons = reasons if isinstance(reasons, Mapping) else {"": reasons}
        super().__init__("; ".join(f"{key}: {reason}" if key else str(reason) for key, reason in self.reasons.items()))


class NotAllowed(Exception):  # noqa: N818
    """The person may not do this; *reason* says why when there is more to say."""

    def __init__(self, reason: Reason | None = None) -> None:
        """Keep the reason."""
        self.reason = reason
        super().__init__(str(reason or ""))


class NotThere(Exception):  # noqa: N818
    """There is no such thing, or the person may not know that there is."""


class Refused(Exception):  # noqa: N818
    """A rule says no, and why."""

    def __init__(self, reason: Reason) -> None:
        """Keep the reason."""
        self.reason = reason
        super().__init__(str(reason))
