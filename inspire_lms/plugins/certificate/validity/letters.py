"""What we write to holders when a certificate ends; each letter goes out once."""

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.mail import Letter, letter_to, link
from inspire_lms.plugins.certificate.models import Certificate
from inspire_lms.plugins.certificate.rules import KIND_NAMES

_ANEW = Message(
    "A certificate is not made longer. If you want another one, write to the coordinator of your country: "
    "somebody then decides again about what is on record."
)


def ends(certificate: Certificate, zone: str) -> Letter:
    """Tell a holder when the certificate ends."""
    return letter_to(
        certificate.person_id,
        key=key_of(certificate.id, has_ended=False),
        subject=Message("Your certificate {number} ends on {day}", number=certificate.number, day=certificate.expires_on),
        lines=(
            Message("Your certificate {number} is valid until {day}.", number=certificate.number, day=certificate.expires_on),
            _ANEW,
        ),
        facts=_facts(certificate),
        button=(Message("See your certificates"), link("pages.home")),
        zone=zone,
    )


def ended(certificate: Certificate, zone: str) -> Letter:
    """Tell a holder that the certificate has ended."""
    return letter_to(
        certificate.person_id,
        key=key_of(certificate.id, has_ended=True),
        subject=Message("Your certificate {number} has expired", number=certificate.number),
        lines=(
            Message("Your certificate {number} was valid until {day}.", number=certificate.number, day=certificate.expires_on),
            Message("It is not revoked: whoever checks it reads that it was valid, and until when."),
            _ANEW,
        ),
        facts=_facts(certificate),
        button=(Message("See your certificates"), link("pages.home")),
        zone=zone,
    )


def key_of(certificate_id: int, *, has_ended: bool) -> str:
    """Give the key under which a letter is written once."""
    return f"certificate.{'ended' if has_ended else 'ends'}:{certificate_id}"


def _facts(certificate: Certificate) -> tuple[tuple[Message, object], ...]:
    return (
        (Message("Document"), KIND_NAMES[certificate.kind]),
        (Message("Number"), certificate.number),
        (Message("Valid until"), certificate.expires_on),
    )
