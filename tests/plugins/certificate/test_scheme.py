"""What a scheme asks for beside attendance and tests, and which document it gives for everything."""

from decimal import Decimal

import pytest

from inspire_lms.contracts.assessment import AttemptGraded
from inspire_lms.kernel import bus
from inspire_lms.kernel.db import Words, session, transaction
from inspire_lms.kernel.errors import Refused
from inspire_lms.kernel.i18n import show, speaking
from inspire_lms.plugins.certificate import actions
from inspire_lms.plugins.certificate.earning import evidence, rules
from inspire_lms.plugins.certificate.earning import queries as earned
from inspire_lms.plugins.certificate.issuing import overview
from inspire_lms.plugins.certificate.models import Standing
from inspire_lms.plugins.certificate.rules import Kind
from tests.builders import a_trainee
from tests.plugins.certificate.builders import a_coordinator, a_group, a_result, decided, issued, work

ASKED = {"requires": ["attendance", "final-test", "competences"], "competence_percent": 60}
CERTIFIES = {"top": "certification", "certification_title": Words(en="Certified manager", ro="Manager certificat"), "accreditation": Words(en="A 12", ro="A 12")}


def shown_by(records, person, **percents):
    """Let a person have passed the final test, and shown something in competences."""
    by_competence = {code: Decimal(percent) for code, percent in percents.items()}
    records.results[person.id] = (a_result("final-test", percent="80.00", by_competence=by_competence),)


def lines_of(cohort, person):
    found = evidence.of_cohort(cohort, evidence.scheme_of(cohort)).of(person.id).standing.lines
    with speaking("en"):
        return [(line.title.values["title"]["en"], line.is_met, show(line.how)) for line in found if line.criterion == "competences" and line.title.values]


@pytest.mark.parametrize(
    ("core", "shown", "lines"),
    [
        (["systems"], {"ethics": "10", "systems": "60"}, [("Systems", True, "60%; 60% needed.")]),
        (["systems", "ethics"], {"ethics": "59.99", "systems": "60"}, [("Ethics", False, "59.99%, below the 60% needed."), ("Systems", True, "60%; 60% needed.")]),
        (["systems"], {"ethics": "90"}, [("Systems", False, "No result yet; 60% needed.")]),
        ([], {"ethics": "90"}, [("Ethics", True, "90%; 60% needed.")]),
        ([], {"ethics": "90", "systems": "0"}, [("Ethics", True, "90%; 60% needed."), ("Systems", False, "0%, below the 60% needed.")]),
        ([], {}, []),
    ],
    ids=["one that counts", "in the order of the framework", "not shown", "all that were assessed", "each of them", "none was assessed"],
)
def test_each_competence_that_counts_has_to_be_reached(app, records, core, shown, lines):
    cohort = a_group(**ASKED, core_competences=core)
    trainee = records.attended_by(a_trainee(cohort))
    shown_by(records, trainee, **shown)
    assert lines_of(cohort, trainee) == lines


def test_what_was_assessed_of_one_counts_for_all_and_all_are_looked_at_again(app, records):
    cohort = a_group(**ASKED)
    first, second = (records.attended_by(a_trainee(cohort)) for _ in range(2))
    shown_by(records, first, ethics="90")
    actions.look_again(cohort.id)
    assert earned.count(cohort.id).waiting == 1
    shown_by(records, second, ethics="90", systems="70")
    with transaction():
        bus.announce(AttemptGraded(cohort_id=cohort.id, assessment_id=1, person_id=second.id))
    work()
    session.rollback()
    kept = {row.person_id: row for row in session.query(Standing)}
    assert [(kept[one.id].earned, kept[one.id].met, kept[one.id].demanded) for one in (first, second)] == [("attendance", 3, 4), ("competence", 4, 4)]


def test_what_was_kept_about_competences_says_the_same_as_asking_anew(app, records):
    cohort = a_group(**ASKED)
    trainee = records.attended_by(a_trainee(cohort))
    shown_by(records, trainee, ethics="59.60", systems="71.25")
    actions.look_again(cohort.id)
    with app.test_request_context("/"):
        row = session.query(Standing).one()
        assert rules.standing(evidence.read(row.evidence)) == evidence.of_cohort(cohort, evidence.scheme_of(cohort)).of(trainee.id).standing


def test_the_own_page_says_of_each_competence_what_is_met_and_what_is_missing(app, records, client, sign_in_as):
    cohort = a_group(**ASKED)
    trainee = records.attended_by(a_trainee(cohort, language="en"))
    shown_by(records, trainee, ethics="59.60", systems="71.25")
    actions.look_again(cohort.id)
    page = sign_in_as(client, trainee).get("/").get_data(as_text=True)
    for part in ("Competence: Ethics", "59.6%, below the 60% needed.", "Competence: Systems", "71.25%; 60% needed."):
        assert part in page


def test_competences_are_not_demanded_when_nobody_keeps_any_assessment(app, records):
    records.required = ()
    cohort = a_group(**ASKED)
    trainee = records.attended_by(a_trainee(cohort))
    known = evidence.of_cohort(cohort, evidence.scheme_of(cohort))
    assert known.nobody_keeps == ("final-test", "competences")
    assert [line.criterion for line in known.of(trainee.id).standing.lines] == ["attendance"]
    with app.test_request_context("/"):
        assert overview.of(cohort).not_asked == "final-test, Competences"


def test_a_scheme_that_certifies_persons_gives_the_third_document_and_never_the_second(app, records):
    cohort = a_group(**CERTIFIES)
    coordinator = a_coordinator(cohort)
    trainee = records.met_by(a_trainee(cohort))
    with pytest.raises(Refused, match="does not give this document: Certificate of competence"):
        decided(cohort, [trainee], by=coordinator)
    (certificate,) = issued(cohort, [trainee], by=coordinator, kind=Kind.CERTIFICATION)
    assert (certificate.kind, certificate.record["title"]["ro"]) == ("certification", "Manager certificat")
    assert [one["percent"] for one in certificate.record["results"]] == ["82.50", "74.00"]


def test_where_persons_are_certified_the_document_of_attendance_stays_what_it_is(app, records):
    cohort = a_group(**CERTIFIES)
    trainee = records.attended_by(a_trainee(cohort))
    (certificate,) = issued(cohort, [trainee], by=a_coordinator(cohort), kind=Kind.ATTENDANCE)
    assert (certificate.kind, certificate.record["title"]["ro"], certificate.record["results"]) == ("attendance", "Certificat de participare", [])


def test_a_scheme_that_certifies_nobody_gives_no_certification(app, records):
    cohort = a_group()
    with pytest.raises(Refused, match="does not give this document: Certification of a person"):
        decided(cohort, [records.met_by(a_trainee(cohort))], by=a_coordinator(cohort), kind=Kind.CERTIFICATION)


def test_the_pages_name_the_document_that_the_scheme_gives(app, records, client, sign_in_as):
    cohort = a_group(**CERTIFIES)
    coordinator = a_coordinator(cohort, language="en")
    trainee = records.met_by(a_trainee(cohort, language="en"))
    browser = sign_in_as(client, coordinator)
    decision = browser.get(f"/certificate/cohort/{cohort.id}/decide").get_data(as_text=True)
    assert "Certification of a person" in decision
    assert "Certificate of competence" not in decision
    kinds = {kind: browser.get(f"/certificate/cohort/{cohort.id}/preview/{trainee.id}/{kind}.pdf").status_code for kind in Kind}
    assert kinds == {"competence": 404, "attendance": 200, "certification": 200}
    sent = {"competence": [str(trainee.id)], "minutes": "Decided.", "independent": "yes"}
    assert browser.post(f"/certificate/cohort/{cohort.id}/decide", data=sent).status_code == 303
    work()
    actions.look_again(cohort.id)
    assert earned.count(cohort.id).waiting == 0
    own = sign_in_as(client, trainee).get("/").get_data(as_text=True)
    assert "Certification of a person INSPIREPA-RO-" in own
    assert "You have met everything." not in own


def test_certifications_count_among_the_certified(app, records):
    from inspire_lms.contracts.pages import CohortFigures
    from inspire_lms.plugins.certificate import answers

    cohort = a_group(**CERTIFIES)
    issued(cohort, [records.met_by(a_trainee(cohort))], by=a_coordinator(cohort), kind=Kind.CERTIFICATION)
    with app.test_request_context():
        assert {one.code: one.value for one in answers.figures(CohortFigures(cohort.id))}["certified"] == 1


def test_who_holds_the_second_document_is_not_proposed_for_the_third_when_the_scheme_changes(app, records):
    cohort = a_group()
    coordinator = a_coordinator(cohort)
    trainee = records.met_by(a_trainee(cohort))
    issued(cohort, [trainee], by=coordinator)
    with transaction():
        scheme = evidence.scheme_of(cohort)
        scheme.top, scheme.certification_title = "certification", CERTIFIES["certification_title"]
    seen = overview.of(cohort)
    open_to = overview.candidates(seen, by=coordinator.id)
    assert (seen.ready, list(open_to.whole), open_to.proposed) == (0, [str(trainee.id)], ())
