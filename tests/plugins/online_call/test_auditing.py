"""What must hold of places is held against what is kept, and each breach is named."""

import pytest
from sqlalchemy import update

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.programmes import actions as programmes
from inspire_lms.plugins.online_call.offering import actions, auditing
from inspire_lms.plugins.online_call.offering.models import Place, Ranking
from inspire_lms.plugins.online_call.ranking import auditing as ranking_audit
from tests.plugins.online_call.builders import ISLANDS, PUBLISHED, REGIONS, a_selection, of_regions, with_regions

pytestmark = [pytest.mark.both_engines, pytest.mark.usefixtures("app")]


@pytest.fixture
def accepted():
    """The first of three, of whom two were offered a place, has accepted it."""
    call, (first, second, _) = a_selection([90, 80, 70], seats=2)
    with clock.frozen(PUBLISHED):
        actions.accept(first.id, by=first.person_id)
    return call, first, second


def found():
    return [*auditing.seats()], [*auditing.accepted_take_part()]


def test_a_selection_that_went_as_it_should_has_no_breach(accepted):
    assert found() == ([], [])


def test_a_place_that_is_counted_and_not_held_is_named(accepted):
    with transaction():
        session.execute(update(Ranking).values(held=1))
    assert found() == (["ranking 1 counts 1 places of 2, and 2 lines hold one"], [])


def test_somebody_who_accepted_and_is_no_trainee_is_named(accepted):
    call, _, second = accepted
    with transaction():
        session.execute(update(Place).where(Place.application_id == second.id).values(standing="accepted", answered_at=PUBLISHED))
    assert found() == ([], [f"person {second.person_id} has accepted a place of cohort {call.cohort_id} and takes no part in it"])
    programmes.enrol(call.cohort_id, second.person_id, by=None)
    assert found() == ([], [])


@pytest.fixture
def with_quotas():
    """Three of four were offered a place; two of them come from the north, which may have two."""
    _call, people = a_selection(
        [90, 80, 75, 70], seats=3, answers=of_regions("north", "north", "north", "islands"), form=with_regions(), quotas=(ISLANDS, REGIONS)
    )
    return people


def test_a_list_that_can_be_found_again_and_keeps_its_limits_has_no_breach(with_quotas):
    assert ([*ranking_audit.reproducible()], [*ranking_audit.within_limits()]) == ([], [])


@pytest.mark.parametrize("values", [{"total": 71}, {"groups": ["region:south"]}, {"points": {"motivation": "1.00"}}], ids=lambda values: next(iter(values)))
def test_a_list_whose_lines_were_changed_is_named(with_quotas, values):
    with transaction():
        session.execute(update(Place).where(Place.application_id == with_quotas[3].id).values(values))
    assert [*ranking_audit.reproducible()] == ["ranking 1 is not what its scores, groups and terms give"]


def test_a_group_that_holds_more_than_its_limit_is_named(with_quotas):
    with transaction():
        session.execute(
            update(Place).where(Place.application_id == with_quotas[2].id).values(standing="offered", offered_at=PUBLISHED, offer_until=PUBLISHED)
        )
    assert [*ranking_audit.within_limits()] == ["ranking 1 holds 3 places for region:north, whose limit is 2"]
