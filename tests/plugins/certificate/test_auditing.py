"""Everything that was issued is held against the register, and each breach is named."""

import obstore
import pytest
from sqlalchemy import delete, update

from inspire_lms.kernel import files
from inspire_lms.kernel.db import session, transaction
from inspire_lms.plugins.certificate.checking import auditing
from inspire_lms.plugins.certificate.models import Certificate, Revocation
from tests.plugins.certificate.builders import one_issued


@pytest.fixture
def certificate(app, records):
    """One that is valid."""
    return one_issued(records)[2]


def test_what_was_issued_and_not_touched_has_no_breach(certificate):
    assert ([*auditing.stored_files()], [*auditing.chains()]) == ([], [])


def test_a_file_that_is_another_or_gone_is_named(certificate):
    number, place = certificate.number, files._place(certificate.digest)
    obstore.put(files._store(), place, b"something else")
    assert [*auditing.stored_files()] == [f"the file of {number} is not what was issued"]
    obstore.delete(files._store(), place)
    assert [*auditing.stored_files()] == [f"the file of {number} is missing"]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("revoked", ["says not why"]),
        ("replaced", ["says not why", "nothing took its place"]),
    ],
)
def test_an_end_that_nothing_explains_is_named(certificate, state, said):
    number = certificate.number
    with transaction():
        session.execute(delete(Revocation))
        session.execute(update(Certificate).values(state=state))
    assert [*auditing.chains()] == [f"{number} is {state} and {one}" for one in said]
