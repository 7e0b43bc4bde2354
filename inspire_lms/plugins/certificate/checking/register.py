"""What our register says about a file that somebody has: whose it is, and which of its forms."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from inspire_lms.kernel.db import session
from inspire_lms.plugins.certificate.models import Certificate, Prolonged


@dataclass(frozen=True)
class Form:
    """One of the files that we have made of a certificate."""

    certificate: Certificate
    level: str
    is_first: bool
    """Whether it is the file as it was issued; else a time stamp was added to it later."""
    is_kept: bool
    """Whether we keep it still; its digest stays in the register for ever."""


# Made once: putting a statement together costs more than running it, and a program may ask about thousands of files.
_FIRST = (
    select(Certificate)
    .options(joinedload(Certificate.revocation))
    .where(Certificate.digest == bindparam("digest"), Certificate.issued_at.is_not(None))
)
_LATER = (
    select(Certificate, Prolonged)
    .join(Prolonged, Prolonged.certificate_id == Certificate.id)
    .options(joinedload(Certificate.revocation))
    .where(Prolonged.digest == bindparam("digest"))
)


def by_digest(digest: str) -> Form | None:
    """Find the file with this SHA-256, in whatever form we have made it; one statement for a file as it was issued."""
    first = session.scalar(_FIRST, {"digest": digest})
    if first is not None:
        return Form(first, first.level, is_first=True, is_kept=first.file_id is not None)
    row = session.execute(_LATER, {"digest": digest}).first()
    if row is None:
        return None
    certificate, later = row
    return Form(certificate, later.level, is_first=False, is_kept=later.file_id is not None)
