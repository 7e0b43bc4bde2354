"""Files get their longer-lived forms by themselves: each once, none held up by another, and the file that was issued stays."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import obstore
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from sqlalchemy import select

from inspire_lms.kernel import audit, clock, files, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import NotThere
from inspire_lms.kernel.jobs import Job
from inspire_lms.kernel.people import erasing
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.certificate.checking import register
from inspire_lms.plugins.certificate.issuing import changing
from inspire_lms.plugins.certificate.models import Certificate, Prolonged
from inspire_lms.plugins.certificate.plugin import plugin
from inspire_lms.plugins.certificate.prolonging import jobs as prolonging
from inspire_lms.plugins.certificate.prolonging.queries import Form, latest_file
from inspire_lms.plugins.certificate.sealing import chosen, cms, pades
from inspire_lms.plugins.certificate.sealing.seal import root_of
from inspire_lms.plugins.certificate.verdict import Verdict, judge
from tests.builders import PASSWORD, a_trainee
from tests.plugins.certificate.builders import a_coordinator, a_group, issued, one_issued
from tests.plugins.certificate.conftest import KEEPER
from tests.plugins.certificate.sealing.servers import a_tsa, plainly, their

DAY = timedelta(days=1)


def by_digest(digest):
    """Whose file the public check takes it for."""
    found = register.by_digest(digest)
    return found.certificate.id if found else None



@pytest.fixture
def app(settings, records, application, tsa):
    with application(replace(settings, time_stamp_url=tsa.url), [plugin, KEEPER]) as made:
        yield made


@pytest.fixture
def without_a_stamp(app, tsa, records):
    """Issue certificates while the server of time stamps is down, then let it be up again."""

    def made(many=1):
        cohort = a_group()
        coordinator, tsa.behave = a_coordinator(cohort), plainly(503, "text/html", b"")
        certificates = issued(cohort, [records.met_by(a_trainee(cohort)) for _ in range(many)], by=coordinator)
        tsa.behave, tsa.asked, chosen.stamper()._rests_until = None, 0, None
        return coordinator, *certificates

    return made


@pytest.fixture
def later(tsa):
    """Let some days pass, for us and for the server of time stamps."""

    def after(days):
        tsa.at = clock.now() + days * DAY
        return clock.frozen(tsa.at)

    return after


def work():
    while jobs.run_due():
        pass


def night():
    """Do what the schedule does at night, and the work that it asks for."""
    prolonging.prolong()
    work()


def stamp(certificate):
    """Have a certificate stamped that was issued without a time stamp."""
    with transaction():
        prolonging.have_stamped(certificate.id)
    work()


def forms(certificate):
    """List the later forms: level, whether the file is kept, and whether its digest is right."""
    rows = session.scalars(select(Prolonged).where(Prolonged.certificate_id == certificate.id).order_by(Prolonged.id)).all()
    return [(row.level, row.file_id is not None, row.file_id is None or hashlib.sha256(files.fetch(row.file_id)[1]).hexdigest() == row.digest) for row in rows]


def latest(certificate):
    return latest_file(session.get(Certificate, certificate.id))


def unfinished():
    return session.scalars(select(Job).where(Job.kind.in_((prolonging.STAMP, prolonging.ARCHIVE)), Job.done_at.is_(None)).order_by(Job.id)).all()


def test_a_certificate_issued_without_a_time_stamp_gets_one_and_both_files_are_known(app, without_a_stamp, tsa):
    _, certificate = without_a_stamp()
    first = Form("B-B", certificate.file_id, certificate.digest)
    assert latest(certificate) == first
    stamp(certificate)
    form = latest(certificate)
    assert (form.level, form.ends_at, forms(certificate), tsa.asked) == ("B-T", tsa.certificate.not_valid_after_utc, [("B-T", True, True)], 1)
    assert (certificate.level, certificate.file_id, certificate.digest) == ("B-B", first.file_id, first.digest)
    assert by_digest(first.digest) == by_digest(form.digest) == certificate.id
    assert by_digest("0" * 64) is None
    content = files.content_of(form.digest)
    assert pades.covered_digest(content) == certificate.covered
    (line,) = [line for line in audit.about(("certificate_certificate", certificate.id)) if line.did == "certificate.prolonged"]
    assert line.before == {"level": "B-B", "digest": first.digest}
    assert line.after == {"level": "B-T", "digest": form.digest, "ends_at": form.ends_at.isoformat()}
    stamp(certificate)
    prolonging.stamp(certificate.id)
    assert (forms(certificate), tsa.asked) == ([("B-T", True, True)], 1)


def test_a_server_that_is_down_costs_a_level_for_a_while_and_never_a_certificate(app, without_a_stamp, tsa, later):
    _, certificate = without_a_stamp()
    tsa.behave = plainly(503, "text/html", b"")
    stamp(certificate)
    (job,) = unfinished()
    assert (latest(certificate).level, job.tries, "status 503" in job.error) == ("B-B", 1, True)
    tsa.behave = None
    with later(0.01):
        work()
        assert (latest(certificate).level, unfinished()) == ("B-T", [])


def test_work_that_was_given_up_on_is_tried_anew_at_night_and_what_waits_is_left_alone(app, without_a_stamp, tsa, later):
    _, given_up, waiting = without_a_stamp(2)
    tsa.behave = plainly(503, "text/html", b"")
    stamp(given_up)
    stamp(waiting)
    with transaction():
        first, second = unfinished()
        first.tries, first.failed_at = jobs.MOST_TRIES, clock.now()
        second.due_at = clock.now() + 5 * DAY
    tsa.behave = None
    with later(1):
        night()
        assert [latest(one).level for one in (given_up, waiting)] == ["B-T", "B-B"]
        assert [job.payload for job in unfinished()] == [{"certificate_id": waiting.id}]


def test_the_night_makes_files_for_the_archive_once_and_what_was_issued_stays_for_ever(app, without_a_stamp, tsa, later):
    _, certificate = without_a_stamp()
    issued_file = files.fetch(certificate.file_id)[1]
    stamp(certificate)
    stamped = latest(certificate)
    content = files.content_of(stamped.digest)
    with later(1):
        night()
        form = latest(certificate)
        assert (form.level, forms(certificate)) == ("B-LTA", [("B-T", False, True), ("B-LTA", True, True)])
        assert files.content_of(form.digest).startswith(content)
        asked = tsa.asked
    with later(2):
        night()
        assert (latest(certificate), tsa.asked) == (form, asked)
    assert files.fetch(certificate.file_id)[1] == issued_file
    with pytest.raises(NotThere):
        files.content_of(stamped.digest)
    assert by_digest(certificate.digest) == by_digest(stamped.digest) == by_digest(form.digest) == certificate.id


@pytest.mark.parametrize(("days", "is_renewed"), [(308, False), (311, True), (399, True), (401, False)])
def test_a_time_stamp_is_renewed_in_the_ninety_days_before_its_end_as_long_as_it_lasts(app, without_a_stamp, tsa, later, days, is_renewed):
    _, certificate = without_a_stamp()
    stamp(certificate)
    with later(1):
        night()
    before, longer = latest(certificate), a_tsa(tsa.authority, days=2000)
    tsa.certificate, tsa.key = longer.certificate, longer.key
    with later(days):
        night()
        after = latest(certificate)
        assert (after != before, after.level) == (is_renewed, "B-LTA")
        assert after.ends_at == (tsa.certificate.not_valid_after_utc if is_renewed else before.ends_at)
        asked = tsa.asked
    with later(days + 1):
        night()
        assert (latest(certificate), tsa.asked) == (after, asked)


def test_a_server_whose_own_certificate_is_about_to_end_is_asked_once_a_night_and_renews_nothing(app, without_a_stamp, tsa, later):
    _, *certificates = without_a_stamp(3)
    for certificate in certificates:
        stamp(certificate)
    with later(1):
        night()
    asked = tsa.asked
    for days in (320, 321):
        with later(days):
            night()
    assert (tsa.asked, [len(forms(one)) for one in certificates]) == (asked + 2, [2, 2, 2])
    with later(340):
        assert prolonging.what_is_wrong() is None
    with later(371):
        assert prolonging.what_is_wrong() == "the time stamps of 3 certificates end within 30 days: see Administration, Work"


def found_in(pdf, tsa):
    """Say what pyHanko finds: the seal, its time stamp, and whether each rests on its root."""
    seal = chosen.seal()
    context = ValidationContext(trust_roots=[their(root_of(seal)), their(tsa.authority.certificate)], allow_fetching=False)
    status = validate_pdf_signature(PdfFileReader(BytesIO(pdf)).embedded_regular_signatures[0], context)
    return status.bottom_line, bool(status.timestamp_validity and status.timestamp_validity.trusted)


def test_with_a_server_that_answers_a_certificate_is_issued_with_its_time_stamp_and_goes_to_the_archive_at_night(app, records, tsa, later):
    _, _, certificate = one_issued(records)
    pdf = files.content_of(certificate.digest)
    assert (certificate.level, latest(certificate).level, unfinished(), tsa.asked) == ("B-T", "B-T", [], 1)
    assert found_in(pdf, tsa) == (True, True)
    assert judge(pdf, *chosen.known(), at=clock.now()).verdict is Verdict.INTACT
    stamp(certificate)
    assert (forms(certificate), tsa.asked) == ([], 1)
    with later(1):
        night()
        assert forms(certificate) == [("B-LTA", True, True)]
        assert files.content_of(latest(certificate).digest).startswith(pdf)


def test_the_other_engine_issues_without_a_time_stamp_and_the_work_behind_it_sets_one(settings, records, application, tsa):
    with application(replace(settings, time_stamp_url=tsa.url, seal_engine="pyhanko"), [plugin, KEEPER]):
        _, _, certificate = one_issued(records)
        work()
        assert (certificate.level, latest(certificate).level, unfinished(), tsa.asked) == ("B-B", "B-T", [], 1)
        assert found_in(files.content_of(latest(certificate).digest), tsa) == (True, True)


def test_one_that_fails_holds_up_no_other(app, without_a_stamp, tsa, later):
    _, broken, sound = without_a_stamp(2)
    stamp(broken)
    stamp(sound)
    obstore.delete(files._store(), files._place(latest(broken).digest))
    with later(1):
        night()
        assert [latest(one).level for one in (broken, sound)] == ["B-T", "B-LTA"]
        (job,) = unfinished()
        assert job.payload == {"certificate_id": broken.id}


def revoked(certificate, coordinator):
    changing.revoke(certificate.id, reason="A reason.", by=coordinator.id)


def replaced(certificate, coordinator):
    with transaction():
        session.get_one(Person, certificate.person_id).given_name = "Renamed"
    changing.replace(certificate.id, reason="A reason.", by=coordinator.id)


def erased(certificate, _coordinator):
    erasing.erase(certificate.person_id, PASSWORD)
    jobs.run_due()


def over(certificate, _coordinator):
    with transaction():
        held = session.get_one(Certificate, certificate.id)
        held.issued_on, held.expires_on = held.issued_on - 9 * DAY, clock.now().date() - DAY


@pytest.mark.parametrize("end", [revoked, replaced, erased, over])
def test_what_is_not_valid_any_more_is_not_prolonged(app, without_a_stamp, later, end):
    coordinator, certificate = without_a_stamp()
    end(certificate, coordinator)
    stamp(certificate)
    with later(1):
        night()
        assert [forms(certificate), [one.payload for one in unfinished() if one.payload["certificate_id"] == certificate.id]] == [[], []]


def test_erasing_an_account_takes_the_later_forms_along_and_a_copy_is_still_recognised(app, without_a_stamp):
    coordinator, certificate = without_a_stamp()
    stamp(certificate)
    form = latest(certificate)
    erased(certificate, coordinator)
    assert (forms(certificate), latest(certificate), by_digest(form.digest)) == ([("B-T", False, True)], None, certificate.id)
    with pytest.raises(NotThere):
        files.content_of(form.digest)


def test_what_changes_while_the_server_is_asked_wins(app, without_a_stamp, tsa):
    coordinator, certificate = without_a_stamp()
    certificate_id = certificate.id

    def meanwhile(server, request):
        with app.app_context():
            revoked(session.get_one(Certificate, certificate_id), coordinator)
        server.behave = None
        return 200, "application/timestamp-reply", server.reply(request).dump()

    tsa.behave = meanwhile
    stamp(certificate)
    session.rollback()
    assert (tsa.asked, forms(certificate), unfinished()) == (1, [], [])


def test_a_file_without_room_stays_as_it_is_and_the_doctor_says_so_after_two_days(app, without_a_stamp, later, monkeypatch, caplog):
    monkeypatch.setattr(cms, "TOKEN_BYTES", 700)
    _, certificate = without_a_stamp()
    stamp(certificate)
    assert (latest(certificate).level, unfinished()) == ("B-B", [])
    assert f"The file of certificate {certificate.id} stays at B-B: The time stamp needs" in caplog.text
    with later(1.9):
        assert prolonging.what_is_wrong() is None
    with later(2.1):
        assert prolonging.what_is_wrong() == "certificates that have waited for a time stamp for more than 2 days: 1: see Administration, Work"
    with later(91):
        night()
        assert (prolonging.what_is_wrong(), unfinished()) == (None, [])


def test_where_no_server_is_set_nothing_is_asked_for(settings, records, application, later):
    with application(settings, [plugin, KEEPER]):
        _, _, certificate = one_issued(records)
        stamp(certificate)
        night()
        assert (forms(certificate), unfinished(), prolonging.what_is_wrong()) == ([], [], None)
        assert session.scalar(select(Job.id).where(Job.kind == prolonging.STAMP)) is None


def test_however_many_certificates_are_due_they_are_found_in_one_statement(app, without_a_stamp, statements):
    seen_by_number = {}
    for more, number in ((1, 1), (4, 5)):
        without_a_stamp(more)
        with statements() as seen:
            found = prolonging._due()
        seen_by_number[len(found)] = len(seen)
        assert len(found) == number
    assert seen_by_number == {1: 1, 5: 1}
