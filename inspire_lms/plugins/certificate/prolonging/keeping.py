"""Keeping a later form of a certificate's file, and forgetting all of them."""

from datetime import datetime

from sqlalchemy import select

from inspire_lms.kernel import audit, clock, files
from inspire_lms.kernel.db import session
from inspire_lms.plugins.certificate import queries
from inspire_lms.plugins.certificate.models import Certificate, Prolonged
from inspire_lms.plugins.certificate.prolonging.queries import Form, latest_file
from inspire_lms.plugins.certificate.rules import Level, State


def open_form(certificate_id: int) -> Form | None:
    """Give the latest form of a certificate that may be given another; None when it was revoked, replaced, or its holder erased."""
    certificate = queries.certificate(certificate_id)
    if certificate is None or certificate.state != State.VALID or queries.is_erased(certificate.person_id):
        return None
    return latest_file(certificate)


def keep(certificate_id: int, pdf: bytes, level: Level, *, of: Form, ends_at: datetime | None) -> bool:
    """Keep a later form that was made *of* an earlier one; inside a transaction. Says whether it was kept.

    It is not when the certificate has changed meanwhile, or another made one first. The overtaken later form is forgotten and its
    digest stays; the file that was issued stays for ever.
    """
    certificate = session.get(Certificate, certificate_id, with_for_update=True, populate_existing=True)
    now = open_form(certificate_id)
    if certificate is None or now is None or now.digest != of.digest:
        return False
    kept = files.keep_own(pdf, f"{certificate.number}.pdf", files.PDF, by=None)
    forget(certificate_id)
    session.add(
        Prolonged(certificate_id=certificate_id, level=level, file_id=kept.id, digest=kept.digest, made_at=clock.now(), ends_at=ends_at)
    )
    session.flush()
    audit.record(
        "certificate.prolonged",
        ("certificate_certificate", certificate_id),
        by=None,
        about=certificate.person_id,
        cohort_id=certificate.cohort_id,
        before={"level": of.level, "digest": of.digest},
        after={"level": level, "digest": kept.digest, "ends_at": ends_at},
    )
    return True


def forget(certificate_id: int) -> None:
    """Forget the later forms of a certificate's file; their digests stay, so that a copy is still recognised. Inside a transaction."""
    chosen = select(Prolonged).where(Prolonged.certificate_id == certificate_id, Prolonged.file_id.is_not(None))
    for form in session.scalars(chosen):
        file_id, form.file_id = form.file_id, None
        session.flush()
        if file_id is not None:
            files.forget(file_id)
