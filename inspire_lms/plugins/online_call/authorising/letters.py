"""Mails to superiors, and to applicants about what became of a request."""

from typing import Any

from inspire_lms.kernel import mail
from inspire_lms.kernel.errors import Message, When
from inspire_lms.kernel.people import queries as people
from inspire_lms.plugins.online_call.applying.letters import post
from inspire_lms.plugins.online_call.authorising import queries, rules
from inspire_lms.plugins.online_call.authorising.models import Authorisation


def key(digest: str) -> str:
    """Name the mail with the link whose token has this digest; an earlier row with the same number had another."""
    return f"online_call.authorise:{digest[:40]}"


def ask(asked: Authorisation, token: str) -> None:
    """Ask a superior. Who asks stands in the text, not in the subject, which stays when the mail is emptied."""
    _to_superior(
        asked,
        token,
        Message("Your authorisation is asked for"),
        Message("{name} applies for a course and has named you as the superior who can authorise it.", name=_who_asks(asked)),
        Message("Opening the link changes nothing. You read there what is asked, and then give or refuse the authorisation."),
        Message("If you are not this person’s superior, do nothing: the link dies by itself, and at most one reminder follows."),
    )


def remind(asked: Authorisation, token: str) -> None:
    """Remind a superior, once."""
    _to_superior(
        asked,
        token,
        Message("Reminder: your authorisation is asked for"),
        Message("{name} applies for a course and still waits for your answer.", name=_who_asks(asked)),
        Message("Both links, in this mail and in the first one, work until the moment below. No further reminder follows."),
    )


def _who_asks(asked: Authorisation) -> str:
    """Name the applicant; by the address when what stands in the account as a name is more than one, since it goes to a stranger."""
    person = people.person(asked.application.person_id)
    if person is None:
        return ""
    return person.email if rules.why_no_name(person.name) else person.name


def _to_superior(asked: Authorisation, token: str, subject: Message, *lines: Message) -> None:
    call = asked.application.call
    mail.queue(
        mail.Letter(
            None,
            asked.email,
            asked.name,
            asked.language,
            call.cohort.zone,
            key=key(queries.digest(token)),
            subject=subject,
            lines=lines,
            facts=(
                (Message("Course"), call.cohort.edition.title),
                (Message("Call"), call.title),
                (Message("The link works once, until"), When(asked.expires_at, call.cohort.zone)),
            ),
            button=(Message("Read and answer"), mail.link("online_call.authorise", token=token, language=asked.language)),
        )
    )


def given(asked: Authorisation) -> None:
    """Tell an applicant that the authorisation is given."""
    _to_applicant(asked, Message("Your authorisation is given"), Message("Your superior has given the authorisation."))


def refused(asked: Authorisation) -> None:
    """Tell an applicant that the authorisation is refused; the reason stands on the page alone."""
    _to_applicant(
        asked,
        Message("Your authorisation is refused"),
        Message("Your superior has refused the authorisation. A reason, if there is one, stands on the page of your application."),
        Message("There you also read whether you can ask again, and until when."),
    )


def expired(asked: Authorisation) -> None:
    """Tell an applicant that nobody has answered."""
    _to_applicant(
        asked,
        Message("Your superior has not answered"),
        Message("The link that was sent to your superior does not work any more, and nobody has answered."),
        Message("On the page of your application you read whether you can ask again, and until when."),
    )


def _to_applicant(asked: Authorisation, subject: Message, *lines: Message) -> None:
    application = asked.application
    facts: list[tuple[Message, Any]] = [(Message("Call"), application.call.title)]
    if application.protocol_number:
        facts.append((Message("Protocol number"), application.protocol_number))
    post(
        application.person_id,
        key=f"online_call.authorisation-{asked.state}:{asked.digest[:40]}",
        call=application.call,
        subject=subject,
        lines=lines,
        facts=tuple(facts),
        button=(Message("See your application"), mail.link("online_call.follow", application_id=application.id)),
    )
