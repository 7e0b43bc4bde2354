"""Mails about corrections."""

from typing import Any

from inspire_lms.kernel import mail
from inspire_lms.kernel.errors import Message
from inspire_lms.plugins.online_call.applying.letters import post
from inspire_lms.plugins.online_call.correcting.models import Correction
from inspire_lms.plugins.online_call.correcting.moves import Move
from inspire_lms.plugins.online_call.correcting.rules import CorrectionState
from inspire_lms.plugins.online_call.models import Application, Review
from inspire_lms.plugins.online_call.offering.models import Place
from inspire_lms.plugins.online_call.publishing.models import Publication
from inspire_lms.plugins.online_call.rules import Standing
from inspire_lms.plugins.online_call.seconding.actions import whom_to_ask


def proposed(correction: Correction) -> None:
    """Ask for a second person."""
    application = correction.application
    for person_id in whom_to_ask(correction):
        _send(
            person_id,
            application,
            key=f"proposed:{correction.id}:{person_id}",
            subject=Message("A correction about application {number} waits for a second person", number=application.protocol_number),
            lines=(
                Message("It is proposed to open this application again although the final list is published."),
                Message("Nothing is open before somebody else confirms it."),
            ),
            more=((Message("The reason"), correction.reason),),
            button=(Message("See the correction"), mail.link("online_call.correction", cohort_id=application.cohort_id)),
        )


def answered(correction: Correction) -> None:
    """Tell who proposed it what the second person answered."""
    number = correction.application.protocol_number
    confirmed = Message("Application {number} is open again, as you proposed", number=number)
    returned = Message("Your proposal on application {number} was sent back", number=number)
    is_confirmed = correction.state == CorrectionState.REOPENED
    _send(
        correction.proposed_by_id,
        correction.application,
        key=f"answered:{correction.id}",
        subject=confirmed if is_confirmed else returned,
        lines=(
            Message("It is evaluated or decided on anew; then a corrected list can be published.")
            if is_confirmed
            else Message("Nothing was opened."),
        ),
        more=((Message("What the second person writes"), correction.answer),) if correction.answer else (),
        button=(Message("See the correction"), mail.link("online_call.correction", cohort_id=correction.cohort_id)),
    )


def evaluate_anew(correction: Correction, review: Review) -> None:
    """Ask an evaluator to evaluate anew, with the reason."""
    number = correction.application.protocol_number
    _send(
        review.evaluator_id,
        correction.application,
        key=f"anew:{correction.id}:{review.id}",
        subject=Message("Please evaluate application {number} anew", number=number),
        lines=(
            Message("The application was opened again after the final list."),
            Message("The points that you gave stand in the form; keep them or change them."),
        ),
        more=((Message("The reason"), correction.reason),),
        button=(Message("Evaluate"), mail.link("online_call.review", review_id=review.id)),
    )


def corrected(place: Place, application: Application, move: Move, publication: Publication) -> None:
    """Tell somebody that the corrected list says something else about the own application, and what follows."""
    _send(
        application.person_id,
        application,
        key=f"corrected:{publication.id}:{place.id}",
        subject=Message("The ranking was corrected: your application {number}", number=application.protocol_number),
        lines=(
            Message("A corrected final list replaces the one before. Your position in it is {n}.", n=place.position),
            _what_follows(place, move),
        ),
        button=(Message("See your application"), mail.link("online_call.follow", application_id=application.id)),
    )


def _what_follows(place: Place, move: Move) -> Message:
    if place.standing == Standing.OFFERED:
        return Message("A place is offered to you; a mail of its own says until when to answer.")
    if move.is_wronged:
        return Message(
            "By the corrected list a place would have been offered to you. Those who hold a place keep it: "
            "you get the next one that becomes free."
        )
    if place.standing == Standing.RESERVE:
        return Message("You are on the reserve list and are called up by the corrected order. Whoever holds a place keeps it.")
    if place.standing == Standing.UNSUITABLE:
        return Message("The points do not suffice for a place or for the reserve list.")
    return Message("What became of your offer stays as it is.")


def _send(person_id: int, application: Application, *, key: str, more: tuple[tuple[Message, Any], ...] = (), **letter: Any) -> None:  # noqa: ANN401
    call = application.call
    facts: tuple[tuple[Message, Any], ...] = ((Message("Protocol number"), application.protocol_number), (Message("Call"), call.title))
    post(person_id, key=f"online_call.correction-{key}", call=call, facts=facts + more, **letter)
