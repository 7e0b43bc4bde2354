"""The mail at the end of the reserve list."""

from inspire_lms.kernel import mail
from inspire_lms.kernel.errors import Message, When
from inspire_lms.plugins.online_call.applying.letters import post
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.offering.models import Place


def ended(place: Place, application: Application) -> None:
    """Tell somebody who waited that the reserve list has ended."""
    call = application.call
    # The version of the call is part of the key: a letter that was dropped because the list was prolonged is written again at its next end.
    post(
        application.person_id,
        key=f"online_call.reserve-ended:{place.id}:{call.version}",
        call=call,
        subject=Message("The reserve list has ended: application {number}", number=application.protocol_number),
        lines=(
            Message(
                "The reserve list ended on {moment}. Until then no place became free for you, and nobody is called up any more.",
                moment=When(call.reserve_until, call.cohort.zone),
            ),
            Message("You need not do anything. Your points and your position stand on the page of your application."),
            Message("Questions go to {contact}.", contact=call.contact),
        ),
        facts=((Message("Protocol number"), application.protocol_number), (Message("Call"), call.title)),
        button=(Message("See your application"), mail.link("online_call.follow", application_id=application.id)),
    )
