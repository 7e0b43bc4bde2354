"""Whatever an evaluator opens or gets by mail, in each phase: names, employers and the marks of others only as the phase says."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.plugins.online_call.applying import actions
from inspire_lms.plugins.online_call.judging import reviewing
from inspire_lms.plugins.online_call.models import Application, Review
from inspire_lms.plugins.online_call.questions import Kind, Section
from inspire_lms.plugins.online_call.seeing.phases import Others
from tests.builders import a_person, words
from tests.plugins.online_call.builders import ANSWERS, CLOSED, OPEN, PDF, a_call, a_question, committee, decided
from tests.plugins.online_call.marks import given
from tests.plugins.online_call.test_phases import a_phase

HOUR = timedelta(hours=1)
GIVEN, FAMILY, MAIL, EMPLOYER = "Zebedea", "Quaquarini", "zebedea.q@inspire.example", "Comune di Unico"
WHO = (GIVEN, FAMILY, MAIL)
"""What tells the name: also in the names of files and in the answer that is flagged."""
OTHERS = ("Verbose verdict", "23.5", "23,5", "Secret reason")
"""What the other evaluator wrote and gave."""
MARKS = {"motivation": 23.5, "transfer": 0}
FILLINGS = {"country": "it", "question": "letter"}
PHASES = (
    a_phase("marking", CLOSED, hides_names=True),
    a_phase("looking", CLOSED + HOUR, may_mark=False, others=Others.AFTER_OWN, hides_names=True),
    a_phase("talking", CLOSED + 2 * HOUR, may_mark=False, others=Others.ALWAYS),
)


def a_form_that_tells():
    """A form in which employer, letter and one answer tell who applies, and another file does not."""
    asked = (
        a_question("administration", tells_name=True), a_question("employed", Kind.YES_NO), a_question("challenge", Kind.LONG, criterion="motivation"),
        a_question("authorisation", Kind.FILE), a_question("letter", Kind.FILE, tells_name=True), a_question("signature", tells_name=True),
        a_question("declaration", Kind.DECLARATION),
    )  # fmt: skip
    return (Section("all", words("All"), asked),)


def submitted(call, person):
    """An application whose files are called after the applicant."""
    call_id, by = call.id, person.id
    with clock.frozen(OPEN):
        number = actions.begin(call_id, by=by)
        actions.save(number, ANSWERS | {"administration": EMPLOYER, "signature": f"{GIVEN} {FAMILY}"}, by=by)
        for question in ("authorisation", "letter"):
            actions.attach(number, question, BytesIO(PDF), f"{FAMILY} {question}.pdf", by=by)
        actions.submit(number, by=by)
    return session.get_one(Application, number)


def addresses(app, numbers):
    """Every address that can be opened, filled with each of these numbers."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint.endswith("static"):
            continue
        options = {name: getattr(rule._converters[name], "items", ()) for name in rule.arguments}
        for number in numbers if rule.arguments - FILLINGS.keys() else numbers[:1]:
            filled = {name: FILLINGS.get(name) or next(iter(sorted(options[name])), number) for name in rule.arguments}
            yield rule, app.url_map.bind("localhost").build(rule.endpoint, filled, append_unknown=False)


def found_by(client, app, numbers):
    """All that an evaluator can open: status, heads and content of every page, by its address."""
    shut, found = set(), {}
    for rule, address in addresses(app, numbers):
        if rule.rule in shut:
            continue
        answer = client.get(address)
        if answer.status_code == 403:
            shut.add(rule.rule)
        assert answer.status_code < 500, address
        found[address] = f"{address} {answer.headers} {answer.data.decode('utf-8', 'replace')}"
    return found


def telling(found, words_):
    """The addresses whose pages hold one of the words."""
    return sorted(address for address, text in found.items() if any(word in text for word in words_))


@pytest.fixture
def selection(app):
    """An application that the second evaluator has marked; the first is still asked."""
    call = a_call(form=a_form_that_tells(), phases=PHASES, explains_extremes=True, eligibility=())
    one, other, coordinator = committee(call)
    application = submitted(call, a_person(given_name=GIVEN, family_name=FAMILY, email=MAIL))
    application = decided(application, coordinator)
    given(application, other, reasons={"transfer": "Secret reason"}, comment="Verbose verdict", **MARKS)
    reviews = session.scalars(select(Review.id).order_by(Review.id)).all()
    return application, one, [1, 2, *{application.id, application.person_id, application.cohort_id, *reviews} - {1, 2}]


def test_while_names_are_hidden_nothing_that_an_evaluator_opens_or_gets_tells_them(app, client, sign_in_as, outbox, selection):
    application, one, numbers = selection
    review = f"/online_call/reviews/{session.scalars(select(Review.id).where(Review.evaluator_id == one.id)).one()}"
    sign_in_as(client, one)
    with clock.frozen(CLOSED):
        found = found_by(client, app, numbers)
        assert application.protocol_number in found[review], "the page is open"
        assert telling(found, (*WHO, EMPLOYER, *OTHERS)) == []
        assert client.post(f"{review}/conflict", data={"note": ""}).status_code == 422
        refused = client.post(review, data={"motivation": "99"}).text
    with clock.frozen(CLOSED + 2 * HOUR):
        shown = found_by(client, app, numbers)
    assert telling(shown, (*WHO, EMPLOYER)) == ["/online_call/reviews", review], "the same walk finds them once they are shown"
    assert telling(shown, OTHERS) == [review]
    assert [word for word in (*WHO, EMPLOYER) if word in refused] == []
    mails = [f"{mail.subject} {mail.text} {mail.html} {mail.attachments}" for mail in outbox if mail.to_person == one.id]
    assert len(mails) == 1
    assert [word for word in (*WHO, EMPLOYER, *OTHERS) if word in mails[0]] == []


@pytest.mark.parametrize(
    ("phase", "has_given", "stepped", "sees_names", "sees_others"),
    [
        (-1, False, "", False, False),
        (0, True, "", False, False),
        (1, False, "", False, False),
        (1, True, "", False, True),
        (1, True, "conflict", False, False),
        (2, False, "", True, True),
        (2, True, "abstain", True, False),
    ],
)
def test_each_phase_shows_what_it_says_on_the_pages_of_an_evaluator(client, sign_in_as, selection, phase, has_given, stepped, sees_names, sees_others):
    application, one, _numbers = selection
    if has_given:
        given(application, one, motivation=30, transfer=10)
    review = session.scalars(select(Review.id).where(Review.evaluator_id == one.id)).one()
    with clock.frozen(CLOSED):
        if stepped:
            deed = {"conflict": reviewing.declare_conflict, "abstain": reviewing.abstain}[stepped]
            deed(review, "For a reason.", by=one.id)
    sign_in_as(client, one)
    with clock.frozen(CLOSED + phase * HOUR):
        listed, page = client.get("/online_call/reviews").text, client.get(f"/online_call/reviews/{review}").text
    assert (FAMILY in listed, FAMILY in page) == (sees_names, sees_names)
    assert EMPLOYER in listed if sees_names else EMPLOYER not in listed + page
    assert [word in page for word in ("Verbose verdict", "23.5", "Secret reason")] == [sees_others] * 3
    assert "Verbose verdict" not in listed
