"""What an applicant does."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Invalid, NotThere, Refused
from inspire_lms.plugins.online_call.applying import actions, queries
from inspire_lms.plugins.online_call.models import Application, Attachment, Outcome
from tests.builders import a_person
from tests.plugins.online_call.builders import ANSWERS, CLOSES, OPEN, OPENS, PDF, a_call, a_draft, an_application

pytestmark = pytest.mark.usefixtures("app")


def stored(application_id):
    session.rollback()
    return session.get(Application, application_id)


def test_beginning_twice_gives_the_same_draft():
    call, person = a_call(), a_person()
    with clock.frozen(OPEN):
        assert actions.begin(call.id, by=person.id) == actions.begin(call.id, by=person.id)


@pytest.mark.parametrize("at", [OPENS - timedelta(microseconds=1), CLOSES])
def test_nothing_is_begun_while_the_call_is_not_open(at):
    call, person = a_call(), a_person()
    with clock.frozen(at), pytest.raises(Refused):
        actions.begin(call.id, by=person.id)


def test_a_draft_keeps_each_answer_beside_the_others():
    call, person = a_call(), a_person()
    with clock.frozen(OPEN):
        draft = actions.begin(call.id, by=person.id)
        actions.save(draft, {"administration": "Comune", "employed": "yes"}, by=person.id)
        assert actions.save(draft, {"administration": "Comune di Prova"}, by=person.id) == OPEN
    assert stored(draft).answers == {"administration": "Comune di Prova", "employed": "yes"}


def test_a_minute_late_nothing_is_submitted_and_the_draft_is_kept():
    draft = a_draft(a_call())
    late = CLOSES + timedelta(minutes=1)
    with clock.frozen(late):
        for deed in (lambda: actions.submit(draft.id, by=draft.person_id), lambda: actions.save(draft.id, {}, by=draft.person_id)):
            with pytest.raises(Refused) as refused:
                deed()
            assert (refused.value.reason.values["deadline"].at, refused.value.reason.values["now"].at) == (CLOSES, late)
    kept = stored(draft.id)
    assert (kept.state, kept.answers, kept.protocol_number) == ("draft", ANSWERS, None)


def test_submitting_gives_a_number_a_time_and_a_receipt_with_every_answer(outbox):
    draft = a_draft(a_call(), a_person(language="it"))
    with clock.frozen(OPEN):
        actions.submit(draft.id, by=draft.person_id)
    sent = stored(draft.id)
    assert (sent.state, sent.protocol_number, sent.submitted_at, sent.administration) == ("submitted", "INSPIREPA-IT-2026-000001", OPEN, "Comune di Prova")
    (mail,) = outbox
    assert mail.language == "it"
    for wanted in ("INSPIREPA-IT-2026-000001", "The administration (it)", "Comune di Prova", "A challenge of our own.", "nulla osta.pdf"):
        assert wanted in mail.text


def test_submitted_twice_it_is_one_application_with_one_receipt(outbox):
    draft = a_draft(a_call())
    with clock.frozen(OPEN):
        actions.submit(draft.id, by=draft.person_id)
    with clock.frozen(CLOSES + timedelta(days=1)):
        actions.submit(draft.id, by=draft.person_id)
    assert (stored(draft.id).protocol_number, stored(draft.id).submitted_at, len(outbox)) == ("INSPIREPA-IT-2026-000001", OPEN, 1)


def test_numbers_of_a_country_have_no_gap_although_a_submission_failed_in_between():
    call = a_call()
    an_application(call)
    with pytest.raises(Invalid):
        an_application(call, challenge="")
    an_application(call)
    an_application(a_call("RO"))
    found = session.scalars(select(Application.protocol_number).where(Application.protocol_number.is_not(None)).order_by(Application.id))
    assert list(found) == ["INSPIREPA-IT-2026-000001", "INSPIREPA-IT-2026-000002", "INSPIREPA-RO-2026-000001"]


def test_what_is_missing_is_named_and_nothing_is_submitted():
    call, person = a_call(), a_person()
    with clock.frozen(OPEN):
        draft = actions.begin(call.id, by=person.id)
        actions.save(draft, {"administration": "Comune", "challenge": "x" * 201}, by=person.id)
        with pytest.raises(Invalid) as invalid:
            actions.submit(draft, by=person.id)
    assert list(invalid.value.reasons) == ["employed", "challenge", "authorisation", "declaration"]
    assert stored(draft).state == "draft"


def test_answers_are_fixed_once_submitted():
    sent = an_application(a_call())
    with clock.frozen(OPEN):
        with pytest.raises(Refused):
            actions.save(sent.id, {"challenge": "Another."}, by=sent.person_id)
        with pytest.raises(Refused):
            actions.attach(sent.id, "authorisation", BytesIO(PDF), "other.pdf", by=sent.person_id)
        with pytest.raises(Refused):
            actions.discard(sent.id, by=sent.person_id)


@pytest.mark.parametrize(("content", "name"), [(b"%PDF-1.4 broken", "a.pdf"), (b"PK\x03\x04", "a.pdf"), (b"", "a.pdf"), (b"MZ" + b"x" * 100, "a.pdf")])
def test_a_file_that_is_no_pdf_is_refused_at_its_field_and_the_one_before_stays(content, name):
    draft = a_draft(a_call())
    with clock.frozen(OPEN), pytest.raises(Invalid) as invalid:
        actions.attach(draft.id, "authorisation", BytesIO(content), name, by=draft.person_id)
    assert list(invalid.value.reasons) == ["authorisation"]
    assert queries.attachments(draft.id)["authorisation"].name == "nulla osta.pdf"


def test_another_file_takes_the_place_of_the_one_before():
    draft = a_draft(a_call())
    with clock.frozen(OPEN):
        actions.attach(draft.id, "authorisation", BytesIO(PDF), "Έγκριση.pdf", by=draft.person_id)
        assert [each.name for each in session.scalars(select(Attachment))] == ["Έγκριση.pdf"]
        actions.detach(draft.id, "authorisation", by=draft.person_id)
    assert queries.attachments(draft.id) == {}


def test_a_file_is_attached_only_where_one_is_asked_for():
    draft = a_draft(a_call())
    with clock.frozen(OPEN), pytest.raises(NotThere):
        actions.attach(draft.id, "challenge", BytesIO(PDF), "a.pdf", by=draft.person_id)


def test_somebody_elses_draft_is_not_there():
    draft, other = a_draft(a_call()), a_person()
    with clock.frozen(OPEN):
        for deed in (
            lambda: actions.save(draft.id, {}, by=other.id),
            lambda: actions.submit(draft.id, by=other.id),
            lambda: actions.discard(draft.id, by=other.id),
            lambda: actions.attach(draft.id, "authorisation", BytesIO(PDF), "a.pdf", by=other.id),
        ):
            with pytest.raises(NotThere):
                deed()


def test_a_discarded_draft_is_gone_with_its_files():
    draft = a_draft(a_call())
    actions.discard(draft.id, by=draft.person_id)
    assert (session.scalars(select(Application)).all(), session.scalars(select(Attachment)).all()) == ([], [])


def test_the_rules_look_when_it_is_submitted_and_keep_what_they_found_with_the_reason():
    sent = an_application(a_call(), a_person(email="anna@comune.test"), employed="no")
    found = [(each.rule, each.finding, each.reason["en"]) for each in session.scalars(select(Outcome).order_by(Outcome.id))]
    assert found == [
        ("employed", "fail", "Not met: employed"),
        ("authorisation", "pass", "Not met: authorisation"),
        ("address", "unknown", "Not met: address"),
    ]
    assert [line.did for line in audit.about(("application", sent.id))] == ["online_call.submitted"]
