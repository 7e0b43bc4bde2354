"""What must hold of everything that was ever issued: each file is the one whose digest stands in the register, each chain leads on."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import aliased

from inspire_lms.kernel import files
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import NotThere
from inspire_lms.plugins.certificate.models import Certificate, Prolonged, Revocation
from inspire_lms.plugins.certificate.rules import State


def stored_files() -> Iterator[str]:
    """Say which kept files, later forms included, are missing or are not what was issued. Reads every one, one after the other."""
    issued = select(Certificate.number, Certificate.digest).where(Certificate.file_id.is_not(None), Certificate.digest.is_not(None))
    later = select(Certificate.number, Prolonged.digest).join(Prolonged, Prolonged.certificate_id == Certificate.id)
    for number, digest in (*session.execute(issued), *session.execute(later.where(Prolonged.file_id.is_not(None)))):
        try:
            content = files.content_of(digest)
        except (NotThere, OSError):
            yield f"the file of {number} is missing"
            continue
        if hashlib.sha256(content).hexdigest() != digest:
            yield f"the file of {number} is not what was issued"


def chains() -> Iterator[str]:
    """Say which certificates ended without a reason, or were replaced by nothing, or go on although another took their place."""
    after = aliased(Certificate)
    rows = session.execute(
        select(Certificate.number, Certificate.state, Revocation.id, after.state)
        .outerjoin(Revocation, Revocation.certificate_id == Certificate.id)
        .outerjoin(after, after.replaces_id == Certificate.id)
        .order_by(Certificate.id)
    )
    for number, state, reason, successor in rows:
        has_ended = state in {State.REPLACED, State.REVOKED}
        if has_ended is (reason is None):
            yield f"{number} is {state} and {'says not why' if has_ended else 'says why it ended'}"
        if (state == State.REPLACED) is (successor is None):
            yield f"{number} is {state} and {'nothing' if successor is None else 'another'} took its place"
