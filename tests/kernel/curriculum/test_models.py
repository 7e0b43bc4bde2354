"""What the tables of the curriculum refuse."""

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from inspire_lms.kernel.curriculum.models import Competence, Framework, LearningOutcome, Level, Unit
from inspire_lms.kernel.db import session, transaction
from tests.builders import a_framework, words

pytestmark = pytest.mark.both_engines


@pytest.mark.parametrize(
    ("table", "values", "name"),
    [
        (Framework, {"code": ""}, "a_framework_has_a_code"),
        (Level, {"number": 0}, "levels_count_from_one"),
        (Competence, {"place": 0}, "competences_count_from_one"),
        (Competence, {"code": ""}, "a_competence_has_a_code"),
        (Unit, {"number": 0}, "units_count_from_one"),
        (Unit, {"live_minutes": -1}, "time_is_not_negative"),
        (Unit, {"study_minutes": -1}, "time_is_not_negative"),
        (LearningOutcome, {"place": 0}, "outcomes_count_from_one"),
    ],
)
def test_the_tables_refuse_what_must_never_be(app, table, values, name):
    a_framework(units=1)
    with pytest.raises(IntegrityError, match=f"(?s){name}"), transaction():
        session.execute(update(table).where(table.id == 1).values(**values))


def test_a_unit_of_study_alone_takes_no_live_time(app):
    a_framework(units=1)
    with transaction():
        session.execute(update(Unit).values(live_minutes=0, study_minutes=0))


def test_numbers_and_codes_stand_once_in_a_framework(app):
    framework_id = a_framework(units=1).id
    rows = (
        (Level, {"number": 1, "title": words("x"), "about": words("x")}),
        (Competence, {"code": "ethics", "place": 9, "title": words("x"), "about": words("x")}),
        (Unit, {"number": 1, "title": words("x"), "live_minutes": 1, "study_minutes": 1}),
    )
    for table, values in rows:
        with pytest.raises(IntegrityError), transaction():
            session.execute(insert(table).values(framework_id=framework_id, **values))
