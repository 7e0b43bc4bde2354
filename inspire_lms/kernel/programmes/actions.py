"""Enrolling, withdrawing and finishing; opening programmes, editions and cohorts."""

from sqlalchemy import select, update

from inspire_lms.contracts.admission import PlaceGivenUp
from inspire_lms.kernel import audit, bus, clock
from inspire_lms.kernel.access import actions as access
from inspire_lms.kernel.access.rules import ContextKind
from inspire_lms.kernel.db import Words, session, transaction
from inspire_lms.kernel.errors import NotThere, Refused
from inspire_lms.kernel.plugin import forget
from inspire_lms.kernel.programmes import queries, rules
from inspire_lms.kernel.programmes.models import Cohort, Edition, Participation, Programme
from inspire_lms.kernel.programmes.reading import CountryContent, EditionContent, ProgrammeContent
from inspire_lms.kernel.programmes.rules import State

TRAINEE = "trainee"


def enrol(cohort_id: int, person_id: int, *, by: int | None) -> Participation:
    """Give a person one of the seats, and the role of a trainee; nothing happens when the person has one already.

    Somebody who withdrew may come back while there are seats. Raises NotThere, or Refused when all seats are taken or
    the person has finished already.
    """
    with transaction():
        cohort = _locked(cohort_id)
        known = queries.participation(cohort_id, person_id)
        state = State(known.state) if known else None
        if known and state is State.ENROLLED:
            return known
        if reason := rules.why_not_enrol(state):
            raise Refused(reason)
        _take_seat(cohort)
        taking_part = known or Participation(cohort_id=cohort_id, person_id=person_id)
        taking_part.state, taking_part.since, taking_part.until = State.ENROLLED, clock.now(), None
        session.add(taking_part)
        access.grant(person_id, TRAINEE, cohort.context_id, by=by)
        audit.record(
            "programmes.enrolled",
            ("people_person", person_id),
            by=by,
            before={"state": str(state)} if state else None,
            after={"state": "enrolled"},
            cohort_id=cohort_id,
        )
        return taking_part


def withdraw(cohort_id: int, person_id: int, *, by: int | None) -> None:
    """Free a person's seat and take the role away; nothing happens when the person withdrew before.

    Announces PlaceGivenUp. Raises NotThere, or Refused for somebody who does not take part or has finished.
    """
    with transaction():
        cohort = _locked(cohort_id)
        taking_part = queries.participation(cohort_id, person_id)
        if taking_part is not None and taking_part.state == State.WITHDRAWN:
            return
        if reason := rules.why_not_withdraw(State(taking_part.state) if taking_part else None):
            raise Refused(reason)
        _end(taking_part, State.WITHDRAWN)
        session.execute(update(Cohort).where(Cohort.id == cohort.id, Cohort.taken > 0).values(taken=Cohort.taken - 1))
        access.revoke(person_id, TRAINEE, cohort.context_id, by=by)
        audit.record(
            "programmes.withdrawn",
            ("people_person", person_id),
            by=by,
            before={"state": "enrolled"},
            after={"state": "withdrawn"},
            cohort_id=cohort_id,
        )
        bus.announce(PlaceGivenUp(cohort_id=cohort_id, person_id=person_id))


def finish(cohort_id: int, person_id: int, *, by: int | None) -> None:
    """Say that a person has finished; the seat counts as used and the person keeps seeing the own path.

    Nothing happens when it was said before. Raises NotThere, or Refused for somebody who does not take part.
    """
    with transaction():
        _locked(cohort_id)
        taking_part = queries.participation(cohort_id, person_id)
        if taking_part is not None and taking_part.state == State.FINISHED:
            return
        if reason := rules.why_not_finish(State(taking_part.state) if taking_part else None):
            raise Refused(reason)
        _end(taking_part, State.FINISHED)
        audit.record(
            "programmes.finished",
            ("people_person", person_id),
            by=by,
            before={"state": "enrolled"},
            after={"state": "finished"},
            cohort_id=cohort_id,
        )


def _locked(cohort_id: int) -> Cohort:
    """Load a cohort so that two deeds about its seats follow each other, on PostgreSQL too."""
    cohort = session.scalar(select(Cohort).where(Cohort.id == cohort_id).with_for_update().execution_options(populate_existing=True))
    if cohort is None:
        raise NotThere
    return cohort


def _take_seat(cohort: Cohort) -> None:
    """Count one seat more as taken, if there is one: the table has the last word."""
    seats = cohort.seats
    taken = session.execute(update(Cohort).where(Cohort.id == cohort.id, Cohort.taken < Cohort.seats).values(taken=Cohort.taken + 1))
    if taken.rowcount == 0:  # type: ignore[attr-defined]  # an update has a count
        raise Refused(rules.why_full(seats))


def _end(taking_part: Participation | None, state: State) -> None:
    if taking_part is not None:
        taking_part.state, taking_part.until = state, max(clock.now(), taking_part.since)


def open_programme(part: ProgrammeContent) -> Programme:
    """Store a programme, or bring its texts up to date."""
    with transaction():
        programme = queries.programme_with(part.code)
        if programme is None:
            programme = Programme(code=part.code, context_id=access.open_context(ContextKind.PROGRAMME, access.system()))
            session.add(programme)
        programme.title, programme.aim = Words(part.title), Words(part.aim)
        session.flush()
        return programme


def open_edition(part: EditionContent, programme_id: int, framework_id: int, *, by: int | None) -> Edition:
    """Store an edition, or bring it up to date."""
    with transaction():
        edition = queries.edition_with(part.code)
        if edition is None:
            edition = Edition(code=part.code)
            session.add(edition)
        edition.programme_id, edition.framework_id = programme_id, framework_id
        edition.title, edition.role_title = Words(part.title), Words(part.role_title)
        edition.about, edition.audience, edition.funding = Words(part.about), Words(part.audience), Words(part.funding)
        edition.starts_on, edition.ends_on, edition.is_sample = part.starts_on, part.ends_on, part.is_sample
        edition.loaded_at, edition.loaded_by = clock.now(), by
        session.flush()
        audit.record("programmes.loaded", ("programmes_edition", edition.id), by=by, after={"code": part.code})
        forget()
        return edition


def open_cohort(part: CountryContent, edition: Edition, programme_context: int) -> Cohort:
    """Store the cohort of a country, or bring it up to date; whether it may change was asked before."""
    with transaction():
        cohort = session.scalar(select(Cohort).where(Cohort.edition_id == edition.id, Cohort.country == part.code))
        if cohort is None:
            context = access.open_context(ContextKind.COHORT, programme_context)
            cohort = Cohort(edition_id=edition.id, context_id=context, country=part.code, taken=0)
            session.add(cohort)
        cohort.country_name, cohort.language = Words(part.name), part.language
        cohort.zone, cohort.zone_name, cohort.seats = part.zone, Words(part.zone_name), part.seats
        session.flush()
        return cohort
