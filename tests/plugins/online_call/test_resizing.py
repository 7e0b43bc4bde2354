"""More places or fewer after the final list: the list follows, whoever waits is called up, and what was published stays as it was."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Refused
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.online_call.applying import opening
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.offering import actions, auditing
from inspire_lms.plugins.online_call.offering.models import Ranking
from inspire_lms.plugins.online_call.publishing import auditing as publications
from inspire_lms.plugins.online_call.publishing.models import Publication
from inspire_lms.plugins.online_call.ranking import auditing as rankings
from tests.builders import words
from tests.plugins.online_call.builders import PUBLISHED, a_part, a_selection, standings

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.both_engines]
LATER = PUBLISHED + timedelta(days=1)


def loaded(call, seats, *, at, **but):
    """Load the file again, as it is with so many places; all or nothing, as the kernel does it."""
    cohort = session.scalars(select(Cohort).where(Cohort.id == call.cohort_id)).one()
    cohort_id, edition_id, country = cohort.id, cohort.edition_id, cohort.country
    with clock.frozen(at), transaction():
        session.execute(update(Cohort).where(Cohort.id == cohort_id).values(seats=seats))
        opening.load(edition_id, {country: a_part(reason=words(f"{seats} places now, {at:%d %H}"), **but)}, None)


def seats():
    session.rollback()
    return session.execute(select(Ranking.seats, Ranking.held)).one()


def found():
    return [*auditing.seats(), *rankings.reproducible(), *publications.reproducible()]


def test_more_places_go_to_who_waits_in_order_at_once(outbox):
    call, applications = a_selection([90, 80, 70, 60], seats=1)
    before = session.scalars(select(Publication)).one().digest
    loaded(call, 3, at=LATER)
    assert (standings(applications), tuple(seats())) == (["offered", "offered", "offered", "reserve"], (3, 3))
    assert [mail.to_person for mail in outbox if mail.subject.startswith("A place is offered")][-2:] == [each.person_id for each in applications[1:3]]
    (line,) = audit.recent(did="online_call.seats-changed")
    assert (line.before, line.after) == ({"seats": 1}, {"seats": 3, "offered": 2})
    publication = session.scalars(select(Publication)).one()
    assert (publication.digest, publication.terms["seats"], found()) == (before, 1, [])


def test_fewer_places_call_nobody_up_until_there_is_one_free():
    call, applications = a_selection([90, 80, 70, 60], seats=3)
    with clock.frozen(LATER):
        actions.decline(applications[2].id, by=applications[2].person_id)
    assert standings(applications) == ["offered", "offered", "declined", "offered"]
    with pytest.raises(Refused, match="There cannot be fewer"):
        loaded(call, 2, at=LATER)
    assert tuple(seats()) == (3, 3)
    loaded(call, 3, at=LATER + timedelta(hours=1), offer_days=8)
    loaded(call, 4, at=LATER + timedelta(hours=2), offer_days=8)
    with clock.frozen(LATER + timedelta(hours=3)):
        actions.decline(applications[0].id, by=applications[0].person_id)
    loaded(call, 2, at=LATER + timedelta(hours=4), offer_days=8)
    assert (standings(applications), tuple(seats()), found()) == (["declined", "offered", "declined", "offered"], (2, 2), [])


def test_a_reserve_list_that_is_prolonged_fills_what_became_free_and_no_more():
    call, applications = a_selection([90, 80, 70, 60], seats=3)
    ended = session.get(Call, call.id).reserve_until + timedelta(hours=1)
    with clock.frozen(LATER):
        for each in applications[:3]:
            actions.accept(each.id, by=each.person_id)
    with clock.frozen(ended):
        loaded(call, 4, at=ended)
        assert (standings(applications)[3], tuple(seats())) == ("reserve", (4, 3)), "nobody is called up after the last day"
    loaded(call, 3, at=ended + timedelta(hours=1), reserve_until=ended + timedelta(days=9))
    assert (standings(applications)[3], tuple(seats())) == ("reserve", (3, 3))
    loaded(call, 4, at=ended + timedelta(hours=2), reserve_until=ended + timedelta(days=9))
    assert (standings(applications)[3], tuple(seats()), found()) == ("offered", (4, 4), [])
