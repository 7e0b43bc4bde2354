"""Who is not given the whole is told why, criterion by criterion, and until when to appeal."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Invalid, Refused
from inspire_lms.kernel.typefaces import make_ready
from inspire_lms.plugins.certificate import queries, rules
from inspire_lms.plugins.certificate.appealing import actions as appealing
from inspire_lms.plugins.certificate.issuing import deciding, overview
from inspire_lms.plugins.certificate.models import Batch, Refusal
from inspire_lms.plugins.certificate.rules import Kind
from tests.builders import a_trainee, an_administrator
from tests.plugins.certificate.builders import (
    NOW,
    a_coordinator,
    a_group,
    a_group_to_decide,
    appealed,
    decide,
    issued,
    refusals,
    work,
)

UNTIL = datetime(2026, 12, 5, 21, 59, 59, tzinfo=UTC)
"""The end of the fifteenth day after NOW, in Bucharest."""


def text(answer):
    return answer.get_data(as_text=True)


@pytest.fixture
def group(app, records):
    """Four trainees: all met; attended, the tests over; absent; and one for whom the tests are still open."""
    return a_group_to_decide(records)


@pytest.mark.parametrize(
    ("kind", "whole", "top", "is_less"),
    [
        (Kind.ATTENDANCE, Kind.COMPETENCE, "competence", True),
        (Kind.COMPETENCE, Kind.COMPETENCE, "competence", False),
        (Kind.ATTENDANCE, Kind.COMPETENCE, "certification", True),
        (Kind.CERTIFICATION, Kind.COMPETENCE, "certification", False),
        (Kind.ATTENDANCE, Kind.ATTENDANCE, "competence", False),
    ],
)
def test_attendance_is_less_where_more_is_asked_for_and_everything_where_it_is_not(kind, whole, top, is_less):
    assert rules.gives_less(kind, whole, top) is is_less


@pytest.mark.parametrize(
    ("is_out_of_reach", "has_whole", "is_refused", "says"),
    [
        (True, False, False, None),
        (False, False, False, "Ana can still meet what is missing, or has met it."),
        (True, True, False, "Ana has this document already."),
        (True, False, True, "Ana was told already that this document is not given. An appeal that is upheld asks for another decision."),
    ],
)
def test_nobody_is_refused_what_can_still_be_met_or_is_held_or_was_refused(is_out_of_reach, has_whole, is_refused, says):
    reason = rules.why_not_refuse("Ana", is_out_of_reach=is_out_of_reach, has_whole=has_whole, is_refused=is_refused)
    assert (None if reason is None else str(reason)) == says


def test_those_who_can_no_longer_meet_it_are_proposed_and_those_who_can_are_left_out(group, client, sign_in_as):
    cohort, coordinator, people = group
    open_to = overview.candidates(overview.of(cohort), by=coordinator.id)
    assert [list(one) for one in (open_to.whole, open_to.attendance, open_to.refused)] == [
        [str(people["ready"].id)], [str(people["attended"].id), str(people["open"].id)], [str(people["absent"].id)],
    ]  # fmt: skip
    page = text(sign_in_as(client, coordinator).get(f"/certificate/cohort/{cohort.id}/decide"))
    assert "Not certified" in page
    assert f'name="refused" value="{people["absent"].id}" checked' in page
    assert "What is missing can no longer be met: 2." in page


@pytest.mark.both_engines
def test_one_decision_gives_and_refuses_and_writes_to_each_what_concerns_them(group, outbox):
    _, coordinator, people = group
    batch_id = decide(group, {"ready": Kind.COMPETENCE, "attended": Kind.ATTENDANCE, "open": Kind.ATTENDANCE}, ["absent"]).id
    work()
    kept = refusals()
    assert set(kept) == {people["attended"].id, people["absent"].id}, "who can still meet the rest is not refused it"
    assert {one.appeal_until for one in kept.values()} == {UNTIL}
    assert kept[people["absent"].id].evidence["share"]["minutes"] == 100
    refused = [mail for mail in outbox if mail.key.startswith("certificate.refused:")]
    assert sorted(mail.to_person for mail in refused) == sorted(kept)
    (english,) = [mail for mail in refused if mail.to_person == people["attended"].id]
    for part in (
        "It was decided that you are not given this document of Pilot course: Certificate of competence.",
        "You are given another document: Certificate of attendance.",
        "Met. 900 of 960 minutes; 768 needed.",
        "Not met. 41.67%, below the 60% needed; no attempt is possible any more.",
        "Saturday 5 December 2026, 23:59",
        f"/certificate/appeal/decision/{kept[people['attended'].id].id}",
    ):
        assert part in english.text, part
    (romanian,) = [mail for mail in refused if mail.to_person == people["absent"].id]
    assert "Neîndeplinit" in romanian.text
    assert "another document" not in romanian.text
    assert queries.progress(batch_id).total == 3
    lines = [(line.did, line.by_id, line.about_id) for one in kept.values() for line in audit.about(("certificate_refusal", one.id))]
    assert lines == [("certificate.refused", coordinator.id, person_id) for person_id in kept]
    assert [line.after for line in audit.about(("certificate_batch", batch_id))] == [{"documents": 3, "refused": 2}]


def test_who_has_met_everything_and_is_given_attendance_only_is_refused_the_whole(group):
    _, _, people = group
    decide(group, {"ready": Kind.ATTENDANCE})
    assert set(refusals()) == {people["ready"].id}


def test_where_attendance_is_everything_nobody_is_refused_anything_by_it(app, records):
    cohort = a_group(requires=["attendance"])
    issued(cohort, [records.attended_by(a_trainee(cohort))], by=a_coordinator(cohort), kind=Kind.ATTENDANCE)
    assert refusals() == {}


@pytest.mark.parametrize(
    ("awards", "refused", "says"),
    [
        ({}, [], "Nobody has been chosen."),
        ({}, ["open"], "Zoe Pop can still meet what is missing, or has met it."),
        ({}, ["ready"], "Ana Pop can still meet what is missing, or has met it."),
        ({"attended": Kind.ATTENDANCE}, ["attended"], "Somebody has been chosen twice: for a document, and to get none."),
    ],
)
def test_a_refusal_that_is_wrong_is_not_decided(group, awards, refused, says):
    with pytest.raises(Refused) as no:
        decide(group, awards, refused)
    assert str(no.value) == says
    assert (refusals(), session.scalar(select(func.count()).select_from(Batch))) == ({}, 0)


def test_who_taught_or_graded_refuses_nobody(group, records):
    cohort, coordinator, people = group
    records.met_by(people["absent"], minutes=100, graders=(coordinator.id,))
    with pytest.raises(Refused, match="You graded work of"):
        decide(group, {}, ["absent"])
    open_to = overview.candidates(overview.of(cohort), by=coordinator.id)
    assert (dict(open_to.refused), [name for name, _ in open_to.barred]) == ({}, ["Ioana Șerban"])


def test_when_one_name_cannot_be_printed_nobody_is_refused_either(group, records, outbox):
    cohort, _, people = group
    people["strange"] = records.met_by(a_trainee(cohort, given_name="Նարեկ", family_name="Pop"))
    with pytest.raises(Invalid):
        decide(group, {"strange": Kind.COMPETENCE}, ["absent"])
    assert (refusals(), len(outbox)) == ({}, 0)


def test_a_decision_that_certifies_nobody_has_its_page_and_stands_in_the_list(group, client, sign_in_as):
    cohort, coordinator, people = group
    browser = sign_in_as(client, coordinator)
    sent = {"refused": [str(people["absent"].id)], "minutes": "Decided.", "independent": "yes"}
    answer = browser.post(f"/certificate/cohort/{cohort.id}/decide", data=sent)
    assert answer.status_code == 303
    page = text(browser.get(answer.location))
    for part in ("Nobody is certified by this decision", "Not all criteria met", "Ioana Șerban", "Appeal possible until"):
        assert part in page
    page = text(browser.get(f"/certificate/cohort/{cohort.id}"))
    assert "0 documents, 1 person refused" in page
    assert "Not certified" in page


def test_who_was_refused_is_not_proposed_again_before_an_appeal_is_upheld(group):
    cohort, coordinator, people = group
    decide(group, {}, ["absent"])

    def proposed():
        session.rollback()
        return list(overview.candidates(overview.of(cohort), by=coordinator.id).refused)

    assert proposed() == []
    appeal_id = appealed(people["absent"])
    assert proposed() == []
    appealing.answer(appeal_id, is_upheld=True, words="You were there.", by=an_administrator().id)
    assert proposed() == [str(people["absent"].id)]


@pytest.mark.both_engines
def test_two_coordinators_who_refuse_the_same_person_at_the_same_moment_refuse_once(app, group, outbox):
    cohort, coordinator, people = group
    cohort_id, person_id, deciders = cohort.id, people["absent"].id, [coordinator.id, a_coordinator(cohort).id] * 2
    make_ready()
    session.remove()

    def refuse_there(by):
        with app.app_context(), clock.frozen(NOW):
            try:
                deciding.decide(cohort_id, {}, refused=[person_id], minutes="Minutes.", by=by)
            except Refused as no:
                return str(no)
            finally:
                session.remove()
        return "decided"

    with ThreadPoolExecutor(max_workers=4) as pool:
        said = sorted(pool.map(refuse_there, deciders))
    told = "Ioana Șerban was told already that this document is not given. An appeal that is upheld asks for another decision."
    assert said == [told] * 3 + ["decided"]
    assert (session.scalar(select(func.count()).select_from(Refusal)), len(outbox)) == (1, 1)


def test_the_days_to_appeal_are_those_of_the_scheme(app, records):
    records.chances = {}
    cohort = a_group(appeal_days=3)
    coordinator = a_coordinator(cohort)
    person = records.met_by(a_trainee(cohort), minutes=1)
    with clock.frozen(NOW):
        deciding.decide(cohort.id, {}, refused=[person.id], minutes="Minutes.", by=coordinator.id)
    assert refusals()[person.id].appeal_until == datetime(2026, 11, 23, 21, 59, 59, tzinfo=UTC)
