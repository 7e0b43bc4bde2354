"""What was shown in each competence: in the record, on the pages of the document, at the check (domain.md 3.6)."""

import subprocess
from decimal import Decimal

import pytest

from inspire_lms.kernel import files
from inspire_lms.plugins.certificate import actions, queries
from inspire_lms.plugins.certificate.drawing.record import read
from inspire_lms.plugins.certificate.rules import Kind
from tests.builders import a_trainee
from tests.plugins.certificate.builders import a_coordinator, a_group, a_result, issued

SHOWN = {"ethics": Decimal("72.50"), "systems": Decimal("59.60")}


@pytest.fixture
def holder(app, records):
    """Somebody who has met everything, and showed one competence at its level and one not quite."""
    cohort = a_group("RO")
    trainee = records.met_by(a_trainee(cohort))
    records.results[trainee.id] = (a_result("final-test", by_competence=SHOWN), a_result("essay", by_competence={"ethics": Decimal("77.50")}))
    return cohort, trainee


def pages_of(certificate):
    pdf = files.fetch(certificate.file_id)[1]
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return [" ".join(page.replace("\xa0", " ").split()) for page in text.split("\f")[:3]]


def test_the_certificate_says_what_was_shown_in_each_competence_and_which_level_was_reached(client, holder):
    cohort, trainee = holder
    (certificate,) = issued(cohort, [trainee], by=a_coordinator(cohort))
    assert [(one["percent"], one["level"].get("en")) for one in certificate.record["competences"]] == [("75.00", "Level 2"), ("59.60", None)]
    _, national, supplement = pages_of(certificate)
    for part in ("Rezultate pe competențe și nivelul atins", "75 %, ", "59,6 %"):
        assert part in national
    for part in ("Results by competence and level reached", "Ethics 75%, Level 2", "Systems 59.6%"):
        assert part in supplement
    assert "59.6%, " not in supplement
    assert "Ethics: 75%, Level 2; Systems: 59.6%" in client.get(f"/certificate/check/{certificate.code}").get_data(as_text=True)


def test_a_document_of_attendance_says_nothing_about_competences(holder):
    cohort, trainee = holder
    (certificate,) = issued(cohort, [trainee], by=a_coordinator(cohort), kind=Kind.ATTENDANCE)
    assert certificate.record["competences"] == []
    assert not any("Results by competence" in page for page in pages_of(certificate))


def test_what_was_issued_before_competences_were_printed_can_still_be_read(holder):
    cohort, trainee = holder
    (certificate,) = issued(cohort, [trainee], by=a_coordinator(cohort))
    older = {key: value for key, value in certificate.record.items() if key != "competences"}
    assert read(older).competences == ()


def test_what_was_shown_goes_with_the_account(holder):
    cohort, trainee = holder
    (certificate,) = issued(cohort, [trainee], by=a_coordinator(cohort))
    certificate_id = certificate.id
    actions.forget(trainee.id)
    assert queries.certificate(certificate_id).record["competences"] == []
