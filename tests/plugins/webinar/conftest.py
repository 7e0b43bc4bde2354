"""What several tests of webinars begin with."""

import pytest
from flask import g

from inspire_lms.kernel import bus, clock


@pytest.fixture
def asked(app):
    """Ask a plugin's answer as a page would: inside a request."""

    def ask(enquiry, at):
        g.pop("enquiries", None)
        g.pop("webinars_of", None)
        with app.test_request_context("/"), clock.frozen(at):
            return [each for answer in bus.gather(enquiry) for each in answer if "/webinar/" in getattr(each, "href", "/webinar/") or "webinar/" in getattr(each, "template", "")]

    return ask
