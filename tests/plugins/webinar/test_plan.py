"""Planning, publishing, moving, cancelling; and who is told what, once."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import icalendar
import pytest

from inspire_lms.contracts.admission import PlaceAccepted
from inspire_lms.contracts.attendance import WebinarScheduled
from inspire_lms.kernel import audit, bus, clock, mail
from inspire_lms.kernel.access import actions as access
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Refused
from inspire_lms.kernel.programmes import actions as programmes
from inspire_lms.plugins.webinar import queries
from inspire_lms.plugins.webinar.models import Stay
from inspire_lms.plugins.webinar.plan import actions
from inspire_lms.plugins.webinar.plan import queries as plans
from inspire_lms.plugins.webinar.rules import Source
from tests.builders import a_cohort, a_trainee, an_edition, staff
from tests.plugins.webinar.builders import BEFORE, LINK, a_group, a_plan, held, planned, published, work

pytestmark = pytest.mark.usefixtures("app")
REASON = "The trainer is ill."


def clocks(cohort):
    return [each.wall_clock for each in queries.of_cohort(cohort.id)]


def test_a_webinar_for_each_unit_stands_in_the_plan_and_the_trainers_take_turns():
    cohort, coordinator, trainer, _ = a_group()
    second = staff(cohort, "trainer")
    ids = planned(cohort, coordinator)
    led = queries.leaders(ids)
    assert clocks(cohort) == [
        "2027-03-11T15:00",
        "2027-03-18T15:00",
        "2027-04-01T15:00",
        "2027-04-08T15:00",
        "2027-04-15T15:00",
        "2027-04-22T15:00",
        "2027-04-29T15:00",
        "2027-05-06T15:00",
    ]
    assert {each[0] for each in led.values()} == {trainer.id, second.id}
    assert led[ids[0]] == led[ids[2]] != led[ids[1]]
    assert [held(each).state for each in ids] == ["planned"] * 8


@pytest.mark.parametrize(("country", "before", "after"), [("IT", 14, 13), ("GR", 13, 12), ("RO", 13, 12)])
def test_the_hour_on_the_wall_stays_across_the_change_of_clocks(country, before, after):
    cohort, coordinator, _, _ = a_group(country, trainees=0)
    ids = planned(cohort, coordinator)
    assert [held(each).starts_at.hour for each in (ids[1], ids[2])] == [before, after]


def test_moving_across_the_change_keeps_the_hour_on_the_wall():
    cohort, coordinator, trainer, _ = a_group("IT", trainees=0)
    ids = published(cohort, coordinator)
    with clock.frozen(BEFORE):
        actions.change(ids[1], local=datetime(2027, 3, 30, 15), minutes=120, leaders=[trainer.id], link=LINK, host_link="", reason=REASON, by=coordinator.id)  # noqa: DTZ001
    one = held(ids[1])
    assert (one.wall_clock, one.starts_at) == ("2027-03-30T15:00", datetime(2027, 3, 30, 13, tzinfo=UTC))


def test_a_plan_is_made_once_and_only_from_a_pattern():
    cohort, coordinator, _, _ = a_group(trainees=0)
    planned(cohort, coordinator)
    with pytest.raises(Refused, match="in the plan already"):
        planned(cohort, coordinator)
    with pytest.raises(Refused, match="says nothing"):
        planned(a_cohort("IT"), coordinator)


def test_clashes_are_said_and_do_not_forbid():
    edition = an_edition()
    greece, romania = a_cohort("GR", edition=edition), a_cohort("RO", edition=edition)
    trainer = staff(greece, "trainer", given_name="Ελένη", family_name="Σταμάτη")
    for cohort in (greece, romania):
        a_plan(cohort, trainers=[trainer.email], first_day=datetime(2027, 3, 25, tzinfo=UTC).date(), skipped=[])
    access.grant(trainer.id, "trainer", romania.context_id, by=None)
    ids = planned(greece, trainer)
    planned(romania, trainer)
    said = [str(each) for each in plans.warnings(greece.id, "GR")[ids[0]]]
    assert said[0] == "This is a public holiday: Εικοστή Πέμπτη Μαρτίου."
    assert said[1].startswith("Ελένη Σταμάτη leads another webinar at that time")
    with clock.frozen(BEFORE):
        assert actions.publish(ids, by=trainer.id) == 8


def test_publishing_invites_everybody_once(outbox):
    cohort, coordinator, trainer, people = a_group()
    published(cohort, coordinator)
    work(BEFORE)
    assert [len(outbox.to(each)) for each in (*people, trainer, coordinator)] == [8, 8, 8, 0]


def as_email(row):
    return message_from_bytes(mail.as_message(row).as_bytes(), policy=default)


def test_an_invitation_is_a_mail_that_calendars_understand(app, outbox):
    cohort, coordinator, trainer, (person, _) = a_group("GR")
    one = held(published(cohort, coordinator)[0])
    message = as_email(outbox.to(person)[0])
    kinds = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar", "application/ics"]
    part = next(each for each in message.walk() if each.get_content_type() == "text/calendar")
    event = icalendar.Calendar.from_ical(part.get_content()).walk("VEVENT")[0]
    assert part["content-type"].params["method"] == "REQUEST"
    assert {
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "organizer": str(event["ORGANIZER"]),
        "attendee": str(event["ATTENDEE"]),
        "from": message["From"].addresses[0].addr_spec,
        "start": event["DTSTART"].dt.astimezone(UTC),
        "zone": event["DTSTART"].params["TZID"],
    } == {
        "uid": one.uid,
        "sequence": 0,
        "organizer": f"mailto:{app.config['INSPIRE'].mail_sender}",
        "attendee": f"mailto:{person.email}",
        "from": app.config["INSPIRE"].mail_sender,
        "start": one.starts_at,
        "zone": "Europe/Athens",
    }
    assert trainer.name in str(event["DESCRIPTION"])
    assert f"/webinar/{one.id}" in str(event["DESCRIPTION"])


def calendars(rows):
    return [(each.calendar_method, int(icalendar.Calendar.from_ical(each.calendar).walk("VEVENT")[0]["SEQUENCE"])) for each in rows]


def test_moving_and_cancelling_send_the_same_uid_with_a_higher_sequence(outbox):
    cohort, coordinator, trainer, (person, _) = a_group()
    ids = published(cohort, coordinator)
    uid = held(ids[0]).uid
    with clock.frozen(BEFORE):
        actions.change(ids[0], local=datetime(2027, 3, 12, 10), minutes=90, leaders=[trainer.id], link=LINK, host_link="", reason=REASON, by=coordinator.id)  # noqa: DTZ001
    work(BEFORE)
    with clock.frozen(BEFORE):
        actions.cancel(ids[0], reason=REASON, by=coordinator.id)
    work(BEFORE)
    letters = [each for each in outbox.to(person) if uid in each.calendar]
    assert calendars(letters) == [("REQUEST", 0), ("REQUEST", 1), ("CANCEL", 2)]
    assert [REASON in each.text for each in letters] == [False, True, True]
    assert "STATUS:CANCELLED" in letters[2].calendar


def test_a_trainer_who_is_replaced_gets_a_cancellation_and_the_new_one_an_invitation(outbox):
    cohort, coordinator, trainer, _ = a_group(trainees=0)
    ids = published(cohort, coordinator)
    other = staff(cohort, "trainer")
    one = held(ids[0])
    with clock.frozen(BEFORE):
        actions.change(ids[0], local=one.local, minutes=120, leaders=[other.id], link=LINK, host_link="", reason=REASON, by=coordinator.id)
    work(BEFORE)
    assert calendars(outbox.to(trainer)[-1:]) == [("CANCEL", 2)]
    assert calendars(outbox.to(other)) == [("REQUEST", 1)]


def test_a_new_address_of_the_meeting_tells_nobody_and_needs_no_reason(outbox):
    cohort, coordinator, trainer, (person, _) = a_group()
    one = held(published(cohort, coordinator)[0])
    with clock.frozen(BEFORE):
        actions.change(one.id, local=one.local, minutes=120, leaders=[trainer.id], link="https://other.example.org", host_link="", reason="", by=coordinator.id)
    work(BEFORE)
    assert (held(one.id).link, held(one.id).sequence, len(outbox.to(person))) == ("https://other.example.org", 0, 8)


@pytest.mark.parametrize(
    ("but", "field"),
    [
        ({"link": "http://meet.example.org"}, "link"),
        ({"host_link": "ftp://meet.example.org"}, "host_link"),
        ({"minutes": 10}, "minutes"),
        ({"local": datetime(2027, 3, 28, 3, 30)}, "starts"),  # noqa: DTZ001
        ({"leaders": [0]}, "leaders"),
    ],
)
def test_a_change_that_cannot_be_says_in_which_field(but, field):
    cohort, coordinator, trainer, _ = a_group("RO", trainees=0)
    ids = planned(cohort, coordinator)
    facts = {"local": datetime(2027, 3, 12, 10), "minutes": 90, "leaders": [trainer.id], "link": LINK, "host_link": "", "reason": ""}  # noqa: DTZ001
    with pytest.raises(Invalid) as wrong, clock.frozen(BEFORE):
        actions.change(ids[0], **facts | but, by=coordinator.id)
    assert list(wrong.value.reasons) == [field]


def test_what_was_announced_needs_a_reason_to_move():
    cohort, coordinator, trainer, _ = a_group(trainees=0)
    ids = published(cohort, coordinator)
    with pytest.raises(Refused, match="say why"), clock.frozen(BEFORE):
        actions.change(ids[0], local=datetime(2027, 3, 12, 10), minutes=90, leaders=[trainer.id], link=LINK, host_link="", reason="", by=coordinator.id)  # noqa: DTZ001


def test_one_more_webinar_takes_the_title_of_its_unit_or_an_own_one():
    cohort, coordinator, trainer, _ = a_group(trainees=0)
    facts = {"minutes": 60, "leaders": [trainer.id], "link": "", "host_link": "", "by": coordinator.id}
    with clock.frozen(BEFORE):
        first = actions.create(cohort.id, number=3, title="", local=datetime(2027, 3, 12, 10), **facts)  # noqa: DTZ001
        second = actions.create(cohort.id, number=9, title="Întrebări și răspunsuri", local=datetime(2027, 3, 13, 10), **facts)  # noqa: DTZ001
        assert (first.title.text("en"), second.title.text("ro")) == ("Unit 3", "Întrebări și răspunsuri")
        with pytest.raises(Invalid, match="no unit with this number"):
            actions.create(cohort.id, number=10, title="", local=datetime(2027, 3, 12, 10), **facts)  # noqa: DTZ001
        with pytest.raises(Invalid, match="There is a webinar 3 already"):
            actions.create(cohort.id, number=3, title="x", local=datetime(2027, 3, 12, 10), **facts)  # noqa: DTZ001


def test_what_is_announced_moved_or_cancelled_is_told_to_other_plugins(monkeypatch):
    cohort, coordinator, trainer, _ = a_group(trainees=0)
    ids = planned(cohort, coordinator)
    told = []
    monkeypatch.setattr(bus, "announce", told.append)
    with clock.frozen(BEFORE):
        actions.publish(ids[:1], by=coordinator.id)
        actions.change(ids[0], local=datetime(2027, 3, 12, 10), minutes=90, leaders=[trainer.id], link=LINK, host_link="", reason=REASON, by=coordinator.id)  # noqa: DTZ001
        actions.cancel(ids[0], reason=REASON, by=coordinator.id)
    first, moved = datetime(2027, 3, 11, 13, tzinfo=UTC), datetime(2027, 3, 12, 8, tzinfo=UTC)
    assert told == [WebinarScheduled(cohort.id, ids[0], at, cancelled=gone) for at, gone in ((first, False), (moved, False), (moved, True))]


def test_only_what_nobody_knows_of_is_taken_out():
    cohort, coordinator, _, _ = a_group(trainees=0)
    ids = planned(cohort, coordinator)
    with clock.frozen(BEFORE):
        actions.remove(ids[7], by=coordinator.id)
        actions.publish(ids[:1], by=coordinator.id)
        with pytest.raises(Refused, match="has been announced"):
            actions.remove(ids[0], by=coordinator.id)
    assert (len(clocks(cohort)), held(ids[7])) == (7, None)
    with pytest.raises(NotThere):
        actions.publish([ids[7]], by=coordinator.id)


def test_every_deed_stands_in_the_audit():
    cohort, coordinator, trainer, _ = a_group(trainees=0)
    ids = published(cohort, coordinator)
    with clock.frozen(BEFORE):
        actions.change(ids[0], local=datetime(2027, 3, 12, 10), minutes=90, leaders=[trainer.id], link=LINK, host_link="", reason=REASON, by=coordinator.id)  # noqa: DTZ001
        actions.cancel(ids[0], reason=REASON, by=coordinator.id)
    lines = audit.about(("webinar_webinar", ids[0]))
    assert [(each.did, each.by_id) for each in lines] == [(did, coordinator.id) for did in ("webinar.published", "webinar.changed", "webinar.cancelled")]
    assert (lines[1].before["starts"], lines[1].after["starts"], lines[1].after["reason"]) == ("2027-03-11T15:00", "2027-03-12T10:00", REASON)


def test_whoever_comes_later_is_invited_to_what_is_still_to_come(outbox):
    cohort, coordinator, _, _ = a_group(trainees=0)
    ids = published(cohort, coordinator)
    late = a_trainee(cohort)
    at = held(ids[1]).starts_at - timedelta(days=2)
    with clock.frozen(at), transaction():
        bus.announce(PlaceAccepted(cohort.id, late.id))
        bus.announce(PlaceAccepted(cohort.id, late.id))
    work(at)
    assert calendars([each for each in outbox.to(late) if each.calendar]) == [("REQUEST", 0)] * 7


def test_whoever_comes_later_is_told_once_what_is_over_and_what_can_still_be_reached(outbox):
    cohort, coordinator, _, _ = a_group(trainees=0)
    ids = published(cohort, coordinator)
    late, back = a_trainee(cohort, language="en"), a_trainee(cohort, language="en")
    at = held(ids[2]).starts_at
    with clock.frozen(at), transaction():
        for webinar_id in ids[:2]:
            session.add(Stay(webinar_id=webinar_id, person_id=back.id, source=Source.JOINED, came_at=at, left_at=at, seen_at=at))
        for person in (late, late, back):
            bus.announce(PlaceAccepted(cohort.id, person.id))
    work(at)
    told = [each.text for each in outbox.to(late) if each.calendar is None]
    assert len(told) == 1
    for said in ("2 webinars took place before you joined", "1. ", "2. ", "So far 0 minutes (0%). The 80% can no longer be reached: at most 75%."):
        assert said in told[0]
    assert [each for each in outbox.to(back) if each.calendar is None] == []


def test_whoever_withdraws_gets_cancellations_of_what_is_still_to_come(outbox):
    cohort, coordinator, _, (gone, stays) = a_group()
    ids = published(cohort, coordinator)
    at = held(ids[1]).starts_at - timedelta(days=2)
    with clock.frozen(at):
        programmes.withdraw(cohort.id, gone.id, by=coordinator.id)
    work(at)
    assert calendars(outbox.to(gone)[8:]) == [("CANCEL", 1)] * 7
    assert len(outbox.to(stays)) == 8


def test_a_reminder_comes_a_day_before_once_and_not_for_what_was_moved(outbox):
    cohort, coordinator, trainer, (person, _) = a_group()
    ids = published(cohort, coordinator)
    first = held(ids[0]).starts_at
    with clock.frozen(BEFORE):
        actions.change(ids[0], local=datetime(2027, 3, 15, 10), minutes=120, leaders=[trainer.id], link=LINK, host_link="", reason=REASON, by=coordinator.id)  # noqa: DTZ001
    work(first - timedelta(hours=23))
    assert [each.subject for each in outbox.to(person) if "Tomorrow" in each.subject or "mâine" in each.subject.lower()] == []
    before = len(outbox.to(person))
    at = held(ids[0]).starts_at - timedelta(hours=24)
    work(at - timedelta(seconds=1))
    assert len(outbox.to(person)) == before
    work(at)
    work(at + timedelta(minutes=5))
    assert (len(outbox.to(person)), outbox.to(person)[-1].calendar) == (before + 1, None)
    assert "2027" in outbox.to(person)[-1].text
