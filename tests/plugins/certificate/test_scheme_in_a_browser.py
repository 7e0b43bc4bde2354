"""The pages about names, decisions and appeals, in the two scripts and at the two widths: nothing scrolls sideways, nothing is missing for anybody."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.plugins.certificate import actions
from inspire_lms.plugins.certificate.appealing import actions as appealing
from inspire_lms.plugins.certificate.issuing import changing, deciding
from inspire_lms.plugins.certificate.models import Revocation
from inspire_lms.plugins.certificate.rules import Kind
from tests.builders import a_trainee
from tests.ground.browsers import DESK, PHONE, overflow
from tests.plugins.certificate.builders import NOW, a_coordinator, a_group, appealed, issued, refusals

ASKED = {"requires": ["attendance", "final-test", "essay", "competences", "survey"], "competence_percent": 60, "validity_months": 36}
NAMES = {
    "el": (("Αλεξάνδρα-Κωνσταντίνα", "Παπαδημητρακοπούλου-Χατζηγεωργίου"), ("Ελένη", "Αντωνίου"), ("Γεώργιος", "Παπαϊωάννου")),
    "ro": (("Maria-Alexandrina", "Constantinescu-Brâncoveanu"), ("Ștefania", "Țurcanu"), ("Ioan", "Șerban")),
}


@pytest.fixture
def scene(app, records):
    """Give the addresses of all pages by who opens them; made in the language of a country."""

    def make(country, language):
        cohort = a_group(country, **ASKED)
        asked, refused, revoked = (a_trainee(cohort, language=language, given_name=given, family_name=family) for given, family in NAMES[language])
        coordinator, other = (a_coordinator(cohort, language=language, given_name=given, family_name="Ion") for given in ("Mara", "Ana"))
        for person in (asked, revoked):
            records.met_by(person)
            records.results[person.id] = tuple(_with_competences(one) for one in records.results[person.id])
        records.met_by(refused, percent="41.67")
        records.chances = {}
        with clock.frozen(NOW):
            actions.look_again(cohort.id)
            (certificate,) = issued(cohort, [revoked], by=coordinator)
            changing.revoke(certificate.id, reason="Omonimie.", by=coordinator.id)
            deciding.decide(cohort.id, {refused.id: Kind.ATTENDANCE}, minutes="Minutes.", by=coordinator.id)
        refusal_id, revocation_id = refusals()[refused.id].id, session.scalars(select(Revocation.id)).one()
        return {
            asked: ["/", f"/certificate/name/{cohort.id}"],
            refused: ["/", f"/certificate/appeal/decision/{refusal_id}"],
            revoked: ["/", f"/certificate/appeal/revocation/{revocation_id}"],
            coordinator: [f"/certificate/cohort/{cohort.id}", f"/certificate/cohort/{cohort.id}/decide", f"/certificate/batch/{certificate.batch_id + 1}"],
            other: [f"/certificate/cohort/{cohort.id}/appeals", "/certificate/appeal/1"],
        }, refused

    return make


def _with_competences(result):
    from dataclasses import replace
    from decimal import Decimal

    return replace(result, by_competence={"ethics": Decimal("72.50"), "systems": Decimal("61.00")})


@pytest.mark.parametrize(("country", "language", "width"), [("GR", "el", PHONE), ("RO", "ro", DESK)])
def test_every_page_fits_and_is_whole_before_and_after_the_appeal(scene, open_page, live_server, sign_in_as, axe, country, language, width):
    addresses, refused = scene(country, language)
    live_server.at = NOW + timedelta(hours=2)
    for is_answered in (False, True):
        appeal_id = appealed(refused, grounds="Am fost prezent.\nRegistrul este greșit.") if not is_answered else 1
        if is_answered:
            other = list(addresses)[-1]
            appealing.answer(appeal_id, is_upheld=True, words="Am verificat registrul.", by=other.id)
        for person, paths in addresses.items():
            page = open_page(width=width, language=language)
            with clock.frozen(live_server.at):
                sign_in_as(page, person)
            for path in paths:
                page.goto(path)
                assert page.locator("h1").count() == 1, path
                assert overflow(page) == 0, path
                assert axe(page) == [], path
            page.context.close()
