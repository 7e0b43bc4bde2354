"""The whole pilot over HTTP, for three countries: from the call to the certificate, with the exact figures at the end."""

import pytest

from inspire_lms.kernel import clock
from inspire_lms.kernel.people import actions as people
from tests.journeys import finishing, judging, selection, teaching, testing
from tests.journeys.cast import COUNTRIES, PASSWORD, at

pytestmark = pytest.mark.both_engines


def test_the_pilot_from_end_to_end(app, outbox):
    finishing.found_the_authority(app)
    with clock.frozen(at("IT", "2026-10-01T09:00:00")):
        people.first_administrator(selection.ADMINISTRATOR, "Alexandra", "Lindqvist", "en", PASSWORD)
        selection.load_the_edition(app)
        for code in COUNTRIES:
            selection.invite_staff(app, outbox, code)
    for code in COUNTRIES:
        selection.apply_in(app, outbox, code)
        selection.come_too_late(app, outbox, code)
        with clock.frozen(at(code, "2026-12-16T10:00:00")):
            judging.check_eligibility(app, code)
            judging.evaluate(app, code)
        with clock.frozen(at(code, "2026-12-28T10:00:00")):
            judging.publish_provisionally(app, outbox, code)
        with clock.frozen(at(code, "2027-01-11T10:00:00")):
            judging.publish(app, outbox, code)
        enrolled = judging.take_places(app, outbox, code)
        assert len(enrolled) == 20
        with clock.frozen(at(code, "2027-02-01T10:00:00")):
            teaching.plan(app, outbox, code)
            if code == "IT":
                testing.import_bank(app)
        testing.take(app, code, enrolled, "Pre-test", "2027-02-10T10:00:00", lambda _place, position: position % 2 == 0)
        teaching.hold(app, code, enrolled)
        teaching.check_shares(app, code)
        testing.take(app, code, enrolled, "Final test", "2027-04-16T10:00:00", lambda place, _position: place != testing.WEAK_TEST)
        testing.write_essays(app, code, enrolled)
        testing.mark_essays(app, code)
        finishing.answer_survey(app, code, enrolled)
        folder = finishing.certify(app, outbox, code, enrolled)
        finishing.check_files(app, code, enrolled, folder)
        finishing.survey_shows_its_mean(app, code)
        finishing.check_calendar(app, enrolled[0])
        assert finishing.stands(app, code) == finishing.FIGURES[code]
