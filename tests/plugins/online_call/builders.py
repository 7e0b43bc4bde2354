"""Calls and applications that are valid by default; say in `but` what matters to the case."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import count

from pypdf import PdfWriter
from sqlalchemy import select

from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.online_call.applying import actions, opening
from inspire_lms.plugins.online_call.edition import CallPart, Weighed
from inspire_lms.plugins.online_call.eligibility import Check, Rule
from inspire_lms.plugins.online_call.form.conditions import Condition
from inspire_lms.plugins.online_call.judging import deciding, reviewing
from inspire_lms.plugins.online_call.models import Application, Call, Criterion, Mark, Review
from inspire_lms.plugins.online_call.offering import actions as offering
from inspire_lms.plugins.online_call.offering import publishing
from inspire_lms.plugins.online_call.offering.models import Place
from inspire_lms.plugins.online_call.posting.rules import To
from inspire_lms.plugins.online_call.posting.terms import Announcement
from inspire_lms.plugins.online_call.questions import Kind, Question, Section
from inspire_lms.plugins.online_call.ranking.terms import Quota
from inspire_lms.plugins.online_call.rules import ReviewState
from tests.builders import a_cohort, a_person, staff, words

OPENS = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
CLOSES = datetime(2026, 12, 11, 11, 0, tzinfo=UTC)
OPEN = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CLOSED = CLOSES + timedelta(days=1)
PUBLISHED = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
OFFER_UNTIL = datetime(2027, 1, 18, 11, 0, tzinfo=UTC)
"""A week after PUBLISHED, at noon in Rome."""
ANSWERS = {"administration": "Comune di Prova", "employed": "yes", "challenge": "A challenge of our own.", "declaration": True}
_numbers = count(1)


def a_question(code, kind=Kind.TEXT, **but):
    facts = {
        "code": code, "kind": kind, "label": words(f"The {code}"), "hint": {}, "most": 200, "least": 0, "is_optional": False,
        "options": {}, "criterion": None, "is_private": False,
    }  # fmt: skip
    return Question(**facts | but)


def a_form():
    return (
        Section("work", words("Your work"), (a_question("administration"), a_question("employed", Kind.YES_NO))),
        Section(
            "motivation",
            words("Motivation"),
            (
                a_question("challenge", Kind.LONG, criterion="motivation"),
                a_question("authorisation", Kind.FILE),
                a_question("adjustments", Kind.LONG, is_optional=True, is_private=True),
                a_question("declaration", Kind.DECLARATION),
            ),
        ),
    )


def a_branching_form():
    """The form, with a day, a consent, a question asked only of others, and a section that only towns fill in; in it a question of its own."""
    kinds = {"state": words("State"), "town": words("Town"), "other": words("Other")}
    work, motivation = a_form()
    more = (
        a_question("body", Kind.CHOICE, options=kinds),
        a_question("which", when=Condition("body", ("other",))),
        a_question("since", Kind.DATE, earliest=date(1980, 1, 1), latest=date(2026, 11, 16)),
    )
    town = (
        a_question("mayor", Kind.YES_NO), a_question("plan", Kind.FILE, is_optional=True),
        a_question("why", when=Condition("mayor", ("no",))),
    )  # fmt: skip
    consent = a_question("letters", Kind.CONSENT, is_optional=True)
    return (
        replace(work, questions=(*work.questions, *more)),
        Section("town", words("Your town"), town, Condition("body", ("town",))),
        replace(motivation, questions=(*motivation.questions, consent)),
    )


BRANCHED = {"body": "state", "since": "2019-03-01"}
"""What more is needed to submit it."""


def with_regions():
    """The form, with a question for the region."""
    options = {"north": words("North"), "south": words("South"), "islands": words("Islands")}
    return (*a_form(), Section("place", words("Place"), (a_question("region", Kind.CHOICE, options=options),)))


def of_regions(*regions):
    """The answers of those who work in these regions."""
    return [{"region": region} for region in regions]


ISLANDS = Quota("islands", words("From the islands"), "region", ("islands",), 1, None)
"""One seat is reserved for the islands."""
REGIONS = Quota("region", words("Regions"), "region", (), None, 2)
"""At most two seats for each region."""


def a_mendable_form():
    """The form in which the employer, the answer about it and the authorisation may be mended."""
    wanted = {"administration", "employed", "authorisation"}
    return tuple(replace(each, questions=tuple(replace(one, is_mendable=one.code in wanted) for one in each.questions)) for each in a_form())


def a_rule(code, check, question, *values, unsure=()):
    return Rule(code, check, question, values, tuple(unsure), words(f"Condition {code}"), words(f"Not met: {code}"))


def a_part(**but):
    facts = {
        "title": words("Call for applications"), "heading": words("20 places"), "lede": words("A free course"), "opens_at": OPENS,
        "closes_at": CLOSES, "checked_by": date(2026, 12, 18), "ranked_by": date(2027, 1, 15),
        "reserve_until": datetime(2027, 2, 12, 11, 0, tzinfo=UTC), "contact": "call@inspire.example", "seed": "a seed",
        "criteria": (Weighed("motivation", words("Motivation"), words("About it"), 60), Weighed("transfer", words("Transfer"), words("About it"), 40)),
        "chain": ("motivation", "submitted", "draw"), "quotas": (), "form": a_form(),
        "eligibility": (
            a_rule("employed", Check.ONE_OF, "employed", "yes"),
            a_rule("authorisation", Check.ATTACHED, "authorisation"),
            a_rule("address", Check.MAIL_ENDS, None, ".example"),
        ),
        "prepare": (words("Your authorisation"),), "suitable_from": Decimal(50), "gap": Decimal(20), "offer_days": 7,
        "offer_until": time(12), "remind_hours": 48,
    }  # fmt: skip
    return CallPart(**facts | but)


def an_announcement(**but):
    """A reminder to those with a draft, three days before the call closes, at nine in Rome."""
    facts = {
        "code": "soon", "days": -3, "of": "closes", "at": time(9), "to": To.DRAFTS, "subject": words("It closes on {deadline}"),
        "text": words("Your draft for “{title}” is not submitted.\n\nWrite to {contact}."),
    }  # fmt: skip
    return Announcement(**facts | but)


def a_call(country="IT", *, seats=20, cohort=None, **but):
    """A call of a cohort of its own."""
    cohort = cohort or a_cohort(country, seats=seats)
    cohort_id, edition_id = cohort.id, cohort.edition_id
    opening.load(edition_id, {cohort.country: a_part(**but)}, None)
    return session.scalars(select(Call).where(Call.cohort_id == cohort_id)).one()


def a_pdf():
    writer, out = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


PDF = a_pdf()


def a_draft(call, person=None, *, at=OPEN, **answers):
    """A draft with everything in it."""
    call_id = call.id
    person = person or a_person()
    by = person.id
    with clock.frozen(at):
        application_id = actions.begin(call_id, by=by)
        actions.save(application_id, ANSWERS | answers, by=by)
        actions.attach(application_id, "authorisation", BytesIO(PDF), "nulla osta.pdf", by=by)
    return session.get(Application, application_id)


def an_application(call, person=None, *, at=None, **answers):
    """A submitted application; each a second later than the one before."""
    at = at or OPEN + timedelta(seconds=next(_numbers))
    draft = a_draft(call, person, at=at, **answers)
    application_id = draft.id
    with clock.frozen(at):
        actions.submit(application_id, by=draft.person_id)
    return session.get(Application, application_id)


def committee(call):
    """Two evaluators and a coordinator of the country of a call."""
    cohort = session.get(Cohort, call.cohort_id)
    return staff(cohort, "evaluator"), staff(cohort, "evaluator"), staff(cohort, "coordinator")


def decided(application, coordinator):
    """The application, found eligible."""
    application_id = application.id
    with clock.frozen(CLOSED):
        deciding.decide(application_id, is_eligible=True, note="Seen.", by=coordinator.id)
    return session.get(Application, application_id)


def scored(application, *totals):
    """The marks of its evaluators, in turn; a total is split between motivation (first) and transfer."""
    application_id = application.id
    for total in totals:
        asked = select(Review).where(Review.application_id == application_id, Review.state == ReviewState.ASKED)
        review = session.scalars(asked.order_by(Review.turn).limit(1)).one()
        motivation = min(Decimal(60), Decimal(total))
        with clock.frozen(CLOSED):
            reviewing.give(review.id, {"motivation": motivation, "transfer": Decimal(total) - motivation}, "", by=review.evaluator_id)
    return session.get(Application, application_id)


def judged(call, totals, answers=()):
    """Eligible applications with two evaluations each, one for each total, written straight into the tables. Gives their ids.

    *answers* say what else each of them has answered.
    """
    more = [*answers, *({} for _total in totals)]
    one, other, coordinator = committee(call)
    call_id, people = call.id, [a_person().id for _total in totals]
    with transaction():
        criteria = {each.code: each for each in session.scalars(select(Criterion).where(Criterion.call_id == call_id))}
        ids = []
        for number, (person_id, total) in enumerate(zip(people, totals, strict=True), start=1):
            at = OPEN + timedelta(seconds=number)
            application = Application(
                call_id=call_id, person_id=person_id, state="eligible", answers=ANSWERS | more[number - 1], administration=ANSWERS["administration"], begun_at=at,
                saved_at=at, submitted_at=at, protocol_number=f"INSPIREPA-XX-2026-{call_id:02d}{number:04d}", decided_at=CLOSED,
            )  # fmt: skip
            session.add(application)
            session.flush()
            ids.append(application.id)
            for turn, evaluator in enumerate((one, other), start=1):
                review = Review(
                    application_id=application.id, evaluator_id=evaluator.id, turn=turn, state="done", comment="", asked_at=CLOSED, done_at=CLOSED, total=total
                )
                session.add(review)
                session.flush()
                motivation = min(Decimal(60), Decimal(str(total)))
                for code, points in (("motivation", motivation), ("transfer", Decimal(str(total)) - motivation)):
                    session.add(Mark(review_id=review.id, criterion_id=criteria[code].id, points=points, most=criteria[code].weight))
    return ids, coordinator


def a_selection(totals, *, seats=20, answers=(), **but):
    """A call whose ranking is published: one application for each total. Gives the call and the applications in their order."""
    call = a_call(seats=seats, **but)
    call_id = call.id
    ids, coordinator = judged(call, totals, answers)
    with clock.frozen(PUBLISHED):
        publishing.publish(call_id, by=coordinator.id)
    return session.get(Call, call_id), [session.get(Application, each) for each in ids]


def standings(applications):
    """What became of each application: its line of the ranking."""
    session.rollback()
    lines = {line.application_id: line for line in session.scalars(select(Place))}
    return [str(lines[each].standing) for each in [one.id for one in applications]]


def lapse_due():
    """What the worker does in a minute: it looks for offers that are over, and lets each of them lapse."""
    offering.lapse_due()
    jobs.run_due()
