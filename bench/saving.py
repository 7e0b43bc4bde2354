"""A real server: sixty people who save their answers at once, the weight of a first view, the memory of the process."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from serving import Saves, first_view, memory, save_at_once, served
from site_of import COOKIE, Site, site
from sqlalchemy import select, update

from inspire_lms.kernel import clock, typefaces
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.programmes.models import Participation
from inspire_lms.plugins.assessment.attempt import actions
from inspire_lms.plugins.assessment.models import Assessment, Response, Window

PEOPLE, TIMES = 60, 20


@dataclass(frozen=True)
class Writer:
    """Somebody who writes an essay."""

    attempt_id: int
    cookie: str
    token: str


def sixty_at_once(folder: Path, address: str) -> Iterator[str]:
    """Let sixty trainees save their essay twenty times each, all at once, and look afterwards at what is stored."""
    with site(folder, address, "teaching", PEOPLE, clock.now()) as here:
        writers = _writers(here)
        for face in typefaces.FACES:
            # An instance cuts them once, when it starts for the first time; this is not about that moment.
            typefaces.font_path(face)
        wanted = {who: (f"/assessment/attempt/{one.attempt_id}/1", one.cookie, {"_token": one.token}) for who, one in writers.items()}
        environ = {"INSPIRE_INSTANCE": str(folder), "INSPIRE_DATABASE_URL": address, "INSPIRE_SECRET_KEY": here.settings.secret_key}
        with served(environ) as (port, pid):
            told = save_at_once(port, wanted, TIMES, "answer")
            weight, requests = first_view(port)
            spent = memory(pid)
        session.rollback()
        lost = _lost(writers, told)
    slow = f"95 of 100 within {told.p95:.0f} ms, the slowest {told.worst:.0f} ms"
    yield f"{len(writers)} people at once, {told.asked} saves: {len(told.failed)} failed, {lost} lost; {slow}"
    yield from (f"  failed: {each}" for each in told.failed[:3])
    yield f"first view: {weight / 1000:.1f} kB in {requests} requests (may be 100 in 8)"
    yield f"memory of the application after that: {spent} MB (may be 250)"


def _writers(here: Site) -> dict[int, Writer]:
    """Open the essays of all countries, and let every trainee begin one."""
    essays = {
        window.cohort_id: window.id for window in session.scalars(select(Window).join(Assessment).where(Assessment.purpose == "essay"))
    }
    now = clock.now()
    with transaction():
        open_now = {"opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(days=2)}
        session.execute(update(Window).where(Window.id.in_(essays.values())).values(open_now))
    enrolled = (
        select(Participation.cohort_id, Person).join(Person, Person.id == Participation.person_id).where(Participation.state == "enrolled")
    )
    people = [(cohort_id, person.id, here.cookie(person)) for cohort_id, person in session.execute(enrolled.limit(PEOPLE))]
    token = here.token()
    return {who: Writer(actions.start(essays[cohort_id], who), f"{COOKIE}={cookie}", token) for cohort_id, who, cookie in people}


def _lost(writers: dict[int, Writer], told: Saves) -> int:
    """Count the writers whose last confirmed answer is not what is stored."""
    ids = {one.attempt_id: who for who, one in writers.items()}
    stored = session.execute(select(Response.attempt_id, Response.answer).where(Response.attempt_id.in_(ids)))
    return sum(1 for attempt_id, answer in stored if answer != [told.last.get(ids[attempt_id])])
