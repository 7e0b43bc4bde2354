"""The part of a call that says what is announced: [[call.message]] for all countries, [[country.call.message]] for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from string import Formatter

from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.programmes.edition_file import Table
from inspire_lms.plugins.online_call.posting.rules import FARTHEST, To

DATES = ("opens", "closes", "checked_by", "ranked_by", "reserve_until")
"""The dates of a call by which something can be announced, as the edition file names them."""
PLACEHOLDERS = ("title", "number", "deadline", "contact")
"""What may stand in braces: the call, the protocol number, the date that is announced, the address for questions."""
MOST = 20
"""Announcements of one call."""


@dataclass(frozen=True)
class Announcement:
    """An announcement as the file states it."""

    code: str
    days: int
    of: str
    at: time
    to: To
    subject: dict[str, str]
    text: dict[str, str]


def read(call: Table) -> tuple[Announcement, ...]:
    """Read what is announced in a call."""
    found = tuple(_announcement(each) for each in call.tables("message"))
    codes = [each.code for each in found]
    for code in sorted({code for code in codes if codes.count(code) > 1 and code}):
        call.problem("message", Reason("The code “{code}” stands twice.", code=code))
    if len(found) > MOST:
        call.problem("message", Reason("At most {most} messages can be announced.", most=MOST))
    return found


def _announcement(table: Table) -> Announcement:
    when, to = table.table("when"), To(table.choice("to", [str(each) for each in To]))
    made = Announcement(
        code=table.code("code"),
        days=when.whole("days", least=-FARTHEST, most=FARTHEST),
        of=when.choice("of", DATES),
        at=table.clock_time("at"),
        to=to,
        subject=table.words("subject", most=150),
        text=table.words("text"),
    )
    allowed = [each for each in PLACEHOLDERS if each != "number" or to is not To.DRAFTS]
    for key, words in (("subject", made.subject), ("text", made.text)):
        for reason in sorted({str(each): each for text in words.values() if (each := why_not_fill(text, allowed))}.items()):
            table.problem(key, reason[1])
    return made


def why_not_fill(text: str, allowed: Sequence[str]) -> Reason | None:
    """Say why a text cannot be filled; a brace that is meant as a brace is written twice."""
    listed = ", ".join(f"{{{each}}}" for each in allowed)
    try:
        found = [(name, spec, change) for _before, name, spec, change in Formatter().parse(text) if name is not None]
    except ValueError:
        return Reason("A brace is open or closed alone; in braces may stand {allowed}.", allowed=listed)
    for name, spec, change in found:
        if name not in allowed or spec or change:
            return Reason("“{name}” may not stand in braces here; what may is {allowed}.", name=name, allowed=listed)
    return None
