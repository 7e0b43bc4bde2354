"""How long applications are kept, and what goes with them."""

from io import BytesIO

import pytest
from sqlalchemy import func, select

from inspire_lms.contracts.people import PersonErased
from inspire_lms.kernel import clock, files
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import NotThere
from inspire_lms.kernel.files import StoredFile
from inspire_lms.plugins.online_call.applying import actions, queries
from inspire_lms.plugins.online_call.offering import leaving
from tests.plugins.online_call.builders import OPEN, PDF, a_call, a_draft, an_application

pytestmark = pytest.mark.usefixtures("app")


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
