"""Mails between the two people who decide."""

from typing import Any

from inspire_lms.kernel import mail
from inspire_lms.kernel.errors import Message
from inspire_lms.plugins.online_call.applying.letters import post
from inspire_lms.plugins.online_call.overriding.models import Override
from inspire_lms.plugins.online_call.overriding.rules import OverrideState
from inspire_lms.plugins.online_call.seconding.actions import whom_to_ask


def proposed(override: Override) -> None:
    """Ask for a second person."""
    number = override.application.protocol_number
    for person_id in whom_to_ask(override):
        _send(
            person_id,
            override,
            key=f"proposed:{override.id}:{person_id}",
            subject=Message("A decision on application {number} waits for a second person", number=number),
            lines=(
                Message("It is proposed to decide other than the rules of eligibility did. Nothing holds before it is confirmed."),
                Message("Look at the application, then confirm the decision or send it back with a sentence."),
            ),
        )


def answered(override: Override) -> None:
    """Tell who proposed it what the second person answered."""
    is_confirmed = override.state == OverrideState.CONFIRMED
    number = override.application.protocol_number
    confirmed = Message("Your decision on application {number} is confirmed", number=number)
    returned = Message("Your proposal on application {number} was sent back", number=number)
    _send(
        override.proposed_by_id,
        override,
        key=f"answered:{override.id}",
        subject=confirmed if is_confirmed else returned,
        lines=(Message("It is in force, and the applicant is told.") if is_confirmed else Message("Nothing was decided."),),
        more=((Message("What the second person writes"), override.answer),) if override.answer else (),
    )


def _send(person_id: int, override: Override, *, more: tuple[Any, ...] = (), **letter: Any) -> None:  # noqa: ANN401
    application, call = override.application, override.application.call
    facts: tuple[tuple[Message, Any], ...] = (
        (Message("Protocol number"), application.protocol_number),
        (Message("Call"), call.title),
        (Message("Country"), call.cohort.country_name),
    )
    button = (Message("See the decision"), mail.link("online_call.answer_override", override_id=override.id))
    key = f"online_call.override-{letter.pop('key')}"
    post(person_id, call=call, key=key, facts=facts + more, button=button, **letter)
