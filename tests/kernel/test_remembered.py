"""What a process remembers of the site is what was stored, also after a transaction that was undone."""

from contextlib import suppress

from sqlalchemy import update

from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.plugin import Site, forget, remembered


def test_what_was_loaded_inside_a_transaction_that_is_undone_is_not_remembered(app):
    with app.app_context():
        with transaction():
            forget()
        assert remembered("shape", lambda: "before") == "before"
        with suppress(ValueError), transaction():
            forget()
            assert remembered("shape", lambda: "undone") == "undone"
            raise ValueError
        assert remembered("shape", lambda: "as it was") == "as it was"
    with app.app_context():
        with transaction():
            # As another process does it, which tells this one nothing but the number.
            session.execute(update(Site).values(version=Site.version + 1))
        assert remembered("shape", lambda: "after") == "after"
