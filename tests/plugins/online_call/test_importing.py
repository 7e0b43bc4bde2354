"""Applications on paper: mistakes by their place, doubts one by one, everything or nothing, and nothing twice."""

import hashlib
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select

from inspire_lms.kernel import audit, clock, files, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Refused
from inspire_lms.kernel.files import StoredFile
from inspire_lms.kernel.people import actions as people
from inspire_lms.kernel.people import queries as known
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.importing import actions, letters, queries
from inspire_lms.plugins.online_call.importing.models import Import, Imported
from inspire_lms.plugins.online_call.models import Application, Attachment, Outcome, Register
from tests.builders import a_person, a_trainee
from tests.plugins.online_call.builders import CLOSED, CLOSES, OPEN, OPENS, PUBLISHED, a_call, a_draft, a_selection, an_application
from tests.plugins.online_call.papers import SOURCE, a_row, a_table, confirmed, handed_in, tried

pytestmark = pytest.mark.usefixtures("app")


def count(table):
    return session.scalar(select(func.count()).select_from(table))


def wrong(found):
    return [(each.row, each.column, str(each.reason)) for each in found.wrong]


def why(found):
    return [(each.row, [str(one) for one in each.why], {key: str(text) for key, text in each.options.items()}) for each in found.doubts]


@pytest.mark.parametrize(
    ("but", "column", "reason"),
    [
        ({"e_mail": "anna"}, "A (e_mail)", "Write an e-mail address like name@example.org."),
        ({"family_name": ""}, "C (family_name)", None),
        ({"given_name": "Anna\x07"}, "B (given_name)", "The name holds a character that cannot be printed."),
        ({"received_at": "2026-11-20"}, "D (received_at)", "Write day and time, for example 2026-12-01 10:30."),
        ({"received_at": "2026-02-30 10:00"}, "D (received_at)", "This day or time does not exist."),
        ({"received_at": "2026-11-16 08:59"}, "D (received_at)", "It was received before the call opened on"),
        ({"received_at": "2026-12-11 12:00"}, "D (received_at)", "It was received after the call closed on"),
        ({"reading_language": "xx"}, "E (reading_language)", "Write one of these codes: en, el, it, ro."),
        ({"administration": ""}, "F (administration)", "Write an answer."),
        ({"administration": "x" * 201}, "F (administration)", "One character too many; at most 200."),
        ({"employed": "perhaps"}, "G (employed)", "Write one of these codes: yes, no."),
        ({"authorisation": ""}, "I (authorisation)", "Attach the file."),
        ({"declaration": "no"}, "K (declaration)", "This declaration is needed."),
    ],
)
def test_a_mistake_is_told_with_its_row_its_column_and_what_to_write(but, column, reason):
    import_id, _by = handed_in(a_call("IT"), a_row(1), a_row(2, **but))
    found = tried(import_id)
    assert (found.rows, found.mistakes, found.is_ready, found.targets) == (2, 1, False, ())
    ((row, where, said),) = wrong(found)
    assert (row, where) == (3, column)
    assert said.startswith(reason or "")


@pytest.mark.parametrize(
    ("said", "received"),
    [
        ("2026-11-16 09:00", OPENS),
        ("2026-12-11 11:59:59", CLOSES - timedelta(seconds=1)),
        ("1/12/2026 10:30", datetime(2026, 12, 1, 9, 30, tzinfo=UTC)),
        ("01.12.2026 10.30", datetime(2026, 12, 1, 9, 30, tzinfo=UTC)),
        ("2026-12-01T10:30:15", datetime(2026, 12, 1, 9, 30, 15, tzinfo=UTC)),
    ],
)
def test_an_application_counts_from_the_moment_it_was_received_on_paper(said, received):
    import_id, by = handed_in(a_call("IT"), a_row(1, received_at=said))
    confirmed(import_id, by)
    assert session.scalars(select(Application.submitted_at)).one() == received


def test_what_is_received_tomorrow_is_a_mistake_today():
    import_id, _by = handed_in(a_call("IT"), a_row(1, received_at="2026-11-20 10:01"), at=OPEN)
    assert wrong(tried(import_id, at=OPEN)) == [(2, "D (received_at)", "This moment is still to come.")]


def test_nothing_is_written_before_it_is_confirmed_and_then_everything_is(outbox):
    import_id, by = handed_in(a_call("IT"), a_row(1), a_row(2, received_at="2026-11-19 10:30", reading_language="el", employed="no"))
    before = count(Person)
    assert tried(import_id).is_ready
    assert (count(Application), count(Person), session.get(Register, "IT").last, len(outbox)) == (0, before, 0, 0)
    held = confirmed(import_id, by)
    assert (held.written, held.left_out, held.accounts, held.source, held.answers, held.file_id) == (2, 0, 2, SOURCE, {}, None)
    # Who was received first has the lower number, whatever the order of the rows.
    rows = session.execute(select(Application.protocol_number, Person.email, Person.language).join(Person).order_by(Application.protocol_number)).all()
    assert rows == [
        ("INSPIREPA-IT-2026-000001", "paper2@comune.example", "el"),
        ("INSPIREPA-IT-2026-000002", "paper1@comune.example", "it"),
    ]
    assert session.get(Register, "IT").last == 2


def test_an_application_on_paper_is_judged_by_the_same_rules_and_says_how_it_came():
    import_id, by = handed_in(a_call("IT"), a_row(1, employed="no"))
    confirmed(import_id, by)
    application = session.scalars(select(Application)).one()
    assert application.answers == {
        "administration": "Comune di Prova", "employed": "no", "challenge": "A challenge of our own.", "authorisation": "on-paper", "declaration": True,
    }  # fmt: skip
    assert (application.state, application.administration, application.saved_at) == ("submitted", "Comune di Prova", CLOSED)
    findings = session.execute(select(Outcome.rule, Outcome.finding).order_by(Outcome.id)).all()
    assert findings == [("employed", "fail"), ("authorisation", "pass"), ("address", "pass")]
    assert queries.came(application.id) == queries.Came(SOURCE, "table.csv", 2, CLOSED, by)


def test_the_import_is_kept_with_its_fingerprint_and_every_deed_is_on_record():
    call = a_call("IT")
    import_id, by = handed_in(call, a_row(1))
    digest = hashlib.sha256(a_table(a_row(1))).hexdigest()
    confirmed(import_id, by)
    lines = [(line.did, line.by_id, line.after) for line in audit.about(("import", import_id))]
    told = {"digest": digest, "written": 1, "left-out": 0, "accounts": 1, "source": SOURCE}
    assert lines == [("online_call.import-read", by, {"digest": digest}), ("online_call.imported", by, told)]
    application = session.scalars(select(Application)).one()
    (entered,) = audit.about(("application", application.id))
    came = {"import": import_id, "row": 2, "answer": ""}
    assert (entered.did, entered.by_id, entered.about_id, entered.after) == ("online_call.entered", by, application.person_id, came)
    (prepared,) = audit.about(("people_person", application.person_id))
    assert (prepared.did, prepared.by_id) == ("online_call.account-prepared", by)


def test_the_table_itself_is_gone_once_it_is_confirmed():
    import_id, by = handed_in(a_call("IT"), a_row(1))
    digest = session.get(Import, import_id).digest
    assert files.content_of(digest) == a_table(a_row(1))
    confirmed(import_id, by)
    assert count(StoredFile) == 0
    with pytest.raises(NotThere):
        files.content_of(digest)


def test_each_applicant_gets_one_receipt_in_the_own_language_with_the_moment_on_paper(outbox):
    import_id, by = handed_in(a_call("IT"), a_row(1), a_row(2, reading_language="en"))
    confirmed(import_id, by)
    with clock.frozen(CLOSED):
        jobs.run_due()
        letters.receipts(import_id, 2, 3)
    italian, english = outbox
    assert (italian.language, english.language, english.address) == ("it", "en", "paper2@comune.example")
    for said in ("INSPIREPA-IT-2026-00000", "Received on paper", "20 November 2026", "A challenge of our own.", "Handed in on paper", "/forgotten"):
        assert said in english.text


def test_an_account_is_prepared_without_a_password_and_its_owner_sets_one(outbox):
    import_id, by = handed_in(a_call("IT"), a_row(1))
    confirmed(import_id, by)
    person = known.by_email("paper1@comune.example")
    assert (person.password_hash, person.verified_at, person.name) == (None, None, "Anna Rossibaa")
    with clock.frozen(CLOSED):
        people.ask_new_password("paper1@comune.example")
        token = outbox[-1].text.split("/new-password/")[1].split()[0]
        people.set_password(token, "a quiet walk by the sea")
    assert known.by_email("paper1@comune.example").is_active


def test_who_has_an_account_keeps_it_as_it_is(outbox):
    call = a_call("IT")
    person = a_person(email="paper1@comune.example", given_name="Anna", family_name="Rossibaa", language="ro")
    import_id, by = handed_in(call, a_row(1))
    held = confirmed(import_id, by)
    with clock.frozen(CLOSED):
        jobs.run_due()
    assert held.accounts == 0
    assert session.scalars(select(Application.person_id)).one() == person.id
    assert [(mail.language, "/forgotten" in mail.text) for mail in outbox] == [("ro", False)]


def test_the_same_table_twice_writes_nothing_twice():
    call = a_call("IT")
    import_id, by = handed_in(call, a_row(1))
    assert handed_in(call, a_row(1), by=by) == (import_id, by)
    confirmed(import_id, by)
    with pytest.raises(Invalid, match="This table was imported on"):
        handed_in(call, a_row(1), by=by)
    with clock.frozen(CLOSED), pytest.raises(NotThere):
        actions.confirm(import_id, SOURCE, by=by)
    assert (count(Import), count(Application), session.get(Register, "IT").last) == (1, 1, 1)


def test_the_same_people_in_another_table_are_asked_about_and_can_only_be_left_out():
    call = a_call("IT")
    import_id, by = handed_in(call, a_row(1))
    confirmed(import_id, by)
    again, _by = handed_in(call, a_row(1, challenge="Something else."), by=by)
    said = "With this address somebody has applied already: INSPIREPA-IT-2026-000001."
    assert why(tried(again)) == [(2, [said], {"out": "Leave this row out"})]
    with clock.frozen(CLOSED):
        actions.answer(again, {2: "out"})
        with pytest.raises(Refused):
            actions.confirm(again, SOURCE, by=by)
    assert not tried(again).is_ready


def test_the_same_person_under_two_addresses_in_the_table():
    rows = (a_row(1), a_row(1, e_mail="anna@elsewhere.example", given_name="ANNA"), a_row(1, e_mail="a3@elsewhere.example", administration="Another"))
    import_id, by = handed_in(a_call("IT"), *rows)
    options = {
        "row": "The same person: row 2 counts, this one is left out",
        "own": "Another person with the same name: this row counts by itself",
        "out": "Leave this row out",
    }
    assert why(tried(import_id)) == [
        (3, ["Row 2 has the same name and the same administration, with another address."], options),
        (4, ["Row 2 has the same name, with another address and another administration."], options),
    ]
    held = confirmed(import_id, by, answers={3: "row", 4: "own"})
    assert (held.written, held.left_out) == (2, 1)
    assert set(session.scalars(select(Person.email).join(Application))) == {"paper1@comune.example", "a3@elsewhere.example"}


def test_one_address_twice_in_the_table_is_one_application():
    import_id, by = handed_in(a_call("IT"), a_row(1), a_row(2, e_mail="PAPER1@comune.example"))
    said = "Row 2 has the same e-mail address. One person has one application."
    assert why(tried(import_id)) == [(3, [said], {"out": "Leave this row out"})]
    assert confirmed(import_id, by, answers={3: "out"}).written == 1


def test_who_applied_online_with_another_address_is_recognised_whatever_the_alphabet():
    call = a_call("GR")
    person = a_person(email="eleni@yahoo.example", given_name="Ελένη", family_name="Αντωνίου", language="el")
    online = an_application(call, person)
    number = online.protocol_number
    import_id, by = handed_in(call, a_row(1, given_name="Antoniou", family_name="Eleni"))
    assert why(tried(import_id)) == [
        (
            2,
            ["Somebody with the same name and the same administration is known with the address el…@yahoo.example."],
            {
                f"same:{person.id}": f"The same person as el…@yahoo.example, who has applied already ({number}): this row is left out",
                "own": "Another person with the same name: this row counts by itself",
                "out": "Leave this row out",
            },
        )
    ]
    with clock.frozen(CLOSED):
        actions.answer(import_id, {2: f"same:{person.id}"})
    assert (tried(import_id).targets, tried(import_id).left_out) == ((), 1)
    assert confirmed(import_id, by, answers={2: "own"}).written == 1


def test_who_is_known_in_the_country_and_has_not_applied_can_get_the_application_in_that_account():
    call = a_call("IT")
    person = a_trainee(call.cohort, email="anna@home.example", given_name="Anna", family_name="Rossibaa")
    import_id, by = handed_in(call, a_row(1))
    assert why(tried(import_id))[0][1] == ["Somebody with the same name is known with the address an…@home.example."]
    held = confirmed(import_id, by, answers={2: f"same:{person.id}"})
    assert (held.accounts, session.scalars(select(Application.person_id)).one()) == (0, person.id)
    # The rule about addresses looks at that of the account.
    assert known.by_email("paper1@comune.example") is None


def test_that_somebody_has_an_account_elsewhere_is_not_told():
    call = a_call("IT")
    a_person(given_name="Anna", family_name="Rossibaa")
    a_trainee(a_call("RO").cohort, given_name="Anna", family_name="Rossibaa")
    import_id, _by = handed_in(call, a_row(1))
    assert why(tried(import_id)) == []


def test_an_address_whose_account_has_another_name_is_asked_about():
    call = a_call("IT")
    a_person(email="paper1@comune.example", given_name="Zoe", family_name="Bianchi")
    import_id, _by = handed_in(call, a_row(1))
    options = {"own": "The address is right: the application goes to the account with it", "out": "Leave this row out"}
    assert why(tried(import_id)) == [(2, ["The account with this address has another name. Perhaps the address is mistyped."], options)]


def test_the_paper_takes_the_place_of_a_draft_when_that_is_said():
    call = a_call("IT")
    person = a_person(email="paper1@comune.example", given_name="Anna", family_name="Rossibaa")
    a_draft(call, person)
    import_id, by = handed_in(call, a_row(1))
    said = "With this address an application was begun online and not submitted."
    assert why(tried(import_id)) == [(2, [said], {"own": "The paper counts: the draft is deleted", "out": "Leave this row out"})]
    confirmed(import_id, by, answers={2: "own"})
    assert session.execute(select(Application.person_id, Application.state)).all() == [(person.id, "submitted")]
    assert (count(Attachment), count(StoredFile)) == (0, 0)


def test_two_rows_for_one_account_contradict_each_other():
    call = a_call("IT")
    person = a_trainee(call.cohort, email="anna@home.example", given_name="Anna", family_name="Rossibaa")
    import_id, by = handed_in(call, a_row(1), a_row(1, e_mail="b@home.example"))
    same = f"same:{person.id}"
    with clock.frozen(CLOSED):
        actions.answer(import_id, {2: same, 3: same})
        with pytest.raises(Refused):
            actions.confirm(import_id, SOURCE, by=by)
    said = "Row 2 is written for the same person. One of the two is to be left out."
    assert {row: str(reason) for row, reason in tried(import_id).contradictions.items()} == {3: said}
    with clock.frozen(CLOSED):
        actions.ask_again(import_id)
    assert len(tried(import_id).unanswered) == 2


@pytest.mark.both_engines
def test_who_applies_between_dry_run_and_confirmation_stops_the_whole_import():
    call = a_call("IT")
    import_id, by = handed_in(call, a_row(1), a_row(2))
    assert tried(import_id).is_ready
    an_application(call, a_person(email="paper2@comune.example", given_name="Anna", family_name="Rossicaa"))
    with clock.frozen(CLOSED), pytest.raises(Refused, match="Somebody has applied or registered in the meantime"):
        actions.confirm(import_id, SOURCE, by=by)
    assert (count(Application), count(Imported), known.by_email("paper1@comune.example")) == (1, 0, None)
    assert session.get(Register, "IT").last == 1


@pytest.mark.both_engines
def test_many_applications_take_the_statements_of_their_hundreds_and_no_more(statements):
    call = a_call("IT")
    rows = [a_row(number, received_at=f"2026-11-20 10:{number % 60:02d}") for number in range(300)]
    taken, coordinator = [], None
    for part in (rows[:100], rows[100:]):
        import_id, coordinator = handed_in(call, *part, by=coordinator)
        with statements() as seen:
            confirmed(import_id, coordinator)
        taken.append(len(seen))
    one_hundred, two_hundred = taken
    assert count(Application) == 300
    assert two_hundred - one_hundred <= 15
    assert session.get(Register, "IT").last == 300


def test_a_table_that_nobody_confirms_is_deleted_after_seven_days():
    import_id, _by = handed_in(a_call("IT"), a_row(1))
    with clock.frozen(CLOSED + timedelta(days=7) - timedelta(seconds=1)):
        actions.forget_unconfirmed()
    assert count(Import) == 1
    with clock.frozen(CLOSED + timedelta(days=7)):
        actions.forget_unconfirmed()
    assert (count(Import), count(StoredFile)) == (0, 0)
    assert audit.about(("import", import_id))[-1].did == "online_call.import-put-away"


def test_a_table_can_be_put_away():
    import_id, by = handed_in(a_call("IT"), a_row(1))
    actions.drop(import_id, by=by)
    assert (count(Import), count(StoredFile)) == (0, 0)
    with pytest.raises(NotThere):
        actions.drop(import_id, by=by)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (a_table(), "not a single application"),
        (b"e_mail,given_name\na@b.example,Anna\n", "lacks these headings"),
        (b"%PDF-1.7 and so on", "is a PDF file, not an Excel workbook"),
        (b"x" * 5_000_001, "is larger than 5.0 MB"),
        (b"x" * 50_000_000, "is larger than 5.0 MB"),
    ],
)
def test_what_is_no_table_for_the_call_is_refused_and_not_kept(content, why):
    call_id = a_call("IT").id
    with clock.frozen(CLOSED), pytest.raises(Invalid, match=why) as refused:
        actions.read(call_id, BytesIO(content), "table.csv", by=a_person().id)
    assert list(refused.value.reasons) == ["file"]
    assert (count(Import), count(StoredFile)) == (0, 0)


def test_nothing_is_imported_before_the_call_opens_nor_once_the_ranking_is_published():
    with pytest.raises(Refused, match="The call opens on"):
        handed_in(a_call("RO"), a_row(1), at=OPENS - timedelta(seconds=1))
    call, _applications = a_selection([80])
    with pytest.raises(Refused, match="The ranking is published"):
        handed_in(call, a_row(1), at=PUBLISHED)


def test_a_table_that_waits_cannot_be_confirmed_once_the_ranking_is_published():
    from tests.plugins.online_call.builders import judged, publishing

    call = a_call("IT")
    import_id, by = handed_in(call, a_row(1))
    _ids, coordinator = judged(call, [80])
    with clock.frozen(PUBLISHED):
        publishing.publish(call.id, by=coordinator.id)
        with pytest.raises(Refused, match="The ranking is published"):
            actions.confirm(import_id, SOURCE, by=by)
    with transaction():
        assert count(Imported) == 0
