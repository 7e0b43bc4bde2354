"""What we write about the name; each letter goes out once."""

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.mail import Letter, letter_to, link
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.certificate.naming.rules import Printed

PLEASE = Message("Please confirm it, or correct it, so that it is as in your documents. What has been issued is not changed any more.")


def question(cohort: Cohort, person_id: int, printed: Printed) -> Letter:
    """Ask whether the name is right."""
    return letter_to(
        person_id,
        key=f"certificate.name:{cohort.id}:{person_id}",
        subject=Message("Is this the name for your certificate?"),
        lines=(
            Message("The certificate of {course} will carry your name as it stands here.", course=cohort.edition.title),
            PLEASE,
        ),
        facts=facts(printed),
        button=button(cohort),
        zone=cohort.zone,
    )


def once_more(cohort: Cohort, person_id: int, printed: Printed) -> Letter:
    """Ask again, since the account has another name than the one that was confirmed."""
    return letter_to(
        person_id,
        key=key_of_once_more(cohort.id, person_id),
        subject=Message("Your name has changed: is this the name for your certificate?"),
        lines=(
            Message(
                "Your account has another name now than the one that you confirmed for the certificate of {course}.",
                course=cohort.edition.title,
            ),
            PLEASE,
        ),
        facts=facts(printed),
        button=button(cohort),
        zone=cohort.zone,
    )


def reminder(cohort: Cohort, person_id: int, printed: Printed) -> Letter:
    """Remind somebody who has not answered."""
    return letter_to(
        person_id,
        key=f"certificate.name-reminder:{cohort.id}:{person_id}",
        subject=Message("Please confirm the name for your certificate"),
        lines=(
            Message(
                "You have not said yet whether the name is right that the certificate of {course} will carry.", course=cohort.edition.title
            ),
            Message(
                "The coordinator of your country sees that you have not answered, and may wait with the decision about your certificate."
            ),
        ),
        facts=facts(printed),
        button=button(cohort),
        zone=cohort.zone,
    )


def key_of_once_more(cohort_id: int, person_id: int) -> str:
    """Give the key of the letter that asks again: nobody gets it twice."""
    return f"certificate.name-changed:{cohort_id}:{person_id}"


def facts(printed: Printed) -> tuple[tuple[Message, str], ...]:
    """Give the name in both forms."""
    return ((Message("The name that will be printed"), printed.name), (Message("In Latin letters"), printed.latin_name))


def button(cohort: Cohort) -> tuple[Message, str]:
    """Lead to the page on which one answers."""
    return Message("Confirm or correct the name"), link("certificate.name", cohort_id=cohort.id)
