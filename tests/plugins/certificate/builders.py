"""Evidence, schemes and certificates that are valid by default."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from inspire_lms.contracts.assessment import Chance, Result
from inspire_lms.contracts.attendance import Share
from inspire_lms.contracts.survey import Participation
from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.db import Words, session, transaction
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.certificate import queries
from inspire_lms.plugins.certificate.appealing import actions as appealing
from inspire_lms.plugins.certificate.drawing.record import Record
from inspire_lms.plugins.certificate.issuing import deciding, issue
from inspire_lms.plugins.certificate.issuing.records import layout_of
from inspire_lms.plugins.certificate.models import Appeal, Batch, Certificate, NameConfirmation, Refusal, Scheme
from inspire_lms.plugins.certificate.rules import Kind
from inspire_lms.plugins.certificate.sealing import pades
from inspire_lms.plugins.certificate.sealing.pades import Document
from inspire_lms.plugins.certificate.sealing.seal import Seal
from inspire_lms.plugins.certificate.writing.compiled import Form
from inspire_lms.plugins.certificate.writing.filled import whole
from tests.builders import a_cohort, a_trainee, many_trainees, staff, words

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@dataclass
class Records:
    """What the keeper of the evidence answers."""

    shares: dict[int, Share] = field(default_factory=dict)
    results: dict[int, tuple[Result, ...]] = field(default_factory=dict)
    required: tuple[tuple[str, str, str, int | None], ...] = (("pre-test", "pre", "Pre-test", None), ("final-test", "final", "Final test", 60), ("essay", "essay", "Essay", 60))
    surveys: dict[int, Participation] = field(default_factory=dict)
    chances: dict[int, tuple[Chance, ...]] | None = None
    """None: who keeps the results does not say what is still possible."""
    graders: dict[int, tuple[int, ...]] = field(default_factory=dict)
    teachers: tuple[int, ...] = ()
    """Who led a webinar."""

    def met_by(self, person: Person, **but: Any) -> Person:
        """Let a person have met everything; say in *but* what is different: minutes, percent, essay, graders, answered."""
        self.shares[person.id] = a_share(minutes=but.get("minutes", 900))
        self.results[person.id] = (a_result("final-test", percent=but.get("percent", "82.50")), a_result("essay", percent=but.get("essay", "74.00")))
        self.graders[person.id] = but.get("graders", ())
        self.surveys[person.id] = Participation(answered=but.get("answered", 1), owed=1)
        return person

    def attended_by(self, person: Person) -> Person:
        """Let a person have attended and nothing else."""
        self.shares[person.id] = a_share()
        return person


def a_share(**but: Any) -> Share:
    """900 of 960 minutes, all held, 80 per cent needed."""
    return Share(**({"minutes": 900, "held": 960, "scheduled": 960, "webinars": 8, "webinars_scheduled": 8, "threshold": 80} | but))


def a_result(code: str = "final-test", **but: Any) -> Result:
    """A passed result."""
    facts = {"kind": "essay" if code == "essay" else "final", "title": code, "percent": "82.50", "pass_mark": 60, "graded_at": NOW, "first_attempt": True, "by_competence": {}}
    made = facts | but
    return Result(code=code, **made | {"percent": Decimal(made["percent"])})


def a_scheme(cohort: Cohort, **but: Any) -> Scheme:
    """What certificates of the cohort say, in four languages each of which can be told apart."""
    facts = {
        "edition_id": cohort.edition_id, "country": cohort.country, "number_prefix": "INSPIREPA", "version": "SIM 1.0", "requires": ["attendance", "final-test", "essay", "survey"],
        "competence_title": Words(en="Certificate of competence", it="Attestato di competenze", el="Βεβαίωση επάρκειας", ro="Atestat de competențe"),
        "attendance_title": Words(en="Certificate of attendance", it="Attestato di partecipazione", el="Βεβαίωση παρακολούθησης", ro="Certificat de participare"),
        "body": words("Awarding body"), "accreditation": Words(), "partners": ["Asociația Municipiilor din România"], "mode": words("Online"), "assessment": words("Test and essay"),
        "identity": words("By account"), "grading": words("Per cent"), "prerequisites": Words(), "quality": words("Internal"), "eqf": words("No level is claimed"), "place": words("Place"),
        "signatory": "Ștefania Țurcanu", "signatory_function": words("Head"),
    }  # fmt: skip
    with transaction():
        made = Scheme(**facts | but)
        session.add(made)
        session.flush()
        return made


def a_group(country: str = "RO", **but: Any) -> Cohort:
    """A cohort whose edition certifies."""
    cohort = a_cohort(country)
    a_scheme(cohort, **but)
    return cohort


def a_coordinator(cohort: Cohort, **but: Any) -> Person:
    """Somebody who may decide there."""
    return staff(cohort, "coordinator", **but)


def decided(cohort: Cohort, people: list[Person], *, by: Person, kind: Kind = Kind.COMPETENCE) -> Batch:
    """Decide about some people, and make nothing yet."""
    return deciding.decide(cohort.id, {person.id: kind for person in people}, minutes="Minutes.", by=by.id)


def issued(cohort: Cohort, people: list[Person], *, by: Person, kind: Kind = Kind.COMPETENCE) -> list[Certificate]:
    """Decide about some people and have their files made; gives the certificates in the order of their numbers."""
    batch_id = decided(cohort, people, by=by, kind=kind).id
    while not queries.progress(batch_id).is_done:
        issue.issue(batch_id)
    return [found for row in queries.register(batch_id=batch_id) if (found := queries.certificate(row.id))]


def one_issued(records: Records, country: str = "RO", **names: Any) -> tuple[Cohort, Person, Certificate]:
    """Give a cohort, its coordinator and one issued certificate."""
    cohort = a_group(country)
    coordinator = a_coordinator(cohort)
    trainee = records.met_by(a_trainee(cohort, **names))
    (certificate,) = issued(cohort, [trainee], by=coordinator)
    return cohort, coordinator, certificate


def drawn(record: Record, *, form: Form = Form.OPEN, credential: str = "", at: datetime = NOW) -> bytes:
    """Draw a document without a seal."""
    return whole(layout_of(record.kind), record, credential=credential, at=at, form=form)


def sealed(record: Record, seal: Seal, *, engine: str = "fast", credential: str = "", at: datetime = NOW) -> bytes:
    """Draw and seal a document."""
    (made,) = pades.sealed([Document(layout_of(record.kind), record, credential)], seal, at=at, engine=engine)
    return made.pdf


def work() -> None:
    """Do what is due."""
    while jobs.run_due():
        pass


def refusals() -> dict[int, Refusal]:
    """Give the refusals by person id."""
    session.rollback()
    return {row.person_id: row for row in session.scalars(select(Refusal))}


def appealed(person: Person, **but: Any) -> int:
    """Appeal against the only refusal of a person an hour after the decision; gives the number of the appeal."""
    with clock.frozen(but.get("at", NOW + timedelta(hours=1))):
        return appealing.appeal_against_refusal(refusals()[person.id].id, grounds=but.get("grounds", "I was there."), by=person.id).id


Group = tuple[Cohort, Person, dict[str, Person]]


def a_group_to_decide(records: Records) -> Group:
    """A coordinator, and four trainees: all met; attended, the tests over; absent; and one for whom the tests are still open."""
    cohort = a_group()
    people = {
        "ready": records.met_by(a_trainee(cohort, given_name="Ana", family_name="Pop", language="en")),
        "attended": records.met_by(a_trainee(cohort, given_name="Dan", family_name="Pop", language="en"), percent="41.67"),
        "absent": records.met_by(a_trainee(cohort, given_name="Ioana", family_name="Șerban"), minutes=100),
        "open": records.met_by(a_trainee(cohort, given_name="Zoe", family_name="Pop", language="en"), percent="41.67"),
    }
    records.chances = {people["open"].id: (Chance("final-test", NOW + timedelta(days=9)), Chance("essay", None))}
    return cohort, a_coordinator(cohort, language="en"), people


def decide(group: Group, awards: dict[str, Kind], refused: list[str] | None = None) -> Batch:
    """Decide about some of such a group, by their names in it."""
    cohort, coordinator, people = group
    given = {people[who].id: kind for who, kind in awards.items()}
    with clock.frozen(NOW):
        return deciding.decide(cohort.id, given, refused=[people[who].id for who in refused or ()], minutes="Minutes.", by=coordinator.id)


def fill_group(cohort: Cohort, n: int) -> str:
    """Enrol *n* people who were asked for their name, refused something, and have appealed; give the page of the group."""
    if session.scalar(select(Scheme.id).where(Scheme.edition_id == cohort.edition_id)) is None:
        a_scheme(cohort, requires=["attendance"])
    people = many_trainees(cohort, n)
    with transaction():
        batch = Batch(cohort_id=cohort.id, decided_by_id=people[0], decided_at=NOW, minutes="Minutes.")
        session.add(batch)
        session.flush()
        plain = {"demanded": [], "share": None, "needed": [], "results": {}, "surveys": None, "over": []}
        refused = [Refusal(batch_id=batch.id, person_id=one, evidence=plain, appeal_until=NOW) for one in people]
        session.add_all([*refused, *(NameConfirmation(cohort_id=cohort.id, person_id=one, asked_at=NOW) for one in people)])
        session.flush()
        session.add_all([Appeal(cohort_id=cohort.id, person_id=one.person_id, refusal_id=one.id, made_at=NOW, grounds="I was there.", state="open") for one in refused])
        session.flush()
        number = batch.id
    _filled[cohort.id] = number
    return f"/certificate/cohort/{cohort.id}"


_filled: dict[int, int] = {}
LISTS = (
    ("a group with its names and refusals", fill_group),
    ("the appeals of a group", lambda cohort, n: fill_group(cohort, n) + "/appeals"),
    ("a decision about a group", lambda cohort, n: fill_group(cohort, n) + "/decide"),
    ("those refused by one decision", lambda cohort, n: fill_group(cohort, n) and f"/certificate/batch/{_filled[cohort.id]}"),
)
