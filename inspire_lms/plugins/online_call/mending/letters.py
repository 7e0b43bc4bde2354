"""Mails about mending."""

from typing import Any

from inspire_lms.kernel import mail
from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message, When
from inspire_lms.plugins.online_call.applying.letters import post
from inspire_lms.plugins.online_call.mending import queries
from inspire_lms.plugins.online_call.mending.models import Mending
from inspire_lms.plugins.online_call.models import Application


def asked(mending: Mending, application: Application) -> None:
    """Ask an applicant to mend: what, why, until when, and where."""
    until = When(mending.until, application.call.cohort.zone)
    wanted = [(Message("Asked for"), Words(each.label)) for each in queries.asked_for(mending, application.call)]
    _send(
        application,
        key="mend",
        subject=Message("Your application {number}: please mend it by {until}", number=application.protocol_number, until=until),
        lines=(
            Message("Something in your application is missing or cannot be read. You can mend it once, by {until}.", until=until),
            Message("After that the application is decided on as it is."),
        ),
        facts=(*wanted, (Message("What the coordinator writes"), mending.sentence)),
        button=(Message("Mend the application"), mail.link("online_call.mend", application_id=application.id)),
    )


def mended(mending: Mending, application: Application) -> None:
    """Confirm that an application was mended."""
    at = When(mending.mended_at or mending.until, application.call.cohort.zone)
    _send(
        application,
        key="mended",
        subject=Message("Your application {number} is mended", number=application.protocol_number),
        lines=(Message("We have received what was asked for. What you had sent before is kept beside it."),),
        facts=((Message("Received, by the clock of our server"), at),),
        button=(Message("See your application"), mail.link("online_call.follow", application_id=application.id)),
    )


def _send(application: Application, *, key: str, **letter: Any) -> None:  # noqa: ANN401 (fields of a letter)
    post(application.person_id, call=application.call, key=f"online_call.{key}:{application.id}", **letter)
