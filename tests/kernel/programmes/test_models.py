"""What the tables of programmes refuse."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.programmes.models import Cohort, Edition, Participation, Programme
from tests.builders import AT, a_cohort, a_person, an_edition

pytestmark = pytest.mark.both_engines


@pytest.mark.parametrize(
    ("table", "values", "name"),
    [
        (Programme, {"code": ""}, "a_programme_has_a_code"),
        (Edition, {"code": ""}, "an_edition_has_a_code"),
        (Edition, {"ends_on": date(2027, 2, 15)}, "it_ends_after_it_starts"),
        (Cohort, {"seats": 0}, "there_is_a_seat"),
        (Cohort, {"taken": 21}, "never_more_than_the_seats"),
        (Cohort, {"taken": -1}, "never_more_than_the_seats"),
        (Cohort, {"country": "it"}, "a_country_has_two_capitals"),
        (Cohort, {"country": "ITA"}, "a_country_has_two_capitals"),
    ],
)
def test_the_tables_refuse_what_must_never_be(app, table, values, name):
    a_cohort("IT")
    with pytest.raises(IntegrityError, match=f"(?s){name}"), transaction():
        session.execute(update(table).values(**values))


def test_the_last_day_may_be_the_first_and_all_seats_may_be_taken(app):
    cohort = a_cohort("IT", edition=an_edition(ends_on=date(2027, 2, 16)), taken=20)
    assert (cohort.taken, cohort.seats) == (20, 20)


@pytest.mark.parametrize(
    ("but", "name"),
    [
        ({"state": "absent", "until": AT}, "state_is_known"),
        ({"state": "withdrawn"}, "who_is_enrolled_has_no_end"),
        ({"until": AT}, "who_is_enrolled_has_no_end"),
        ({"state": "finished", "until": AT - timedelta(seconds=1)}, "it_ends_after_it_began"),
    ],
)
def test_taking_part_has_an_end_when_it_is_over_and_only_then(app, but, name):
    facts = {"cohort_id": a_cohort().id, "person_id": a_person().id, "state": "enrolled", "since": AT, "until": None}
    with pytest.raises(IntegrityError, match=f"(?s){name}"), transaction():
        session.add(Participation(**facts | but))


def test_a_country_stands_once_in_an_edition_and_a_person_once_in_a_cohort(app):
    edition = an_edition()
    cohort_id, person_id = a_cohort("IT", edition=edition).id, a_person().id
    with pytest.raises(IntegrityError):
        a_cohort("IT", edition=edition)
    with pytest.raises(IntegrityError), transaction():
        for _twice in range(2):
            session.add(Participation(cohort_id=cohort_id, person_id=person_id, state="enrolled", since=AT))
            session.flush()
