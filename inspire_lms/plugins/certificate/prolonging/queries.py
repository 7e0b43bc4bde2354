"""The forms of a certificate's file: which is the latest, and which certificates are due for another."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from inspire_lms.kernel.db import session
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.certificate.models import Certificate, Prolonged
from inspire_lms.plugins.certificate.rules import Level, State

TRY_FOR = timedelta(days=90)
"""How long a first time stamp and that of the archive are tried for; what hinders them for so long does not pass by itself."""
RENEW = timedelta(days=90)
"""How long before the last time stamp ends a new one is set over it."""


@dataclass(frozen=True)
class Form:
    """One form of a certificate's file."""

    level: str
    file_id: int
    digest: str
    ends_at: datetime | None = None
    """Until when its last time stamp can be checked; None for the first form, of which nothing says."""


@dataclass(frozen=True)
class Due:
    """A certificate whose file should be given another form."""

    certificate_id: int
    level: str
    """Of the latest form."""
    since: datetime
    """Since when there is this form."""
    ends_at: datetime | None


def latest_file(certificate: Certificate) -> Form | None:
    """Give the form that is handed out: the latest. None when nothing is issued yet, or the holder's account was erased."""
    if certificate.file_id is None or certificate.digest is None:
        return None
    later = session.scalars(
        select(Prolonged)
        .where(Prolonged.certificate_id == certificate.id, Prolonged.file_id.is_not(None))
        .order_by(Prolonged.id.desc())
        .limit(1)
    ).first()
    if later is None or later.file_id is None:
        return Form(certificate.level, certificate.file_id, certificate.digest)
    return Form(later.level, later.file_id, later.digest, later.ends_at)


def due(*, at: datetime, today: date, only: Collection[int] | None = None) -> list[Due]:
    """List the certificates that are due for another form, or those among *only*, in the order of their numbers.

    Valid ones of people whose account is there, not past their own end: B-B and B-T as long as they are young, B-LTA when its last
    time stamp is about to end and has not.
    """
    chosen = _latest().order_by(Certificate.id)
    form = chosen.selected_columns
    young = func.coalesce(form.made_at, Certificate.issued_at) > at - TRY_FOR
    ending = (form.ends_at <= at + RENEW) & (form.ends_at > at)
    level = func.coalesce(form.later, Certificate.level)
    wanted = chosen.where(
        Certificate.state == State.VALID,
        Certificate.file_id.is_not(None),
        or_(Certificate.expires_on.is_(None), Certificate.expires_on >= today),
        Person.erased_at.is_(None),
        ((level != Level.B_LTA) & young) | ((level == Level.B_LTA) & ending),
    )
    if only is not None:
        wanted = wanted.where(Certificate.id.in_(only))
    return [Due(row.id, row.later or row.level, row.made_at or row.issued_at, row.ends_at) for row in session.execute(wanted)]


def _latest() -> Select[int, str, datetime | None, str | None, datetime | None, datetime | None]:
    """Choose the certificates with level, time and end of their latest later form, none when there is none."""
    form = aliased(Prolonged)
    newest = select(func.max(Prolonged.id)).where(Prolonged.certificate_id == Certificate.id).correlate(Certificate).scalar_subquery()
    return (
        select(Certificate.id, Certificate.level, Certificate.issued_at, form.level.label("later"), form.made_at, form.ends_at)
        .join(Person, Person.id == Certificate.person_id)
        .outerjoin(form, form.id == newest)
    )
