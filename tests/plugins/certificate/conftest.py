"""Certificates beside a stand-in for the plugins that keep the evidence: the contracts do not say who answers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from inspire_lms.contracts.assessment import BestResults, Chances, Graders, RequiredAssessments
from inspire_lms.contracts.attendance import AttendanceShares, Teachers
from inspire_lms.contracts.survey import SurveysOwed
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.plugin import Plugin
from inspire_lms.plugins.certificate.plugin import plugin
from tests.plugins.certificate.builders import Records

_records = [Records()]
KEEPER = Plugin(
    name="keeper",
    title=Message("Keeper"),
    about=Message("Keeps the evidence in these tests."),
    answers={
        AttendanceShares: lambda _asked: _records[0].shares,
        BestResults: lambda _asked: _records[0].results,
        Chances: lambda _asked: _records[0].chances,
        Graders: lambda _asked: _records[0].graders,
        RequiredAssessments: lambda _asked: _records[0].required,
        SurveysOwed: lambda _asked: _records[0].surveys,
        Teachers: lambda _asked: _records[0].teachers,
    },
)


@pytest.fixture
def records() -> Records:
    """What the stand-in answers; a test fills it in."""
    _records[0] = Records()
    return _records[0]


@pytest.fixture
def app(settings: Any, records: Records, application: Callable[..., Any]) -> Iterator[Flask]:
    """An application with certificates and somebody who keeps the evidence."""
    with application(settings, [plugin, KEEPER]) as made:
        yield made
