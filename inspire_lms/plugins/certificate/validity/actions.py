"""Telling holders that a certificate ends: once 60 days before, once on the day after."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from inspire_lms.kernel import clock, mail
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.plugin import is_on_for_cohort
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.plugins.certificate.models import Certificate
from inspire_lms.plugins.certificate.rules import State
from inspire_lms.plugins.certificate.validity import letters
from inspire_lms.plugins.certificate.validity.rules import TOLD_BEFORE, day_in, has_ended, may_renew

LATE = timedelta(days=30)
"""For how long after the end the letter is caught up on, when nobody worked off the schedule; later it would only astonish."""
A_DAY = timedelta(days=1)
"""By which zones differ at most."""


def tell_of_ends() -> None:
    """Write to those whose certificate ends soon or has ended, each once. One that was renewed or given up tells nobody anything."""
    now = clock.now()
    with transaction():
        ending = _ending(now.date())
        zones = {cohort.id: cohort.zone for cohort in programmes.cohorts_with(sorted({one.cohort_id for one in ending}))}
        days = {cohort_id: day_in(zone, now) for cohort_id, zone in zones.items()}
        due = [(one, has_ended(one.expires_on, days[one.cohort_id])) for one in ending if may_renew(one.expires_on, days[one.cohort_id])]
        written = mail.written(letters.key_of(one.id, has_ended=is_over) for one, is_over in due)
        for one, is_over in due:
            if letters.key_of(one.id, has_ended=is_over) not in written and is_on_for_cohort("certificate", one.cohort_id):
                mail.queue((letters.ended if is_over else letters.ends)(one, zones[one.cohort_id]))


def _ending(today: date) -> Sequence[Certificate]:
    """Give the certificates that end within 60 days or ended lately, but for those with a later one of the same kind."""
    chosen = (
        select(Certificate)
        .join(Person, Person.id == Certificate.person_id)
        .where(Certificate.state == State.VALID, Person.erased_at.is_(None))
        .where(Certificate.expires_on.between(today - LATE - A_DAY, today + TOLD_BEFORE + A_DAY))
        .order_by(Certificate.id)
    )
    found = session.scalars(chosen).all()
    holders = {one.person_id for one in found}
    last = {
        (row.person_id, row.cohort_id, row.kind): row.id
        for row in session.execute(
            select(Certificate.person_id, Certificate.cohort_id, Certificate.kind, Certificate.id)
            .where(Certificate.person_id.in_(holders), Certificate.state == State.VALID)
            .order_by(Certificate.id)
        )
    }
    return [one for one in found if last[one.person_id, one.cohort_id, one.kind] == one.id]
