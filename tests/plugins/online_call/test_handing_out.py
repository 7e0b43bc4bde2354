"""What the applicant is handed out on request: everything that hangs on the own application, and nobody else's."""

import pytest
from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.people import erasing
from inspire_lms.plugins.online_call.offering.models import Place
from inspire_lms.plugins.online_call.plugin import plugin
from tests.plugins.online_call.builders import CLOSED, a_call, a_selection, an_application, committee, decided

pytestmark = pytest.mark.usefixtures("app")


def test_the_files_and_what_each_rule_found_are_handed_out(app):
    call = a_call()
    *_, coordinator = committee(call)
    application, other = an_application(call), an_application(call)
    with clock.frozen(CLOSED):
        decided(application, coordinator)
    told = erasing.held_about(application.person_id, plugin.privacy)
    assert [row["id"] for row in told["online_call_application"]] == [application.id]
    assert [row["application_id"] for row in told["online_call_attachment"]] == [application.id]
    assert {row["application_id"] for row in told["online_call_outcome"]} == {application.id}
    assert other.id != application.id


def test_place_and_points_are_handed_out_and_not_who_gave_them(app):
    _, (first, second) = a_selection([90, 80])
    told = erasing.held_about(second.person_id, plugin.privacy)
    [row] = told["online_call_place"]
    position, points = session.execute(select(Place.position, Place.points).where(Place.application_id == second.id)).one()
    assert (row["application_id"], row["position"], row["points"]) == (second.id, position, points)
    assert told["online_call_review"] == []
    assert first.id != second.id
