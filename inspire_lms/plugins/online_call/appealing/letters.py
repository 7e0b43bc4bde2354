"""Mails about appeals."""

from typing import Any

from inspire_lms.kernel import mail
from inspire_lms.kernel.errors import Message, When
from inspire_lms.plugins.online_call.appealing import queries
from inspire_lms.plugins.online_call.appealing.models import Appeal
from inspire_lms.plugins.online_call.appealing.rules import About, AppealState
from inspire_lms.plugins.online_call.applying.letters import post
from inspire_lms.plugins.online_call.models import Review
from inspire_lms.plugins.online_call.recusing import queries as recusing


def received(appeal: Appeal) -> None:
    """Give the applicant the receipt, and ask those who may answer."""
    filed_at = When(appeal.filed_at, appeal.application.call.cohort.zone, to_the_second=True)
    _to_applicant(
        appeal,
        key="received",
        subject=Message("We have received your appeal {number}", number=appeal.label),
        lines=(
            Message("This mail is your receipt. You can withdraw the appeal until it is answered."),
            Message("It is answered by somebody who had no part in what you appeal against; the answer says why."),
        ),
        more=((Message("Received, by the clock of our server"), filed_at),),
    )
    for person_id in _who_may_answer(appeal):
        _send(
            person_id,
            appeal,
            key=f"to-answer:{person_id}",
            subject=Message("The appeal {number} waits for an answer", number=appeal.label),
            lines=(Message("The final list can be published when every appeal is answered."),),
            button=(Message("See the appeal"), mail.link("online_call.answer_appeal", appeal_id=appeal.id)),
        )


def withdrawn(appeal: Appeal) -> None:
    """Confirm that an appeal was withdrawn."""
    lines = (Message("You have withdrawn your appeal. The result stays as it is."),)
    _to_applicant(appeal, key="withdrawn", subject=Message("Your appeal {number} is withdrawn", number=appeal.label), lines=lines)


def answered(appeal: Appeal) -> None:
    """Tell the applicant the answer, with its reason and with what follows."""
    is_upheld = appeal.state == AppealState.UPHELD
    upheld = Message("Your appeal {number} is upheld", number=appeal.label)
    _to_applicant(
        appeal,
        key="answered",
        subject=upheld if is_upheld else Message("Your appeal {number} is dismissed", number=appeal.label),
        lines=(what_follows(appeal),),
        more=((Message("The reason"), appeal.answer),),
    )


def what_follows(appeal: Appeal) -> Message:
    """Say what follows from an answer."""
    if appeal.state != AppealState.UPHELD:
        return Message("The result stays as it is in the provisional list.")
    if appeal.about == About.ELIGIBILITY:
        return Message("Whether your application meets the conditions is decided anew.")
    return Message("Your application is evaluated anew; the final list says with what result.")


def evaluate_anew(appeal: Appeal, review: Review) -> None:
    """Ask an evaluator to evaluate anew, with the reason that the appeal was upheld."""
    _send(
        review.evaluator_id,
        appeal,
        key=f"anew:{review.id}",
        subject=Message("Please evaluate application {number} anew", number=appeal.application.protocol_number),
        lines=(Message("An appeal about the points was upheld. The points that you gave stand in the form; keep them or change them."),),
        more=((Message("The reason"), appeal.answer),),
        button=(Message("Evaluate"), mail.link("online_call.review", review_id=review.id)),
    )


def _who_may_answer(appeal: Appeal) -> list[int]:
    """List the coordinators of the country who had no part; where there is none, who looks after the platform."""
    return recusing.who_may(appeal.application, queries.took_part(appeal))


def _to_applicant(appeal: Appeal, **letter: Any) -> None:  # noqa: ANN401 (fields of a letter)
    button = (Message("See your application"), mail.link("online_call.follow", application_id=appeal.application_id))
    _send(appeal.application.person_id, appeal, button=button, **letter)


def _send(person_id: int, appeal: Appeal, *, key: str, more: tuple[tuple[Message, Any], ...] = (), **letter: Any) -> None:  # noqa: ANN401
    call = appeal.application.call
    facts: tuple[tuple[Message, Any], ...] = ((Message("Number of the appeal"), appeal.label), (Message("Call"), call.title))
    post(person_id, key=f"online_call.appeal-{key}:{appeal.id}", call=call, facts=facts + more, **letter)
