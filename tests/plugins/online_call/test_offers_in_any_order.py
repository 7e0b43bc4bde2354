"""Whatever people do with their offers, in whatever order: never too many, in the order of the ranking, one place each."""

import contextlib
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete, select

from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Refused
from inspire_lms.kernel.jobs import Job
from inspire_lms.kernel.programmes import queries as taking_part
from inspire_lms.kernel.programmes.models import Participation
from inspire_lms.plugins.online_call.announcing.models import NoticeVersion
from inspire_lms.plugins.online_call.models import Application, Call, Criterion, Mark, Register, Review
from inspire_lms.plugins.online_call.offering import actions, auditing, leaving
from inspire_lms.plugins.online_call.offering.models import Place, Ranking
from inspire_lms.plugins.online_call.publishing import auditing as publishing_audit
from inspire_lms.plugins.online_call.publishing.models import Publication
from inspire_lms.plugins.online_call.ranking import auditing as ranking_audit
from tests.plugins.online_call.builders import ISLANDS, PUBLISHED, REGIONS, a_selection, lapse_due, of_regions, with_regions
from tests.plugins.online_call.rooms import both, forget

SEATS, PEOPLE = 3, 8


class Offers(RuleBasedStateMachine):
    """People answer, wait, leave; the clock goes on."""

    def __init__(self):
        super().__init__()
        session.rollback()
        _empty()
        call, applications = self.published([90 - place for place in range(PEOPLE)])
        self.cohort_id, self.reserve_until = call.cohort_id, call.reserve_until
        self.people = [(each.id, each.person_id) for each in applications]
        self.at = PUBLISHED
        self.called = SEATS

    def published(self, totals):
        return a_selection(totals, seats=SEATS)

    def do(self, deed, who):
        application_id, person_id = self.people[who]
        with clock.frozen(self.at):
            with contextlib.suppress(Refused):
                deed(application_id, by=person_id)
            jobs.run_due()

    @rule(who=st.integers(0, PEOPLE - 1))
    def accept(self, who):
        self.do(actions.accept, who)

    @rule(who=st.integers(0, PEOPLE - 1))
    def decline(self, who):
        self.do(actions.decline, who)

    @rule(who=st.integers(0, PEOPLE - 1))
    def withdraw(self, who):
        self.do(leaving.withdraw, who)

    @precondition(lambda self: self.at < self.reserve_until - timedelta(days=9))
    @rule(days=st.integers(1, 8))
    def wait(self, days):
        self.at += timedelta(days=days)
        with clock.frozen(self.at):
            lapse_due()
            actions.remind_due()
            jobs.run_due()

    def lines(self):
        session.rollback()
        return list(session.scalars(select(Place).order_by(Place.position)))

    @invariant()
    def there_are_never_more_places_held_than_seats(self):
        held = [line for line in self.lines() if line.standing in {"offered", "accepted"}]
        assert len(held) == session.scalars(select(Ranking.held)).one() <= SEATS

    @invariant()
    def the_audit_finds_no_breach(self):
        session.rollback()
        assert [*auditing.seats(), *auditing.accepted_take_part(), *ranking_audit.reproducible(), *ranking_audit.within_limits()] == []
        assert [*publishing_audit.reproducible()] == []

    @invariant()
    def the_committee_room_remembers_nothing_that_is_not_so_any_more(self):
        session.rollback()
        with clock.frozen(self.at):
            shown, anew = both(session.scalars(select(Call)).one(), reader=0)
        assert shown == anew

    @invariant()
    def no_seat_stays_free_while_somebody_waits(self):
        lines = self.lines()
        waiting = [line for line in lines if line.standing == "reserve"]
        assert not waiting or sum(line.standing in {"offered", "accepted"} for line in lines) == SEATS

    @invariant()
    def nobody_is_called_up_before_somebody_above(self):
        lines = self.lines()
        first_waiting = next((line.position for line in lines if line.standing == "reserve"), PEOPLE + 1)
        assert all(line.position < first_waiting for line in lines if line.offered_at is not None)

    @invariant()
    def each_one_who_left_called_up_one_and_only_once(self):
        lines = self.lines()
        offered = [line for line in lines if line.offered_at is not None]
        gone = [line for line in offered if line.standing in {"declined", "lapsed", "withdrawn"}]
        assert len(offered) - len(gone) <= SEATS

    @invariant()
    def trainees_are_exactly_those_who_accepted(self):
        accepted = {line.application_id for line in self.lines() if line.standing == "accepted"}
        assert {person for application, person in self.people if application in accepted} == {
            member.person_id for member in taking_part.members(self.cohort_id)
        }


WHERE = ("north", "north", "north", "south", "south", "north", "islands", "islands")


class OffersWithQuotas(Offers):
    """The same where one seat is reserved for the islands, and no region may have more than two."""

    def published(self, totals):
        return a_selection(totals, seats=SEATS, answers=of_regions(*WHERE), form=with_regions(), quotas=(ISLANDS, REGIONS))

    def regions(self, *standings):
        return [WHERE[line.position - 1] for line in self.lines() if line.standing in standings]

    @invariant()
    def no_seat_stays_free_while_somebody_waits(self):
        held = self.regions("offered", "accepted")
        could_come = [region for region in self.regions("reserve") if held.count(region) < REGIONS.most]
        assert not could_come or len(held) == SEATS

    @invariant()
    def nobody_is_called_up_before_somebody_above(self):
        lines = self.lines()
        for region in set(WHERE):
            mine = [line for line in lines if WHERE[line.position - 1] == region]
            first_waiting = next((line.position for line in mine if line.standing == "reserve"), PEOPLE + 1)
            assert all(line.position < first_waiting for line in mine if line.offered_at is not None)

    @invariant()
    def no_region_ever_has_more_than_two(self):
        held = self.regions("offered", "accepted")
        assert all(held.count(region) <= 2 for region in WHERE)

    @invariant()
    def the_islands_have_their_seat_as_long_as_somebody_of_them_waits(self):
        assert "islands" in self.regions("offered", "accepted") or "islands" not in self.regions("reserve")


def _empty():
    """Take away what the run before has left."""
    forget()
    with transaction():
        session.connection().execute(delete(Publication.__table__))  # past the guard that lets nobody remove one
        for table in (Place, Ranking, Mark, Review, Application, Criterion, NoticeVersion, Call, Register, Participation, Job):
            session.execute(delete(table))


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("machine", [Offers, OffersWithQuotas])
def test_offers_stand_every_order_of_answers(machine):
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=8, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True),
    )
