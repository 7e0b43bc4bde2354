"""How long a certificate lasts, the two letters about its end, and deciding anew."""

from datetime import UTC, date, datetime, timedelta

import pytest

from inspire_lms.contracts.award import CertificatesOf
from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Refused
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.plugin import switch
from inspire_lms.plugins.certificate import actions, queries
from inspire_lms.plugins.certificate.drawing.record import read
from inspire_lms.plugins.certificate.issuing import changing, overview
from inspire_lms.plugins.certificate.rules import Kind, State
from inspire_lms.plugins.certificate.validity import rules
from inspire_lms.plugins.certificate.validity.actions import tell_of_ends
from tests.builders import a_trainee
from tests.plugins.certificate.builders import a_coordinator, a_group, issued, work

DECIDED = datetime(2027, 3, 1, 9, tzinfo=UTC)
LAST = date(2028, 2, 29)
"""Twelve months from 1 March 2027, in a leap year."""


@pytest.mark.parametrize(
    ("issued_on", "months", "last"),
    [
        ("2027-03-12", 12, "2028-03-11"),
        ("2027-03-01", 12, "2028-02-29"),
        ("2026-03-01", 12, "2027-02-28"),
        ("2027-01-01", 1, "2027-01-31"),
        ("2027-01-31", 1, "2027-02-28"),
        ("2027-01-30", 1, "2027-02-28"),
        ("2027-01-28", 1, "2027-02-27"),
        ("2027-01-29", 1, "2027-02-28"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-28"),
        ("2027-12-01", 1, "2027-12-31"),
        ("2027-12-15", 1, "2028-01-14"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2027-03-12", 600, "2077-03-11"),
    ],
)
def test_the_last_day_is_the_one_before_the_same_day_and_never_skips_a_short_month(issued_on, months, last):
    assert rules.last_day(date.fromisoformat(issued_on), months) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("days_left", "has_ended", "may_renew", "seen_as"),
    [(61, False, False, "valid"), (60, False, True, "valid"), (1, False, True, "valid"), (0, False, True, "valid"), (-1, True, True, "expired")],
)
def test_the_last_day_counts_and_from_sixty_days_before_one_may_decide_anew(days_left, has_ended, may_renew, seen_as):
    today = LAST - timedelta(days=days_left)
    assert (rules.has_ended(LAST, today), rules.may_renew(LAST, today), rules.seen_as("valid", LAST, today)) == (has_ended, may_renew, seen_as)


@pytest.mark.parametrize("state", ["decided", "replaced", "revoked"])
def test_what_is_revoked_or_replaced_stays_so_after_its_last_day(state):
    assert rules.seen_as(state, LAST, LAST + timedelta(days=1)) == state


def test_what_has_no_end_never_ends():
    assert (rules.has_ended(None, LAST), rules.may_renew(None, LAST), rules.seen_as("valid", None, LAST)) == (False, False, "valid")


@pytest.mark.parametrize(
    ("at", "day"), [("2027-03-31T21:59:59+00:00", "2027-03-31"), ("2027-03-31T22:00:00+00:00", "2027-04-01"), ("2027-12-31T22:30:00+00:00", "2027-12-31")]
)
def test_days_are_those_of_the_zone_of_the_group(at, day):
    assert rules.day_in("Europe/Rome", datetime.fromisoformat(at)) == date.fromisoformat(day)


@pytest.fixture
def held(app, records):
    """A certificate of 12 months, in Romania: group, coordinator, holder, certificate."""
    cohort = a_group(validity_months=12)
    coordinator = a_coordinator(cohort)
    holder = records.met_by(a_trainee(cohort, language="en"))
    with clock.frozen(DECIDED):
        (certificate,) = issued(cohort, [holder], by=coordinator)
    return cohort, coordinator, holder, certificate


def on(day, hour=3):
    """Let it be a day in Bucharest."""
    return clock.frozen(datetime(day.year, day.month, day.day, hour, tzinfo=UTC))


def test_the_last_day_is_fixed_at_the_decision_and_none_without_a_validity(held, records):
    certificate = held[-1]
    assert (certificate.issued_on, certificate.expires_on) == (date(2027, 3, 1), LAST)
    other = a_group("IT")
    (endless,) = issued(other, [records.met_by(a_trainee(other))], by=a_coordinator(other))
    assert endless.expires_on is None


@pytest.mark.both_engines
def test_the_holder_is_told_sixty_days_before_and_on_the_day_after_and_each_time_once(held, outbox):
    _, _, holder, certificate = held
    told = []
    for days_left in (61, 60, 59, 1, 0, -1, -2, -29, -30, -31):
        before = len(outbox)
        for _ in range(2):
            with on(LAST - timedelta(days=days_left)):
                tell_of_ends()
        told += [(days_left, mail.subject) for mail in list(outbox)[before:]]
    number = certificate.number
    assert told == [(60, f"Your certificate {number} ends on Tuesday 29 February 2028"), (-1, f"Your certificate {number} has expired")]
    assert {mail.to_person for mail in list(outbox)[-2:]} == {holder.id}
    assert all("write to the coordinator of your country" in mail.text for mail in list(outbox)[-2:])


def test_who_missed_the_day_is_told_within_a_month_and_not_later(held, outbox):
    with on(LAST + timedelta(days=30)):
        tell_of_ends()
    assert outbox[-1].subject.endswith("has expired")
    before = len(outbox)
    with on(LAST + timedelta(days=32)):
        tell_of_ends()
    assert len(outbox) == before


@pytest.mark.parametrize("why", ["revoked", "erased", "switched off"])
def test_nobody_is_told_about_what_was_given_up_or_switched_off(held, outbox, why):
    cohort, coordinator, holder, certificate = held
    if why == "revoked":
        changing.revoke(certificate.id, reason="A mistake.", by=coordinator.id)
    elif why == "erased":
        with transaction():
            gone = session.get_one(Person, holder.id)
            gone.erased_at, gone.password_hash = DECIDED, None
    else:
        switch("certificate", on=False, edition_id=cohort.edition_id)
    before = len(outbox)
    with on(LAST - timedelta(days=30)):
        tell_of_ends()
    assert len(outbox) == before


@pytest.mark.both_engines
@pytest.mark.parametrize(("days_left", "may"), [(61, False), (60, True), (0, True), (-400, True)])
def test_somebody_decides_anew_from_sixty_days_before_the_end_on(held, days_left, may, outbox):
    cohort, coordinator, holder, certificate = held
    day = LAST - timedelta(days=days_left)
    with on(day):
        if not may:
            with pytest.raises(Refused, match="has this document already"):
                issued(cohort, [holder], by=coordinator)
            return
        (second,) = issued(cohort, [holder], by=coordinator)
        old = queries.certificate(certificate.id)
        assert (old.state, old.revocation, queries.replaced_by(old.id), second.replaces_id) == (State.VALID, None, None, None)
        assert second.expires_on == rules.last_day(day, 12)
        with pytest.raises(Refused, match="has this document already"):
            issued(cohort, [holder], by=coordinator)
    before = len(outbox)
    with on(LAST + timedelta(days=1)):
        tell_of_ends()
    assert len(outbox) == before, "who holds a later one is not told about the earlier"


def test_who_may_be_renewed_is_offered_with_the_day_and_is_not_ticked(held):
    cohort, coordinator, holder, _ = held
    for days_left, offered in ((61, {}), (60, {str(holder.id): f"{holder.name}, whose certificate is valid until 29 February 2028"})):
        with on(LAST - timedelta(days=days_left)):
            seen = overview.of(cohort)
            open_to = overview.candidates(seen, by=coordinator.id)
        assert (dict(open_to.whole), open_to.proposed, seen.ready, seen.renewable) == (offered, (), 0, len(offered))


def test_expired_is_what_others_and_the_holder_and_the_register_are_told(held, client, sign_in_as):
    cohort, coordinator, holder, certificate = held
    with on(LAST + timedelta(days=1)):
        assert [one.state for one in queries.certificates_of(CertificatesOf(cohort.id))[holder.id]] == ["expired"]
        actions.look_again(cohort.id)
        own = sign_in_as(client, holder).get("/").get_data(as_text=True)
        assert "Expired" in own
        assert "It was valid until 29 February 2028." in own
        browser = sign_in_as(client, coordinator)
        for address in (f"/certificate/cohort/{cohort.id}", f"/certificate/one/{certificate.id}", f"/certificate/batch/{certificate.batch_id}"):
            assert "Expired" in browser.get(address).get_data(as_text=True), address
        line = browser.get(f"/certificate/cohort/{cohort.id}/register.csv").data.decode("utf-8-sig").splitlines()[1]
        assert ",expired,2027-03-01," in line
        assert ",2028-02-29," in line
    with on(LAST):
        assert [one.state for one in queries.certificates_of(CertificatesOf(cohort.id))[holder.id]] == ["valid"]


def rename(person_id):
    with transaction():
        session.get_one(Person, person_id).given_name = "Ștefania"


def test_what_is_issued_anew_with_another_name_ends_on_the_same_day(held):
    _, coordinator, holder, certificate = held
    rename(holder.id)
    with on(LAST - timedelta(days=1)):
        new_id = changing.replace(certificate.id, reason="Name.", by=coordinator.id).id
        work()
    assert queries.certificate(new_id).expires_on == LAST


def test_what_ends_today_is_not_issued_anew_with_another_name(held, client, sign_in_as):
    _, coordinator, holder, certificate = held
    rename(holder.id)
    with on(LAST), pytest.raises(Refused, match="ends today, or has ended"):
        changing.replace(certificate.id, reason="Name.", by=coordinator.id)
    with on(LAST):
        page = sign_in_as(client, coordinator).get(f"/certificate/one/{certificate.id}").get_data(as_text=True)
    assert "This certificate ends today, or has ended." in page
    assert "/replace" not in page
    assert queries.certificate(certificate.id).state == State.VALID


def test_that_somebody_attended_does_not_end(app, records):
    cohort = a_group(validity_months=1)
    with clock.frozen(DECIDED):
        (certificate,) = issued(cohort, [records.attended_by(a_trainee(cohort))], by=a_coordinator(cohort), kind=Kind.ATTENDANCE)
    assert (certificate.expires_on, read(certificate.record).expires_on) == (None, None)
