"""Whether somebody has confirmed the name that will be printed. What was confirmed is compared with the account letter by letter."""

from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.people import names

REMIND_AFTER = timedelta(days=5)
"""After which time who has not answered is reminded, once."""


class Printed(NamedTuple):
    """A name in the two forms in which it is printed."""

    name: str
    latin_name: str


class Answer(StrEnum):
    """What somebody has said about the own name."""

    NOT_ASKED = "not-asked"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    CHANGED = "changed"
    """Confirmed, and the account has another name since."""


def as_printed(name: str, latin_name: str, language: str) -> Printed:
    """Say how a name of an account is printed; without a Latin form the name stands for it."""
    return Printed(names.tidy(name, language), names.tidy(latin_name or name, "en"))


def answer_of(confirmed: Printed | None, now: Printed, *, was_asked: bool) -> Answer:
    """Say what somebody has said about the name that would be printed *now*."""
    if confirmed is None:
        return Answer.WAITING if was_asked else Answer.NOT_ASKED
    return Answer.CONFIRMED if confirmed == now else Answer.CHANGED


def why_not_printable(lacking: Collection[str]) -> Reason | None:
    """Say which letters the typefaces lack; None when they lack none."""
    if not lacking:
        return None
    shown = ", ".join(f"“{letter}” (U+{ord(letter):04X})" for letter in sorted(lacking))
    return Reason("This cannot be printed: {letters}. Write the name without it, or ask the coordinator of your country.", letters=shown)


def why_not_confirm(shown: Printed, now: Printed, *, is_decided: bool) -> Reason | None:
    """Say why somebody cannot confirm the name that was *shown*; None when it can be done."""
    if is_decided:
        return Reason(
            "Your certificate has been decided about. If its name is misspelt, write to the coordinator of your country: "
            "it can be issued anew."
        )
    if shown != now:
        return Reason("The name in your account has changed since this page was opened. Please look at it once more.")
    return None
