"""What we write to trainees and holders; each letter goes out once."""

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.mail import letter_to, link, queue
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.certificate.appealing import letters as appealing
from inspire_lms.plugins.certificate.models import Certificate, Revocation
from inspire_lms.plugins.certificate.naming import letters as naming
from inspire_lms.plugins.certificate.naming.rules import Printed
from inspire_lms.plugins.certificate.rules import KIND_NAMES


def all_is_met(cohort: Cohort, person_id: int, *, asked: Printed | None) -> None:
    """Tell a trainee that everything is there and the decision comes next; ask whether the name is right, when it is *asked* now."""
    see_more = (Message("See where you stand"), link("pages.home"))
    queue(
        letter_to(
            person_id,
            key=f"certificate.met:{cohort.id}:{person_id}",
            subject=Message("You have met all that the certificate asks for"),
            lines=(
                Message("Everything that the certificate of {course} asks for is complete.", course=cohort.edition.title),
                Message("The coordinator of your country now decides about your certificate. We write to you when it is issued."),
                *((Message("It will carry your name as it stands here."), naming.PLEASE) if asked else ()),
            ),
            facts=naming.facts(asked) if asked else (),
            button=naming.button(cohort) if asked else see_more,
            zone=cohort.zone,
        )
    )


def issued(certificate: Certificate, zone: str, *, is_replacement: bool) -> None:
    """Tell a holder that the certificate can be downloaded."""
    first = (
        Message("Your certificate has been issued again with a new number. The one before is not valid any more.")
        if is_replacement
        else Message("Your certificate has been issued.")
    )
    queue(
        letter_to(
            certificate.person_id,
            key=f"certificate.issued:{certificate.id}",
            subject=Message("Your certificate {number}", number=certificate.number),
            lines=(
                first,
                Message(
                    "It is a sealed PDF. Whoever gets it from you can check it without an account, "
                    "by the QR code or by dropping the file on our check page."
                ),
            ),
            facts=(
                (Message("Document"), KIND_NAMES[certificate.kind]),
                (Message("Number"), certificate.number),
                (Message("Date of issue"), certificate.issued_on),
            ),
            button=(Message("Download the certificate"), link("certificate.mine", certificate_id=certificate.id)),
            zone=zone,
        )
    )


def revoked(certificate: Certificate, revocation: Revocation, cohort: Cohort) -> None:
    """Tell a holder that the certificate is not valid any more, why, and how to appeal."""
    until = revocation.appeal_until
    queue(
        letter_to(
            certificate.person_id,
            key=f"certificate.revoked:{certificate.id}",
            subject=Message("Your certificate {number} has been revoked", number=certificate.number),
            lines=(
                Message(
                    "The certificate {number} is not valid any more. Whoever checks it is told so, with this reason:",
                    number=certificate.number,
                ),
                Message("{reason}", reason=revocation.reason),
                *((appealing.appeal_until(until, cohort.zone),) if until else ()),
            ),
            button=appealing.link_to(revocation),
            zone=cohort.zone,
        )
    )
