"""The privacy notice of a call (Article 13 of the GDPR), in parts: what the file says, and what the program declares that it keeps.

What is kept, why and for how long comes from the declarations of the plugin, the same by which data are exported and erased: so the
notice cannot leave anything out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message
from inspire_lms.plugins.online_call.rules import KEPT

Said = Message | Words
KEYS = ("controller", "recipients", "authority")
"""What an edition file may say in a text of its own."""

PARTNERS = Message("The partners of the project, who run this site together, are the joint controllers.")
RECIPIENTS = (
    Message(
        "The coordinator and the evaluators of your country read what you write, and the administration of the platform where it has to "
        "step in; answers that are marked as private are read by the coordinator alone."
    ),
    Message("A superior whom you name reads your name and the sentence that is to be confirmed, and nothing of your answers."),
    Message("Whoever opens your application is recorded, and you see it on the page of your application."),
    Message("Nothing goes to third parties, and no page loads anything from another site."),
)
SOURCE = (
    Message("From you: what you answer and attach, and the name and address of your account."),
    Message("From a superior whom you name: whether the authorisation is given."),
    Message("From the committee: decisions, points and remarks about your application."),
)
OWED = (
    Message("You are free to apply. Without the answers that the form asks for an application cannot be judged."),
    Message(
        "No decision is taken by a program alone: people judge each application, and the order follows from their points "
        "by the formula of this notice."
    ),
)
RIGHTS = (
    Message(
        "You may see your data and take them along, have mistakes corrected, object to their use, have it restricted, and "
        "have your account erased."
    ),
    Message(
        "What the rules of public funding oblige us to keep stays until the time stated here, without your name where the "
        "rules allow it."
    ),
    Message("You may complain to the supervisory authority of your country."),
)


@dataclass(frozen=True)
class Section:
    """One part of the privacy notice: its heading, its paragraphs, and at most one table."""

    heading: Message
    lines: tuple[Said, ...]
    rows: tuple[tuple[Words, Words, Words], ...] = ()
    """Purpose, basis and time, of what is kept."""


def sections(snapshot: Mapping[str, Any]) -> tuple[Section, ...]:
    """Lay out the privacy notice as a version of the notice says it."""
    said = snapshot.get("privacy") or {}
    contact = Message("Questions about your data and requests go to {address}.", address=said.get("contact") or snapshot["contact"])
    rows = tuple((Words(one["purpose"]), Words(one["basis"]), Words(one["keep"])) for one in snapshot["held"])
    return (
        Section(Message("Who answers for your data"), (_own(said, "controller") or PARTNERS, contact)),
        Section(Message("What is kept, why, and for how long"), _times(snapshot), rows),
        Section(Message("Where the data come from"), SOURCE),
        Section(Message("Who receives them"), (*RECIPIENTS, *filter(None, [_own(said, "recipients")]))),
        Section(Message("What you have to give, and who decides"), OWED),
        Section(Message("Your rights"), (*RIGHTS, *filter(None, [_own(said, "authority")]))),
    )


def _times(snapshot: Mapping[str, Any]) -> tuple[Message, ...]:
    """Say after how many days answers are deleted; a version from before that could be set had what was promised then."""
    kept = snapshot.get("kept_days", KEPT.days)
    first = Message("Answers and files of those who get no place are deleted by themselves. Days after the final list: {n}.", n=kept)
    if "private_days" not in snapshot:
        return (first,)
    second = Message(
        "Answers that the coordinator alone reads are deleted of those who take part, too. Days after the end of the course: {n}.",
        n=snapshot["private_days"],
    )
    return first, second


def _own(said: Mapping[str, Any], key: str) -> Words | None:
    return Words(said[key]) if said.get(key) else None
