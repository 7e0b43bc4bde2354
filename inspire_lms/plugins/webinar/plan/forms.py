"""Forms of the plan."""

from collections.abc import Mapping
from typing import Any

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.forms import Choices, Form, LongText, MomentField, Text, Whole
from inspire_lms.plugins.webinar.planning import LEAST_MINUTES, MOST_MINUTES
from inspire_lms.plugins.webinar.rules import LONGEST_REASON

HIGHEST_NUMBER = 99


def webinar_form(zone: str, trainers: Mapping[int, str], initial: Mapping[str, Any], *, is_new: bool, is_published: bool) -> Form:
    """Make the form of one webinar: number and title when it is new, the reason when people were told of it."""
    fields: dict[str, Any] = {}
    if is_new:
        fields["number"] = Whole(Message("Number"), least=1, most=HIGHEST_NUMBER)
        fields["title"] = Text(
            Message("Title"), most=200, optional=True, hint=Message("Leave it empty to take the title of the unit with this number.")
        )
    fields["starts"] = MomentField(Message("Start"), zone=zone, hint=Message("On the clocks of the country."))
    fields["minutes"] = Whole(Message("Length in minutes"), least=LEAST_MINUTES, most=MOST_MINUTES)
    if trainers:
        names = {str(person_id): name for person_id, name in trainers.items()}
        fields["leaders"] = Choices(Message("Led by"), options=names, optional=True)
    fields["link"] = Text(Message("Address of the meeting for trainees"), most=400, optional=True, hint=Message("It begins with https://."))
    fields["host_link"] = Text(
        Message("Address with which the trainer starts the meeting"), most=400, optional=True, hint=Message("No trainee ever sees it.")
    )
    if is_published:
        fields["reason"] = reason_field(optional=True)
    return Form.built(fields, initial)


def reason_field(*, optional: bool = False) -> LongText:
    """Ask for a reason that those concerned will read."""
    hint = (
        Message("Needed when the time or the trainers change. Everybody who is invited reads it.")
        if optional
        else Message("Everybody who is invited reads it.")
    )
    return LongText(Message("Reason"), most=LONGEST_REASON, rows=3, optional=optional, hint=hint)


class CancelForm(Form):
    """Why a webinar is cancelled."""

    reason = reason_field()
