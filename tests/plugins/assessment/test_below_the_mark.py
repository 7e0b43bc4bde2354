"""What lies just below the pass mark never looks as if it had reached it: on the result, in the list of tests, in the results of a cohort."""

from decimal import Decimal

import pytest
from sqlalchemy import update

from inspire_lms.kernel.db import session, transaction
from inspire_lms.plugins.assessment.models import Attempt
from tests.builders import a_trainee, staff
from tests.plugins.assessment.builders import a_course, sat

pytestmark = pytest.mark.usefixtures("noon")


def test_a_result_just_below_the_pass_mark_is_shown_with_its_decimals_everywhere(app, client, sign_in_as):
    course = a_course()
    cohort, person = course.cohort_id, a_trainee(course.cohort, language="en")
    coordinator = staff(course.cohort, "coordinator")
    attempt = sat(course, person.id)
    with transaction():
        session.execute(update(Attempt).values(percent=Decimal("59.67")))
    sign_in_as(client, person)
    result = client.get(f"/assessment/attempt/{attempt}/result").text
    assert "Not passed: 59.7%" in result
    assert "59.7%" in client.get("/assessment/").text
    sign_in_as(client, coordinator)
    assert "59.7%" in client.get(f"/assessment/cohort/{cohort}").text
