"""The sites that are measured: the sample pilot at a stage, on either engine, with as many people as wanted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from measuring import Visitor
from sqlalchemy import select

from inspire_lms import migrating
from inspire_lms.app import create_app
from inspire_lms.kernel import clock
from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.db import db, session
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.programmes import demo
from inspire_lms.kernel.programmes.models import Cohort, Participation
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.serving import settle
from inspire_lms.settings import Settings
from tests.ground.growing import copy_people

NOW = datetime(2027, 5, 26, 10, 0, tzinfo=UTC)
"""When the measured pilot stands."""
COUNTRY = "RO"
"""The country whose cohort grows."""
SEED = 2026
COOKIE = "inspire"
MARK = "0" * 40
"""What the token of a form is made from, the same for all visitors."""


@dataclass
class Site:
    """One instance of the application and who is in it."""

    app: Flask
    settings: Settings
    cohort_id: int

    def trainees(self) -> list[Person]:
        """List the trainees of the cohort that grows."""
        taking_part = select(Person).join(Participation, Participation.person_id == Person.id)
        return list(session.scalars(taking_part.where(Participation.cohort_id == self.cohort_id).order_by(Person.id)))

    def applicants(self) -> list[int]:
        """List who has applied for that cohort."""
        applied = select(Application.person_id).join(Call, Application.call_id == Call.id).where(Call.cohort_id == self.cohort_id)
        return list(session.scalars(applied.order_by(Application.id)))

    def staff(self, role: str) -> Person:
        """Give somebody with a role in that cohort."""
        context_id = session.get_one(Cohort, self.cohort_id).context_id
        return session.get_one(Person, access.people_with_role(role, context_id)[0])

    def administrator(self) -> Person:
        """Give the administrator."""
        return session.scalars(select(Person).where(Person.email == demo.ready_accounts()[0].email)).one()

    def cookie(self, person: Person) -> str:
        """Sign the session of somebody who is signed in."""
        return self._signed({"_user_id": person.get_id(), "_fresh": True, "device": "bench", "_token": MARK})

    def _signed(self, kept: dict[str, object]) -> str:
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]  # Flask's own interface
        return str(signer.dumps(kept))

    def token(self) -> str:
        """Give the token that forms of our visitors carry."""
        return str(URLSafeTimedSerializer(self.settings.key(), salt="wtf-csrf-token").dumps(MARK))

    def visitor(self, person: Person | None = None) -> Visitor:
        """Visit the site, as *person* or as nobody."""
        made = Visitor(self.app)
        made.cookies[COOKIE] = self.cookie(person) if person is not None else self._signed({"_token": MARK})
        return made


@contextmanager
def site(folder: Path, address: str, stage: str, people: int, now: datetime = NOW, *, applicants: int = 0) -> Iterator[Site]:
    """Make the sample pilot in an empty database, with *people* trainees or *applicants* in one country, and open it at *now*."""
    settings = Settings(instance=folder, database_url=address, secret_key="a bench has no secrets", demo=True)
    app = create_app(settings)
    migrating.upgrade(app)
    with app.app_context(), clock.frozen(now):
        demo.prepare(stage, SEED, now)
        cohort_id = session.scalars(select(Cohort.id).where(Cohort.country == COUNTRY)).one()
        made = Site(app, settings, cohort_id)
        ids, wanted = made.applicants() if applicants else [person.id for person in made.trainees()], applicants or people
        session.rollback()
        if wanted > len(ids):
            with db.engine.begin() as connection:
                copy_people(connection, ids, -(-(wanted - len(ids)) // len(ids)))
        settle()  # as every server does
        yield made
        db.session.remove()
        db.engine.dispose()
