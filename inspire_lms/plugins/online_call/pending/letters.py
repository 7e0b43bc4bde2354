"""The mail that reminds an evaluator; it names no applicant."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from inspire_lms.kernel import clock, mail
from inspire_lms.kernel.errors import Message, When, counted
from inspire_lms.plugins.online_call.applying.letters import post
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.pending.rules import Until


def remind(call: Call, person_id: int, number: int, until: Until | None) -> None:
    """Write to an evaluator how many evaluations are still to be given, and until when."""
    facts: tuple[tuple[Message, object], ...] = ((Message("Call"), call.title), (Message("Country"), call.cohort.country_name))
    post(
        person_id,
        key=f"online_call.asked-reminder:{_today(call, person_id)}",
        call=call,
        subject=counted("{n} application still waits for your evaluation", "{n} applications still wait for your evaluation", n=number),
        lines=(
            _time(until, clock.now()),
            Message("If you cannot evaluate an application, step back or abstain on its page; somebody else is asked then."),
        ),
        facts=facts,
        button=(Message("Evaluate"), mail.link("online_call.reviews")),
    )


def reminded_today(call: Call, person_ids: Iterable[int]) -> set[int]:
    """Say who of these has been reminded today."""
    keys = {f"online_call.asked-reminder:{_today(call, each)}": each for each in person_ids}
    return {keys[each] for each in mail.written(keys)}


def _time(until: Until | None, at: datetime) -> Message:
    if until is None:
        return Message("Please give what is still missing.")
    shown: When | date = until.shown
    if at < until.over_at:
        return Message("Please give what is still missing. The time for it ends on {until}.", until=shown)
    return Message("Please give what is still missing. The time for it ended on {until}; the selection waits for it.", until=shown)


def _today(call: Call, person_id: int) -> str:
    """Name the letter of today: a key that was used writes nothing, so there is one a day by the calendar of the country."""
    today = clock.now().astimezone(ZoneInfo(call.cohort.zone)).date()
    return f"{call.id}:{person_id}:{today:%Y%m%d}"
