"""What was kept before standings said who completes the course says it after the migration."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select

from inspire_lms import migrating
from inspire_lms.app import create_app
from inspire_lms.contracts.attendance import Share
from inspire_lms.contracts.survey import Participation
from inspire_lms.kernel import clock
from inspire_lms.kernel.db import Words, db, session, transaction
from inspire_lms.plugins.certificate.earning import evidence
from inspire_lms.plugins.certificate.earning.rules import Evidence, Needed
from inspire_lms.plugins.certificate.models import Standing
from inspire_lms.settings import Settings
from tests.builders import a_trainee
from tests.plugins.certificate.builders import NOW, a_group

BEFORE = "e76b7c47d947"
ALL = Evidence(
    demanded=frozenset({"attendance", "survey"}),
    share=Share(minutes=700, held=840, scheduled=960, webinars=6, webinars_scheduled=8, threshold=80),
    needed=(Needed("final", "test", "Final test", 60), Needed("essay", "essay", "Essay", 50)),
    results={"final": Decimal("60.00"), "essay": Decimal("49.99")},
    surveys=Participation(answered=0, owed=1, closed=0),
)
SURVEYED = Participation(answered=1, owed=1, closed=0)
TOO_LATE = Participation(answered=0, owed=1, closed=1)
PASSED = {"final": Decimal(60), "essay": Decimal(50)}
# The word is written beside each case: rules may change, and what this migration has done stays.
CASES = {
    "an essay can still be better": (ALL, "open"),
    "an essay is over, the minutes and the survey are not": (replace(ALL, over=frozenset({"essay"})), "open"),
    "all but the survey": (replace(ALL, share=replace(ALL.share, minutes=768), results=PASSED), "met"),
    "everything": (replace(ALL, share=replace(ALL.share, minutes=768), results=PASSED, surveys=SURVEYED), "met"),
    "nothing is possible any more": (
        replace(ALL, share=replace(ALL.share, minutes=600), over=frozenset({"essay", "final"}), surveys=TOO_LATE),
        "missed",
    ),
    "the minutes are just possible": (replace(ALL, share=replace(ALL.share, minutes=648), over=frozenset({"essay"}), surveys=TOO_LATE), "open"),
    "the minutes are just not possible": (replace(ALL, share=replace(ALL.share, minutes=647), over=frozenset({"essay"}), surveys=TOO_LATE), "missed"),
    "no webinar yet": (replace(ALL, share=None, needed=()), "open"),
    "no webinar is scheduled": (replace(ALL, share=replace(ALL.share, minutes=0, held=0, scheduled=0), needed=()), "open"),
    "no survey is owed": (replace(ALL, share=replace(ALL.share, minutes=600), needed=(), surveys=Participation(0, 0, 0)), "open"),
    "only a survey is demanded": (Evidence(frozenset({"survey"}), surveys=SURVEYED), "missed"),
    "nothing is demanded": (Evidence(frozenset()), "open"),
}


@pytest.fixture
def before(bare_database, tmp_path):
    """The application on a database with its tables."""
    app = create_app(Settings(instance=tmp_path / "before", database_url=bare_database, argon2_cheap=True))
    with app.app_context():
        migrating.upgrade(app)
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.mark.both_engines
def test_what_was_kept_is_put_into_one_word_each(before):
    cohort = a_group()
    titles = {"final": Words(en="Final test"), "essay": Words(en="Essay")}
    kept = {name: (evidence.kept(found, titles), word) for name, (found, word) in CASES.items()}
    # As it was kept before there was an end to anything.
    old = {key: value for key, value in kept["an essay can still be better"][0].items() if key != "over"}
    kept["an old one"] = (old | {"surveys": {"answered": 0, "owed": 1}}, "open")
    cohort_id, ids = cohort.id, [a_trainee(cohort).id for _case in kept]
    with transaction(), clock.frozen(NOW):
        for person_id, (plain, _word) in zip(ids, kept.values(), strict=True):
            session.add(Standing(cohort_id=cohort_id, person_id=person_id, earned=None, met=0, demanded=4, looked_at=NOW, evidence=plain))
    session.remove()
    migrating.downgrade(before, BEFORE)
    migrating.upgrade(before)
    chosen = select(Standing.completion).where(Standing.cohort_id == cohort_id).order_by(Standing.person_id)
    assert dict(zip(kept, session.scalars(chosen), strict=True)) == {name: word for name, (_plain, word) in kept.items()}
