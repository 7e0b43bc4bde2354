"""How long applications are kept, and what goes with them."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select

from inspire_lms.contracts.people import PersonErased
from inspire_lms.kernel import audit, clock, files
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import NotThere
from inspire_lms.kernel.files import StoredFile
from inspire_lms.kernel.mail import Mail
from inspire_lms.plugins.online_call import rules
from inspire_lms.plugins.online_call.applying import actions, queries
from inspire_lms.plugins.online_call.authorising.models import Authorisation
from inspire_lms.plugins.online_call.judging import deciding
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.offering import actions as offering
from inspire_lms.plugins.online_call.offering import leaving, publishing
from inspire_lms.plugins.online_call.retention import thinning
from tests.builders import a_person
from tests.plugins.online_call.builders import CLOSED, OPEN, PDF, PUBLISHED, a_call, a_draft, an_application, committee, decided, scored
from tests.plugins.online_call.papers import a_row, confirmed, handed_in
from tests.plugins.online_call.superiors import a_draft_without_a_file, a_linked_call, ask

pytestmark = pytest.mark.usefixtures("app")
SECOND = timedelta(seconds=1)


def stored():
    session.rollback()
    return session.scalar(select(func.count()).select_from(StoredFile))


@pytest.mark.parametrize("deed", ["replace", "remove", "discard"])
def test_a_file_that_the_applicant_replaces_or_takes_back_is_really_gone(deed):
    draft = a_draft(a_call())
    application_id, by = draft.id, draft.person_id
    digest = session.scalars(select(StoredFile.digest)).one()
    with clock.frozen(OPEN):
        if deed == "replace":
            actions.attach(application_id, "authorisation", BytesIO(PDF + b"\n% another"), "other.pdf", by=by)
        elif deed == "remove":
            actions.detach(application_id, "authorisation", by=by)
        else:
            actions.discard(application_id, by=by)
    assert stored() == (1 if deed == "replace" else 0)
    with pytest.raises(NotThere):
        files.content_of(digest)


def test_with_the_account_goes_the_file_of_the_employer_but_not_the_same_file_of_somebody_else():
    call = a_call()
    gone, other = an_application(call), an_application(call)
    leaving.forget(PersonErased(gone.person_id))
    assert stored() == 1
    kept, content = files.fetch(queries.attachments(other.id)["authorisation"].file_id)
    assert (kept.kept_by, content) == (other.person_id, PDF)


@pytest.mark.both_engines
def test_a_year_after_the_final_list_only_those_who_got_a_place_are_still_known_by_their_answers():
    call = a_call(seats=2)
    call_id, coordinator = call.id, committee(call)[2]
    accepted, left, declined, reserve = (an_application(call) for _each in range(4))
    rejected, draft = an_application(call, employed="no"), a_draft(call).id
    everybody = [each.id for each in (accepted, left, declined, reserve, rejected)]
    for application, total in ((accepted, 90), (left, 80), (declined, 70), (reserve, 60)):
        scored(decided(application, coordinator), total, total)
    with clock.frozen(CLOSED):
        deciding.decide(rejected.id, is_eligible=False, note="Not employed.", by=coordinator.id)
    with clock.frozen(PUBLISHED):
        publishing.publish(call_id, by=coordinator.id)
        for each in (accepted, left):
            offering.accept(each.id, by=each.person_id)
        leaving.withdraw(left.id, by=left.person_id)
        offering.decline(declined.id, by=declined.person_id)
    for at, known, files_kept in ((PUBLISHED + rules.KEPT - SECOND, 5, 6), (PUBLISHED + rules.KEPT, 2, 2)):
        with clock.frozen(at):
            for _twice in range(2):
                thinning.thin_out()
        assert (sum(bool(session.get(Application, each).answers) for each in everybody), stored()) == (known, files_kept)
    kept = [session.get(Application, each) for each in everybody]
    assert [bool(each.answers and each.administration) for each in kept] == [True, True, False, False, False]
    assert all(each.protocol_number for each in kept)
    assert (session.get(Application, draft), kept[4].decision_note, queries.outcomes(rejected.id)) == (None, "", [])
    (line,) = [each for each in audit.about(("call", call_id)) if each.did == "online_call.thinned-out"]
    assert line.after == {"applications": 3}


def test_nothing_is_left_of_the_superior_who_was_named_in_a_draft_whose_paper_counts():
    call = a_linked_call()
    person = a_person(email="paper1@comune.example", given_name="Anna", family_name="Rossibaa")
    ask(a_draft_without_a_file(call, person))
    other = a_draft_without_a_file(call)
    ask(other, email="other.superior@comune.example")
    import_id, by = handed_in(call, a_row(1))
    confirmed(import_id, by, answers={2: "own"})
    assert session.scalars(select(Authorisation.application_id)).all() == [other.id]
    written = session.execute(select(Mail.address, Mail.name, Mail.text).where(Mail.key.like("online_call.authorise%")).order_by(Mail.id))
    (address, name, text), left = written.all()
    assert ((address, name, text), left.address) == (("", "", ""), "other.superior@comune.example")
