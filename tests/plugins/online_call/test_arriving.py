"""What was told in the application is not asked for again."""

from datetime import timedelta

import pytest

from inspire_lms.contracts.admission import PlaceAccepted
from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.people import profile
from inspire_lms.kernel.people import queries as people
from inspire_lms.plugins.online_call.offering import actions, arriving
from tests.plugins.online_call.builders import PUBLISHED, a_selection

pytestmark = pytest.mark.usefixtures("app")
LATER = PUBLISHED + timedelta(days=1)


def test_who_accepts_a_place_has_the_employer_of_the_application_in_the_account():
    _call, (application,) = a_selection([80])
    person_id = application.person_id
    with clock.frozen(LATER):
        actions.accept(application.id, by=person_id)
        jobs.run_due()
    work = people.work_of(person_id)
    assert (work.organisation, work.position) == ("Comune di Prova", "")


def test_what_the_person_told_in_the_account_stays_and_hearing_twice_does_no_harm():
    _call, (application,) = a_selection([80])
    person_id, cohort_id = application.person_id, application.cohort_id
    profile.change_work(person_id, organisation="Regione Abruzzo", position="Funzionaria")
    for _twice in range(2):
        arriving.heard_that_a_place_was_accepted(PlaceAccepted(cohort_id=cohort_id, person_id=person_id))
    assert people.work_of(person_id).organisation == "Regione Abruzzo"


def test_a_trainee_who_never_applied_has_nothing_to_take_over():
    _call, (application,) = a_selection([80])
    arriving.heard_that_a_place_was_accepted(PlaceAccepted(cohort_id=application.cohort_id, person_id=999))
    assert people.work_of(999).organisation == ""
