"""Asking for the name, and taking the answer."""

from collections.abc import Mapping

from sqlalchemy import delete, select

from inspire_lms.kernel import audit, clock, mail
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Reason, Refused
from inspire_lms.kernel.jobs import later
from inspire_lms.kernel.people import profile
from inspire_lms.kernel.plugin import is_on_for_cohort
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.certificate import queries as certificates
from inspire_lms.plugins.certificate.models import Batch, Certificate, NameConfirmation, Refusal
from inspire_lms.plugins.certificate.naming import letters, queries
from inspire_lms.plugins.certificate.naming.queries import OwnName
from inspire_lms.plugins.certificate.naming.rules import REMIND_AFTER, Answer, Printed, why_not_confirm, why_not_printable


def ask(cohort: Cohort, person_id: int) -> None:
    """Note that a member is asked about the name, and remind them later. Inside a transaction; whoever calls writes the letter."""
    session.add(NameConfirmation(cohort_id=cohort.id, person_id=person_id, asked_at=clock.now()))
    session.flush()
    key = f"certificate.remind_of_name:{cohort.id}:{person_id}"
    later("certificate.remind_of_name", key=key, at=clock.now() + REMIND_AFTER, cohort_id=cohort.id, person_id=person_id)


def confirm(cohort_id: int, person_id: int, shown: Printed) -> None:
    """Keep that a member has confirmed the name that was *shown*.

    Raises NotThere when nobody has asked, Refused when the decision was taken, when the account has another name, or when a
    letter cannot be printed.
    """
    with transaction():
        own = _loaded(cohort_id, person_id)
        if reason := why_not_confirm(shown, own.printed, is_decided=own.is_decided) or _why_not_printable(own.printed):
            raise Refused(reason)
        _keep(own)


def correct(cohort_id: int, person_id: int, **names: str) -> None:
    """Change the names of the account, and keep them as confirmed.

    *names* are given_name, family_name, latin_given_name and latin_family_name. Raises Invalid with the field and the letter
    that cannot be printed, and as the profile does; Refused when the decision was taken.
    """
    with transaction():
        own = _loaded(cohort_id, person_id)
        if reason := why_not_confirm(own.printed, own.printed, is_decided=own.is_decided):
            raise Refused(reason)
        _refuse_unprintable(names)
        profile.change_profile(person_id, language=own.person.language, zone=own.person.zone, **names)
        _keep(_loaded(cohort_id, person_id))


def remind(cohort_id: int, person_id: int) -> None:
    """Remind a member who has not answered; nothing happens once somebody has decided about them."""
    with transaction():
        cohort, own = programmes.cohort(cohort_id), queries.own(cohort_id, person_id)
        if cohort and own and own.answer is Answer.WAITING and not _was_decided(cohort_id, person_id):
            mail.queue(letters.reminder(cohort, person_id, own.printed))


def ask_all() -> None:
    """Ask whoever should have been asked and was not, and once more those whose account has another name than they confirmed."""
    for cohort_id in certificates.cohorts_that_certify(None):
        if is_on_for_cohort("certificate", cohort_id):
            with transaction():
                _ask_in(cohort_id)


def forget(person_id: int) -> None:
    """Forget what a person has answered. Inside a transaction."""
    session.execute(delete(NameConfirmation).where(NameConfirmation.person_id == person_id))


def merge(from_id: int, to_id: int) -> None:
    """Let the answers of one account be those of another; where both were asked, an answer stands before none. Inside a transaction."""
    own = {one.cohort_id: one for one in session.scalars(select(NameConfirmation).where(NameConfirmation.person_id == to_id))}
    for one in session.scalars(select(NameConfirmation).where(NameConfirmation.person_id == from_id)).all():
        other = own.get(one.cohort_id)
        if other is None:
            one.person_id = to_id
            continue
        if other.name is None:
            other.confirmed_at, other.name, other.latin_name = one.confirmed_at, one.name, one.latin_name
        session.delete(one)
    session.flush()


def _ask_in(cohort_id: int) -> None:
    cohort = programmes.cohort(cohort_id)
    if cohort is None:
        return
    settled = queries.settled(cohort_id)
    for one in queries.of_cohort(cohort_id).values():
        if one.earned is None or one.person_id in settled:
            continue
        if one.answer is Answer.NOT_ASKED:
            ask(cohort, one.person_id)
            mail.queue(letters.question(cohort, one.person_id, one.printed))
        elif one.answer is Answer.CHANGED:
            mail.queue(letters.once_more(cohort, one.person_id, one.printed))


def _loaded(cohort_id: int, person_id: int) -> OwnName:
    own = queries.own(cohort_id, person_id)
    if own is None:
        raise NotThere
    return own


def _keep(own: OwnName) -> None:
    kept, kept.confirmed_at = own.confirmation, clock.now()
    kept.name, kept.latin_name = own.printed
    session.flush()
    audit.record(
        "certificate.name-confirmed",
        ("certificate_name_confirmation", kept.id),
        by=own.person.id,
        about=own.person.id,
        cohort_id=own.cohort_id,
    )


def _why_not_printable(printed: Printed) -> Reason | None:
    return why_not_printable(queries.lacking_letters(printed))


def _refuse_unprintable(names: Mapping[str, str]) -> None:
    """Name each field with a letter that cannot be printed. Raises Invalid."""
    lacking = {
        field: queries.lacking_in_latin(text) if field.startswith("latin") else queries.lacking_in_name(text)
        for field, text in names.items()
    }
    reasons = {field: reason for field, letters_ in lacking.items() if (reason := why_not_printable(letters_))}
    if reasons:
        raise Invalid(reasons)


def _was_decided(cohort_id: int, person_id: int) -> bool:
    """Say whether somebody has decided about a member, whatever was decided."""
    given = select(Certificate.id).where(Certificate.cohort_id == cohort_id, Certificate.person_id == person_id)
    refused = select(Refusal.id).join(Batch, Batch.id == Refusal.batch_id)
    refused = refused.where(Batch.cohort_id == cohort_id, Refusal.person_id == person_id)
    return any(session.scalar(one.limit(1)) is not None for one in (given, refused))
