"""Forms of the register."""

import hashlib
from typing import Any

from inspire_lms.kernel.errors import Message, counted
from inspire_lms.kernel.files import CSV, JSON, TEXT
from inspire_lms.kernel.web.forms import Choice, Form, LongText, MomentField, Upload
from inspire_lms.plugins.webinar.attendance.importing import Waiting
from inspire_lms.plugins.webinar.reports.matching import Match
from inspire_lms.plugins.webinar.reports.meeting import LARGEST_REPORT
from inspire_lms.plugins.webinar.rules import LONGEST_REASON

NOBODY = "nobody"
REASON = LongText(Message("Reason"), most=LONGEST_REASON, rows=3, hint=Message("It stays visible on the register."))


class StrikeForm(Form):
    """Why a connection does not count."""

    reason = REASON


def report_form(zone: str, zones: dict[str, str]) -> Form:
    """Ask for the report of a meeting tool, and on which clocks its times are."""
    return Form.built(
        {
            "report": Upload(
                Message("Report of the meeting tool"),
                allow=(CSV, TEXT, JSON),
                most_bytes=LARGEST_REPORT,
                hint=Message("Zoom and Teams: the attendance report as CSV. BigBlueButton: the learning analytics report as JSON."),
            ),
            "zone": Choice(
                Message("The times in the report are"),
                options=zones,
                as_select=True,
                hint=Message("Meeting tools use the clocks of whoever downloads the report. BigBlueButton says the time without doubt."),
            ),
        },
        {"zone": zone},
    )


def hand_form(zone: str, starts_at: Any, ends_at: Any) -> Form:  # noqa: ANN401 (moments)
    """Ask for a connection that is entered by hand."""
    return Form.built(
        {
            "came": MomentField(Message("From"), zone=zone),
            "left": MomentField(Message("Until"), zone=zone),
            "reason": REASON,
        },
        {"came": starts_at, "left": ends_at},
    )


def who_form(found: Waiting) -> Form:
    """Ask of each participant who it is: those in doubt first, without an answer; then those that are sure, answered."""
    people = {str(person_id): name for person_id, name in found.people.items()}
    doubtful = [each for each in found.matches if each.doubt]
    sure = [each for each in found.matches if not each.doubt]
    fields, initial = {}, {}
    for each in [*doubtful, *sure]:
        first = {str(person_id): people[str(person_id)] for person_id in each.proposals if str(person_id) in people}
        options: dict[str, Any] = {**first, **people, NOBODY: Message("Nobody of this group")}
        fields[field_name(each)] = Choice(Message("{name}", name=_called(each)), options=options, as_select=True, hint=_hint(each))
        initial[field_name(each)] = _proposed(each, found)
    return Form.built(fields, initial)


def answers(form: Form, found: Waiting) -> dict[str, int | None]:
    """Give the answers by the participant's key."""
    return {each.participant.key: _person(form.values[field_name(each)]) for each in found.matches}


def field_name(each: Match) -> str:
    """Name the field of a participant by who it is: the order changes when somebody joins the group while the page is open."""
    return f"who_{hashlib.sha256(each.participant.key.encode()).hexdigest()[:16]}"


def _person(answer: str) -> int | None:
    return None if answer == NOBODY else int(answer)


def _called(each: Match) -> str:
    one = each.participant
    return f"{one.name}, {one.email}" if one.name and one.email else one.name or one.email


def _proposed(each: Match, found: Waiting) -> str:
    """Choose what is sure, or what was answered earlier; anything else is left open."""
    answered = found.answers.get(each.participant.key)
    chosen = each.person_id or (answered if answered in found.people else None)
    return "" if chosen is None else str(chosen)


def _hint(each: Match) -> Message:
    minutes = sum(int((one.left_at - one.came_at).total_seconds()) for one in each.participant.connections) // 60
    connected = counted("Connected for {n} minute.", "Connected for {n} minutes.", n=minutes)
    return Message("{doubt} {connected}", doubt=each.doubt, connected=connected) if each.doubt else connected
