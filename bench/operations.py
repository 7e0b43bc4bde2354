"""The operations of the table of speeds: what is prepared for each, and what is done again and again."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from measuring import Answer, Visitor
from site_of import Site
from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.people import passwords
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.programmes.sample.material import people as sample_people
from inspire_lms.plugins.assessment.attempt import actions as attempts
from inspire_lms.plugins.assessment.attempt import queries as attempt_queries
from inspire_lms.plugins.assessment.kinds import answering
from inspire_lms.plugins.assessment.models import Assessment, Window
from inspire_lms.plugins.certificate.models import Certificate
from inspire_lms.plugins.survey.models import Survey
from inspire_lms.plugins.webinar.calendars import keys

Deed = Callable[[int], Answer]


@dataclass(frozen=True)
class Operation:
    """One line of the table."""

    name: str
    milliseconds: float
    """What it may cost."""
    statements: int | None
    """How many it may run; None when the table does not say."""
    deed: Deed
    at: datetime | None = None
    """When it is done; None for the moment of the site."""


def reading(site: Site) -> list[Operation]:
    """List what is read of a pilot that teaches."""
    person = site.trainees()[0]
    trainee, coordinator = site.visitor(person), site.visitor(site.staff("coordinator"))
    chief, cohort = site.visitor(site.administrator()), site.cohort_id
    feed = f"/webinar/calendar/{keys.renew(person.id).token}.ics"
    etag = site.visitor().get(feed).headers["etag"]
    nobody = site.visitor
    return [
        Operation("sign-in page", 2, 1, lambda _n: nobody().get("/sign-in")),
        Operation("front page", 6, 8, lambda _n: nobody().get("/")),
        Operation("home / my path", 6, 8, lambda _n: trainee.get("/")),
        Operation("schedule", 8, None, lambda _n: trainee.get("/webinar/")),
        Operation("calendar feed", 2.5, None, lambda _n: nobody().get(feed)),
        Operation("calendar feed, unchanged", 1.5, None, lambda _n: nobody().get(feed, IF_NONE_MATCH=etag)),
        Operation("applications, 50 a page", 5, None, lambda _n: coordinator.get(f"/online_call/rooms/{cohort}/applications")),
        Operation("ranking of a country, whole", 16, None, lambda _n: coordinator.get(f"/online_call/rooms/{cohort}")),
        Operation("members of a cohort", 5, None, lambda _n: coordinator.get(f"/cohort/{cohort}/members")),
        Operation("attendance, all webinars", 16, None, lambda _n: coordinator.get(f"/webinar/attendance/{cohort}")),
        Operation("where we stand", 16, None, lambda _n: coordinator.get(f"/cohort_dashboard/{cohort}")),
        Operation("people, 50 a page", 5, None, lambda _n: chief.get("/people")),
    ]


def writing(site: Site, rounds: int) -> list[Operation]:
    """List what is written while the final test and the survey are open: every trainee is needed once."""
    people = site.trainees()
    final = select(Window).join(Assessment).where(Window.cohort_id == site.cohort_id, Assessment.purpose == "final")
    window = session.scalars(final).one()
    survey = session.scalars(select(Survey).where(Survey.cohort_id == site.cohort_id)).first()
    assert survey is not None
    in_window, in_survey = window.opens_at + timedelta(hours=1), survey.opens_at + timedelta(hours=1)
    survey_id, window_id = survey.id, window.id
    with clock.frozen(in_window):
        open_ones = [_answered(window_id, person.id) for person in people[: rounds + 4]]
    first, trainee = open_ones[-1], site.visitor(people[rounds + 3])
    kept, question = site.token(), attempt_queries.asked(first)[0]
    answers = [
        make(question.kind, question.content) for make in (lambda kind, content: answering.right(kind, content, "ro"), answering.wrong)
    ]
    with clock.frozen(in_survey):
        fields = dict.fromkeys(re.findall(r'name="([^"_][^"]*)"[^>]* value="3"', trainee.get(f"/survey/{survey_id}").page), "3")
    visitors = [site.visitor(person) for person in people]
    return [
        Operation("attempt page", 5, 6, lambda _n: trainee.get(f"/assessment/attempt/{first}/1"), in_window),
        Operation("saving one answer", 3, 3, lambda n: _save(trainee, first, kept, answers, n), in_window),
        Operation(
            "handing in, grading",
            8,
            None,
            lambda n: visitors[n].post(f"/assessment/attempt/{open_ones[n]}/check", {"_token": kept}),
            in_window,
        ),
        Operation("survey, all answers", 5, None, lambda n: visitors[n].post(f"/survey/{survey_id}", fields | {"_token": kept}), in_survey),
    ]


def _answered(window_id: int, person_id: int) -> int:
    """Begin an attempt and answer everything rightly."""
    attempt_id = attempts.start(window_id, person_id, seed=f"bench {person_id}")
    for asked in attempt_queries.asked(attempt_id):
        attempts.save(attempt_id, asked.position, answering.right(asked.kind, asked.content, "ro"), by=person_id)
    return attempt_id


def _save(visitor: Visitor, attempt_id: int, kept: str, answers: Sequence[Sequence[str]], turn: int) -> Answer:
    # The value varies: an engine that finds nothing changed writes nothing.
    form = {"_token": kept, "answer": answers[turn % 2], "go": "2"}
    return visitor.post(f"/assessment/attempt/{attempt_id}/1", form, ACCEPT="application/json")


def after(site: Site) -> list[Operation]:
    """List what is read of a pilot that is over."""
    certificate = session.scalars(select(Certificate).where(Certificate.cohort_id == site.cohort_id).order_by(Certificate.id)).first()
    assert certificate is not None
    holder = site.visitor(session.get_one(Person, certificate.person_id))
    address = f"/certificate/mine/{certificate.id}.pdf"
    return [Operation("certificate download", 2.5, None, lambda _n: holder.get(address))]


def signing_in(site: Site) -> tuple[Operation, Callable[[], bool]]:
    """Give the sign-in, and the hash that it cannot do without."""
    email = site.trainees()[0].email
    stored = site.trainees()[0].password_hash
    form = {"_token": site.token(), "email": email, "password": sample_people().password}
    return Operation("sign-in", 4, None, lambda _n: site.visitor().post("/sign-in", form)), lambda: passwords.is_right(
        form["password"], stored
    )
