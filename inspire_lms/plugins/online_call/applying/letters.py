"""Mails to applicants about their application."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from inspire_lms.kernel import mail
from inspire_lms.kernel.db import Words, session
from inspire_lms.kernel.errors import Message, NotThere, When
from inspire_lms.plugins.online_call.applying import queries
from inspire_lms.plugins.online_call.models import Application, Attachment, Call, Outcome
from inspire_lms.plugins.online_call.posting import queries as posting
from inspire_lms.plugins.online_call.posting.kinds import kind_of
from inspire_lms.plugins.online_call.posting.models import Letter
from inspire_lms.plugins.online_call.questions import Question, all_questions, form_of


def receipt(
    application: Application, attached: Mapping[str, Attachment], by_link: Collection[str] = (), dropped: Sequence[Question] = ()
) -> None:
    """Send the receipt: number, server time, and a copy of every answer but those for the coordinator alone.

    *dropped* are the questions whose answers were not kept, because they are not asked after the others.
    """
    call = application.call
    copied = queries.copy_of(call.form, application.answers, attached, only=mailed(application), by_link=by_link)
    facts: list[tuple[Message, Any]] = [
        (Message("Protocol number"), application.protocol_number),
        (Message("Received, by the clock of our server"), _moment(application)),
        (Message("Call"), call.title),
        *((_label(label), answer) for section in copied for label, answer in section.lines),
    ]
    lines = [
        Message("We have received your application. This mail is your receipt; it holds a copy of your answers."),
        Message("By {day} you will know whether it meets the conditions for taking part.", day=call.checked_by),
    ]
    if any(each.is_private and application.answers.get(each.code) for each in all_questions(form_of(call.form))):
        lines.append(Message("What only the coordinator reads is not repeated in this mail; it stands on the page of your application."))
    if dropped:
        labels = queries.one_after_the_other([Words(each.label) for each in dropped])
        facts.append((Message("Not kept, since it is not asked after your other answers"), labels))
    _send(
        application,
        key="receipt",
        subject=Message("Your application {number} has arrived", number=application.protocol_number),
        lines=tuple(lines),
        facts=tuple(facts),
    )


def mailed(application: Application) -> set[str]:
    """Give the questions whose answers may stand in a mail: not those that only the coordinator reads, since mails are seen by others."""
    return {each.code for each in all_questions(form_of(application.call.form)) if not each.is_private}


def not_eligible(application: Application, failed: Sequence[Outcome]) -> None:
    """Tell an applicant that the application cannot take part, and exactly why."""
    facts: list[tuple[Message, Any]] = [(_label(each.title), each.reason) for each in failed]
    if application.decision_note:
        facts.append((Message("What the coordinator writes"), application.decision_note))
    _send(
        application,
        key=f"not-eligible:{application.decided_at:%Y%m%d%H%M%S}",
        subject=Message("Your application {number} does not meet a condition", number=application.protocol_number),
        lines=(
            Message("Your application was checked against the conditions of the call. It cannot take part; the reason stands below."),
            Message("If this is a mistake, write to {contact}.", contact=application.call.contact),
        ),
        facts=tuple(facts),
    )


def eligible_after_all(application: Application) -> None:
    """Tell an applicant who was rejected that the application takes part."""
    note = application.decision_note
    _send(
        application,
        key=f"eligible:{application.decided_at:%Y%m%d%H%M%S}",
        subject=Message("Your application {number} takes part in the selection", number=application.protocol_number),
        lines=(
            Message("Your application was looked at once more. The earlier decision no longer holds: it takes part in the selection."),
            Message("Places are offered by {day}.", day=application.call.ranked_by),
        ),
        facts=((Message("What the coordinator writes"), note),) if note else (),
    )


def withdrawn(application: Application) -> None:
    """Confirm that an application was withdrawn."""
    _send(
        application,
        key="withdrawn",
        subject=Message("Your application {number} is withdrawn", number=application.protocol_number),
        lines=(Message("You have withdrawn your application. It takes no further part in the selection."),),
        facts=((Message("Withdrawn"), When(application.withdrawn_at or application.saved_at, application.call.cohort.zone)),),
    )


def _moment(application: Application) -> When:
    return When(application.submitted_at or application.saved_at, application.call.cohort.zone, to_the_second=True)


def _label(words: Words) -> Message:
    return Message("{words}", words=words)


def _send(
    application: Application, *, key: str, subject: Message, lines: tuple[Message, ...], facts: tuple[tuple[Message, Any], ...]
) -> None:
    post(
        application.person_id,
        call=application.call,
        key=f"online_call.{key}:{application.id}",
        subject=subject,
        lines=lines,
        facts=facts,
        button=(Message("See your application"), mail.link("online_call.follow", application_id=application.id)),
    )


def post(person_id: int, *, call: Call, key: str, message_id: int | None = None, **letter: Any) -> None:  # noqa: ANN401 (fields of a letter)
    """Write a letter about a call to a person, as mail.letter_to takes it; nothing to an account that was erased.

    An application outlives the account, and the deed that the letter tells of must not fail for all the others. What kind of letter
    it is stands in *key*; one that may wait does so while the letters of the call are held back. Raises KeyError for a kind that
    is not declared.
    """
    kind = kind_of(key)
    try:
        addressed = mail.letter_to(person_id, key=key, zone=call.cohort.zone, **letter)
    except NotThere:
        return
    letterbox = posting.letterbox(call.id) if kind.why_at_once is None else None
    mail_id = mail.queue(addressed, is_held=letterbox is not None and letterbox.is_closed)
    if mail_id is not None and kind.is_to_applicants:
        session.add(Letter(mail_id=mail_id, call_id=call.id, kind=kind.code, message_id=message_id))
        session.flush()
