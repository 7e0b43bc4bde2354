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
from inspire_lms.plugins.certificate import rules
from inspire_lms.plugins.certificate.issuing import evidence
from inspire_lms.plugins.certificate.models import Standing
from inspire_lms.plugins.certificate.rules import Evidence, Needed
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
CASES = {
    "an essay can still be better": ALL,
    "an essay is over, the minutes and the survey are not": replace(ALL, over=frozenset({"essay"})),
    "all but the survey": replace(ALL, share=replace(ALL.share, minutes=768), results={"final": Decimal(60), "essay": Decimal(50)}),
    "everything": replace(ALL, share=replace(ALL.share, minutes=768), results={"final": Decimal(60), "essay": Decimal(50)}, surveys=Participation(1, 1, 0)),
    "nothing is possible any more": replace(
        ALL, share=replace(ALL.share, minutes=600), over=frozenset({"essay", "final"}), surveys=Participation(0, 1, 1)
    ),
    "the minutes are just possible": replace(ALL, share=replace(ALL.share, minutes=648), over=frozenset({"essay"}), surveys=None),
    "the minutes are just not possible": replace(ALL, share=replace(ALL.share, minutes=647), over=frozenset({"essay"}), surveys=Participation(0, 1, 1)),
    "no webinar yet": replace(ALL, share=None, needed=()),
    "only a survey is demanded": Evidence(frozenset({"survey"}), surveys=Participation(1, 1, 0)),
    "nothing is demanded": Evidence(frozenset()),
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
def test_what_was_kept_is_counted_as_the_rules_count_it(before):
    cohort = a_group()
    cohort_id, ids = cohort.id, [a_trainee(cohort).id for _case in CASES]
    with transaction(), clock.frozen(NOW):
        for person_id, found in zip(ids, CASES.values(), strict=True):
            standing = Standing(cohort_id=cohort_id, person_id=person_id, earned=None, met=0, demanded=4, looked_at=NOW)
            standing.evidence = evidence.kept(found, {"final": Words(en="Final test"), "essay": Words(en="Essay")})
            session.add(standing)
    session.remove()
    migrating.downgrade(before, BEFORE)
    migrating.upgrade(before)
    chosen = select(Standing.completion).where(Standing.cohort_id == cohort_id).order_by(Standing.person_id)
    wanted = {name: str(rules.standing(found).completion) for name, found in CASES.items()}
    assert dict(zip(CASES, session.scalars(chosen), strict=True)) == wanted
    assert set(wanted.values()) == {"met", "missed", "open"}
