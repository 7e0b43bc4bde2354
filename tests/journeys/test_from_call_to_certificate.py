"""The whole pilot over HTTP, for three countries: from the call to the certificate, with the exact figures at the end."""

import pytest

from inspire_lms.kernel import clock
from inspire_lms.kernel.access import actions as access
from inspire_lms.kernel.people import actions as people
from tests.journeys import selection
from tests.journeys.cast import COUNTRIES, PASSWORD, at

pytestmark = pytest.mark.both_engines


def test_the_pilot_from_end_to_end(app, outbox):
    with clock.frozen(at("IT", "2026-10-01T09:00:00")):
        boss = people.first_administrator(selection.ADMINISTRATOR, "Alexandra", "Lindqvist", "en", PASSWORD)
        assert boss
        selection.load_the_edition(app)
        for code in COUNTRIES:
            selection.invite_staff(app, outbox, code)
    for code in COUNTRIES:
        paths = selection.apply_in(app, outbox, code)
        assert len(paths) == 30
