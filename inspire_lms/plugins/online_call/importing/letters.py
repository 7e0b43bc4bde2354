"""The receipts of applications that came on paper."""

from typing import Any

from inspire_lms.kernel import mail
from inspire_lms.kernel.db import transaction
from inspire_lms.kernel.errors import Message, NotThere, When
from inspire_lms.kernel.people import queries as people
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.applying.letters import mailed, post
from inspire_lms.plugins.online_call.importing import queries
from inspire_lms.plugins.online_call.models import Application


def receipts(import_id: int, first: int, last: int) -> None:
    """Write the receipts of the rows from *first* to *last* of an import; the work of online_call.receipts. Done twice it is done once."""
    with transaction():
        for application in queries.by_row(import_id, first, last):
            receipt(application)


def receipt(application: Application) -> None:
    """Send the receipt: number, when it was received, and what was entered. Who has no password is told how to choose one."""
    call = application.call
    zone = call.cohort.zone
    person = people.person(application.person_id)
    if person is None:
        raise NotThere
    copied = applying.copy_of(call.form, application.answers, {}, only=mailed(application))
    facts: list[tuple[Message, Any]] = [
        (Message("Protocol number"), application.protocol_number),
        (Message("Received on paper"), When(application.submitted_at or application.saved_at, zone)),
        (Message("Entered on this site"), When(application.saved_at, zone)),
        (Message("Call"), call.title),
        *((Message("{words}", words=label), answer) for section in copied for label, answer in section.lines),
    ]
    lines = [
        Message("We have received your application on paper, and its answers were entered here by the coordination of the course."),
        Message("Please compare the copy below with your paper. If something is not right, write to {contact}.", contact=call.contact),
        Message("By {day} you will know whether it meets the conditions for taking part.", day=call.checked_by),
    ]
    if person.password_hash is None:
        lines.append(Message("An account with this address has been prepared, without a password. Set one to see your application."))
        button = (Message("Set a password"), mail.link("sign_in.forgotten"))
    else:
        button = (Message("See your application"), mail.link("online_call.follow", application_id=application.id))
    post(
        application.person_id,
        call=call,
        key=f"online_call.receipt:{application.id}",
        subject=Message("Your application {number} has arrived", number=application.protocol_number),
        lines=tuple(lines),
        facts=tuple(facts),
        button=button,
    )
