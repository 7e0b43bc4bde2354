"""What the tests about assessments stand on: a course with its windows open, and one trainee of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from inspire_lms.kernel import clock
from tests.builders import a_trainee
from tests.plugins.assessment.builders import NOW, a_course


@pytest.fixture
def noon() -> Iterator[None]:
    """The clock stands at NOW, while every window is open."""
    with clock.frozen(NOW):
        yield


@pytest.fixture
def course(app: Flask) -> Any:
    """A course with a bank, a pre-test, a final test and an essay."""
    return a_course()


@pytest.fixture
def person(course: Any) -> int:
    """The number of one trainee."""
    return a_trainee(course.cohort).id
