"""Lists are published first provisionally, then finally; each is numbered, chained and never touched again."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import delete, select, update

from inspire_lms.kernel import clock
from inspire_lms.kernel.audit import Untouchable
from inspire_lms.kernel.db import db, session, transaction
from inspire_lms.kernel.errors import Refused
from inspire_lms.kernel.i18n import show
from inspire_lms.kernel.people import profile
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.kernel.programmes.working_days import working_days_later
from inspire_lms.plugins.online_call.announcing import queries as announcing
from inspire_lms.plugins.online_call.judging import deciding, reviewing
from inspire_lms.plugins.online_call.models import Application, Call, Review
from inspire_lms.plugins.online_call.offering import leaving, publishing
from inspire_lms.plugins.online_call.offering.models import Place, Ranking
from inspire_lms.plugins.online_call.publishing import auditing, provisional, rules
from inspire_lms.plugins.online_call.publishing.models import Publication
from inspire_lms.plugins.online_call.recusing import actions as recusing
from tests.builders import staff
from tests.plugins.online_call.builders import (
    CLOSED,
    ISLANDS,
    PUBLISHED,
    REGIONS,
    a_call,
    a_selection,
    an_application,
    committee,
    judged,
    of_regions,
    with_regions,
)
from tests.plugins.online_call.lists import APPEAL_UNTIL, IN_PEACE, a_provisional_list
from tests.plugins.online_call.papers import a_row, handed_in

pytestmark = pytest.mark.usefixtures("app")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "zone", "published", "days", "until"),
    [
        ("IT", "Europe/Rome", "2027-01-11T09:00", 5, "2027-01-18T11:00"),
        ("IT", "Europe/Rome", "2026-12-28T09:00", 5, "2027-01-05T11:00"),  # New Year's Day does not count
        ("RO", "Europe/Bucharest", "2026-12-30T09:00", 5, "2027-01-11T10:00"),  # nor 6 and 7 January in Romania
        ("GR", "Europe/Athens", "2027-03-19T09:00", 2, "2027-03-23T10:00"),  # a week-end between
        ("IT", "Europe/Rome", "2027-03-26T09:00", 1, "2027-03-30T10:00"),  # Easter Monday, and the clocks go forward
        ("RO", "Europe/Bucharest", "2027-01-11T23:30", 1, "2027-01-13T10:00"),  # in Bucharest it is the twelfth already
    ],
)
def test_the_time_to_appeal_is_counted_in_working_days_of_the_country(country, zone, published, days, until):
    noon = datetime.fromisoformat("2000-01-01T12:00").time()
    assert rules.appeal_until(at(published), days, noon, zone, partial(working_days_later, country)) == at(until)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"appeal_days": 0, "until": None}, None),
        ({"until": None}, "The provisional list comes first: the call lets applicants appeal."),
        ({"at": APPEAL_UNTIL - timedelta(seconds=1)}, "Applicants may appeal until Monday 18 January 2027, 12:00 (Italian time, CET). The final list can be published from that moment on."),
        ({}, None),
        ({"appeals": 2}, "Appeals that are not answered: 2."),
        ({"appeal_days": 0, "appeals": 1}, "Appeals that are not answered: 1."),
    ],
)
def test_the_final_list_waits_for_the_time_to_appeal_and_for_every_answer(facts, reason):
    found = rules.why_not_final(**{"appeal_days": 5, "until": APPEAL_UNTIL, "zone": "Europe/Rome", "appeals": 0, "at": APPEAL_UNTIL} | facts)
    assert (found and show(found)) == reason


@pytest.mark.parametrize(
    ("until", "now", "shown"),
    [
        (None, "2028-01-11T22:59", True),
        (None, "2028-01-11T23:00", False),
        (date(2027, 6, 30), "2027-06-30T21:59", True),
        (date(2027, 6, 30), "2027-06-30T22:00", False),
    ],
)
def test_the_public_list_is_shown_until_the_end_of_its_last_day_in_the_country(until, now, shown):
    assert rules.is_public(PUBLISHED, "Europe/Rome", until, at=at(now)) is shown


def publications():
    session.rollback()
    return list(session.scalars(select(Publication).order_by(Publication.number)))


def test_the_provisional_list_tells_everybody_offers_nothing_and_is_followed_by_the_final_one(outbox):
    call = a_call(seats=1, appeal_days=5)
    call_id, rejected = call.id, an_application(call, employed="no")
    (first, second), coordinator = judged(call, [80, 90])
    with clock.frozen(CLOSED):
        deciding.decide(rejected.id, is_eligible=False, note="", by=coordinator.id)
    before = len(outbox)
    with clock.frozen(PUBLISHED):
        with pytest.raises(Refused, match="provisional"):
            publishing.publish(call_id, by=coordinator.id)
        provisional.publish(call_id, by=coordinator.id)
        with pytest.raises(Refused, match="provisional"):
            provisional.publish(call_id, by=coordinator.id)
    told = list(outbox)[before:]
    assert sorted(mail.key for mail in told) == [f"online_call.provisional:1:{each}" for each in sorted([rejected.id, first, second])]
    assert {mail.subject for mail in told} == {f"The provisional result of your application {number} can be seen" for number in session.scalars(select(Application.protocol_number))}
    assert not any("80" in mail.text or "90" in mail.text for mail in told)
    assert list(session.scalars(select(Ranking))) == []
    with clock.frozen(APPEAL_UNTIL - timedelta(seconds=1)), pytest.raises(Refused, match="may appeal until"):
        publishing.publish(call_id, by=coordinator.id)
    with clock.frozen(APPEAL_UNTIL):
        publishing.publish(call_id, by=coordinator.id)
    assert [(place.application_id, place.standing) for place in session.scalars(select(Place).order_by(Place.position))] == [(second, "offered"), (first, "reserve")]
    one, two = publications()
    assert [(each.number, each.kind, each.published_at, each.appeal_until) for each in (one, two)] == [
        (1, "provisional", PUBLISHED, APPEAL_UNTIL), (2, "final", APPEAL_UNTIL, None),
    ]  # fmt: skip
    assert (one.follows, two.follows) == ("", one.digest)
    assert [(line["position"], line["total"], line["chosen"]) for line in one.lines] == [(1, "90.00", True), (2, "80.00", False)]
    assert one.minutes == {
        "notice": {"number": 1, "digest": announcing.latest(call_id).digest}, "applied_under": [[None, 2], [1, 1]], "states": {"eligible": 2, "not_eligible": 1}, "coordinators": [coordinator.id], "conflicts": [], "abstained": [], "excluded": [], "appeals": [], "by_two": [],
        "evaluators": [{"person": each, "evaluations": 2} for each in sorted(set(session.scalars(select(Review.evaluator_id))))],
        "not_eligible": [{"number": session.get(Application, rejected.id).protocol_number, "rules": ["employed"]}],
    }  # fmt: skip
    assert [*auditing.reproducible()] == []


def test_without_days_to_appeal_the_final_list_is_the_first_publication():
    a_selection([90, 80], seats=1)
    (only,) = publications()
    assert (only.number, only.kind, only.follows) == (1, "final", "")
    assert only.digest != session.scalars(select(Ranking.digest)).one()


def test_a_call_without_days_to_appeal_has_no_provisional_list():
    call = a_call()
    call_id = call.id
    _ids, coordinator = judged(call, [90])
    with clock.frozen(PUBLISHED), pytest.raises(Refused, match="no provisional list"):
        provisional.publish(call_id, by=coordinator.id)


def test_while_the_provisional_list_stands_marks_and_decisions_are_fixed():
    _call, (first, _second), coordinator = a_provisional_list([90, 80])
    review = session.scalars(select(Review).where(Review.application_id == first.id).order_by(Review.turn)).first()
    review_id, evaluator = review.id, review.evaluator_id
    deeds = (
        lambda: reviewing.give(review_id, {"motivation": 1, "transfer": 1}, "", by=evaluator),
        lambda: reviewing.declare_conflict(review_id, "We are married.", by=evaluator),
        lambda: deciding.decide(first.id, is_eligible=False, note="After all", by=coordinator.id),
    )
    with clock.frozen(IN_PEACE):
        for deed in deeds:
            with pytest.raises(Refused, match="A list is published"):
                deed()


def test_while_the_provisional_list_stands_nothing_enters_on_paper():
    call, _applications, _coordinator = a_provisional_list([90])
    with pytest.raises(Refused, match="The ranking is published: no application can be added"):
        handed_in(call, a_row(1), at=PUBLISHED)


def test_who_withdraws_after_the_provisional_list_is_not_in_the_final_one():
    call, (first, second), coordinator = a_provisional_list([90, 80], seats=1)
    call_id = call.id
    with clock.frozen(IN_PEACE):
        leaving.withdraw(first.id, by=first.person_id)
        publishing.publish(call_id, by=coordinator.id)
    one, two = publications()
    assert ([line["number"] for line in one.lines], [line["number"] for line in two.lines]) == (
        [first.protocol_number, second.protocol_number], [second.protocol_number],
    )  # fmt: skip


@pytest.mark.both_engines
def test_a_publication_is_never_changed_and_never_removed():
    a_selection([90], seats=1)
    for deed in (
        lambda: setattr(session.scalars(select(Publication)).one(), "digest", "x"),
        lambda: session.delete(session.scalars(select(Publication)).one()),
        lambda: session.execute(update(Publication).values(digest="x")),
        lambda: session.execute(delete(Publication)),
    ):
        with pytest.raises(Untouchable), transaction():
            deed()
            session.flush()


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"lines": []}, "does not bear the fingerprint of what it says"),
        ({"digest": "0"}, "does not bear the fingerprint of what it says"),
        ({"follows": "0"}, "does not follow the one before it"),
    ],
    ids=lambda each: next(iter(each)) if isinstance(each, dict) else "",
)
def test_the_audit_names_a_publication_that_somebody_changed_behind_our_back(changed, said):
    call, _applications, coordinator = a_provisional_list([90, 80])
    call_id = call.id
    with clock.frozen(IN_PEACE):
        publishing.publish(call_id, by=coordinator.id)
    assert [*auditing.reproducible()] == []
    session.rollback()
    with db.engine.begin() as connection:
        connection.execute(update(Publication.__table__).where(Publication.__table__.c.number == 2).values(changed))
    assert f"publication 2 of call {call_id} {said}" in [*auditing.reproducible()]


def test_lists_with_quotas_are_found_again_from_what_they_keep():
    a_selection([90, 80, 75, 70], seats=3, answers=of_regions("north", "north", "north", "islands"), form=with_regions(), quotas=(ISLANDS, REGIONS))
    (only,) = publications()
    assert [line["moved_by"] for line in only.lines] == [[], [], ["islands"], ["islands"]]
    assert [*auditing.reproducible()] == []


def test_the_minutes_keep_who_stepped_back_and_who_was_kept_away():
    call = a_call(appeal_days=5)
    call_id = call.id
    one, _other, coordinator = committee(call)
    profile.change_work(coordinator.id, organisation="COMUNE DI PROVA", position="Chief")
    decides, application = staff(session.get(Cohort, call.cohort_id), "coordinator").id, an_application(call)
    number, application_id = application.protocol_number, application.id
    with clock.frozen(CLOSED):
        with pytest.raises(Refused, match="for the same administration"):
            deciding.decide(application_id, is_eligible=True, note="", by=coordinator.id)
        deciding.decide(application_id, is_eligible=True, note="", by=decides)
        recusing.declare(application_id, "A neighbour.", by=decides)
        committee(session.get(Call, call_id))
        stepped = session.scalars(select(Review).where(Review.evaluator_id == one.id)).one()
        reviewing.declare_conflict(stepped.id, "A cousin.", by=one.id)
        for review in session.scalars(select(Review).where(Review.state == "asked")).all():
            reviewing.give(review.id, {"motivation": 40, "transfer": 30}, "", by=review.evaluator_id)
        kept = provisional.publish(call_id, by=coordinator.id).minutes
    assert kept["conflicts"] == sorted(
        [{"person": one.id, "number": number, "what": "A cousin."}, {"person": decides, "number": number, "what": "A neighbour."}], key=lambda each: each["person"]
    )
    assert kept["excluded"] == [{"person": coordinator.id, "number": number}]
    assert ([each["evaluations"] for each in kept["evaluators"]], one.id in {each["person"] for each in kept["evaluators"]}) == ([1, 1], False)
