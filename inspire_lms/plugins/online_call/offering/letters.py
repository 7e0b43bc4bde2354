"""Mails about places."""

from decimal import Decimal

from inspire_lms.kernel import mail
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Message, When
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.answering import links
from inspire_lms.plugins.online_call.applying.letters import post
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.offering.models import Place

KEEP_TO_YOURSELF = Message("The page that opens asks for your answer, without a password. Do not pass this mail on.")


def offer(place: Place, application: Application) -> None:
    """Offer a place: until when, and where to answer. Opening the link changes nothing."""
    until = _until(place, application)
    _send(
        place,
        application,
        key="offer",
        subject=Message("A place is offered to you: answer by {until}", until=until),
        lines=(
            Message("Your application {number} was selected. A place in the course is kept for you.", number=application.protocol_number),
            Message("Accept it or decline it by {until}. After that it goes to the next person on the reserve list.", until=until),
            KEEP_TO_YOURSELF,
        ),
        button=_to_answer(place, application),
    )


def reminder(place: Place, application: Application) -> None:
    """Remind somebody that an offer is about to lapse."""
    until = _until(place, application)
    _send(
        place,
        application,
        key="reminder",
        subject=Message("Your place lapses on {until}", until=until),
        lines=(
            Message("A place in the course is still kept for you, and you have not answered yet. It lapses on {until}.", until=until),
            KEEP_TO_YOURSELF,
        ),
        button=_to_answer(place, application),
    )


def lapsed(place: Place, application: Application) -> None:
    """Tell somebody that the offer has lapsed."""
    until = _until(place, application)
    lines = (Message("You did not answer by {until}. The place goes to the next person, as long as the reserve list lasts.", until=until),)
    _send(place, application, key="lapsed", subject=Message("The offer of a place has lapsed"), lines=lines)


def reserve(place: Place, application: Application) -> None:
    """Tell somebody about a place on the reserve list; nothing that a tie or a quota would make untrue."""
    called = Message("If a place becomes free you are called up in the order of the ranking, and you get a mail at once.")
    by_quotas = Message("If a place becomes free it is given by the rules of the call; when it is your turn you get a mail at once.")
    _send(
        place,
        application,
        key="reserve",
        subject=Message("Your application {number} is on the reserve list", number=application.protocol_number),
        lines=(
            Message("All places have been offered by the rules of the call. Your application is on the reserve list."),
            by_quotas if application.call.quotas else called,
        ),
    )


def unsuitable(place: Place, application: Application) -> None:
    """Tell somebody that the points do not suffice."""
    _send(
        place,
        application,
        key="unsuitable",
        subject=Message("Your application {number} was not selected", number=application.protocol_number),
        lines=(
            Message(
                "Your application has {total} points. At least {least} are needed for a place or for the reserve list.",
                total=place.total.quantize(Decimal("0.01")),
                least=application.call.suitable_from,
            ),
            Message("On the page of your application you see the points for each criterion."),
            Message("If this is a mistake, write to {contact}.", contact=application.call.contact),
        ),
    )


def accepted(place: Place, application: Application) -> None:
    """Confirm that a place was accepted."""
    _send(
        place,
        application,
        key="accepted",
        subject=Message("You have a place in the course"),
        lines=(
            Message("You have accepted your place and are a participant of the course from now on."),
            Message("The dates of the webinars, with an invitation for your calendar, come in separate mails."),
        ),
        button=(Message("Go to the course"), mail.link("pages.home")),
    )


def declined(place: Place, application: Application) -> None:
    """Confirm that an offer was declined."""
    lines = (Message("You have declined the place. It goes to the next person, as long as the reserve list lasts."),)
    _send(place, application, key="declined", subject=Message("You have declined your place"), lines=lines)


def _until(place: Place, application: Application) -> When:
    return When(place.offer_until or application.call.reserve_until, application.call.cohort.zone)


def _to_answer(place: Place, application: Application) -> tuple[Message, str]:
    language = session.get_one(Person, application.person_id).language
    return Message("Answer the offer"), links.link(place, language)


def _send(
    place: Place,
    application: Application,
    *,
    key: str,
    subject: Message,
    lines: tuple[Message, ...],
    button: tuple[Message, str] | None = None,
) -> None:
    # The moment of the offer is part of the key: a second offer, after the reserve list, is a letter of its own.
    round_ = f"{place.offered_at:%Y%m%d%H%M%S}" if place.offered_at else "0"
    post(
        application.person_id,
        key=f"online_call.{key}:{place.id}:{round_}",
        call=application.call,
        subject=subject,
        lines=lines,
        facts=((Message("Protocol number"), application.protocol_number), (Message("Call"), application.call.title)),
        button=button or (Message("See your application"), mail.link("online_call.follow", application_id=application.id)),
    )
