"""Certificates beside a stand-in for the plugins that keep the evidence: the contracts do not say who answers."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from inspire_lms.contracts.assessment import BestResults, RequiredAssessments
from inspire_lms.contracts.attendance import AttendanceShares
from inspire_lms.contracts.survey import SurveysOwed
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.plugin import Plugin
from tests.conftest import Visitor
from tests.plugins.certificate.builders import Records


@pytest.fixture
def records() -> Records:
    """What the stand-in answers; a test fills it in."""
    return Records()


@pytest.fixture
def app(settings: Any, records: Records, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """An application with certificates and somebody who keeps the evidence."""
    from inspire_lms.app import create_app
    from inspire_lms.kernel.db import db
    from inspire_lms.plugins.certificate.plugin import plugin

    keeper = Plugin(
        name="keeper",
        title=Message("Keeper"),
        about=Message("Keeps the evidence in these tests."),
        answers={
            AttendanceShares: lambda asked: records.shares,
            BestResults: lambda asked: records.results,
            RequiredAssessments: lambda asked: records.required,
            SurveysOwed: lambda asked: records.surveys,
        },
    )
    made = create_app(settings, [plugin, keeper])
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False, FONTS_FOLDER=request.config.cache.mkdir("fonts"))
    made.test_client_class = Visitor
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()
