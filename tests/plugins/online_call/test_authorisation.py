"""The employer's authorisation by a link: asked, given, refused, expired, forgotten."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from inspire_lms.contracts.people import PeopleMerged, PersonErased
from inspire_lms.kernel import audit, clock, jobs
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Invalid, NotThere, Refused
from inspire_lms.kernel.mail import Mail
from inspire_lms.kernel.people import erasing
from inspire_lms.plugins.online_call.applying import actions as applying
from inspire_lms.plugins.online_call.applying import queries
from inspire_lms.plugins.online_call.authorising import due, rules
from inspire_lms.plugins.online_call.authorising.models import Authorisation
from inspire_lms.plugins.online_call.judging import deciding
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering import leaving, merging, publishing
from inspire_lms.plugins.online_call.plugin import plugin
from inspire_lms.plugins.online_call.retention import thinning
from inspire_lms.plugins.online_call.rules import KEPT
from tests.builders import a_person
from tests.plugins.online_call.builders import CLOSED, CLOSES, OPEN, PDF, PUBLISHED, a_draft, committee, judged
from tests.plugins.online_call.superiors import QUESTION, SUPERIOR, a_draft_without_a_file, a_linked_call, answer, ask, request_of, submit

pytestmark = pytest.mark.usefixtures("app")
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
DIES = OPEN + timedelta(days=10, hours=2)
"""Ten days after OPEN, at noon in Rome, when the call closes too."""
LAST = CLOSES + 3 * DAY


def found(application_id):
    """What the rules found, by rule."""
    session.rollback()
    return {each.rule: str(each.finding) for each in queries.outcomes(application_id)}


def look(at):
    """What the worker does in a quarter of an hour."""
    with clock.frozen(at):
        due.look()
        jobs.run_due()


@pytest.mark.both_engines
def test_a_superior_is_asked_in_the_language_chosen_and_of_the_token_only_a_digest_is_kept(outbox):
    draft = a_draft_without_a_file(a_linked_call())
    token = ask(draft)
    (mail,) = outbox
    assert (mail.to_person, mail.address, mail.name, mail.language) == (None, SUPERIOR["email"], SUPERIOR["name"], "it")
    assert f"/online_call/authorise/{token}?language=it" in mail.text
    assert "30 novembre 2026, ore 12:00" in mail.text
    kept = request_of(draft.id)
    assert (kept.state, kept.times, kept.asked_at, kept.expires_at, kept.answered_at) == ("asked", 1, OPEN, DIES, None)
    assert not any(token in str(getattr(kept, column.name)) for column in Authorisation.__table__.columns)
    person = draft.person_id
    assert erasing.held_about(person, plugin.privacy)["online_call_authorisation"][0].keys().isdisjoint({"digest", "reminder_digest"})


@pytest.mark.parametrize(("is_given", "outcome", "subject"), [(True, "pass", "given"), (False, "fail", "refused")])
def test_the_answer_settles_the_rule_of_a_submitted_application_and_is_told(outbox, is_given, outcome, subject):
    draft = a_draft_without_a_file(a_linked_call())
    token = ask(draft)
    application = submit(draft)
    application_id, person = application.id, application.person_id
    assert found(application_id) == {"employed": "pass", "authorised": "unknown"}
    answer(token, at=DIES - SECOND, is_given=is_given, note=" Because. ")
    kept = request_of(application_id)
    assert (kept.state, kept.answered_at, kept.note) == (subject, DIES - SECOND, "Because.")
    assert found(application_id) == {"employed": "pass", "authorised": outcome}
    assert [(mail.subject, mail.to_person) for mail in outbox][-1] == (f"Your authorisation is {subject}", person)
    assert [line.did for line in audit.about(("application", application_id))] == [
        "online_call.authorisation-asked", "online_call.submitted", f"online_call.authorisation-{subject}",
    ]  # fmt: skip


def test_given_before_submitting_it_stands_in_the_receipt_and_passes(outbox):
    draft = a_draft_without_a_file(a_linked_call())
    answer(ask(draft))
    application = submit(draft)
    assert found(application.id)["authorised"] == "pass"
    assert "The superior answers by a link" in outbox[-1].text
    assert SUPERIOR["email"] not in outbox[-1].text


@pytest.mark.parametrize(("may_submit_open", "is_answered", "goes"), [(True, False, True), (False, False, False), (False, True, True)])
def test_an_application_with_an_open_request_is_submitted_only_if_the_call_allows_it(may_submit_open, is_answered, goes):
    draft = a_draft_without_a_file(a_linked_call(may_submit_open=may_submit_open))
    token = ask(draft)
    if is_answered:
        answer(token)
    if goes:
        assert submit(draft).state == "submitted"
    else:
        with pytest.raises(Invalid) as invalid:
            submit(draft)
        assert {code: str(reason) for code, reason in invalid.value.reasons.items()} == {
            QUESTION: "Attach the file, or ask your superior to confirm it by a link."
        }


def test_without_file_and_request_or_after_a_refusal_nothing_is_submitted():
    draft = a_draft_without_a_file(a_linked_call())
    for prepare in (lambda: None, lambda: answer(ask(draft), is_given=False)):
        prepare()
        with pytest.raises(Invalid):
            submit(draft)


@pytest.mark.both_engines
def test_a_link_works_once_and_an_answer_stays():
    draft = a_draft_without_a_file(a_linked_call())
    token = ask(draft)
    answer(token, is_given=False)
    with pytest.raises(Refused, match="answered"):
        answer(token, is_given=True)
    assert request_of(draft.id).state == "refused"


def test_asked_again_the_old_link_dies_and_what_was_written_to_the_wrong_address_is_gone(outbox):
    draft = a_draft_without_a_file(a_linked_call())
    first = ask(draft, email="wrong@comune.example", name="Dr. Wrong")
    second = ask(draft, at=OPEN + rules.PAUSE)
    with pytest.raises(Refused, match="does not work"):
        answer(first, at=OPEN + rules.PAUSE)
    old, new = outbox
    assert (old.address, old.name, old.text, old.html) == ("", "", "", "")
    assert "Wrong" not in old.subject
    assert new.address == SUPERIOR["email"]
    answer(second, at=OPEN + rules.PAUSE)
    assert (request_of(draft.id).state, request_of(draft.id).times, request_of(draft.id).email) == ("given", 2, SUPERIOR["email"])


def test_one_asks_so_often_as_the_call_says():
    draft = a_draft_without_a_file(a_linked_call(times=2))
    ask(draft)
    ask(draft, at=OPEN + DAY)
    with pytest.raises(Refused, match="2 times"):
        ask(draft, at=OPEN + 2 * DAY)


def test_deleting_a_draft_gives_no_new_requests_and_empties_what_was_sent(outbox):
    call_id, person = a_linked_call(times=5).id, a_person()
    for hour in range(rules.MOST_BY_ONE):
        at = OPEN + timedelta(hours=hour)
        draft = a_draft_without_a_file(session.get(Call, call_id), person, at=at)
        ask(draft, at=at)
        with clock.frozen(at):
            applying.discard(draft.id, by=draft.person_id)
    assert [mail.text for mail in outbox] == [""] * rules.MOST_BY_ONE
    last = a_draft_without_a_file(session.get(Call, call_id), person, at=at)
    with pytest.raises(Refused, match="too often today"):
        ask(last, at=at)
    ask(last, at=OPEN + DAY)
    assert request_of(last.id).times == 1


def test_one_address_gets_only_so_many_requests_a_day(monkeypatch):
    monkeypatch.setattr(rules, "MOST_TO_ONE", 2)
    call_id = a_linked_call().id
    drafts = [a_draft_without_a_file(session.get(Call, call_id)).id for _each in range(3)]
    for each in drafts[:2]:
        ask(session.get(Application, each), email="BEATRICE.Colonna@comune.example")
    with pytest.raises(Refused, match="This address"):
        ask(session.get(Application, drafts[2]))
    ask(session.get(Application, drafts[2]), at=OPEN + DAY)


@pytest.mark.parametrize(
    ("but", "field"),
    [
        ({"name": "http://spam.example"}, "name"),
        ({"email": "no address"}, "email"),
        ({"email": "Own@Comune.example"}, "email"),
        ({"language": "xx"}, "language"),
    ],
)
def test_what_cannot_be_a_superior_is_refused_at_its_field_and_no_mail_goes_out(outbox, but, field):
    draft = a_draft_without_a_file(a_linked_call(), a_person(email="own@comune.example"))
    with pytest.raises(Invalid) as invalid:
        ask(draft, **but)
    assert (list(invalid.value.reasons), len(outbox), request_of(draft.id)) == ([field], 0, None)


@pytest.mark.parametrize(("family_name", "shown"), [("Rossi", "Anna Rossi applies"), ("See http://spam.example", "anna@comune.example applies")])
def test_the_name_of_an_account_carries_nothing_but_a_name_to_a_stranger(outbox, family_name, shown):
    person = a_person(email="anna@comune.example", given_name="Anna", family_name=family_name)
    ask(a_draft_without_a_file(a_linked_call(), person), language="en")
    assert (shown in outbox[0].text, "spam" in outbox[0].text + outbox[0].html) == (True, False)


def test_somebody_elses_application_and_a_question_without_a_link_are_not_there():
    draft, other = a_draft_without_a_file(a_linked_call()), a_person().id
    for by, question in ((other, QUESTION), (draft.person_id, "challenge"), (draft.person_id, "unknown")):
        with pytest.raises(NotThere):
            ask(draft, by=by, question=question)


def test_nobody_authorises_oneself_even_with_the_link():
    draft = a_draft_without_a_file(a_linked_call())
    token, person = ask(draft), draft.person_id
    with pytest.raises(Refused, match="oneself"):
        answer(token, by=person)
    assert request_of(draft.id).state == "asked"


@pytest.mark.both_engines
def test_a_superior_is_reminded_once_and_either_link_answers(outbox):
    draft = a_draft_without_a_file(a_linked_call())
    ask(draft)
    look(DIES - timedelta(hours=48) - SECOND)
    assert len(outbox) == 1
    for at in (DIES - timedelta(hours=48), DIES - timedelta(hours=47)):
        look(at)
    assert [(mail.subject, mail.address) for mail in outbox] == [
        ("È richiesta la Sua autorizzazione", SUPERIOR["email"]),
        ("Promemoria: è richiesta la Sua autorizzazione", SUPERIOR["email"]),
    ]
    reminded = outbox[1].text.partition("/online_call/authorise/")[2].partition("?")[0]
    answer(reminded, at=DIES - SECOND)
    assert request_of(draft.id).state == "given"


def test_who_has_answered_is_not_reminded(outbox):
    draft = a_draft_without_a_file(a_linked_call())
    answer(ask(draft))
    look(DIES - DAY)
    assert [mail.to_person for mail in outbox] == [None, draft.person_id]


def test_an_unanswered_link_expires_is_told_and_may_be_asked_for_again_until_the_last_moment(outbox):
    draft = a_draft_without_a_file(a_linked_call())
    token = ask(draft)
    application_id = submit(draft).id
    with pytest.raises(Refused, match="worked until"):
        answer(token, at=DIES)
    for _twice in range(2):
        look(DIES)
    assert (request_of(application_id).state, found(application_id)["authorised"]) == ("expired", "unknown")
    assert [mail.subject for mail in outbox].count("Your superior has not answered") == 1
    again = ask(session.get(Application, application_id), at=DIES + DAY)
    assert (request_of(application_id).state, request_of(application_id).expires_at) == ("asked", DIES + 11 * DAY)
    answer(again, at=CLOSES - SECOND)
    assert found(application_id)["authorised"] == "pass"


def test_silence_until_the_last_moment_fails():
    draft = a_draft_without_a_file(a_linked_call())
    ask(draft)
    application_id = submit(draft).id
    look(DIES)
    look(LAST - SECOND)
    assert found(application_id)["authorised"] == "unknown"
    look(LAST)
    assert found(application_id)["authorised"] == "fail"


def test_a_draft_that_was_not_submitted_has_nothing_to_answer_and_nobody_is_written_to(outbox):
    draft = a_draft_without_a_file(a_linked_call(days=60))
    token = ask(draft)
    with pytest.raises(Refused, match="takes no part"):
        answer(token, at=CLOSES)
    look(LAST)
    assert (request_of(draft.id).state, len(outbox)) == ("expired", 1)


def test_after_a_decision_the_outcome_follows_the_answer_and_the_decision_stays():
    call = a_linked_call(days=60)
    coordinator = committee(call)[2].id
    draft = a_draft_without_a_file(call)
    token = ask(draft)
    application_id = submit(draft).id
    with clock.frozen(CLOSED):
        assert deciding.confirm_clear(draft.call_id, by=coordinator) == 0
        with pytest.raises(Invalid):
            deciding.decide(application_id, is_eligible=True, note="", by=coordinator)
        deciding.decide(application_id, is_eligible=True, note="The superior telephoned.", by=coordinator)
    answer(token, at=CLOSED + SECOND, is_given=False)
    assert (session.get(Application, application_id).state, found(application_id)["authorised"]) == ("eligible", "fail")


def test_once_the_ranking_is_published_no_outcome_changes():
    call = a_linked_call(days=60, days_after=7)
    call_id = call.id
    _ids, coordinator = judged(call, [80])
    draft = a_draft_without_a_file(session.get(Call, call_id))
    token = ask(draft)
    application_id = submit(draft).id
    with clock.frozen(CLOSED):
        deciding.decide(application_id, is_eligible=False, note="No authorisation.", by=coordinator.id)
        publishing.publish(call_id, by=coordinator.id)
    answer(token, at=CLOSED + SECOND)
    assert (request_of(application_id).state, found(application_id)["authorised"]) == ("given", "unknown")


def forgotten(application_id):
    """Say that of the superior nothing is left: no row, and no word in any mail."""
    texts = [mail.text + mail.html + mail.address + mail.name + mail.subject for mail in session.scalars(select(Mail))]
    return request_of(application_id) is None and not any(SUPERIOR["email"] in text or "Colonna" in text for text in texts)


@pytest.mark.both_engines
@pytest.mark.parametrize("how", ["erased", "merged", "thinned out", "draft thinned out"])
def test_with_the_application_goes_whom_it_named(how):
    call = a_linked_call()
    call_id = call.id
    draft = a_draft_without_a_file(call)
    application_id, person = draft.id, draft.person_id
    ask(draft)
    look(DIES - DAY)
    if how == "erased":
        submit(draft)
        leaving.forget(PersonErased(person))
    elif how == "merged":
        twin = a_draft(session.get(Call, call_id))
        submit(twin)
        merging.merge(PeopleMerged(from_id=person, to_id=twin.person_id))
    else:
        if how == "thinned out":
            submit(draft)
        _ids, coordinator = judged(session.get(Call, call_id), [80])
        with clock.frozen(CLOSED):
            if how == "thinned out":
                deciding.decide(application_id, is_eligible=False, note="No.", by=coordinator.id)
        with clock.frozen(PUBLISHED):
            publishing.publish(call_id, by=coordinator.id)
        with clock.frozen(PUBLISHED + KEPT):
            thinning.thin_out()
    assert forgotten(application_id)


def test_a_file_attached_beside_an_open_request_passes_whatever_the_superior_says():
    draft = a_draft_without_a_file(a_linked_call())
    token = ask(draft)
    with clock.frozen(OPEN):
        applying.attach(draft.id, QUESTION, BytesIO(PDF), "nulla osta.pdf", by=draft.person_id)
    application_id = submit(draft).id
    answer(token, is_given=False)
    assert found(application_id)["authorised"] == "pass"
