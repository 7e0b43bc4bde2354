"""What no dates of a call can be, whatever the day: said while the edition file is read. What is odd, and can be, says applying.dates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from inspire_lms.kernel.errors import Reason, When
from inspire_lms.kernel.programmes.edition_file import Table
from inspire_lms.kernel.programmes.working_days import working_days_later
from inspire_lms.plugins.online_call.posting import rules
from inspire_lms.plugins.online_call.posting.rules import To
from inspire_lms.plugins.online_call.posting.terms import Announcement
from inspire_lms.plugins.online_call.seeing.phases import JudgingPhase


@dataclass(frozen=True)
class Dates:
    """The dates of a call as the file states them, by the names that they have in a CallPart."""

    opens_at: datetime
    closes_at: datetime
    checked_by: date
    ranked_by: date
    reserve_until: datetime
    offer_days: int
    remind_hours: int
    draft_remind_hours: int
    appeal_days: int
    public_until: date | None
    phases: Sequence[JudgingPhase]
    messages: Sequence[Announcement]

    @classmethod
    def of(cls, part: Any) -> Self:  # noqa: ANN401 (a CallPart, which is made above this module)
        """Take the dates out of what the file states."""
        return cls(**{each.name: getattr(part, each.name) for each in fields(cls)})


def refuse(call: Table, country: str, part: Dates) -> None:
    """Note at their keys what the dates of a call cannot be; what was read wrongly is left alone."""
    for key, reason in (*_hours(call, part), *_days(call, country, part)):
        call.problem(key, reason)
    _refuse_phases(call, part)
    _refuse_messages(call, part)


def why_not_remind(hours: int, offer_days: int) -> Reason | None:
    """Say why offers cannot be reminded of so many *hours* before they lapse."""
    if hours < offer_days * 24:
        return None
    return Reason(
        "“remind_hours” ({hours}) is not less than the hours of “offer_days” ({most}): the reminder would go out with the offer itself.",
        hours=hours, most=offer_days * 24,
    )  # fmt: skip


def why_not_appeal(country: str, checked_by: date, ranked_by: date, appeal_days: int) -> Reason | None:
    """Say why the time to appeal does not fit: with a provisional list on the last day of the check it ends after the final list is due."""
    until = working_days_later(country, checked_by, appeal_days)
    if until <= ranked_by:
        return None
    return Reason(
        "With a list on “checked_by” one may appeal until {day}, after “ranked_by”: take fewer “appeal_days”, or a later “ranked_by”.",
        day=until,
    )


def is_empty_at(to: To, due_at: datetime, opens_at: datetime, closes_at: datetime) -> bool:
    """Say whether nobody can belong to a group at *due_at*: drafts end with the call, and what follows it has not begun."""
    match to:
        case To.DRAFTS:
            return not opens_at < due_at < closes_at
        case To.SUBMITTED:
            return due_at <= opens_at
        case _:
            return due_at <= closes_at


def _hours(call: Table, part: Dates) -> Iterator[tuple[str, Reason]]:
    if call.is_right("offer_days") and (reason := why_not_remind(part.remind_hours, part.offer_days)):
        yield ("remind_hours" if call.has("remind_hours") else "offer_days"), reason
    if _are_right(call, "opens", "closes") and part.opens_at < part.closes_at <= part.opens_at + timedelta(hours=part.draft_remind_hours):
        key = "draft_remind_hours" if call.has("draft_remind_hours") else "closes"
        hours = part.draft_remind_hours
        yield key, Reason("“draft_remind_hours” ({hours}) reaches back to “opens”: nobody could ask to be reminded.", hours=hours)


def _days(call: Table, country: str, part: Dates) -> Iterator[tuple[str, Reason]]:
    if part.public_until and _are_right(call, "public_until", "ranked_by") and part.public_until < part.ranked_by:
        yield "public_until", _lies_before("public_until", "ranked_by")
    in_order = _are_right(call, "checked_by", "ranked_by", "appeal_days") and part.checked_by <= part.ranked_by
    if part.appeal_days and in_order and (reason := why_not_appeal(country, part.checked_by, part.ranked_by, part.appeal_days)):
        yield "appeal_days", reason


def _refuse_phases(call: Table, part: Dates) -> None:
    """Refuse evaluations before the closing or after the last day for the offers; their order is looked at where they are read."""
    for table, phase in zip(call.tables("phase"), part.phases, strict=True):
        if not table.is_right("from"):
            continue
        if call.is_right("closes") and phase.begins_at < part.closes_at:
            table.problem("from", _lies_before("from", "closes"))
        if call.is_right("ranked_by") and phase.begins_at.astimezone(ZoneInfo(call.zone)).date() > part.ranked_by:
            table.problem("from", _lies_before("ranked_by", "from"))


def _refuse_messages(call: Table, part: Dates) -> None:
    """Refuse to announce something to a group in which nobody can be at that moment."""
    if not _are_right(call, "opens", "closes"):
        return
    for table, message in zip(call.tables("message"), part.messages, strict=True):
        when = table.table("when")
        if not (_are_right(when, "days", "of") and _are_right(table, "at", "to") and call.is_right(message.of)):
            continue
        due_at = rules.due(_date_of(part, message), zone=call.zone, days=message.days, clock=message.at)
        if is_empty_at(message.to, due_at, part.opens_at, part.closes_at):
            table.problem(
                "when",
                Reason(
                    "This would go out on {moment}, when nobody can belong to “{to}”: choose another date or another group.",
                    moment=When(due_at, call.zone), to=str(message.to),
                ),
            )  # fmt: skip


def _date_of(part: Dates, message: Announcement) -> datetime | date:
    of: dict[str, datetime | date] = {
        "opens": part.opens_at, "closes": part.closes_at, "checked_by": part.checked_by, "ranked_by": part.ranked_by,
        "reserve_until": part.reserve_until,
    }  # fmt: skip
    return of[message.of]


def _are_right(table: Table, *keys: str) -> bool:
    return all(table.is_right(key) for key in keys)


def _lies_before(later: str, earlier: str) -> Reason:
    return Reason("“{later}” lies before “{earlier}”.", later=later, earlier=earlier)
