"""A seal near its end and past it: nothing more is decided, then nothing more is sealed, and everything can still be checked."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from inspire_lms.kernel import clock, files
from inspire_lms.kernel.errors import Refused
from inspire_lms.plugins.certificate import queries
from inspire_lms.plugins.certificate.issuing import changing, issue
from inspire_lms.plugins.certificate.plugin import plugin
from inspire_lms.plugins.certificate.rules import State
from inspire_lms.plugins.certificate.sealing import chosen
from tests.builders import a_trainee
from tests.plugins.certificate.builders import a_coordinator, a_group, decided, issued
from tests.plugins.certificate.conftest import KEEPER
from tests.plugins.certificate.test_sealing import a_certificate, a_p12

DAYS = 31
"""How long the seal of these tests still lasts: one more day in which decisions are taken."""


@pytest.fixture
def app(settings, records, application, tmp_path):
    made = ec.generate_private_key(ec.SECP256R1())
    path = a_p12(tmp_path, made, a_certificate(made, days=DAYS))
    with application(replace(settings, seal="p12", seal_file=str(path), seal_password="secret"), [plugin, KEEPER]) as found:
        yield found
    chosen._opened.cache_clear()


def after(days):
    return clock.frozen(clock.now() + timedelta(days=days))


@pytest.mark.parametrize(("days", "is_taken"), [(0, True), (0.9, True), (1.1, False), (40, False)])
def test_decisions_are_taken_while_the_seal_has_thirty_days_to_spare(app, records, days, is_taken):
    cohort = a_group()
    trainee, coordinator = records.met_by(a_trainee(cohort)), a_coordinator(cohort)
    with after(days):
        if is_taken:
            assert decided(cohort, [trainee], by=coordinator).id
        else:
            with pytest.raises(Refused, match="has to be renewed first"):
                decided(cohort, [trainee], by=coordinator)
    assert len(queries.current_kinds(cohort.id)) == int(is_taken)


@pytest.mark.parametrize(("days", "is_sealed"), [(29, True), (30.9, True), (31.1, False)])
def test_what_was_decided_is_sealed_until_the_last_day_and_never_after_it(app, records, days, is_sealed):
    cohort = a_group()
    batch_id = decided(cohort, [records.met_by(a_trainee(cohort))], by=a_coordinator(cohort)).id
    with after(days):
        if is_sealed:
            issue.issue(batch_id)
        else:
            with pytest.raises(Refused, match="has to be renewed first"):
                issue.issue(batch_id)
    assert queries.progress(batch_id).is_done is is_sealed


def test_nothing_is_replaced_near_the_end_and_the_old_certificate_stays_valid(app, records):
    cohort = a_group()
    coordinator = a_coordinator(cohort)
    (certificate,) = issued(cohort, [records.met_by(a_trainee(cohort))], by=coordinator)
    with after(2), pytest.raises(Refused, match="has to be renewed first"):
        changing.replace(certificate.id, reason="Misspelt.", by=coordinator.id)
    assert queries.certificate(certificate.id).state == State.VALID


@pytest.mark.parametrize("days", [2, 40])
def test_every_page_works_near_the_end_and_after_it_and_the_decision_is_refused_in_a_sentence(app, client, sign_in_as, records, days):
    cohort = a_group()
    coordinator = a_coordinator(cohort, language="en")
    trainee, another = (records.met_by(a_trainee(cohort)) for _ in range(2))
    (certificate,) = issued(cohort, [trainee], by=coordinator)
    pdf = files.fetch(certificate.file_id)[1]
    another_id, cohort_id, code = another.id, cohort.id, certificate.code
    chosen._opened.cache_clear()
    with after(days):
        browser = sign_in_as(client, coordinator)
        sent = {"competence": [str(another_id)], "minutes": "Decided.", "independent": "yes"}
        refused = browser.post(f"/certificate/cohort/{cohort_id}/decide", data=sent)
        assert (refused.status_code, "has to be renewed first" in refused.get_data(as_text=True)) == (409, True)
        for address in (f"cohort/{cohort_id}", f"cohort/{cohort_id}/decide", f"cohort/{cohort_id}/preview/{another_id}/competence.pdf", "issuer.pem", f"check/{code}"):
            assert browser.get(f"/certificate/{address}").status_code == 200, address
        changed = pdf.replace(b"%%EOF", b"%%EOG")
        answers = [browser.post("/certificate/check", data={"file": (BytesIO(file), "a.pdf")}) for file in (pdf, pdf + b"\n% more", changed)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert [heading in answer.get_data(as_text=True) for heading, answer in zip(("Valid", "Changed after it was issued", "Changed after it was issued"), answers, strict=True)] == [True] * 3
