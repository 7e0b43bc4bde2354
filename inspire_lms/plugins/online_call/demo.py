"""Sample applications, their evaluation and the places, through our own actions."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.people import actions as people
from inspire_lms.kernel.people import queries as known_people
from inspire_lms.kernel.programmes.demo import Demo
from inspire_lms.kernel.programmes.sample.material import Applicant, SampleCountry, answers
from inspire_lms.kernel.typefaces import register_fonts
from inspire_lms.plugins.online_call.applying import actions, queries
from inspire_lms.plugins.online_call.authorising import actions as authorising
from inspire_lms.plugins.online_call.judging import deciding, reviewing
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.mending import asking
from inspire_lms.plugins.online_call.models import Application, Call, Outcome, Review
from inspire_lms.plugins.online_call.offering import actions as offering
from inspire_lms.plugins.online_call.offering import publishing
from inspire_lms.plugins.online_call.offering.models import Place, Ranking
from inspire_lms.plugins.online_call.overriding import answering
from inspire_lms.plugins.online_call.overriding import queries as proposals
from inspire_lms.plugins.online_call.publishing import provisional
from inspire_lms.plugins.online_call.rules import ReviewState, Standing, State

STILL_WRITING = (0, 11, 19)
"""Applicants who have only a draft in the stage of the call; the first is the ready account."""
FAR_APART = 6
"""The applicant whose evaluators do not agree."""
ANSWERED, OPEN = 2, 7
"""Applicants whose superior is asked by a link: one has answered in the stage of the call, the other has not yet."""
TOO_NEAR = 9
"""The applicant whom the second evaluator knows."""
DECLINES = 4
"""The position whose place is declined."""
LACKING = {"available": "available", "employed": "employed", "equipment": "equipment", "language": "language-level"}
"""The question that an applicant answers with no, by the rule that is not met."""
OPEN_QUESTIONS = ("tasks", "challenge", "background", "project")
NO_EQUIPMENT = {
    "it": "Un computer con microfono.",
    "el": "Ένας υπολογιστής με μικρόφωνο.",
    "ro": "Un calculator cu microfon.",
}
SUPERIORS = {"it": "Marta Ferri", "el": "Αικατερίνη Δήμου", "ro": "Mihaela Stan"}
NOT_SIGNED = {
    "it": "L’autorizzazione allegata non è firmata dalla dirigente o dal dirigente.",
    "el": "Η έγκριση που επισυνάψατε δεν φέρει υπογραφή του/της προϊσταμένου/-ης.",
    "ro": "Acordul atașat nu este semnat de conducătorul instituției.",
}
EXTREMES = {
    "it": "Le risposte non lasciano dubbi (dato di esempio).",
    "el": "Οι απαντήσεις δεν αφήνουν αμφιβολία (δείγμα).",
    "ro": "Răspunsurile nu lasă nicio îndoială (exemplu).",
}
AUTHORISATION = {
    "it": ("Autorizzazione (dato di esempio)", "{name} è autorizzato/a a seguire il corso pilota in orario di servizio."),
    "el": ("Έγκριση (δείγμα)", "Εγκρίνεται η συμμετοχή του/της {name} στο πιλοτικό πρόγραμμα σε ώρες εργασίας."),
    "ro": ("Acord (exemplu)", "Se aprobă participarea persoanei {name} la cursul-pilot în timpul programului de lucru."),
}


def call(demo: Demo) -> None:
    """Let the applicants of each country apply, but for a few who are still writing."""
    for country, found in _calls(demo).items():
        people_there = demo.people[country]
        written = _written(people_there, demo.random)
        span = demo.now - timedelta(hours=2) - found.opens_at
        for place, applicant in enumerate(people_there.applicants):
            at = found.opens_at + timedelta(minutes=40) + span * (place / len(people_there.applicants))
            with demo.clock(at):
                person_id = _account(demo, applicant, people_there.language)
                application_id = _write(found.id, person_id, applicant, written[place], people_there.language)
                if place not in {ANSWERED, OPEN}:
                    _attach(application_id, person_id, applicant, people_there.language)
                else:
                    token = _ask_superior(application_id, applicant, people_there.language, by=person_id)
                    if place == ANSWERED:
                        authorising.answer(token, is_given=True, note="", by=None)
                if place not in STILL_WRITING:
                    actions.submit(application_id, by=person_id)


def selection(demo: Demo) -> None:
    """Submit what was still being written, then decide, evaluate, publish provisionally and finally, and let the places be taken."""
    for country, found in _calls(demo).items():
        staff, people_there = demo.staff[country], demo.people[country]
        call_id, closes_at, zone = found.id, found.closes_at, found.cohort.zone
        for hours, place in enumerate(STILL_WRITING, start=2):
            with demo.clock(closes_at - timedelta(hours=hours * 5)):
                person = known_people.by_email(people_there.applicants[place].email)
                if person and (draft := queries.own_in(call_id, person.id)):
                    actions.submit(draft.id, by=draft.person_id)
        _let_superior_answer(call_id, people_there, closes_at - timedelta(hours=20))
        with demo.clock(closes_at + timedelta(days=1)):
            for application_id in _unsigned(call_id, people_there):
                asking.ask(application_id, ["authorisation"], NOT_SIGNED[people_there.language], by=staff["coordinator"])
        with demo.clock(closes_at + timedelta(days=3)):
            _decide(call_id, people_there, staff["coordinator"])
        with demo.clock(closes_at + timedelta(days=7)):
            _decide_on_the_unsigned(call_id, people_there, staff["coordinator"], demo.administrator)
        with demo.clock(closes_at + timedelta(days=14)):
            _evaluate(call_id, people_there, staff, demo.random)
        with demo.clock(closes_at + timedelta(days=14, hours=2)):
            provisional.publish(call_id, by=staff["coordinator"])
        published = datetime.combine(demo.now.date() - timedelta(days=demo.now.weekday() + 7), datetime.min.time(), ZoneInfo(zone))
        published += timedelta(hours=10)
        with demo.clock(published):
            publishing.publish(call_id, by=staff["coordinator"])
        _answer(demo, call_id, published)


def _let_superior_answer(call_id: int, people_there: SampleCountry, at: datetime) -> None:
    """Ask once more the superior who has not answered, and get the answer."""
    applicant = people_there.applicants[OPEN]
    person = known_people.by_email(applicant.email)
    application = queries.own_in(call_id, person.id) if person else None
    if application is not None:
        with clock.frozen(at):
            token = _ask_superior(application.id, applicant, people_there.language, by=application.person_id)
            authorising.answer(token, is_given=True, note="", by=None)


def _calls(demo: Demo) -> dict[str, Call]:
    return {country: found for country, cohort in demo.cohorts().items() if (found := queries.call_of_cohort(cohort.id))}


def _account(demo: Demo, applicant: Applicant, language: str) -> int:
    names = (applicant.email, applicant.given_name, applicant.family_name)
    return people.ready(*names, language=language, zone=None, password=demo.password).id


def _written(country: SampleCountry, random: Random) -> list[dict[str, str]]:
    number = len(country.applicants)
    columns = {code: answers(code, country.language, random, number) for code in OPEN_QUESTIONS}
    return [{code: columns[code][place] for code in OPEN_QUESTIONS} for place in range(number)]


def _write(call_id: int, person_id: int, applicant: Applicant, written: dict[str, str], language: str) -> int:
    application_id = actions.begin(call_id, by=person_id)
    no = LACKING.get(applicant.lacks)
    actions.save(
        application_id,
        {
            "administration": applicant.administration,
            "administration-type": applicant.kind,
            "region": applicant.region,
            "position": applicant.position,
            "years": applicant.years,
            **{question: "no" if question == no else "yes" for question in LACKING.values()},
            **written,
            "declaration": True,
            "equipment-lacking": NO_EQUIPMENT[language] if no == "equipment" else "",
            "other-courses": True,
        },
        by=person_id,
    )
    return application_id


def _attach(application_id: int, person_id: int, applicant: Applicant, language: str) -> None:
    letter = _authorisation(f"{applicant.given_name} {applicant.family_name}", applicant.administration, language)
    actions.attach(application_id, "authorisation", BytesIO(letter), f"{AUTHORISATION[language][0].split(' ')[0]}.pdf", by=person_id)


def _ask_superior(application_id: int, applicant: Applicant, language: str, *, by: int) -> str:
    office = f"office.{applicant.email}"
    return authorising.ask(application_id, "authorisation", name=SUPERIORS[language], email=office, language=language, by=by)


def _authorisation(name: str, administration: str, language: str) -> bytes:
    from reportlab.pdfgen.canvas import Canvas  # slow import

    _fonts()
    title, sentence = AUTHORISATION[language]
    out = BytesIO()
    page = Canvas(out, pagesize=(595, 842), invariant=1)
    for down, (text, size) in enumerate(((administration, 12), (title, 16), (sentence.format(name=name), 10))):
        page.setFont("Sans", size)
        page.drawString(60, 740 - down * 40, text)
    page.save()
    return out.getvalue()


@lru_cache(maxsize=1)
def _fonts() -> None:
    register_fonts()


def _decide(call_id: int, country: SampleCountry, coordinator: int) -> None:
    """Reject whom a rule rejects, confirm the others together; who may still mend something waits."""
    waiting = set(_unsigned(call_id, country))
    failed = set(session.scalars(select(Outcome.application_id).where(Outcome.finding == "fail")))
    for application_id in session.scalars(_undecided(call_id)).all():
        if application_id in failed - waiting:
            deciding.decide(application_id, is_eligible=False, note="", by=coordinator)
    deciding.confirm_clear(call_id, by=coordinator)


def _decide_on_the_unsigned(call_id: int, country: SampleCountry, coordinator: int, second: int) -> None:
    """Reject by two people whose authorisation is not signed: they were asked to mend it, and did not."""
    for application_id in _unsigned(call_id, country):
        deciding.decide(application_id, is_eligible=False, note=NOT_SIGNED[country.language], by=coordinator)
        if proposed := proposals.open_one(application_id):
            answering.confirm(proposed.id, by=second)


def _unsigned(call_id: int, country: SampleCountry) -> list[int]:
    """List the undecided applications whose authorisation is not signed."""
    lacking = known_people.by_emails([each.email for each in country.applicants if each.lacks == "authorisation"])
    return list(session.scalars(_undecided(call_id).where(Application.person_id.in_(lacking.values()))))


def _undecided(call_id: int) -> Select[int]:
    return select(Application.id).where(Application.call_id == call_id, Application.state == State.SUBMITTED).order_by(Application.id)


def _evaluate(call_id: int, country: SampleCountry, staff: dict[str, int], random: Random) -> None:
    ids = known_people.by_emails([each.email for each in country.applicants])
    worth = {ids[each.email]: _worth(place, random) for place, each in enumerate(country.applicants) if each.email in ids}
    order = {person_id: place for place, person_id in enumerate(worth)}
    weights = {each.code: each.weight for each in queries.criteria(call_id)}
    for review_id, turn, person_id in _asked(call_id):
        if order[person_id] == TOO_NEAR and turn == 2:  # noqa: PLR2004 (the second evaluator)
            review = session.get_one(Review, review_id)
            evaluator, application_id = review.evaluator_id, review.application_id
            reviewing.declare_conflict(review_id, "We ran a project together last year.", by=evaluator)
            reviewing.ask(application_id, staff["coordinator"], by=staff["coordinator"])
            continue
        percent = worth[person_id] - (27 if order[person_id] == FAR_APART and turn == 1 else 0)
        _give(review_id, percent, weights, random, why=EXTREMES[country.language])
    for judged in judging.judged(session.get_one(Call, call_id)):
        if judged.is_third_due:
            reviewing.ask(judged.id, staff["coordinator"], by=staff["coordinator"])
    for review_id, _turn, person_id in _asked(call_id):
        _give(review_id, worth[person_id], weights, random, why=EXTREMES[country.language])


def _worth(place: int, random: Random) -> int:
    """Per cent that an application is worth; the ready account does well, the last ones do not."""
    drawn = random.randint(52, 94)
    return 91 if place == 0 else 82 if place == FAR_APART else drawn - 14 * (place % 13 == 12)  # noqa: PLR2004 (a few of thirty)


def _asked(call_id: int) -> list[tuple[int, int, int]]:
    chosen = (
        select(Review.id, Review.turn, Application.person_id)
        .join(Application, Review.application_id == Application.id)
        .where(Application.call_id == call_id, Review.state == ReviewState.ASKED)
        .order_by(Review.turn, Application.id)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(chosen)]


def _give(review_id: int, percent: int, weights: dict[str, int], random: Random, *, why: str) -> None:
    marks = {}
    for code, most in weights.items():
        halves = round(most * 2 * (percent + random.randint(-7, 7)) / 100)
        marks[code] = Decimal(min(most * 2, max(0, halves))) / 2
    evaluator = session.scalars(select(Review.evaluator_id).where(Review.id == review_id)).one()
    reasons = {code: why for code, points in marks.items() if points in {0, weights[code]}}
    reviewing.give(review_id, marks, "", by=evaluator, reasons=reasons)


def _answer(demo: Demo, call_id: int, published: datetime) -> None:
    """Let one decline, the others accept, and whoever is called up accept too."""
    at = published + timedelta(hours=3)
    while offers := _offers(call_id):
        for application_id, person_id, position in offers:
            at += timedelta(hours=2, minutes=demo.random.randint(0, 50))
            with demo.clock(min(at, demo.now)):
                if position == DECLINES:
                    offering.decline(application_id, by=person_id)
                else:
                    offering.accept(application_id, by=person_id)


def _offers(call_id: int) -> list[tuple[int, int, int]]:
    chosen = (
        select(Application.id, Application.person_id, Place.position)
        .join(Place, Place.application_id == Application.id)
        .join(Ranking, Place.ranking_id == Ranking.id)
        .where(Ranking.call_id == call_id, Place.standing == Standing.OFFERED)
        .order_by(Place.position)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(chosen)]
