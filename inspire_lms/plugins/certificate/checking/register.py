"""What our register says about a file that somebody has: whose it is, and which of its forms."""

from dataclasses import dataclass

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import joinedload

from inspire_lms.kernel.db import session
from inspire_lms.plugins.certificate.models import Certificate, Prolonged


@dataclass(frozen=True)
class Form:
    """One of the files that we have made of a certificate."""

    certificate: Certificate
    level: str
    digest: str
    is_first: bool
    """Whether it is the file as it was issued; else a time stamp was added to it later."""
    is_kept: bool
    """Whether we keep it still; its digest stays in the register for ever."""


# Made once: putting a statement together costs more than running it, and a program may ask about thousands of files.
_IS_FIRST = (Certificate.digest == bindparam("digest")) & Certificate.issued_at.is_not(None)
_IS_LATER = Prolonged.digest == bindparam("digest")
_IS_KNOWN = select(or_(exists().where(_IS_FIRST), exists().where(_IS_LATER)))
_FIRST = select(Certificate).options(joinedload(Certificate.revocation)).where(_IS_FIRST)
_LATER = (
    select(Certificate, Prolonged)
    .join(Prolonged, Prolonged.certificate_id == Certificate.id)
    .options(joinedload(Certificate.revocation))
    .where(_IS_LATER)
)


def is_known(digest: str) -> bool:
    """Say whether a file with this SHA-256 is one of ours, in whatever form; one short statement."""
    return bool(session.scalar(_IS_KNOWN, {"digest": digest}))


def by_digest(digest: str) -> Form | None:
    """Find the file with this SHA-256, in whatever form we have made it; one statement for a file as it was issued."""
    first = session.scalar(_FIRST, {"digest": digest})
    if first is not None:
        return _as_issued(first)
    row = session.execute(_LATER, {"digest": digest}).first()
    return _later(*row) if row else None


def forms(certificate: Certificate) -> list[Form]:
    """List all files that we have made of an issued certificate, the first one first."""
    later = session.scalars(select(Prolonged).where(Prolonged.certificate_id == certificate.id).order_by(Prolonged.id))
    return [_as_issued(certificate), *(_later(certificate, one) for one in later)]


def _as_issued(certificate: Certificate) -> Form:
    return Form(certificate, certificate.level, certificate.digest or "", is_first=True, is_kept=certificate.file_id is not None)


def _later(certificate: Certificate, one: Prolonged) -> Form:
    return Form(certificate, one.level, one.digest, is_first=False, is_kept=one.file_id is not None)
